"""chatbot.clock: opening hours and public holidays."""

from datetime import datetime, time

import pytest

from chatbot.clock import describe_today, is_open, parse_hours

WEEK = {day: (time(9), time(17)) for day in range(5)}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("maandag t/m vrijdag van 9.00 tot 17.00 uur", {0, 1, 2, 3, 4}),
        ("ma, di, wo en vr 9.00–17.00 uur", {0, 1, 2, 4}),
        ("Dinsdag tot en met donderdag: 10:00 - 12:30 uur", {1, 2, 3}),
        ("wij zijn altijd vrolijk", set()),
        ("maandag 99.00 tot 17.00 uur", set()),
    ],
)
def test_parse_hours_reads_the_days(text: str, days: set[int]) -> None:
    assert set(parse_hours(text)) == days


def test_parse_hours_lets_a_later_day_win() -> None:
    hours = parse_hours("maandag t/m vrijdag 9.00-17.00 uur, donderdag van 9.00 tot 20.00 uur")
    assert hours[3] == (time(9), time(20))


@pytest.mark.parametrize(
    ("moment", "opened", "sentence"),
    [
        (datetime(2026, 11, 23, 10), True, "Nu open, tot 17.00 uur."),
        (datetime(2026, 11, 23, 8), False, "Vandaag open vanaf 9.00 uur, tot 17.00 uur."),
        (datetime(2026, 11, 23, 17), False, "Vandaag gesloten sinds 17.00 uur."),
        (datetime(2026, 11, 22, 10), False, "Vandaag gesloten."),
        (datetime(2026, 12, 25, 10), False, "Vandaag gesloten: Eerste kerstdag."),
    ],
)
def test_describe_today_knows_hours_and_holidays(moment: datetime, opened: bool, sentence: str) -> None:
    assert is_open(WEEK, moment) is opened
    assert describe_today(WEEK, moment) == sentence
