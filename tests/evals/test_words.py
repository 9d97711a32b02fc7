import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.words import checkable, contains, count_words, normalise, squeeze, unsupported


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Een paspoort kost € 83,87.", "€ 83,87"),
        ("Dat duurt\n5  WERKDAGEN.", "5 werkdagen"),
        ("U betaalt &euro; 12,50 per keer", "12,50 per keer"),
        ("haal het op (binnen 3 maanden)", "op, binnen 3 maanden"),
    ],
)
def test_contains_ignores_case_entities_space_and_punctuation(text: str, span: str) -> None:
    assert contains(text, span)


@pytest.mark.parametrize(
    ("text", "span"), [("dat duurt 15 jaar", "5 jaar"), ("paspoorten", "paspoort"), ("tekst", " ,. ")]
)
def test_contains_needs_whole_words(text: str, span: str) -> None:
    assert not contains(text, span)


@given(st.text(), st.text(), st.text())
def test_contains_finds_every_span_that_was_put_in(before: str, span: str, after: str) -> None:
    assert contains(f"{before} {span} {after}", span) == bool(normalise(span))


def test_count_words_leaves_citation_numbers_out() -> None:
    assert count_words("U betaalt € 12,50. [1] Neem uw pas mee. [2]") == 8


def test_checkable_finds_numbers_addresses_and_links_but_not_citation_numbers() -> None:
    text = "Bel 14 012 of mail info@proefstad.nl [2]. Het kost € 1.250,50. Zie https://proefstad.nl/pas12."
    assert checkable(text) == ["https://proefstad.nl/pas12", "info@proefstad.nl", "14", "012", "1.250,50"]


def test_unsupported_names_the_number_that_no_source_holds() -> None:
    assert unsupported("Het kost € 83,87 en duurt 5 dagen.", ["kost € 83,87", "duurt 15 dagen"]) == ("5",)


def test_squeeze_makes_spacing_of_a_value_irrelevant() -> None:
    assert squeeze("NL91 ABNA 0417-1643.00") == squeeze("nl91abna0417164300")
