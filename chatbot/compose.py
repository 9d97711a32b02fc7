"""Compose the reply: number the quotes, check every line, add card, choices, actions and the way to a person."""

import re
import time
from collections.abc import Sequence
from datetime import datetime

from chatbot.canned import sentence
from chatbot.check import check, source_text
from chatbot.cite import Quote, cite
from chatbot.freshness import is_of_another_year, named_years
from chatbot.patterns import first_match
from chatbot.records import Card, CardLine, Citation, Reply, Status
from chatbot.services import Services
from chatbot.turn import Turn


class Numbering:
    """Gives every distinct quote a number, in the order in which it is first shown."""

    def __init__(self) -> None:
        self.quotes: list[Quote] = []

    def number(self, quote: Quote) -> int:
        """Return the number of a quote."""
        for n, known in enumerate(self.quotes, 1):
            if (known.chunk.id, known.text) == (quote.chunk.id, quote.text):
                return n
        self.quotes.append(quote)
        return len(self.quotes)

    def sources(self) -> dict[int, str]:
        """Return the cited passages by number."""
        return {n: source_text(quote.page, quote.chunk) for n, quote in enumerate(self.quotes, 1)}


def compose(turn: Turn, started: float) -> Reply:
    """Turn a settled or answered turn into a reply; a line that fails the check is not shown."""
    timings = {"total": round((time.monotonic() - started) * 1000, 1)}
    if turn.status in (None, Status.ANSWERED) and turn.lines:
        reply = _answer(turn, timings)
        if reply is not None:
            return reply
        turn.settle(Status.NO_SOURCE)
    return _fixed(turn, timings)


def _answer(turn: Turn, timings: dict[str, float]) -> Reply | None:
    numbering = Numbering()
    lines = []
    for line in turn.lines:
        if first_match("injection", line.text):
            continue  # a page that speaks to the chatbot is not quoted
        marked = f"{'- ' if line.item else ''}{line.text} [{numbering.number(line.quote)}]"
        if not check(marked, numbering.sources()):
            lines.append(marked)
    if not lines:
        return None
    card = {
        name: CardLine(text=text, n=numbering.number(quote))
        for name, (text, quote) in turn.card.items()
        if not check(f"{text} [1]", {1: source_text(quote.page, quote.chunk)})
    }
    used = {int(n) for line in lines for n in re.findall(r"\[(\d+)\]", line)} | {line.n for line in card.values()}
    citations = tuple(citation for citation in cite(numbering.quotes) if citation.n in used)
    frame = frames(turn)
    return Reply(
        status=Status.LEGAL_VERDICT if turn.verdict_asked else Status.ANSWERED,
        text="\n".join([*frame, *lines]),
        language=turn.language,
        citations=citations,
        card=Card(**card),
        actions=tuple(turn.actions),
        choices=tuple(turn.choices),
        contact=turn.index.contact.block(turn.now, turn.language),
        generator=turn.generator,
        generation=turn.index.id,
        timings=timings,
    )


def frames(turn: Turn) -> list[str]:
    """Return the fixed sentences that go before the quotes: a verdict not given, a page in Dutch, another year."""
    page, keys = turn.page, []
    if turn.verdict_asked:
        keys.append(("frame_verdict", ""))
    elif turn.language != "nl" and page is not None and page.language == "nl":
        keys.append(("frame_answer_from", page.title))
    if turn.conflict:
        keys.append(("frame_conflict", ""))
    if page is not None and is_of_another_year(page, turn.search_text, turn.now.date()):
        keys.append(("frame_other_year", ", ".join(sorted(named_years(page)))))
    return [sentence(key, turn.language, organisation=turn.organisation, name=name) for key, name in keys]


def _fixed(turn: Turn, timings: dict[str, float]) -> Reply:
    status = turn.status or Status.NO_SOURCE
    # Which crisis (chatbot/guard.py), or what is asked back (chatbot/ask_back.py).
    told_apart = turn.detail and status in (Status.CRISIS, Status.CLARIFY)
    key = f"{status}_{turn.detail}" if told_apart else str(status)
    return Reply(
        status=status,
        text=sentence(key, turn.language, organisation=turn.organisation, name=turn.detail),
        language=turn.language,
        actions=tuple(turn.actions),
        choices=tuple(turn.choices),
        contact=turn.index.contact.block(turn.now, turn.language),
        generation=turn.index.id,
        timings=timings,
    )


def fixed_reply(services: Services, status: Status, language: str, now: datetime) -> Reply:
    """Return a fixed sentence outside any turn, for errors; it needs no index."""
    return Reply(
        status=status,
        text=sentence(str(status), language, organisation=services.site.organisation.name),
        language=language,
        contact=services.contact_block(now, language),
    )


def merge(replies: Sequence[Reply], parts: Sequence[str], services: Services) -> Reply:
    """Join the answers to several questions into one; parts without a source are named."""
    done = [reply.status in (Status.ANSWERED, Status.LEGAL_VERDICT) for reply in replies]
    grave = next((r for r in replies if r.status in (Status.CRISIS, Status.PERSONAL_DATA, Status.INJECTION)), None)
    if grave is not None or not any(done):
        return grave or replies[0]
    texts, citations = [], list[Citation]()
    for reply, part, answered in zip(replies, parts, done, strict=True):
        shift = len(citations)
        if answered:
            renumbered = {citation.n: shift + n for n, citation in enumerate(reply.citations, 1)}
            citations += [c.model_copy(update={"n": renumbered[c.n]}) for c in reply.citations]
            texts.append(re.sub(r"\[(\d+)\]", lambda m, new=renumbered: f"[{new[int(m[1])]}]", reply.text))  # type: ignore[misc]
        else:
            name = services.site.organisation.name
            texts.append(sentence("frame_partial", reply.language, organisation=name, name=part))
    first = replies[done.index(True)]
    return first.model_copy(
        update={
            "status": Status.ANSWERED if all(done) else Status.PARTIAL,
            "text": "\n\n".join(texts),
            "citations": tuple(citations),
            "card": first.card if done[0] else Card(),
            "choices": tuple(choice for reply in replies for choice in reply.choices)[:3],
            "actions": tuple(action for reply in replies for action in reply.actions)[:4],
        }
    )
