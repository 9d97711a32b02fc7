"""Notice that a question is for another counter: a national organisation, a company, another municipality."""

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from chatbot.arrays import Floats, Rows, softmax
from corpus.language.words import analyze, fold, read_words
from corpus.sites import OtherCounter, Site

COUNTERS = Path(__file__).with_name("other_counters.toml")
TOPICS = Path(__file__).with_name("other_counter_topics.toml")
MUNICIPALITIES = Path(__file__).with_name("municipalities.txt")
# Names that are ordinary words too; they count only behind "gemeente".
AMBIGUOUS = frozenset(read_words(Path(__file__).with_name("ambiguous_municipalities.txt")))
# How sharply the nearest topics of the bank count, and the share of them that one counter must have. Of 51 questions
# for others that hold none of its words this finds 19 where presence is below .6, and takes 3 of 545 questions that
# have a page of Voorbeeldstad (8 of 731 on the national pages, which are about such things; 2026-12-01).
TOPIC_SHARPNESS, TOPIC_SHARE = 40, 0.6
PLACE = re.compile(r"\b(gemeente|in|uit|te|bij)\s+([a-z'’-]+(?:\s[a-z'’-]+){0,3})")


@lru_cache(maxsize=1)
def _shipped() -> tuple[OtherCounter, ...]:
    table = tomllib.loads(COUNTERS.read_text(encoding="utf-8"))
    return tuple(OtherCounter.model_validate(row) for row in table["counters"])


@lru_cache(maxsize=1)
def counter_topics() -> dict[str, str]:
    """Return the counter that handles a topic of the bank, by the names of both."""
    table = tomllib.loads(TOPICS.read_text(encoding="utf-8"))
    return {topic: counter for counter, topics in table.items() for topic in topics}


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, str]:
    lines = MUNICIPALITIES.read_text(encoding="utf-8").splitlines()
    return {fold(line): line for line in lines if line and not line.startswith("#")}


def counters_of(site: Site) -> tuple[OtherCounter, ...]:
    """Return the site's own counters and the shipped ones; of the same name the site's, with the words of both."""
    return _with_shipped(site.other_counters)


@lru_cache(maxsize=16)
def _with_shipped(counters: tuple[OtherCounter, ...]) -> tuple[OtherCounter, ...]:
    shipped = {counter.name: counter for counter in _shipped()}
    own = {
        counter.name: counter.model_copy(update={"words": (*counter.words, *shipped[counter.name].words)})
        if counter.name in shipped
        else counter
        for counter in counters
    }
    return tuple((shipped | own).values())


@lru_cache(maxsize=16)
def _by_first_stem(counters: tuple[OtherCounter, ...]) -> dict[str, list[tuple[int, OtherCounter, tuple[str, ...]]]]:
    """Return what names each counter, as stems, under the first of them; the earliest in the table has the least."""
    named: dict[str, list[tuple[int, OtherCounter, tuple[str, ...]]]] = {}
    for place, counter in enumerate(counters):
        for said in (*counter.words, counter.name):
            words = tuple(analyze(said))
            if words:
                named.setdefault(words[0], []).append((place, counter, words))
    return named


@lru_cache(maxsize=16)
def _topic_places(counters: tuple[OtherCounter, ...], topics: tuple[str, ...]) -> Rows:
    """Return the place of the counter that handles each topic; one past the last: none does."""
    place = {counter.name: at for at, counter in enumerate(counters)}
    return np.array([place.get(counter_topics().get(topic, ""), len(counters)) for topic in topics], np.int64)


def find_counter(text: str, site: Site) -> tuple[OtherCounter, tuple[str, ...]] | None:
    """Return the other counter a question is for, and the stems that say so; the longest match wins."""
    said = set(analyze(text))
    named = _by_first_stem(counters_of(site))
    found = [match for word in said for match in named.get(word, ()) if said >= set(match[2])]
    if found:
        _, counter, words = max(found, key=lambda match: (len(match[2]), -match[0]))
        return counter, words
    other = find_municipality(text, site)
    return (OtherCounter(name=f"gemeente {other}", words=(), url="https://www.overheid.nl"), ()) if other else None


def find_counter_by_topic(scores: Floats, topics: Sequence[str], site: Site) -> OtherCounter | None:
    """Return the counter that handles the bank's topics nearest to a question; `scores` has shape (topics,)."""
    counters = counters_of(site)
    shares = np.bincount(
        _topic_places(counters, tuple(topics)), softmax(scores[None, :], TOPIC_SHARPNESS)[0], len(counters) + 1
    )
    nearest = int(np.argmax(shares))
    return counters[nearest] if nearest < len(counters) and shares[nearest] >= TOPIC_SHARE else None


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
