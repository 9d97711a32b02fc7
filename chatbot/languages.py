"""Tell which language a question is in: Dutch, English, one of four helped languages, or another."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.language.words import fold, tokenize

ANSWERED = ("nl", "en")
HELPED = ("tr", "ar", "pl", "uk")
MARKERS = Path(__file__).with_name("languages.toml")
LETTERS = {"tr": "ğışİ", "pl": "ąćęłńśźż"}
ARABIC, CYRILLIC = re.compile(r"[\u0600-\u06ff]"), re.compile(r"[\u0400-\u04ff]")
RUSSIAN = re.compile(r"[ыэъё]", re.IGNORECASE)
LATIN = re.compile(r"[a-zà-ÿ]", re.IGNORECASE)


@lru_cache(maxsize=1)
def _marker_sets() -> dict[str, frozenset[str]]:
    table = tomllib.loads(MARKERS.read_text(encoding="utf-8"))
    return {language: frozenset(fold(words).split()) for language, words in table.items()}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_DIR / MODEL_FILE)
    identifier.set_languages(list(_marker_sets()))
    return identifier


def detect_language(text: str) -> str:
    """Return an ISO code. Short or unclear text counts as Dutch: most questions are.

    Script decides first, then letters and function words; the identifier is asked only for longer
    text without any of those, because it is weak on single words.
    """
    script = _by_script(text)
    if script:
        return script
    words = tokenize(text)
    scores = {language: sum(word in markers for word in words) for language, markers in _marker_sets().items()}
    for language, letters in LETTERS.items():
        scores[language] += 2 * sum(letter in text.lower() for letter in letters)
    best = max(scores, key=lambda language: (scores[language], language == "nl", language == "en"))
    if scores[best]:
        # One foreign word may be a loan or a dialect form; in a helped language one is enough if nothing is Dutch.
        needed = 1 if best in HELPED and not scores["nl"] else 2
        close_to_dutch = best not in ANSWERED and scores[best] - scores["nl"] < needed
        return "nl" if close_to_dutch else best
    return str(_identifier().classify(text)[0]) if len(words) >= 5 else "nl"


def _by_script(text: str) -> str:
    latin = len(LATIN.findall(text))
    if len(ARABIC.findall(text)) > latin:
        return "ar"
    if len(CYRILLIC.findall(text)) > latin:
        return "ru" if RUSSIAN.search(text) else "uk"
    letters = sum(char.isalpha() for char in text)
    return "other" if letters > 3 and latin * 2 < letters else ""
