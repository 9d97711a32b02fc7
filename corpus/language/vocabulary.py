"""The words a site knows: splits compounds into them and mends typos towards them."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus.language.words import STOP_WORDS, read_words, stem, stems, tokenize

MIN_PART = 4
LINKS = ("", "s", "en", "e", "n")
NO_PART = frozenset(read_words(Path(__file__).with_name("no_compound_parts.txt")))
MIN_TYPO_LENGTH = 4
MAX_CACHED = 200_000


class Vocabulary:
    """Counts of the folded words of one index (and of the bank, counted once each)."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts
        self._splits: dict[str, tuple[str, ...]] = {}
        self._mended: dict[str, str | None] = {}
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

    def mend(self, word: str) -> str | None:
        """Return the known word nearest to an unknown one, or None if none is near enough.

        Up to 7 letters one edit (swap of neighbours included), longer words two; the first letter
        must hold, or the cost is an edit more.
        """
        if word not in self._mended:
            _bound(self._mended)
            self._mended[word] = self._nearest(word)
        return self._mended[word]

    def _nearest(self, word: str) -> str | None:
        if len(word) < MIN_TYPO_LENGTH or not word.isalpha() or self.knows(word):
            return None
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        allowed = 1 if len(word) <= 7 else 2
        sizes = range(len(word) - allowed, len(word) + allowed + 1)
        near = [known for size in sizes for known in self._by_length.get(size, ())]
        found = extract(word, near, scorer=OSA.distance, score_cutoff=allowed, limit=12)
        ranked = sorted((distance + (known[0] != word[0]), -self.counts[known], known) for known, distance, _ in found)
        return ranked[0][2] if ranked and ranked[0][0] <= allowed else None

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        table: dict[int, list[str]] = {}
        for word in self.counts:
            if word.isalpha() and len(word) >= MIN_TYPO_LENGTH - 1:
                table.setdefault(len(word), []).append(word)
        return table

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

    def analyze_question(self, text: str, protected: Collection[str] = ()) -> list[str]:
        """Return the stems of a question, typos mended; words in `protected` are right as they are."""
        words = tokenize(text)
        return self.stems_of((word not in protected and self.mend(word)) or word for word in words)


def _bound(cache: dict[str, Any]) -> None:
    """Empty a cache of words that has grown too large: people can type words without end."""
    if len(cache) >= MAX_CACHED:
        cache.clear()
