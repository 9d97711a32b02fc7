"""Decide what a search is worth: an answer, a choice for the resident, another counter, or an honest refusal."""

from chatbot.ask_back import ask_back
from chatbot.counters import find_counter, find_counter_by_topic
from chatbot.freshness import is_repealed
from chatbot.records import Action, Choice, Hit, Status
from chatbot.turn import Turn
from chatbot.units import units_of
from corpus.language.words import analyze
from corpus.sites import OtherCounter

CHOICES = 3
QUOTE_WORDS = 30
# Choice and presence from which a page wins from another counter that it does not name. On the dev half of
# Voorbeeldstad this keeps 3 of 193 residents' questions, and costs 1 of 10 that are for somebody else.
CERTAIN = (0.9, 0.7)
# Where no page is clear, a question this likely off topic gets no choices. Of 721 questions with a page this takes the
# choices from 4; of 48 off-topic ones that got choices it refuses 26 (dev half and own negatives, 2026-12-01).
OFF_TOPIC = 0.4


def decide(turn: Turn) -> None:
    """Settle the turn unless its first hit may be answered from."""
    parameters, confidence = turn.index.judge.parameters, turn.confidence
    found = _find_counter(turn)
    counter = found[0] if found else None
    if confidence is None or not turn.hits:
        _refuse(turn, counter)
        return
    if turn.question.page_id is not None:
        return
    if confidence.presence < parameters.absent_below or (found and not _is_about(turn, *found)):
        _refuse(turn, counter)
        return
    current = [hit for hit in turn.hits if not is_repealed(hit.page, turn.now.date())]
    if not current or (current[0] is not turn.hits[0] and turn.hits[0].score - current[0].score > 1.0):
        turn.choices = choices_of(current[:CHOICES], turn.text)
        page = turn.hits[0].page
        turn.settle(Status.REPEALED, actions=[Action(kind="link", label=page.title, url=page.url)])
        return
    turn.hits = current
    if counter:
        turn.actions.append(Action(kind="link", label=counter.name, url=counter.url))
    sure = confidence.choice >= parameters.answer_from and confidence.presence >= parameters.present_from
    asked = None if turn.verdict_asked else ask_back(turn.search_text, turn.hits)
    if asked:
        turn.choices = choices_of(asked.hits[:CHOICES], turn.text)
        turn.settle(Status.CLARIFY, asked.about)
    elif not sure and _is_off_topic(turn):
        turn.settle(Status.OFF_TOPIC)
    elif not sure:
        turn.choices = choices_of(turn.hits[:CHOICES], turn.text)
        turn.settle(Status.LEGAL_VERDICT if turn.verdict_asked else Status.CLARIFY)


def _find_counter(turn: Turn) -> tuple[OtherCounter, tuple[str, ...]] | None:
    """Return the other counter that the question names, or, where this site hardly answers, that its topic is for."""
    found = find_counter(turn.search_text, turn.services.site)
    parameters, confidence = turn.index.judge.parameters, turn.confidence
    if found or confidence is None or confidence.presence >= parameters.present_from:
        return found
    counter = _counter_of_topic(turn)
    return (counter, ()) if counter else None


def _counter_of_topic(turn: Turn) -> OtherCounter | None:
    return find_counter_by_topic(turn.topics, turn.index.retriever.bank.topics.names, turn.services.site)


def _is_off_topic(turn: Turn) -> bool:
    stands_alone = turn.search_text == turn.text and not turn.verdict_asked
    return stands_alone and turn.services.kinds.chance(turn.text, "off_topic") >= OFF_TOPIC


def _is_about(turn: Turn, counter: OtherCounter, words: tuple[str, ...]) -> bool:
    """Tell whether the best page is about what the other counter is asked for: a page of this site that answers wins.

    It is when we are certain of the page and the question's topic is no counter's, or when the page names it: the words
    of the match, or the organisation. Another municipality's rules are never on it, unless the page names that one.
    """
    hit, confidence = turn.hits[0], turn.confidence
    certain = confidence is not None and confidence.choice >= CERTAIN[0] and confidence.presence >= CERTAIN[1]
    if words and certain and not _counter_of_topic(turn):
        return True
    organisation = set(analyze(counter.name)) - set(analyze("gemeente"))
    title = [hit.page.title, *hit.page.keywords]
    passages = turn.index.generation.store.chunks_of_page(hit.page.id)
    said = [set(analyze(" ".join([*title, *passage.heading_path, passage.text]))) for passage in passages]
    return any(words and set(words) <= passage for passage in said) or organisation <= set().union(*said)


def _refuse(turn: Turn, counter: OtherCounter | None) -> None:
    """Refuse, or name the counter that handles it."""
    if counter:
        turn.settle(Status.OTHER_COUNTER, counter.name, [Action(kind="link", label=counter.name, url=counter.url)])
    else:
        turn.settle(Status.NO_SOURCE)


def choices_of(hits: list[Hit], question: str) -> list[Choice]:
    """Offer pages as choices, each with a short quote of its best passage."""
    return [
        Choice(
            label=hit.page.title,
            question=question,
            url=hit.page.url,
            page_id=hit.page.id,
            quote=short_quote(hit),
        )
        for hit in hits
    ]


def short_quote(hit: Hit) -> str:
    """Return the first words of a hit's passage, at most thirty, cut at a unit where that fits."""
    words: list[str] = []
    for unit in units_of([hit.chunk]):
        more = unit.text.split()
        if words and len(words) + len(more) > QUOTE_WORDS:
            break
        words += more
    return " ".join(words[:QUOTE_WORDS]) + ("…" if len(words) > QUOTE_WORDS else "")
