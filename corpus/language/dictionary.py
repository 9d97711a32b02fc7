"""How common words are in Dutch and English: what tells a typo from a word. Home of pyspellchecker.

Compiled to hashes (4 MB), because its own tables take half a second to read and tens of megabytes to hold.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from corpus.language.words import fold

LANGUAGES = ("nl", "en")


def compile_dictionary(path: Path) -> None:
    """Write the dictionaries of pyspellchecker as hashes of folded words, with how often each occurs."""
    from spellchecker import SpellChecker

    columns: dict[str, Any] = {}
    for language in LANGUAGES:
        counts: dict[int, int] = {}
        for word, count in SpellChecker(language=language).word_frequency.dictionary.items():
            key = _hash(fold(word))
            counts[key] = max(count, counts.get(key, 0))
        hashes = np.fromiter(counts, np.uint64, len(counts))
        order = np.argsort(hashes)
        columns[f"{language}_words"] = hashes[order]
        columns[f"{language}_counts"] = np.fromiter(counts.values(), np.uint32, len(counts))[order]
    np.savez(path, **columns)


class Dictionary:
    """An open dictionary."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as data:
            self._tables = {name: (data[f"{name}_words"], data[f"{name}_counts"]) for name in LANGUAGES}

    def count(self, word: str, language: str) -> int:
        """Return how often a folded word occurs in a large corpus of a language of LANGUAGES; 0: it is no word."""
        hashes, counts = self._tables[language]
        key = np.uint64(_hash(word))
        at = int(np.searchsorted(hashes, key))
        return int(counts[at]) if at < len(hashes) and hashes[at] == key else 0


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
