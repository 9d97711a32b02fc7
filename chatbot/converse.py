"""One turn of the conversation, as a visible list of steps. The file to read first.

A step takes the turn and adds to it; a step that settles the turn's status ends it. Everything a resident gets,
an answer or a fixed sentence, is composed at the end, so no path can forget the way to a person.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from chatbot.answer import Extractive, Task, read_relevant
from chatbot.aspects import read_aspects
from chatbot.card import build_card, find_actions
from chatbot.compose import compose, fixed_reply, merge
from chatbot.conflict import find_conflict
from chatbot.decide import decide
from chatbot.errors import ModelError
from chatbot.follow_up import find_in_conversation
from chatbot.guard import guard
from chatbot.languages import ANSWERED, detect_language
from chatbot.records import Done, Event, Hit, Question, Replaced, Reply, Sentence, Status, Step
from chatbot.rephrase import read_conversation
from chatbot.route import BEFORE_RETRIEVAL, CONTACT_ROUTES, find_question, route, split_questions
from chatbot.services import Services
from chatbot.special import (
    answer_contact,
    answer_formal_message,
    answer_lookup,
    offer_choices_in_other_language,
    paused_by,
)
from chatbot.turn import Turn

log = logging.getLogger(__name__)
HITS = 10
MAX_QUESTION = 8000
DEADLINE_SECONDS = 20.0


def check_question(turn: Turn) -> None:
    """Stop a crisis, personal data and injections, in that order; mask what may go on."""
    verdict = guard(turn.question.text[:MAX_QUESTION], turn.services.kinds)
    turn.text = verdict.text
    turn.language = detect_language(verdict.text)
    if verdict.status is not None:
        turn.settle(verdict.status, verdict.detail)


def check_pauses(turn: Turn) -> None:
    """Stop what an editor has paused."""
    if paused_by(turn):
        turn.settle(Status.PAUSED)


def settle_by_rule(turn: Turn) -> None:
    """Settle what needs no search: greetings, opinions, case status, formal messages, opening hours."""
    turn.text = find_question(turn.text)
    turn.rule = route(turn.text, turn.services.kinds, in_conversation=bool(turn.question.history))
    turn.verdict_asked = turn.rule == "legal_verdict"
    if turn.question.page_id is not None or turn.language not in ANSWERED:
        return
    if not any(char.isalnum() for char in turn.text):
        turn.settle(Status.NO_SOURCE)
    elif turn.rule == "formal_message":
        answer_formal_message(turn)
    elif turn.rule == "lookup":
        answer_lookup(turn)
    elif turn.rule in BEFORE_RETRIEVAL:
        turn.settle(BEFORE_RETRIEVAL[turn.rule])
    elif turn.rule in CONTACT_ROUTES:
        answer_contact(turn)


def read_history(turn: Turn) -> None:
    """Read what the conversation is about from the user's earlier turns."""
    turn.conversation = read_conversation(turn.question.history, turn.index.retriever.is_subject)


def retrieve(turn: Turn) -> None:
    """Find pages, or the pinned one."""
    today = turn.now.date()
    follow_up = find_in_conversation(turn.text, turn.conversation, turn.index, turn.services.ranker, today, HITS)
    found = follow_up.found
    turn.hits, turn.confidence, turn.topics = found.hits, found.confidence, found.topics
    turn.standalone = follow_up.standalone
    pinned = turn.question.page_id
    if pinned is not None:
        turn.hits = _pin(turn, pinned)


def _pin(turn: Turn, page_id: str) -> list[Hit]:
    """Return the hits of one page only; a page that is gone gives none."""
    found = [hit for hit in turn.hits if hit.page.id == page_id]
    store = turn.index.generation.store
    page, chunks = store.page(page_id), store.chunks_of_page(page_id)
    return found or ([Hit(chunk=chunks[0], page=page, score=0.0)] if page and chunks else [])


def settle_by_confidence(turn: Turn) -> None:
    """Answer only when sure: else choices, another counter, or an honest refusal."""
    if turn.language not in ANSWERED and turn.question.page_id is None:
        offer_choices_in_other_language(turn)
        return
    decide(turn)


def answer(turn: Turn) -> None:
    """Draft the answer from the best page, with its card and what a resident can click."""
    hit = turn.hits[0]
    task = Task(turn.search_text, turn.text, hit.page, hit.chunk, turn.language, tuple(turn.hits[1:4]))
    answerer = turn.services.answerer
    try:
        turn.lines, turn.generator = answerer.draft(task, turn.index.retriever), answerer.name
    except ModelError:
        quoting = Extractive()
        turn.lines, turn.generator = quoting.draft(task, turn.index.retriever), quoting.name
    if not turn.lines:
        turn.settle(Status.NO_SOURCE)
        return
    conflict = find_conflict(turn.lines, turn.hits, turn.index.retriever) if turn.question.page_id is None else None
    if conflict:
        turn.conflict = True
        turn.lines += conflict.lines
        turn.services.report_conflict(conflict.pages, conflict.quotes)
    units = read_relevant(task, turn.index.retriever).units
    shown = [line.quote.text for line in turn.lines]
    turn.card = build_card(hit.page, units, read_aspects(turn.text), shown)
    turn.actions += find_actions(hit.page)


STEPS: tuple[tuple[str, Callable[[Turn], None], str, str], ...] = (
    ("guard", check_question, "Vraag controleren", "Checking the question"),
    ("pause", check_pauses, "Vraag controleren", "Checking the question"),
    ("route", settle_by_rule, "Vraag lezen", "Reading the question"),
    ("rephrase", read_history, "Vraag lezen", "Reading the question"),
    ("retrieve", retrieve, "Pagina's zoeken", "Searching pages"),
    ("decide", settle_by_confidence, "Pagina kiezen", "Choosing a page"),
    ("answer", answer, "Antwoord maken", "Writing the answer"),
)


def stream(
    question: Question, services: Services, *, now: datetime | None = None, deadline: float = DEADLINE_SECONDS
) -> Iterator[Event]:
    """Answer a question as a stream: steps, checked sentences, and at the end the whole reply.

    Never raises: whatever goes wrong ends in a Done with an error status and the way to a person.
    Closing the iterator cancels the turn.
    """
    moment = now or services.now()
    started, language = time.monotonic(), "nl"
    try:
        language = detect_language(question.text[:MAX_QUESTION])
        parts = split_questions(question.text[:MAX_QUESTION]) if question.page_id is None else [question.text]
        replies: list[Reply] = []
        for part in parts:
            turn = Turn(question.model_copy(update={"text": part}), services, services.index, moment)
            yield from _run(turn, started + deadline)
            replies.append(compose(turn, started))
        reply = replies[0] if len(replies) == 1 else merge(replies, parts, services)
        yield from _sentences(reply)
        services.keep(question, reply)
        yield Done(reply=reply)
    except TimeoutError:
        yield Replaced(reason="timeout")
        yield Done(reply=fixed_reply(services, Status.TIMEOUT, language, moment))
    except Exception:
        log.exception("A turn failed")  # holds no question text: see tests/chatbot/test_privacy.py
        yield Replaced(reason="error")
        yield Done(reply=fixed_reply(services, Status.INTERNAL, language, moment))


def _run(turn: Turn, deadline: float) -> Iterator[Event]:
    shown = ""
    for name, step, dutch, english in STEPS:
        label = english if turn.language == "en" else dutch
        if label != shown:
            yield Step(name=name, label=label)
            shown = label
        step(turn)
        if time.monotonic() > deadline:
            raise TimeoutError
        if turn.status is not None:
            return


def _sentences(reply: Reply) -> Iterator[Sentence]:
    for line in reply.text.splitlines():
        numbers = {citation.n for citation in reply.citations if f"[{citation.n}]" in line}
        yield Sentence(text=line, citations=tuple(c for c in reply.citations if c.n in numbers))


def ask(question: Question, services: Services, now: datetime | None = None) -> Reply:
    """Answer a question; the fold of stream."""
    for event in stream(question, services, now=now):
        if isinstance(event, Done):
            return event.reply
    raise AssertionError("stream always ends in Done")
