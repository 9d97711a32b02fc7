"""Answer by quoting: the units of the page that answer, the best first, within sixty words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from chatbot.aspects import AGE, Aspects, age_fit, read_aspects
from chatbot.cite import Quote, quote_of
from chatbot.freshness import SPECIAL
from chatbot.patterns import without_matches
from chatbot.reading import Reading
from chatbot.records import Hit
from chatbot.rephrase import read_form
from chatbot.retrieve import Retriever
from chatbot.select import DANGLING, load_selector, unit_features
from chatbot.units import Unit
from corpus.language.words import fold, stems, tokenize
from corpus.records import Chunk, Facet, Page

# Words of an answer: fewer where one unit stands out, more where several may be meant (docs/decisions/0006).
BUDGET_SURE, BUDGET_UNSURE = 60, 80
# The softmax share from which the best unit stands out.
SURE = 0.25
LIST_BUDGET = 90
LEAD_WORDS = (16, 30)
# A unit this much less likely than the best (log odds) is filler, even where there is room.
WORSE = 5.0
# An opening this much less likely than the best unit makes room for what answers; one this near comes first.
OPENING_BEHIND = 3.5
NEARLY = 1.0
# What stands beside a chosen unit in its passage often completes it ("twee keer gratis. Daarna betaalt u …").
NEIGHBOUR = 0.7
# A row for a special case that nobody asked for comes after the row for everybody. Judgement, not fitted.
SPECIAL_ROW = 2.0
ROW_CASE = re.compile(r"\bjonger dan\b|\btweede\b|\bderde\b|\bextra\b")
# What leans on a sentence that does not come along reads as half an answer. Judgement, not fitted.
LEFT_HANGING = 1.5
# Who asks what a passport costs is answered under "Kosten", not with the price of its photo. Judgement, not fitted:
# the fitting questions ask for details.
PLAIN = 6.0
# Which of the facets that the form of a question allows is meant: the more telling first.
BY_FACET = (Facet.BRING, Facet.COST, Facet.TERM, Facet.OBJECTION, Facet.PROCEDURE, Facet.CONTACT, Facet.CONDITIONS)
# In these the first unit comes first, and the next are this much less likely each (log odds). Judgement, not fitted.
IN_ORDER = (Facet.BRING, Facet.PROCEDURE, Facet.CONDITIONS)
ORDER = 0.5
# What only points on: a question or lead-in without what follows it, "Lees ook …".
LEADS_ON = re.compile(r"[?:]$|^(?:lees|kijk|zie|bekijk) (?:ook|verder|meer)\b|^meer informatie\b")
# A line like this ("Zonder DigiD") names what follows it and says nothing by itself.
BARE_HEADING = re.compile(r"^(?:[^\W\d]+[ -]){0,5}[^\W\d]+$")
# A page of more chunks than this (a regulation, a long PDF) is read around the passages nearest to the question.
MAX_CHUNKS = 16


@dataclass(frozen=True)
class Line:
    """A line of an answer and the words it quotes. `text` is the quote made readable: a row with its column heads."""

    text: str
    quote: Quote
    item: bool = False


@dataclass(frozen=True)
class Task:
    """What an answerer gets: the question, the page chosen, and the hits in order."""

    standalone: str
    focus: str
    page: Page
    chunk: Chunk
    language: str = "nl"
    others: tuple[Hit, ...] = ()


class Answerer(Protocol):
    """Drafts an answer from pages. The check comes after it, whoever drafts."""

    @property
    def name(self) -> str:
        """Return what stands in Reply.generator."""

    def draft(self, task: Task, retriever: Retriever) -> list[Line]:
        """Return the lines of an answer; an empty list means that this page does not answer."""


class Extractive:
    """Answers by quoting, without a language model."""

    name = "extractive"

    def draft(self, task: Task, retriever: Retriever) -> list[Line]:
        """Return the best units of the page, the best group first, the others in reading order."""
        task = replace(task, standalone=retriever.mend(task.standalone), focus=retriever.mend(task.focus))
        reading = read_relevant(task, retriever)
        if not reading.units:
            return []
        aspects = asked_aspects(task)
        scores = score_units(task, aspects, reading, retriever)
        chosen = choose(reading.units, scores, aspects)
        return lines_of(task.page, reading.units, chosen)


def asked_aspects(task: Task) -> Aspects:
    """Return what kind of answer is asked for; "en voor een kind van 3?" asks for what was asked before."""
    own = read_aspects(task.focus)
    if own.kinds or task.focus == task.standalone:
        return own
    whole = read_aspects(task.standalone)
    return whole if own.age is None else replace(whole, age=own.age)


def read_relevant(task: Task, retriever: Retriever) -> Reading:
    """Read the page; of a long page the first passage, the hit and the nearest, in reading order."""
    whole = retriever.readings.of(task.page.id)
    chunks = whole.chunks
    if len(chunks) <= MAX_CHUNKS:
        return whole
    vectors = retriever.encoder.encode([task.standalone, *(" ".join([*c.heading_path, c.text]) for c in chunks)])
    near = set(np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")[: MAX_CHUNKS - 2].tolist())
    kept = [chunk for at, chunk in enumerate(chunks) if at == 0 or at in near or chunk.id == task.chunk.id]
    return retriever.readings.part(whole.title, kept)


def score_units(task: Task, aspects: Aspects, reading: Reading, retriever: Retriever) -> list[float]:
    """Score units for what was asked last, and a little for the whole of a follow-up."""
    selector, units = load_selector(), reading.units
    scores = selector.scores(unit_features(task.focus, aspects, reading, retriever))
    if task.focus != task.standalone:
        scores = scores + 0.5 * selector.scores(unit_features(task.standalone, aspects, reading, retriever))
    whole = _names_subject_only(task)
    plain = _facet_asked(aspects) if whole else None
    plain_scores = _plain_scores(units, plain)
    asked = fold(task.standalone)
    # Who tells of a child tells of more cases, which the words of the rows may not show ("in Italië": abroad).
    for_everybody = plain is not None or aspects.age is None
    weighed = [
        float(score)
        - (SPECIAL_ROW if for_everybody and _is_special_row(unit, asked, aspects) else 0.0)
        - (LEFT_HANGING if _hangs(at, units) else 0.0)
        + plain_scores[at]
        for at, (score, unit) in enumerate(zip(scores, units, strict=True))
    ]
    if whole and not aspects.kinds and not aspects.facets:
        for at in _opening(units):  # "mijn container is gestolen": the page's own first sentences come first
            weighed[at] = max(weighed)
    return weighed


def _names_subject_only(task: Task) -> bool:
    """Tell whether a question names the page's subject and at most asks an aspect of it: "wat kost een paspoort"."""
    subject = AGE.sub(" ", without_matches("aspect", task.standalone))
    return not set(read_form(subject).own) - set(stems(tokenize(task.page.title)))


def _facet_asked(aspects: Aspects) -> Facet | None:
    """Return the facet that is meant: "wat moet ik meenemen" asks what to bring, "moet ik" alone for conditions."""
    return next((facet for facet in BY_FACET if facet in aspects.facets), None)


def _plain_scores(units: Sequence[Unit], facet: Facet | None) -> list[float]:
    """Raise the units of a facet; steps, conditions and papers are told in the order of the page."""
    scores = [0.0] * len(units)
    asked = [at for at, unit in enumerate(units) if unit.chunk.facet is facet and not _only_points_on(unit)]
    for place, at in enumerate(asked):
        scores[at] = PLAIN - (min(ORDER * place, PLAIN) if facet in IN_ORDER else 0.0)
    return scores


def _hangs(at: int, units: Sequence[Unit]) -> bool:
    """Tell whether a sentence leans on one that cannot be quoted with it: "Dan …" as the first of its passage."""
    return (
        units[at].kind == "sentence"
        and DANGLING.match(units[at].folded) is not None
        and len(_with_support(at, units)) == 1
    )


def _is_special_row(unit: Unit, asked: str, aspects: Aspects) -> bool:
    """Tell whether a table row is for a case (lost, urgent, one more) that nobody asked for, not for everybody."""
    if unit.kind != "row" or (aspects.age is not None and age_fit(unit.text, aspects.age) > 0):
        return False
    folded = unit.folded.replace("eerste", "")  # a special case on a page's title, the usual one in a table
    return any(case.search(folded) and not case.search(asked) for case in (SPECIAL, ROW_CASE))


def choose(units: Sequence[Unit], scores: Sequence[float], aspects: Aspects) -> list[int]:
    """Choose units greedily within the budget; returns their places, the best group first.

    A dangling sentence brings the one before it; a wanted list brings its other items; the page's opening
    sentence comes along when it is short and not far from the question, because it says what the page is about.
    """
    scores = _said_once(units, scores)
    order = sorted(range(len(units)), key=lambda at: (-scores[at], at))
    best = next((at for at in order if not _is_bare(units[at])), order[0])
    whole_list = _list_around(best, units) if aspects.kinds & {"list", "steps"} or _announces(units[best]) else []
    budget = LIST_BUDGET if whole_list else BUDGET_SURE if _share_of_best(scores) > SURE else BUDGET_UNSURE
    chosen = _with_support(best, units)
    _add(chosen, whole_list, budget, units)
    opening = [at for at in _opening(units) if scores[at] > scores[best] - OPENING_BEHIND]
    # An opening that answers nearly as well reads better first: it says what the page is about.
    group = [] if any(scores[at] > scores[best] - NEARLY for at in opening) else sorted(chosen)
    chosen += [at for at in opening if at not in chosen]
    for at in order:
        bonus = NEIGHBOUR if any(_are_neighbours(units[at], units[other]) for other in chosen) else 0.0
        if scores[at] + bonus < scores[best] - WORSE or _only_points_on(units[at]) or _is_said(at, chosen, units):
            continue
        more = [extra for extra in _with_support(at, units) if extra not in chosen]
        if more and _length([*chosen, *more], units) <= budget:
            chosen += more
    return [*group, *sorted(set(chosen) - set(group))]


def _only_points_on(unit: Unit) -> bool:
    return LEADS_ON.search(unit.folded) is not None or _is_bare(unit)


def _is_bare(unit: Unit) -> bool:
    return unit.kind == "sentence" and BARE_HEADING.match(unit.text) is not None


def _said_once(units: Sequence[Unit], scores: Sequence[float]) -> list[float]:
    """Give the first of units with the same words the best score of them; pages say the same under two headings."""
    said = [(unit.lead, unit.folded) for unit in units]  # "gratis" in two tables is not the same
    top: dict[tuple[str, str], float] = {}
    for words, score in zip(said, scores, strict=True):
        top[words] = max(score, top.get(words, score))
    return [top.pop(words, -np.inf) for words in said]


def _is_said(at: int, chosen: Sequence[int], units: Sequence[Unit]) -> bool:
    """Tell whether a chosen unit holds this sentence already."""
    unit = units[at]
    return unit.kind == "sentence" and any(unit.folded in units[other].folded for other in chosen if other != at)


def _share_of_best(scores: Sequence[float]) -> float:
    """Return the softmax share of the best unit: how much it stands out."""
    raised = np.exp(np.asarray(scores) - max(scores))
    return float(1 / raised.sum())


def _add(chosen: list[int], more: Sequence[int], budget: int, units: Sequence[Unit]) -> None:
    """Add units one by one as long as they fit."""
    for at in more:
        if at not in chosen and _length([*chosen, at], units) <= budget:
            chosen.append(at)


def _are_neighbours(one: Unit, other: Unit) -> bool:
    return one.chunk is other.chunk and abs(one.order - other.order) == 1


def _announces(unit: Unit) -> bool:
    """Tell whether a sentence only leads in what follows it."""
    return unit.kind == "sentence" and unit.text.endswith(":")


def _opening(units: Sequence[Unit]) -> list[int]:
    """Return the page's first sentences up to a lead's length; none if the first is too long."""
    lead: list[int] = []
    words = 0
    for at, unit in enumerate(units):
        if unit.kind != "sentence" or words >= LEAD_WORDS[0] or words + unit.words > LEAD_WORDS[1]:
            break
        lead.append(at)
        words += unit.words
    return lead


def _with_support(at: int, units: Sequence[Unit]) -> list[int]:
    """Return a unit with the sentence it leans on: before a pronoun, or a question before its answer."""
    unit = units[at]
    if unit.kind == "sentence" and at and units[at - 1].chunk is unit.chunk:
        before = units[at - 1]
        if (
            before.kind == "sentence"
            and (DANGLING.match(unit.folded) or before.text.endswith("?"))
            and before.words <= 30
        ):
            return [at - 1, at]
    return [at]


def _list_around(at: int, units: Sequence[Unit]) -> list[int]:
    """Return the items of the list that a unit belongs to or leads in, in order."""
    unit = units[at]
    if unit.kind != "item" and not _announces(unit):
        return []
    lead = unit.text if _announces(unit) else unit.lead
    path = unit.chunk.heading_path
    return [n for n, u in enumerate(units) if u.kind == "item" and u.chunk.heading_path == path and u.lead == lead]


def _length(places: Sequence[int], units: Sequence[Unit]) -> int:
    leads = {units[at].lead for at in places if units[at].kind == "item"} - {units[at].text for at in places}
    return sum(units[at].words for at in places) + sum(len(lead.split()) for lead in leads)


def lines_of(page: Page, units: Sequence[Unit], chosen: Sequence[int]) -> list[Line]:
    """Turn chosen units into lines: neighbouring sentences join, a list gets its lead-in, a row its heads."""
    lines: list[Line] = []
    shown = {units[at].text for at in chosen}
    run: list[Unit] = []
    for at in chosen:
        unit = units[at]
        if run and unit.kind == "sentence" and unit.order == run[-1].order + 1 and _adjacent(run[-1], unit):
            run.append(unit)
            continue
        if run:
            lines.append(_line(page, run))
        run = []
        if unit.kind == "item" and unit.lead and unit.lead not in shown:
            shown.add(unit.lead)
            lines.append(Line(unit.lead, Quote(page, unit.chunk, unit.lead)))
        run = [unit]
    return [*lines, _line(page, run)] if run else lines


def _adjacent(first: Unit, second: Unit) -> bool:
    return (
        first.kind == "sentence" and first.chunk is second.chunk and f"{first.text} {second.text}" in second.chunk.text
    )


def _line(page: Page, run: Sequence[Unit]) -> Line:
    unit = run[0]
    text = " ".join(part.text for part in run)
    return Line(read_row(unit) if unit.kind == "row" else text, quote_of(page, run), item=unit.kind != "sentence")


def read_row(unit: Unit) -> str:
    """Write a table row as a reader would say it: the first cell, then each head with its cell."""
    if not unit.heads:
        return unit.text
    pairs = [
        f"{head}: {cell}" if head else cell for head, cell in zip(unit.heads[1:], unit.cells[1:], strict=True) if cell
    ]
    return f"{unit.cells[0]} – {', '.join(pairs)}" if pairs else unit.cells[0]


def facet_units(units: Sequence[Unit], facet: Facet) -> list[Unit]:
    """Return the units under headings of a facet."""
    return [unit for unit in units if unit.chunk.facet is facet]
