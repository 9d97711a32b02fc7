"""Dates as they stand in metadata, in Dutch text and in HTTP headers."""

import re
from datetime import date
from email.utils import parsedate_to_datetime

# By the first three letters, Dutch and English.
_MONTHS = {
    "jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\d{6})?$")
_NUMERIC = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b")
_WORDS = re.compile(r"\b(\d{1,2})\s+([a-z]+)\.?,?\s+(\d{4})\b", re.I)


def parse_date(text: str) -> date | None:
    """Read the first date in a text: ISO, day-month-year as the Dutch write it, or an HTTP date."""
    text = text.strip()
    if found := _ISO.search(text) or _COMPACT.match(text):
        return _date(found[1], found[2], found[3])
    if found := _NUMERIC.search(text):
        return _date(found[3], found[2], found[1])
    for found in _WORDS.finditer(text):
        if month := _MONTHS.get(found[2][:3].lower()):
            return _date(found[3], str(month), found[1])
    try:
        return parsedate_to_datetime(text).date()
    except ValueError:
        return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    # 1970-01-01 is what a content system writes when it does not know.
    return found if 1990 <= found.year <= 2100 else None
