"""The words a site knows, and compounds split into them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus.language.words import STOP_WORDS, read_words, stem, stems, tokenize

MIN_PART = 4
LINKS = ("", "s", "en", "e", "n")
NO_PART = frozenset(read_words(Path(__file__).with_name("no_compound_parts.txt")))
MAX_CACHED = 200_000


class Vocabulary:
    """Counts of the folded words of one index (and of the bank, counted once each)."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._splits: dict[str, tuple[str, ...]] = {}
        self._word_stems: dict[str, list[str]] = {}

    @classmethod
    def of(cls, texts: Iterable[str], terms: Iterable[str] = ()) -> "Vocabulary":
        """Count the words of texts; `terms` are known words that need not occur."""
        return cls.of_tokens((tokenize(text) for text in texts), terms)

    @classmethod
    def of_tokens(cls, texts: Iterable[Sequence[str]], terms: Iterable[str] = ()) -> "Vocabulary":
        """Count the words of texts that are tokenised already."""
        counts: Counter[str] = Counter()
        for tokens in texts:
            counts.update(tokens)
        for term in terms:
            for word in tokenize(term):
                counts.setdefault(word, 1)
        return cls(dict(counts))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(stems(self.counts))

    def knows(self, word: str) -> bool:
        """Tell whether a folded word, or another form of it, occurs in the index."""
        return word in self.counts or stem(word) in self._stems

    def split(self, word: str) -> tuple[str, ...]:
        """Split a folded compound into known words, longest head first; () if it is none.

        `afvalstoffenheffing` gives (afvalstoffen, heffing): a part counts when it occurs on its own.
        """
        if word not in self._splits:
            self._splits[word] = self._find_split(word)
        return self._splits[word]

    def _find_split(self, word: str) -> tuple[str, ...]:
        if len(word) < 2 * MIN_PART or not word.isalpha():
            return ()
        for at in range(MIN_PART, len(word) - MIN_PART + 1):
            head = word[at:]
            if not self._is_part(head):
                continue
            for link in LINKS:
                modifier = word[:at].removesuffix(link) if link else word[:at]
                if len(modifier) >= MIN_PART and word[:at].endswith(link) and self._is_part(modifier):
                    return (modifier, head)
            first = self.split(word[:at])
            if first:
                return (*first, head)
        return ()

    def _is_part(self, word: str) -> bool:
        return word in self.counts and word not in NO_PART and word not in STOP_WORDS

    def analyze(self, text: str) -> list[str]:
        """Return the stems of a page's text, the stems of a compound's parts behind it."""
        return self.stems_of(tokenize(text))

    def stems_of(self, tokens: Iterable[str]) -> list[str]:
        """Return the stems of a tokenised text, the stems of a compound's parts behind it."""
        return [stem for token in tokens for stem in self._stems_of_word(token)]

    def _stems_of_word(self, word: str) -> list[str]:
        if word not in self._word_stems:
            _bound(self._word_stems)
            self._word_stems[word] = stems((word, *self.split(word)))
        return self._word_stems[word]


def _bound(cache: dict[str, Any]) -> None:
    """Empty a cache of words that has grown too large: people can type words without end."""
    if len(cache) >= MAX_CACHED:
        cache.clear()
