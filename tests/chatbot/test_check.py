"""chatbot.check and chatbot.support: nothing is shown that the cited passage does not hold."""

import pytest

from chatbot.check import check, unsupported
from chatbot.support import is_supported

PASSAGE = (
    "Een paspoort kost € 84,20. U haalt het na 5 werkdagen op bij de balie. Bel 14 0998. Open van 9.00 tot 17.00 uur."
)


@pytest.mark.parametrize(
    "line",
    ["Het kost 84,20 euro [1]", "U haalt het op na 5 werkdagen [1]", "Bel 140998 [1]", "Open vanaf 9.00 uur [1]"],
)
def test_check_accepts_facts_that_stand_in_the_passage_in_another_notation(line: str) -> None:
    assert check(line, {1: PASSAGE}) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Het kost € 85,20 [1]", "unsupported amount"),
        ("U haalt het op na 6 werkdagen [1]", "unsupported term"),
        ("Bel 14 0999 [1]", "unsupported phone"),
        ("Zie https://kwaad.example [1]", "unsupported url"),
        ("Mail naar balie@kwaad.example [1]", "unsupported email"),
        ("U krijgt 10 % korting [1]", "unsupported percentage"),
        ("Doe het voor 1 maart 2027 [1]", "unsupported date"),
        ("Het kost € 84,20 [2]", "unknown citation"),
        ("Het is duur", "no source"),
    ],
)
def test_check_names_what_is_not_in_the_passage(line: str, kind: str) -> None:
    assert kind in {problem.kind for problem in check(line, {1: PASSAGE})}


def test_a_line_without_a_citation_may_hold_no_fact() -> None:
    problems = check("U betaalt € 84,20.\nDat staat hier. [1]", {1: PASSAGE})
    assert [problem.kind for problem in problems] == ["unsupported amount"]


def test_a_bare_number_in_a_table_supports_an_amount() -> None:
    assert unsupported("€ 84,20", "| Prijs in euro | 84,20 |") == []


@pytest.mark.parametrize(
    ("line", "supported"),
    [
        ("U haalt het paspoort op bij de balie.", True),
        ("U haalt het paspoort niet op bij de balie.", False),
        ("Een paspoort is gratis bij de balie.", False),
        ("De burgemeester bezorgt bloemen aan huis.", False),
        ("You pick up the passport at the desk.", True),
        ("You do not pay for the passport.", False),
    ],
)
def test_a_models_line_may_not_say_more_than_the_passage(line: str, supported: bool) -> None:
    assert is_supported(line, PASSAGE) is supported
