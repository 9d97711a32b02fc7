"""Decide what a search is worth: an answer, a choice for the resident, another counter, or an honest refusal."""

from chatbot.freshness import is_repealed
from chatbot.records import Action, Choice, Hit, Status
from chatbot.turn import Turn
from chatbot.units import units_of
from corpus.language.words import analyze
from corpus.sites import OtherCounter

CHOICES = 3
QUOTE_WORDS = 30


def decide(turn: Turn) -> None:
    """Settle the turn unless its first hit may be answered from."""
    parameters, confidence = turn.index.judge.parameters, turn.confidence
    if confidence is None or not turn.hits:
        _refuse(turn)
        return
    if turn.question.page_id is not None:
        return
    low = confidence.presence < parameters.absent_below
    if low:
        _refuse(turn)
        return
    current = [hit for hit in turn.hits if not is_repealed(hit.page, turn.now.date())]
    if not current or (current[0] is not turn.hits[0] and turn.hits[0].score - current[0].score > 1.0):
        turn.choices = choices_of(current[:CHOICES], turn.text)
        page = turn.hits[0].page
        turn.settle(Status.REPEALED, actions=[Action(kind="link", label=page.title, url=page.url)])
        return
    turn.hits = current
    counter = find_counter(turn.search_text, turn.services.site.other_counters)
    if counter:
        turn.actions.append(Action(kind="link", label=counter.name, url=counter.url))
    sure = confidence.choice >= parameters.answer_from and confidence.presence >= parameters.present_from
    if not sure:
        turn.choices = choices_of(turn.hits[:CHOICES], turn.text)
        turn.settle(Status.CLARIFY)


def _refuse(turn: Turn) -> None:
    """Refuse, or name the counter that handles it."""
    counter = find_counter(turn.search_text, turn.services.site.other_counters)
    if counter:
        turn.settle(Status.OTHER_COUNTER, counter.name, [Action(kind="link", label=counter.name, url=counter.url)])
    else:
        turn.settle(Status.NO_SOURCE)


def find_counter(text: str, counters: tuple[OtherCounter, ...]) -> OtherCounter | None:
    """Return the other organisation whose words stand in a question, the longest match first."""
    said = analyze(text)
    joined = f" {' '.join(said)} "
    found = [
        (len(words), counter)
        for counter in counters
        for words in (analyze(word) for word in (*counter.words, counter.name))
        if words and f" {' '.join(words)} " in joined
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


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
