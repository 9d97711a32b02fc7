"""From text to the words that are indexed and searched: tokens, stop words, stems."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
JOINER = re.compile(r"[-'’]")
THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")


def read_words(path: Path) -> list[str]:
    """Read a list of words from a text file; lines that start with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


STOP_WORDS = frozenset(read_words(Path(__file__).with_name("stop_words.txt")))


def fold(text: str) -> str:
    """Lower the case and take accents off Latin letters; other scripts keep their marks."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower())
    kept = (char for char in decomposed if not ("\u0300" <= char <= "\u036f"))
    return unicodedata.normalize("NFC", "".join(kept))


def tokenize(text: str) -> list[str]:
    """Split text into folded words; a hyphenated word gives its parts and the parts joined.

    `ID-kaart` gives id, kaart, idkaart, so that all three spellings meet. `1.500` is one number.
    """
    tokens: list[str] = []
    for word in WORD.findall(THOUSANDS.sub("", fold(text))):
        if word.isalnum():
            tokens.append(word)
            continue
        parts = [part for part in JOINER.split(word) if part]
        tokens += parts
        if len(parts) > 1 and "-" in word:
            tokens.append("".join(parts))
    return tokens


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("dutch")


def stem(word: str) -> str:
    """Return the Kraaij-Pohlmann stem of a folded word."""
    return str(_stemmer().stemWord(word))


def stems(words: Iterable[str]) -> list[str]:
    """Stem folded words, stop words left out."""
    kept = [word for word in words if word not in STOP_WORDS]
    return list(_stemmer().stemWords(kept))


def analyze(text: str) -> list[str]:
    """Return the stems of a text in order, without stop words."""
    return stems(tokenize(text))
