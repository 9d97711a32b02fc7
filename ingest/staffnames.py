"""Leave staff out of contact blocks: names beside a function, personal e-mail addresses and mobile numbers.

Public office (mayor, aldermen, council) and general numbers (WhatsApp, emergency duty) stay. Precision and recall are
measured in tests/ingest/test_staffnames.py on blocks of our own.
"""

import re
from collections.abc import Sequence

from ingest.names import FUNCTION, OFFICE, find_names, given_names

_GENERAL = re.compile(
    r"whats ?app|\bapp(?:en|je|t)?\b|\bsms|algeme|storing|spoed|noodnummer|piket|meldnummer|meldpunt|calamiteit"
    r"|buiten kantoor|24 uur|gemeente\b|team|loket|balie|klantcontact|receptie|servicepunt",
    re.I,
)
_MOBILE = re.compile(r"(?<![\d+])(?:\+31[\s-]?(?:\(0\))?[\s-]?|0031[\s-]?|0)6(?:[\s./–-]{0,3}\d){8}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.I)
# Words that make an address one of a desk, not of a person, although a dot stands in it. Short ones must stand alone:
# Kuipers holds "pers".
_DESK = re.compile(
    r"(?:^|[._-])(?:info|team|post|mail|pers|wmo|jeugd|werk|zorg|sport|desk|help|fg|avg|web|woo|afval|bouw|wonen|milieu|balie"
    r"|stad|trouw|service)(?:$|[._-])|gemeente|contact|loket|burgerzaken|secretariaat|klacht|subsidie|griffie|inkomen|belasting"
    r"|vergunning|onderwijs|cultuur|archief|klanten|office|privacy|redactie|communicatie|bezwaar|bestuur|parkeren",
    re.I,
)
# What is left when a line held only a person: labels without anything behind them.
_EMPTY = re.compile(
    r"[\W_]*(?:\b(?:t|m|e|tel|mob|mobiel|telefoon|telefoonnummer|e-?mail|mailadres|e-mailadres|contactpersoon|naam|uw|is|via|of|en|op|bel"
    r"|mail|bij|met|naar|vraag|t\.?a\.?v|phone|mobile)\b[\W_]*)*",
    re.I,
)
_INVITING = re.compile(
    r"(?:vraagt? (?:dan )?naar|neemt? (?:dan )?contact op met|belt? met)(?:\s|,|\bof\b|\ben\b)*(?=via\b|op\b|[.;]|$)",
    re.I,
)
# A sentence that needed the name it lost.
_VERB = re.compile(r"\b(?:is|zijn|was|werkt|helpt|heet|vraagt?|neemt?|belt?|spreek|ask|call)\b", re.I)
# Titles and initials end in a full stop that ends no sentence.
_SENTENCE_END = re.compile(
    r"(?<!\bmw\.)(?<!\bdhr\.)(?<!\bdrs\.)(?<!\bmr\.)(?<!\bdr\.)(?<!\bir\.)(?<!\bing\.)(?<!\bmevr\.)(?<=[^\s.][^\s.][.!?])\s+",
    re.I,
)
_USEFUL = re.compile(r"\d{2}|@|www\.|https?:")


def without_staff(text: str) -> str:
    """Return a contact text without staff; a line or sentence of which nothing useful is left goes altogether."""
    lines = text.split("\n")
    kept = (_clean_line(lines, number) for number in range(len(lines)))
    return "\n".join(line for line in kept if line)


def row_without_staff(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a table row without staff; () if nothing but its first cell, which says what the others are, is left."""
    if not cells:
        return ()
    label, *others = cells
    named = f"{label.rstrip(': ')}:"
    kept = [_clean_line([named, cell], 1) if cell else cell for cell in others]
    # A label by itself ("E-mail") looks like what is left of a line that held a person.
    head = label if _EMPTY.fullmatch(label) else without_staff(label)
    return (head, *kept) if any(kept) or not any(others) else ()


def is_personal_mail(address: str) -> bool:
    """Tell whether an e-mail address is a person's: an initial or given name with a surname, or a given name alone."""
    local = address.partition("@")[0].lower()
    parts = [part for part in re.split(r"[._]", local) if part]
    if not parts or (_DESK.search(local) and parts[0] not in given_names()):
        return False
    if len(parts) == 1:
        # Also given name and surname written together; shorter beginnings are those of ordinary words.
        joined = any(parts[0][:size] in given_names() for size in range(4, len(parts[0]) - 3))
        return joined or parts[0].partition("-")[0] in given_names()
    return all(part.replace("-", "").isalpha() for part in parts)


def _clean_line(lines: list[str], number: int) -> str:
    line = lines[number]
    if OFFICE.search(line) and not _MOBILE.search(line):
        return line
    around = " ".join(lines[max(0, number - 1) : number + 2])
    label = lines[number - 1] if number and lines[number - 1].rstrip().endswith(":") else ""
    personal = any(is_personal_mail(mail) for mail in _MAIL.findall("\n".join(lines)))
    beside = bool(personal or FUNCTION.search(around))
    has_person = bool(find_names(line, beside_function=beside))
    general = bool(_GENERAL.search(label + line)) and not has_person
    parts = (_clean_part(part, beside_function=beside, general=general) for part in _SENTENCE_END.split(line))
    cleaned = " ".join(part for part in parts if part)
    return "" if _EMPTY.fullmatch(cleaned) else cleaned


def _clean_part(part: str, *, beside_function: bool, general: bool) -> str:
    cleaned = _MAIL.sub(lambda match: "" if is_personal_mail(match[0]) else match[0], part)
    if not general:
        cleaned = _MOBILE.sub("", cleaned)
    for name in reversed(find_names(cleaned, beside_function=beside_function)):
        before, after = cleaned[: name.start].rstrip(), cleaned[name.end :].lstrip()
        if before and before[-1].isalnum() and after.startswith(","):
            after = after[1:].lstrip()
        cleaned = f"{before} {after}"
    if cleaned == part:
        return part
    broken = _VERB.search(cleaned) and not _USEFUL.search(cleaned)
    return "" if broken or _EMPTY.fullmatch(cleaned) else _repair(cleaned)


def _repair(text: str) -> str:
    """Mend the words and punctuation around what was taken out."""
    text = _INVITING.sub("", text)
    text = re.sub(r"\(\s*[,;]?\s*\)", "", text)
    text = re.sub(r"\b(?:op|on|via)\s+(of|or|en|and)\b", r"\1", text, flags=re.I)
    text = re.sub(r"[\s,]*\b(?:of|or|en|and|op|on|via)\s*(?=[.;)]|$)", "", text, flags=re.I)
    text = re.sub(r"\s+([,.;:)])", r"\1", text)
    text = re.sub(r"([,;:|(–-])(?:\s*[,;|–])+", r"\1", text)
    text = re.sub(r"[,;:](?=[.;])", "", text)
    text = re.sub(r"[\s,;]*\b(?:mobiel|mob|e-?mail|mail)[.:]?\s*(?=[,;|]|$)", "", text, flags=re.I)
    text = re.sub(r"\s{2,}", " ", text)
    return re.sub(r"^[\s,;|–-]+|[\s,;:|(–-]+$", "", text)
