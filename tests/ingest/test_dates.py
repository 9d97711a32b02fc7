"""ingest.dates: dates as municipal sites write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import parse_date


@pytest.mark.parametrize(
    "text",
    ["2026-11-03", "2026-11-03T07:15:03+02:00", "20261103", "3-11-2026", "03/11/2026", "3 november 2026",
     "Laatst gewijzigd op 3 nov. 2026 om 9.00 uur", "Tue, 03 Nov 2026 09:00:00 GMT"],
)  # fmt: skip
def test_parse_date_reads_every_common_spelling(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 3)


@pytest.mark.parametrize("text", ["", "morgen", "31-02-2026", "1970-01-01", "99-99-9999", "14 0999"])
def test_parse_date_gives_none_for_what_is_no_likely_date(text: str) -> None:
    assert parse_date(text) is None


@given(st.text(max_size=80))
def test_parse_date_never_fails(text: str) -> None:
    parse_date(text)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_parse_date_reads_back_any_iso_date(day: date) -> None:
    assert parse_date(day.isoformat()) == day
