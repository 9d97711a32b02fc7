"""Put every case to the system: rank the pages, ask the question, and click the choice that a resident would."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from chatbot.converse import ask
from chatbot.follow_up import find_in_conversation
from chatbot.records import Question, Reply, Turn
from chatbot.rephrase import read_conversation
from chatbot.services import Services, open_services
from corpus.errors import NothingPublished
from corpus.index.generation import Paths, read_current
from corpus.records import Audience, Chunk, Page
from corpus.sites import Site
from evals.answers import choice_to_click
from evals.cases import Pages
from evals.records import Case, Outcome
from evals.retrieval import DEPTH

Progress = Callable[[int], None]


def open_pinned(site: Site, generation: str | None) -> Services:
    """Open a generation for residents and stay with it; a pinned one keeps no question for the editors' report.

    Raises NothingPublished, GenerationError or EncoderError.
    """
    chosen = generation or read_current(Paths(site.home))
    if chosen is None:
        raise NothingPublished(
            f"Voor {site.name} is nog niets gepubliceerd. Werk de site bij met: ingest sync --site {site.name}"
        )
    return open_services(site, Audience.RESIDENT, chosen)


def pages_of(services: Services) -> Pages:
    """Return the pages of the open index."""
    store = services.index.generation.store
    pages: dict[str, Page] = {page.id: page for page in store.pages()}
    known: dict[str, list[Chunk]] = {}

    def chunks(page: str) -> Sequence[Chunk]:
        if page not in known:
            known[page] = store.chunks_of_page(page)
        return known[page]

    return Pages(pages, services.site.url, chunks)


def put(cases: Sequence[Case], services: Services, *, retrieval_only: bool, progress: Progress) -> list[Outcome]:
    """Put all cases to the system, in order, all at one moment of asking.

    With `retrieval_only` no question is answered. `progress` is called with 1 after each case.
    """
    now = services.now()
    outcomes = []
    for case in cases:
        outcomes.append(_put_one(case, services, now, retrieval_only))
        progress(1)
    return outcomes


def _put_one(case: Case, services: Services, now: datetime, retrieval_only: bool) -> Outcome:
    question = Question(text=case.item.question, history=case.item.history)
    started = time.perf_counter()
    index = services.index
    conversation = read_conversation(question.history, index.retriever.is_subject)
    found = find_in_conversation(question.text, conversation, index, services.ranker, now.date(), DEPTH).found
    searched = time.perf_counter()
    reply = None if retrieval_only else ask(question, services, now=now)
    answered = time.perf_counter()
    return Outcome(
        case=case,
        ranking=tuple(hit.page.id for hit in found.hits),
        choice=found.confidence.choice,
        presence=found.confidence.presence,
        reply=reply,
        clicked=None if reply is None else _click(case, question, reply, services, now),
        search_ms=1000 * (searched - started),
        answer_ms=1000 * (answered - searched),
    )


def _click(case: Case, question: Question, reply: Reply, services: Services, now: datetime) -> Reply | None:
    """Send the choice of the gold page as the next turn, as the UI does; None if there is none to click."""
    page = choice_to_click(case, reply)
    choice = next((choice for choice in reply.choices if choice.page_id == page), None)
    if choice is None:
        return None
    said = (Turn(role="user", content=question.text), Turn(role="assistant", content=reply.text))
    history = (*question.history, *said)
    return ask(Question(text=choice.question, history=history, page_id=choice.page_id), services, now=now)
