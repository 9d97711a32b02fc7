"""Notice that a question is for another counter: a national organisation, a company, another municipality."""

import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from chatbot.arrays import Floats, softmax
from corpus.language.words import analyze, fold, read_words, stems, tokenize
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


def find_counter_by_topic(scores: Floats, topics: Sequence[str], site: Site) -> OtherCounter | None:
    """Return the counter that handles the bank's topics nearest to a question; `scores` has shape (topics,)."""
    shares: Counter[str] = Counter()
    for topic, share in zip(topics, softmax(scores[None, :], TOPIC_SHARPNESS)[0], strict=True):
        shares[counter_topics().get(topic, "")] += share
    nearest = max(shares, key=lambda name: shares[name])
    found = {counter.name: counter for counter in counters_of(site)}
    return found.get(nearest) if shares[nearest] >= TOPIC_SHARE else None


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
