"""Mend the typos of a question, towards words that the site or the bank uses."""

import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.language.dictionary import LANGUAGES, Dictionary
from corpus.language.vocabulary import Vocabulary
from corpus.language.words import WORD, fold

MIN_LENGTH = 4
# Up to this many letters one edit is allowed, in longer words two.
SHORT = 7
# Words tried in one text, as they come: each costs 0.4 ms (34,000 words to compare with, 2026-12-01).
MAX_MENDED = 24
MAX_CACHED = 50_000
# A word that is this many times rarer than one that sounds the same is a misspelling of it: `weke`, `boette`.
RARER = 100
MIN_PART = 4
# What sounds alike in Dutch, in this order. Double vowels stay: `haard` and `hard` are two words.
SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ck", "k"),
        (r"x", "ks"),
        (r"ch", "g"),
        (r"c(?=[iey])", "s"),
        (r"c", "k"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"ij|y", "ei"),
        (r"ou", "au"),
        (r"tie", "sie"),
        (r"z", "s"),
        (r"v", "f"),
        (r"d(?=[^aeiour]|$)", "t"),
        (r"b$", "p"),
        (r"(?<=e)n$", ""),
    )
]
# How words may begin that sound as if they began with a letter; the first letter is hardly ever the slip.
INITIALS = {"c": "ks", "q": "k", "x": "k", "z": "s", "v": "f", "y": "e", "p": "pf", "i": "ie"}
# Of what is no word a doubled letter may be a slip too; between words it tells `passen` from `Pasen`.
DOUBLED = re.compile(r"([bdfgklmnprst])\1")


def sound(word: str) -> str:
    """Return a folded word as it sounds: two spellings of one word mostly come out the same."""
    for pattern, heard in SOUNDS:
        word = pattern.sub(heard, word)
    return word


class Speller:
    """Mends words towards those of one index and of the bank; what is a word already stays."""

    def __init__(self, vocabulary: Vocabulary, bank_words: Iterable[str], dictionary: Dictionary) -> None:
        self._vocabulary, self._dictionary = vocabulary, dictionary
        self._bank_words = frozenset(bank_words)
        self._known: dict[tuple[int, str], list[str]] = {}
        for word in {**vocabulary.counts, **dict.fromkeys(self._bank_words)}:
            if word.isalpha() and len(word) >= MIN_LENGTH:
                for initial in INITIALS.get(word[0], word[0]):
                    self._known.setdefault((len(word), initial), []).append(word)
        self.mend = lru_cache(maxsize=MAX_CACHED)(self._mend)

    def mend_text(self, text: str, language: str) -> str:
        """Return a question in a language of the dictionary with its typos mended, all else as it was."""
        unknown = [word for word in dict.fromkeys(WORD.findall(fold(text))) if not self._stands_here(word)]
        mended = {word: self.mend(word, language) for word in unknown[:MAX_MENDED]}
        return WORD.sub(lambda match: mended.get(fold(match[0])) or match[0], text)

    def _mend(self, word: str, language: str) -> str | None:
        """Return the word that a folded one was meant to be, or None if it is right or nothing is near.

        What is no word goes to the nearest: one that sounds the same, else the fewest edits (a swap of neighbours is
        one; the first letter stays). A word of a dictionary or of the bank (which holds misspellings too), one
        that two words make together, or another form of a word of the site, goes only to one that sounds the same and
        is far more usual.
        """
        if self._stands_here(word):
            return None
        alike, others = self._near(word)
        if self._is_word(word, language):
            alike, others = [near for near in alike if self._is_more_usual(near, word, language)], []
        return min(alike or others, key=lambda near: self._rank(word, near), default=None)

    def _stands_here(self, word: str) -> bool:
        return len(word) < MIN_LENGTH or not word.isalpha() or word in self._vocabulary.counts

    def _is_word(self, word: str, language: str) -> bool:
        spelt = any(self._dictionary.count(word, each) for each in LANGUAGES)
        known = word in self._bank_words or self._vocabulary.knows(word)
        return spelt or known or self._is_compound(word, language)

    def _is_more_usual(self, near: str, word: str, language: str) -> bool:
        count = self._dictionary.count(word, language)
        if sound(near) != sound(word):
            return False
        return self._dictionary.count(near, language) > RARER * count or (not count and near in self._vocabulary.counts)

    def _near(self, word: str) -> tuple[list[str], list[str]]:
        """Return the known words within the allowed edits: those that sound the same, and the others."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        heard, allowed = DOUBLED.sub(r"\1", sound(word)), 1 if len(word) <= SHORT else 2
        sizes = range(len(word) - allowed, len(word) + allowed + 1)
        known = [known for size in sizes for known in self._known.get((size, heard[0]), ())]
        found = [near for near, *_ in extract(word, known, scorer=OSA.distance, score_cutoff=allowed, limit=12)]
        alike = [near for near in found if DOUBLED.sub(r"\1", sound(near)) == heard]
        return alike, [near for near in found if near not in alike]

    def _rank(self, word: str, near: str) -> tuple[int, int, str]:
        from rapidfuzz.distance import OSA

        return OSA.distance(word, near), -self._vocabulary.counts.get(near, 0), near

    def _is_compound(self, word: str, language: str) -> bool:
        """Tell whether two words of the dictionary make the word, a linking s between them or not."""
        for at in range(MIN_PART, len(word) - MIN_PART + 1):
            if self._dictionary.count(word[at:], language):
                before = word[:at]
                if any(
                    len(part) >= MIN_PART and self._dictionary.count(part, language)
                    for part in {before, before.removesuffix("s")}
                ):
                    return True
        return False
