"""corpus.language.words and vocabulary: tokens, stems, compounds and typos."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.vocabulary import Vocabulary
from corpus.language.words import analyze, tokenize

SITE = Vocabulary.of(
    [
        "De afvalstoffen heffing en de afvalstoffenheffing. Een rijbewijs aanvraag.",
        "Parkeer met vergunning. Paspoort gemeente.",
    ]
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ID-kaart", ["id", "kaart", "idkaart"]),
        ("Coördinatie café", ["coordinatie", "cafe"]),
        ("€ 1.500,50", ["1500", "50"]),
        ("foto's", ["foto", "s"]),
        ("مرحبا Привіт", ["مرحبا", "привіт"]),
        ("", []),
    ],
)
def test_tokenize_folds_and_splits(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


@pytest.mark.parametrize(
    ("one", "other"), [("vergunning", "vergunningen"), ("huis", "huizen"), ("aanvraag", "aanvragen")]
)
def test_analyze_brings_forms_of_a_word_together(one: str, other: str) -> None:
    assert analyze(one) == analyze(other)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("afvalstoffenheffing", ("afvalstoffen", "heffing")),
        ("rijbewijsaanvraag", ("rijbewijs", "aanvraag")),
        ("parkeervergunning", ("parkeer", "vergunning")),
        ("gemeente", ()),
        ("paspoort", ()),
    ],
)
def test_split_finds_compounds_of_words_the_site_knows(word: str, parts: tuple[str, ...]) -> None:
    assert SITE.split(word) == parts


@given(st.text(max_size=200))
def test_analyze_takes_any_text(text: str) -> None:
    assert all(word == word.strip() and word for word in SITE.analyze(text))
