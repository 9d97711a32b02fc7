"""Notice that a question is for another counter: a national organisation, a company, another municipality."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from corpus.language.words import analyze, fold, read_words, stems, tokenize
from corpus.sites import OtherCounter, Site

COUNTERS = Path(__file__).with_name("other_counters.toml")
MUNICIPALITIES = Path(__file__).with_name("municipalities.txt")
# Names that are ordinary words too; they count only behind "gemeente".
AMBIGUOUS = frozenset(read_words(Path(__file__).with_name("ambiguous_municipalities.txt")))
PLACE = re.compile(r"\b(gemeente|in|uit|te|bij)\s+([a-z'’-]+(?:\s[a-z'’-]+){0,3})")


@lru_cache(maxsize=1)
def _shipped() -> tuple[OtherCounter, ...]:
    table = tomllib.loads(COUNTERS.read_text(encoding="utf-8"))
    return tuple(OtherCounter.model_validate(row) for row in table["counters"])


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, str]:
    lines = MUNICIPALITIES.read_text(encoding="utf-8").splitlines()
    return {fold(line): line for line in lines if line and not line.startswith("#")}


def counters_of(site: Site) -> tuple[OtherCounter, ...]:
    """Return the site's own counters and the shipped ones; of the same name the site's, with the words of both."""
    shipped = {counter.name: counter for counter in _shipped()}
    own = {
        counter.name: counter.model_copy(update={"words": (*counter.words, *shipped[counter.name].words)})
        if counter.name in shipped
        else counter
        for counter in site.other_counters
    }
    return tuple((shipped | own).values())


@lru_cache(maxsize=4096)
def _stems(words: str) -> tuple[str, ...]:
    return tuple(analyze(words))


def find_counter(text: str, site: Site) -> tuple[OtherCounter, tuple[str, ...]] | None:
    """Return the other counter a question is for, and the stems that say so; the longest match wins."""
    said = set(stems(tokenize(text)))
    found = [
        (len(words), counter, words)
        for counter in counters_of(site)
        for words in (_stems(word) for word in (*counter.words, counter.name))
        if words and set(words) <= said
    ]
    if found:
        _, counter, words = max(found, key=lambda match: match[0])
        return counter, words
    other = find_municipality(text, site)
    return (OtherCounter(name=f"gemeente {other}", words=(), url="https://www.overheid.nl"), ()) if other else None


def find_municipality(text: str, site: Site) -> str:
    """Return the name of another municipality that a question is about, or an empty string."""
    own = fold(f"{site.organisation.name} {site.organisation.owms}")
    for before, after in PLACE.findall(fold(text)):
        words = after.split()
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size])
            if name in _municipalities() and name not in own and (before == "gemeente" or name not in AMBIGUOUS):
                return _municipalities()[name]
    return ""
