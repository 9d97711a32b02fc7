"""Check an answer against its sources: no fact may be shown that the cited passage does not hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chatbot.facts import Fact, find_facts
from corpus.records import Chunk, Page

# Passages kept with their facts, of 1 kB or so.
MAX_KEPT = 512
MARK = re.compile(r"\s*\[(\d+)\]")


@dataclass(frozen=True)
class Problem:
    """Why an answer may not be shown."""

    kind: str
    detail: str


def source_text(page: Page, chunk: Chunk) -> str:
    """Return everything a reader of the cited passage has in view."""
    return "\n".join(part for part in (page.title, *chunk.heading_path, chunk.table_header, chunk.text) if part)


def check(text: str, sources: Mapping[int, str]) -> list[Problem]:
    """Check an answer's sentences against the passages they cite, by number.

    A line without a citation may hold no fact at all. Every number must have been retrieved, and one must be used.
    """
    problems: list[Problem] = []
    used: set[int] = set()
    for line in text.splitlines():
        numbers = [int(number) for number in MARK.findall(line)]
        used.update(numbers)
        problems += [Problem("unknown citation", f"[{n}]") for n in numbers if n not in sources]
        cited = "\n".join(sources.get(n, "") for n in numbers)
        problems += [Problem(f"unsupported {fact.kind}", fact.text) for fact in unsupported(MARK.sub("", line), cited)]
    return problems if used else [*problems, Problem("no source", "nothing is cited")]


def unsupported(text: str, source: str) -> list[Fact]:
    """Return the facts of a text that do not stand in its source, both normalised.

    An amount may stand as a bare number in a table whose head says euro, so numbers are compared across kinds too.
    """
    return [fact for fact in find_facts(text) if not _holds(source, fact)]


def _holds(source: str, fact: Fact) -> bool:
    known, numbers = _stated(source)
    return (
        fact.value in known
        or (fact.kind == "number" and fact.text in numbers)
        or (
            fact.kind == "amount"
            and any(fact.value == re.sub(r",00$", "", number.replace(".", "")) for number in numbers)
        )
    )


@lru_cache(maxsize=MAX_KEPT)
def _stated(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts and the bare numbers of a passage: every line of an answer is held against the same few."""
    known = frozenset(fact.value for fact in find_facts(source))
    numbers = {*re.findall(r"\d+(?:[.,]\d+)*", source), *(re.sub(r"\D", "", value) for value in known)}
    return known, frozenset(numbers)
