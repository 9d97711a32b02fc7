"""Notice two pages that disagree: both are shown with their dates, nobody picks, an editor is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.answer import Line, lines_of
from chatbot.facts import YEARS, Fact, find_facts
from chatbot.records import Hit
from chatbot.retrieve import Retriever
from corpus.language.words import analyze

KINDS = ("amount", "term")
# How much of the longer unit the other must say too, numbers left out. Without this and without the titles 25 of 26
# warnings on 1,097 questions were false (they share .08 to .57; two prices of one lost pass share .75; 2026-12-01).
SAME_WORDS = 0.6
MIN_SHARED = 2
NEAR = 4.0


@dataclass(frozen=True)
class Conflict:
    """The other page's words, ready to be shown, and what to tell the editor."""

    lines: list[Line]
    pages: tuple[str, str]
    quotes: tuple[str, str]


def find_conflict(shown: Sequence[Line], hits: Sequence[Hit], retriever: Retriever) -> Conflict | None:
    """Compare the shown facts with those of the next pages; the first disagreement is returned."""
    if not shown:
        return None
    main = hits[0]
    stated = [(line, _to_compare(find_facts(line.quote.text))) for line in shown]
    own = [(line, facts, _content(line.quote.text)) for line, facts in stated if facts]
    for hit in (hit for hit in hits[1:3] if main.score - hit.score < NEAR and hit.page.id != main.page.id):
        for unit in retriever.readings.of(hit.page.id).units if own else ():
            theirs = _to_compare(unit.facts)
            for line, mine, said in own if theirs else ():
                heard = _content(f"{unit.lead} {unit.text}")
                if _differ(mine, theirs) and _say_the_same(said, heard) and _is_one_subject(main, said, hit, heard):
                    other = lines_of(hit.page, [unit], [0])
                    return Conflict(other, (main.page.id, hit.page.id), (line.quote.text, other[0].quote.text))
    return None


def _differ(mine: dict[str, set[str]], theirs: dict[str, set[str]]) -> bool:
    """Tell whether two texts state facts of one kind, and none in common."""
    return bool(mine.keys() & theirs.keys()) and not any(mine.get(kind, set()) & theirs[kind] for kind in theirs)


def _say_the_same(said: set[str], heard: set[str]) -> bool:
    shared = said & heard
    return len(shared) >= MIN_SHARED and len(shared) >= SAME_WORDS * max(len(said), len(heard))


def _is_one_subject(main: Hit, said: set[str], hit: Hit, heard: set[str]) -> bool:
    """Tell whether one page's title is covered by the other: districts, ages and permits may share their sentences."""
    here, there = _content(main.page.title), _content(hit.page.title)
    return here <= there | heard or there <= here | said


def _content(text: str) -> set[str]:
    """Return the content words of a text, numbers left out."""
    return {word for word in analyze(text) if not any(char.isdigit() for char in word)}


def _to_compare(facts: Iterable[Fact]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fact in facts:
        if fact.kind in KINDS and not (fact.kind == "term" and YEARS.search(fact.value)):
            found.setdefault(fact.kind, set()).add(fact.value)
    return found
