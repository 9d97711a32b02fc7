"""Word patterns that decide a status by rule, read from patterns.toml so that an editor can read and mend them."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from corpus.language.words import fold

PATTERNS = Path(__file__).with_name("patterns.toml")


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, re.Pattern[str]]]:
    data = tomllib.loads(PATTERNS.read_text(encoding="utf-8"))
    return {
        group: {name: re.compile("|".join(f"(?:{line})" for line in lines)) for name, lines in kinds.items()}
        for group, kinds in data.items()
    }


def first_match(group: str, text: str) -> str:
    """Return the name of the first kind of a group whose patterns occur in the folded text, or an empty string."""
    return next(_matches(group, text), "")


def all_matches(group: str, text: str) -> set[str]:
    """Return the names of all kinds of a group whose patterns occur in the folded text."""
    return set(_matches(group, text))


def without_matches(group: str, text: str) -> str:
    """Return the folded words of a text that no pattern of a group touches."""
    folded = " ".join(fold(text).split())
    spans = [match.span() for pattern in _tables()[group].values() for match in pattern.finditer(folded)]
    words = re.finditer(r"\S+", folded)
    return " ".join(w[0] for w in words if not any(w.start() < end and start < w.end() for start, end in spans))


def _matches(group: str, text: str) -> Iterator[str]:
    folded = " ".join(fold(text).split())
    return (name for name, pattern in _tables()[group].items() if pattern.search(folded))
