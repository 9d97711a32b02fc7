"""corpus.language.spelling: typos of a question, and words that are none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.dictionary import Dictionary, compile_dictionary
from corpus.language.spelling import MAX_MENDED, Speller, sound
from corpus.language.vocabulary import Vocabulary

SITE = Vocabulary.of(
    [
        "Een paspoort aanvragen bij de gemeente. De vergunning kost 40 euro, ongeveer vijf dagen.",
        "De bomen gaan weg. Een fiets op straat. Vragen over de bibliotheek en de stadspas. Wij halen het op.",
        "Passen op uw kind. Uw kenteken en de code. De dorpsraad. Reclamespot. Schatting van de kosten.",
    ]
)
BANK = ("biblioteek", "bieb", "afvalpas")


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    path: Path = tmp_path_factory.mktemp("dictionary") / "dictionary.npz"
    compile_dictionary(path)
    return Speller(SITE, BANK, Dictionary(path))


@pytest.mark.parametrize(
    ("word", "mended"),
    [
        ("pasport", "paspoort"),
        ("gemente", "gemeente"),
        ("vergunnign", "vergunning"),
        ("onggeveer", "ongeveer"),
        ("statspas", "stadspas"),
        ("dorpsraat", "dorpsraad"),
        ("kode", "code"),
        ("afvlapas", "afvalpas"),
    ],
)
def test_it_mends_what_is_no_word(speller: Speller, word: str, mended: str) -> None:
    assert speller.mend(word, "nl") == mended


@pytest.mark.parametrize(("word", "mended"), [("vrage", "vragen"), ("hale", "halen"), ("biblioteek", "bibliotheek")])
def test_it_mends_a_rare_word_that_sounds_like_a_usual_one(speller: Speller, word: str, mended: str) -> None:
    assert speller.mend(word, "nl") == mended


@pytest.mark.parametrize(
    "word",
    [
        "gemeente",  # of the site
        "bieb",  # of the bank
        "hoede",  # of the dictionary
        "bommen",
        "pasen",
        "squatting",  # English, in a question that passes for Dutch
        "reclamepost",  # made of two words
        "xyzzyqua",  # near nothing
        "fie",  # too short to tell
    ],
)
def test_it_leaves_a_word_alone(speller: Speller, word: str) -> None:
    assert speller.mend(word, "nl") is None


def test_it_mends_a_question_and_keeps_all_else(speller: Speller) -> None:
    assert speller.mend_text("Wat kost 'n Pasport, á € 40?", "nl") == "Wat kost 'n paspoort, á € 40?"


def test_it_mends_no_more_than_so_many_words_of_a_long_text(speller: Speller) -> None:
    long = " ".join(f"gemente{'x' * 0}" if n == 0 else f"woordje{chr(97 + n % 26)}q" for n in range(500))
    mended = speller.mend_text(f"{long} pasport", "nl")
    assert mended.startswith("gemeente ")
    assert mended.endswith(" pasport")
    assert MAX_MENDED < 500


@pytest.mark.parametrize(
    ("one", "other"),
    [("kwijd", "kwijt"), ("vakansie", "vakantie"), ("halen", "hale"), ("kado", "cado"), ("zelluf", "selluf")],
)
def test_it_hears_two_spellings_as_one(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_it_hears_a_long_vowel(speller: Speller) -> None:
    assert sound("haard") != sound("hard")


@given(text=st.text(max_size=200))
def test_it_takes_any_text(text: str) -> None:
    speller = Speller(SITE, BANK, EMPTY)
    assert speller.mend_text(speller.mend_text(text, "nl"), "nl") == speller.mend_text(text, "nl")


class NoWords(Dictionary):
    """A dictionary without words."""

    def __init__(self) -> None:
        pass

    def count(self, word: str, language: str) -> int:
        """Know nothing."""
        return 0


EMPTY = NoWords()
