"""Find personal data in what people type: what blocks a question, and what is masked before it goes on.

Block: BSN (11-proef), IBAN, document numbers, V-numbers. Mask: plate, phone, e-mail, address, date of birth.
The value itself is never echoed, kept or sent on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

STREET = (
    r"(?:straat|laan|weg|plein|kade|gracht|singel|dijk|hof|park|pad|steeg|markt|plantsoen|dreef|erf|baan|wal|ring"
    r"|oord|burg|veld|kamp|donk)"
)
PLATE_SHAPES = (
    r"[a-z]{2}-?\d{2}-?\d{2}|\d{2}-?\d{2}-?[a-z]{2}|\d{2}-?[a-z]{2}-?\d{2}|[a-z]{2}-?\d{2}-?[a-z]{2}|[a-z]{2}-?[a-z]{2}-?\d{2}"
    r"|\d{2}-?[a-z]{2}-?[a-z]{2}|\d{2}-?[a-z]{3}-?\d|\d-?[a-z]{3}-?\d{2}|[a-z]{2}-?\d{3}-?[a-z]|[a-z]-?\d{3}-?[a-z]{2}"
    r"|[a-z]{3}-?\d{2}-?[a-z]|[a-z]-?\d{2}-?[a-z]{3}|\d-?[a-z]{2}-?\d{3}|\d{3}-?[a-z]{2}-?\d"
)
NINE_DIGITS = re.compile(r"(?<![\d.,-])\d(?:[ .-]?\d){8}(?![\d]|[.,-]\d)")
IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:[ .-]?[a-z0-9]{4}){2,7}(?:[ .-]?[a-z0-9]{1,3})?\b", re.IGNORECASE)
DOCUMENT = re.compile(r"\b[a-np-z]{2}[a-np-z0-9]{6}\d\b", re.IGNORECASE)
V_NUMBER = re.compile(r"\bv[\s.-]?(?:nummer|nr|number)?[\s.:#-]*(?:is\s*)?\d(?:[ .-]?\d){9}\b", re.IGNORECASE)
NAMED = re.compile(
    r"\b(?:bsn|sofinummer|burgerservicenummer|paspoort ?nummer|documentnummer|rijbewijs ?nummer|id-?nummer"
    r"|passport (?:number|no))"
    r"\W{0,3}(?:(?:is|nummer|nr|number|van mij|:)\W{0,3})*([a-z]{0,2}\d(?:[ .-]?\d){5,11})",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\d.,])(?:\+31|0031|0)[\s-]?(?:\(0\))?[1-9](?:[\s-]?\d){7,8}(?!\d)")
SERVICE_PHONE = re.compile(r"^(?:0[89]00|14)")
PLATE = re.compile(rf"\b(?:{PLATE_SHAPES})\b", re.IGNORECASE)
NO_NUMBER_OF_A_HOUSE = r"(?!\d)(?!\s*(?:uur|euro|jaar|dag|week|weken|maand|keer|x\b|%|procent|personen|meter|km))"
ADDRESS = re.compile(
    rf"\b[a-zà-ÿ'’.-]*{STREET}\s+\d{{1,4}}{NO_NUMBER_OF_A_HOUSE}(?:\s?-?\s?(?:[a-z]|\d{{1,3}}|bis|hs)\b)?"
    r"|(?<!\d)[1-9]\d{3}\s?(?!(?:is|en|of|in|op|te|er|de)\b)[a-z]{2}\s*,?\s*(?:nr\.?|nummer|huisnummer)?\s*\d{1,4}"
    rf"{NO_NUMBER_OF_A_HOUSE}[a-z]?\b",
    re.IGNORECASE,
)
BIRTH = re.compile(
    r"\b(?:geboren|geboortedatum|geb(?:oorte)?\.?\s?(?:datum|dat\.?)?|born|date of birth|dob)\W+"
    r"(?:(?:is|op|on|in)\W+)?(\d{1,2}[-/. ]\w{1,9}[-/. ]\d{2,4})",
    re.IGNORECASE,
)
DATE_LIKE = re.compile(r"^\d{1,2}[-. ]\d{1,2}[-. ](?:19|20)\d\d")
HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\U000e0000-\U000e007f]")


@dataclass(frozen=True)
class Finding:
    """Personal data at [start, end) of a text. `label` is what a person reads instead."""

    start: int
    end: int
    label: str
    blocks: bool


def strip_hidden(text: str) -> str:
    """Drop invisible characters, which can split a number or smuggle an instruction; NUL becomes a space."""
    return HIDDEN.sub("", text).replace("\x00", " ")


def find_personal_data(text: str) -> list[Finding]:
    """Return what looks like personal data, no two findings overlapping; what blocks comes before what is masked."""
    found: list[Finding] = []
    for finding in (*_blocking(text), *_masked(text)):
        if all(finding.end <= other.start or other.end <= finding.start for other in found):
            found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def mask_personal_data(text: str) -> str:
    """Replace everything that looks like personal data by a label between square brackets."""
    clean = strip_hidden(text)
    for finding in reversed(find_personal_data(clean)):
        clean = f"{clean[: finding.start]}[{finding.label}]{clean[finding.end :]}"
    return clean


def _blocking(text: str) -> Iterator[Finding]:
    from stdnum.nl import bsn

    for match in V_NUMBER.finditer(text):
        yield Finding(*match.span(), "V-nummer", True)
    for match in NAMED.finditer(text):
        if sum(char.isdigit() for char in match[1]) >= 7:
            yield Finding(*match.span(1), "nummer", True)
    for match in IBAN.finditer(text):
        if _is_iban(match.group()):
            yield Finding(*match.span(), "rekeningnummer", True)
    for match in NINE_DIGITS.finditer(text):
        if bsn.is_valid(re.sub(r"\D", "", match.group())) and not DATE_LIKE.match(match.group()):
            yield Finding(*match.span(), "BSN", True)
    for match in DOCUMENT.finditer(text):
        if sum(char.isdigit() for char in match.group()) >= 3:
            yield Finding(*match.span(), "documentnummer", True)


def _is_iban(text: str) -> bool:
    from stdnum import iban

    compact = re.sub(r"[ .-]", "", text).upper()
    # A Dutch account number with a typing error is still an account number.
    return bool(iban.is_valid(compact)) or re.fullmatch(r"NL\d\d[A-Z]{4}\d{10}", compact) is not None


def _masked(text: str) -> Iterator[Finding]:
    for match in EMAIL.finditer(text):
        yield Finding(*match.span(), "e-mailadres", False)
    for match in PHONE.finditer(text):
        if not SERVICE_PHONE.match(re.sub(r"\D", "", match.group())):
            yield Finding(*match.span(), "telefoonnummer", False)
    for match in BIRTH.finditer(text):
        yield Finding(*match.span(1), "geboortedatum", False)
    for match in ADDRESS.finditer(text):
        yield Finding(*match.span(), "adres", False)
    for match in PLATE.finditer(text):
        yield Finding(*match.span(), "kenteken", False)
