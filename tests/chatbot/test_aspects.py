"""chatbot.aspects: what kind of answer a question asks for, and for which age."""

import pytest

from chatbot.aspects import age_fit, read_aspects


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("jonger dan 18 jaar", 1),
        ("kinderen tot 4 jaar", -1),
        ("18 jaar of ouder", -1),
        ("van 4 t/m 12 jaar", 1),
        ("1 pasfoto, niet ouder dan 6 maanden", 0),
        ("vanaf 4 weken vooraf tot 5 dagen erna", 0),
        ("Een paspoort kost € 63,70.", 0),
    ],
)
def test_age_fit_reads_age_bands_and_nothing_else(text: str, fit: int) -> None:
    assert age_fit(text, 10) == fit


def test_read_aspects_reads_the_kind_of_answer_and_the_age() -> None:
    aspects = read_aspects("wat kost een paspoort voor mijn dochter van 10")
    assert "amount" in aspects.kinds
    assert aspects.age == 10
