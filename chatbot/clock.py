"""What time says: now, opening hours and public holidays."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from corpus.sites import Site

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
SHORT_DAYS = {"ma": 0, "di": 1, "wo": 2, "do": 3, "vr": 4, "za": 5, "zo": 6}
DAY = r"(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo)"
SPAN = re.compile(
    rf"\b({DAY})\b(?:\s*(?:t/m|tot en met|tot|-|–)\s*\b({DAY})\b)?((?:\s*(?:,|en|&)\s*\b{DAY}\b)*)"
    r"[^\d]{0,25}?(\d{1,2})[.:](\d\d)\s*(?:uur)?\s*(?:tot|-|–|t/m)\s*(\d{1,2})[.:](\d\d)",
    re.IGNORECASE,
)
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
Hours = Mapping[int, tuple[time, time]]


def now_for(site: Site) -> datetime:
    """Return the moment of asking: the clock's time, on the site's pinned day if it has one."""
    moment = datetime.now(AMSTERDAM)
    return moment if site.today is None else datetime.combine(site.today, moment.timetz())


def parse_hours(text: str) -> dict[int, tuple[time, time]]:
    """Read opening hours from Dutch text; a later mention of a day wins. Weekdays count from Monday = 0.

    `maandag t/m vrijdag 8.30-17.00 uur, donderdag van 9.00 tot 20.00` gives five days.
    """
    hours: dict[int, tuple[time, time]] = {}
    for match in SPAN.finditer(text):
        first, last = _weekday(match[1]), _weekday(match[2]) if match[2] else None
        days = [first] if last is None else [day % 7 for day in range(first, last + 1 + 7 * (last < first))]
        days += [_weekday(day) for day in re.findall(rf"\b{DAY}\b", match[3] or "", re.IGNORECASE)]
        try:
            span = time(int(match[4]), int(match[5])), time(int(match[6]), int(match[7]))
        except ValueError:
            continue
        hours |= dict.fromkeys(days, span)
    return hours


def _weekday(name: str) -> int:
    return SHORT_DAYS[name.lower()[:2]]


def is_open(hours: Hours, moment: datetime) -> bool:
    """Tell whether a counter with these hours is open; on public holidays it is closed."""
    span = hours.get(moment.weekday())
    if span is None or holiday(moment.date()):
        return False
    return span[0] <= moment.time().replace(tzinfo=None) < span[1]


def describe_today(hours: Hours, moment: datetime, language: str = "nl") -> str:
    """Say in one sentence whether it is open now, and when it opens or closes today."""
    name, span = holiday(moment.date()), hours.get(moment.weekday())
    dutch = language != "en"
    if name:
        return f"Vandaag gesloten: {name}." if dutch else f"Closed today: {name}."
    if span is None:
        return "Vandaag gesloten." if dutch else "Closed today."
    start, end = (f"{moment_.hour}.{moment_.minute:02}" for moment_ in span)
    clock = moment.time().replace(tzinfo=None)
    if clock < span[0]:
        return f"Vandaag open vanaf {start} uur, tot {end} uur." if dutch else f"Opens today at {start}, until {end}."
    if clock < span[1]:
        return f"Nu open, tot {end} uur." if dutch else f"Open now, until {end}."
    return f"Vandaag gesloten sinds {end} uur." if dutch else f"Closed today since {end}."


@lru_cache(maxsize=8)
def _holidays(year: int) -> dict[date, str]:
    import holidays

    return dict(holidays.country_holidays("NL", years=year, language="nl"))


def holiday(day: date) -> str:
    """Return the name of a Dutch public holiday, or an empty string."""
    return _holidays(day.year).get(day, "")


def long_date(day: date) -> str:
    """Write a date as a Dutch reader does: 14 september 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
