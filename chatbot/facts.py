"""Facts in text that must never be wrong: amounts, dates, terms, phone numbers, addresses, percentages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
MONTHS_EN = "january|february|march|april|may|june|july|august|september|october|november|december"
PERIODS = (
    "seconden?|minuten|minuut|uur|uren|dagen|dag|werkdagen|werkdag|weken|week|maanden|maand|kwartaal|kwartalen|jaren|jaar"
    "|hours?|days?|working days?|weeks?|months?|years?"
)
NUMBER_WORDS = "een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|twintig|dertig"
PATTERNS = {
    "url": re.compile(r"https?://[^\s<>()\[\]]+|\bwww\.[^\s<>()\[\]]+", re.IGNORECASE),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "amount": re.compile(r"€\s?\d[\d.]*(?:,\d\d|,-)?|\b\d[\d.]*(?:,\d\d)?\s?(?:euro|eur)\b", re.IGNORECASE),
    "phone": re.compile(r"(?<![\d.,])(?:\+31|0)[\d\s()-]{8,13}\d(?!\d)|\b14\s?0\d{2,3}\b|\b0[89]00[\s-]?\d{4,7}\b"),
    "percentage": re.compile(r"\d+(?:[.,]\d+)?\s?(?:%|procent\b|percent\b)", re.IGNORECASE),
    "date": re.compile(
        rf"\b\d{{1,2}}\s(?:{MONTHS}|{MONTHS_EN})(?:\s\d{{4}})?\b|\b\d{{1,2}}[-/]\d{{1,2}}[-/]\d{{4}}\b|\b(?:19|20)\d\d\b",
        re.IGNORECASE,
    ),
    "time": re.compile(r"\b\d{1,2}[.:]\d\d\s?(?:uur)?\b", re.IGNORECASE),
    "term": re.compile(rf"\b(?:\d+(?:[.,]\d+)?|{NUMBER_WORDS})\s(?:{PERIODS})\b", re.IGNORECASE),
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# "0 tot en met 11 jaar" is an age, "10 jaar geldig" a life: years are hardly ever how long somebody waits.
YEARS = re.compile(r"\b(?:jaar|jaren|years?)$")


@dataclass(frozen=True)
class Fact:
    """A fact as it stands in the text. `value` is what is compared: case, spaces and separators normalised."""

    kind: str
    text: str
    value: str


def find_facts(text: str) -> Iterator[Fact]:
    """Yield the facts of a text, one for each kind that matches; bare numbers come last as kind `number`."""
    covered: list[tuple[int, int]] = []
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            if not any(start <= match.start() and match.end() <= end for start, end in covered):
                covered.append(match.span())
                yield Fact(kind, match.group(), normalise(kind, match.group()))
    for match in NUMBER.finditer(text):
        if not any(start <= match.start() and match.end() <= end for start, end in covered):
            yield Fact("number", match.group(), normalise("number", match.group()))


def normalise(kind: str, text: str) -> str:
    """Return a fact in a form in which equal facts are equal strings."""
    folded = " ".join(text.casefold().split())
    if kind == "amount":
        digits = re.sub(r"[^\d,]", "", folded.replace(",-", "")).rstrip(",")
        return re.sub(r",00$", "", digits)
    if kind == "phone":
        return re.sub(r"^\+31", "0", re.sub(r"[\s()-]", "", folded))
    if kind == "percentage":
        return re.sub(r"[^\d,]", "", folded.replace(".", ",")) + "%"
    if kind == "time":
        return re.sub(r"\D", "", folded).lstrip("0")
    return folded.rstrip(".,;:")
