"""Answers that rules compose: opening hours and address, formal messages, look-ups, pauses, other languages."""

import re

from chatbot.answer import Line, read_row
from chatbot.card import find_actions
from chatbot.cite import quote_of
from chatbot.clock import parse_hours
from chatbot.contact import STREET_AND_TOWN
from chatbot.decide import CHOICES, choices_of
from chatbot.languages import HELPED
from chatbot.records import Action, Status
from chatbot.search import find
from chatbot.turn import Turn
from chatbot.units import Unit
from corpus.language.words import analyze, tokenize

# A week, a day a line.
MAX_LINES = 7
WEEKDAY = re.compile(r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day")
CLOSED = re.compile(r"\b(?:gesloten|dicht|closed)\b")
FORMAL_PAGES = 3


def paused_by(turn: Turn) -> bool:
    """Tell whether an editor's pause holds for this question: all words of the pause stand in it."""
    said = set(analyze(turn.text)) | set(tokenize(turn.text))
    return any(set(analyze(pause.words)) <= said for pause in turn.services.state.pauses())


def answer_contact(turn: Turn) -> None:
    """Answer opening hours, address or phone from the site's contact pages; without one, name the ways to a person.

    The page and the lines that share most words with the question win: "the town hall", "on Thursday".
    """
    asked = set(analyze(turn.text))
    found = [
        (len(asked & set(analyze(f"{page.title} {unit.context} {unit.text}"))), -unit.words, page, unit)
        for page in turn.index.contact.pages
        for unit in turn.index.retriever.readings.of(page.id).units
        if _tells(unit, turn.rule)
    ]
    if not found:
        turn.settle(Status.PERSON)
        return
    most, _, best, _ = max(found, key=lambda match: match[:2])
    units = [unit for shared, _, page, unit in found if shared == most and page is best][:MAX_LINES]
    turn.lines = [
        Line(read_row(unit) if unit.kind == "row" else unit.text, quote_of(best, [unit]), item=unit.kind != "sentence")
        for unit in units
    ]
    turn.generator = "extractive"
    turn.settle(Status.ANSWERED, actions=find_actions(best))


def _tells(unit: Unit, rule: str) -> bool:
    text = unit.text
    if rule == "opening_hours":
        timed = any(fact.kind == "time" for fact in unit.facts) or CLOSED.search(unit.folded) is not None
        return bool(parse_hours(text)) or (timed and (unit.kind == "row" or WEEKDAY.search(unit.folded) is not None))
    if rule == "address":
        return STREET_AND_TOWN.search(text) is not None
    return any(fact.kind in ("phone", "email") for fact in unit.facts)


def answer_formal_message(turn: Turn) -> None:
    """Say that the chat is no channel for it, and link the pages with the right form."""
    hits = find(turn.text, turn.index, turn.services.ranker, turn.now.date(), FORMAL_PAGES).hits
    forms = [action for hit in hits[:1] for action in find_actions(hit.page, limit=1)]
    links = [Action(kind="form", label=hit.page.title, url=hit.page.url) for hit in hits[:1]]
    turn.settle(Status.FORMAL_MESSAGE, actions=[*forms, *links])


def answer_lookup(turn: Turn) -> None:
    """Link the page where a resident fills in the address; without any page, refuse as usual."""
    found = find(turn.text, turn.index, turn.services.ranker, turn.now.date(), 1)
    hits, confidence = found.hits, found.confidence
    if hits and confidence.presence >= turn.index.judge.parameters.absent_below:
        page = hits[0].page
        turn.settle(Status.LOOKUP, actions=[Action(kind="lookup", label=page.title, url=page.url)])


def offer_choices_in_other_language(turn: Turn) -> None:
    """Offer Dutch pages to a question in Turkish, Arabic, Polish or Ukrainian; refuse other languages."""
    parameters, confidence = turn.index.judge.parameters, turn.confidence
    sure = confidence is not None and confidence.presence >= parameters.absent_below
    if turn.language in HELPED and sure and turn.hits:
        turn.choices = choices_of(turn.hits[:CHOICES], turn.text)
        turn.settle(Status.CLARIFY)
    else:
        turn.settle(Status.LANGUAGE)
