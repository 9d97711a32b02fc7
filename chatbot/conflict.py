"""Notice two pages that disagree: both are shown with their dates, nobody picks, an editor is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.answer import Line, lines_of
from chatbot.facts import YEARS, Fact, find_facts
from chatbot.records import Hit
from chatbot.retrieve import Retriever
from corpus.language.words import analyze
from corpus.records import Page

KINDS = ("amount", "term")
# How much two units must share, numbers left out, to be about the same thing. Two prices in one table share less
# (.3 to .5, their row heads differ); two wordings of one fee share .6 and more (Voorbeeldstad, dev half).
SAME_SUBJECT = 0.6
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
    own = [(line, facts, _subject(line.quote.text, main.page)) for line, facts in stated if facts]
    for hit in (hit for hit in hits[1:3] if main.score - hit.score < NEAR and hit.page.id != main.page.id):
        for unit in retriever.readings.of(hit.page.id).units if own else ():
            theirs = _to_compare(unit.facts)
            for line, mine, said in own if theirs else ():
                if _differ(mine, theirs) and _same_subject(said, _subject(f"{unit.lead} {unit.text}", hit.page)):
                    other = lines_of(hit.page, [unit], [0])
                    return Conflict(other, (main.page.id, hit.page.id), (line.quote.text, other[0].quote.text))
    return None


def _differ(mine: dict[str, set[str]], theirs: dict[str, set[str]]) -> bool:
    """Tell whether two texts state facts of one kind, and none in common."""
    return bool(mine.keys() & theirs.keys()) and not any(mine.get(kind, set()) & theirs[kind] for kind in theirs)


def _same_subject(said: set[str], heard: set[str]) -> bool:
    shared = said & heard
    return len(shared) >= MIN_SHARED and len(shared) >= SAME_SUBJECT * min(len(said), len(heard))


def _subject(text: str, page: Page) -> set[str]:
    """Return the content words of a text on a page, numbers left out; the page's title says what it is about."""
    return {word for word in analyze(f"{page.title} {text}") if not any(char.isdigit() for char in word)}


def _to_compare(facts: Iterable[Fact]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fact in facts:
        if fact.kind in KINDS and not (fact.kind == "term" and YEARS.search(fact.value)):
            found.setdefault(fact.kind, set()).add(fact.value)
    return found
