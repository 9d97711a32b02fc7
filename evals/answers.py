"""Judge replies. The definitions are those of docs/evaluation.md; every one is a line or two here."""

from collections.abc import Callable, Iterable, Sequence

from chatbot.records import Reply, Status
from evals.figures import count, keep, middle, ratio
from evals.records import Case, Figure, Judged, Judgement, Outcome
from evals.words import contains, count_words, normalise, squeeze, unsupported, without_markers

ANSWERS = frozenset({Status.ANSWERED, Status.PARTIAL})
Sources = Callable[[str], Iterable[str]]


def is_answered(reply: Reply) -> bool:
    """Tell whether a reply answers: answered, partial, or a legal verdict referred with the conditions quoted."""
    return reply.status in ANSWERS or (reply.status == Status.LEGAL_VERDICT and bool(reply.citations))


def main_page(reply: Reply) -> str | None:
    """Return the page of citation 1."""
    return next((citation.page_id for citation in reply.citations if citation.n == 1), None)


def is_right(reply: Reply, case: Case) -> bool:
    """Tell whether a reply answers from a gold page."""
    return is_answered(reply) and main_page(reply) in case.gold


def reply_text(reply: Reply) -> str:
    """Return the text and the card of a reply, without citation numbers."""
    card = (line.text for _, line in reply.card if line is not None)
    return "\n".join([without_markers(reply.text), *card])


def judge(outcome: Outcome, sources: Sources) -> Judgement:
    """Judge one outcome that has a reply. `sources` returns the texts of a page's passages.

    A choice that the resident would click was sent as the next turn before this (`Outcome.clicked`).
    """
    case, reply = outcome.case, outcome.reply
    if reply is None:
        raise ValueError(f"{case.item.id} was not asked, so there is no reply to judge")
    answered, right = is_answered(reply), is_right(reply, case)
    clicked_right = outcome.clicked is not None and is_right(outcome.clicked, case)
    cited = {citation.page_id for citation in reply.citations} if answered and case.has_gold else set()
    quotes = tuple(citation.quote for citation in reply.citations)
    shown = reply_text(reply)
    passages, misquotes = _passages(reply, sources)
    links = [citation.url for citation in reply.citations] + [action.url for action in reply.actions]
    return Judgement(
        status=str(reply.status),
        answered=answered,
        right=right,
        wrong=case.has_gold and answered and not right,
        helped=right or (reply.status == Status.CLARIFY and clicked_right),
        false_refusal=case.has_gold and not answered and reply.status != Status.CLARIFY,
        key_fact=contains(shown, case.item.span) if right and case.item.span else None,
        status_right=_status_right(case, reply),
        cited=len(cited),
        cited_right=len(cited & (case.gold | case.also_ok)),
        unsupported=unsupported(shown, passages + links) if answered else (),
        misquotes=misquotes,
        leaked=_leaked(case, outcome),
        words=count_words(reply.text),
        frame=frame_of(reply.text, quotes),
        quotes=quotes,
    )


def choice_to_click(case: Case, reply: Reply) -> str | None:
    """Return the id of the gold page among a reply's choices, if it clarifies and offers one."""
    if reply.status != Status.CLARIFY:
        return None
    return next((choice.page_id for choice in reply.choices if choice.page_id in case.gold), None)


def frame_of(text: str, quotes: Sequence[str]) -> str:
    """Return what is left of a reply's text without its quotes: the words that are ours.

    A sentence is quoted when all its words stand, in order, in some quote.
    """
    quoted = [f" {normalise(quote)} " for quote in quotes]
    lines = (line.strip(" -*>#|") for line in without_markers(text).splitlines())
    sentences = (part for line in lines for part in line.replace("! ", ". ").replace("? ", ". ").split(". "))
    own = (s for s in sentences if normalise(s) and not any(f" {normalise(s)} " in quote for quote in quoted))
    return ". ".join(own)


def _status_right(case: Case, reply: Reply) -> bool | None:
    """Judge the status where the set expects one; a clarification must offer the gold page where there is one."""
    if case.forbidden:
        return str(reply.status) not in case.forbidden
    if not case.expected:
        return None
    offered = reply.status != Status.CLARIFY or not case.has_gold or choice_to_click(case, reply) is not None
    return str(reply.status) in case.expected and offered


def _passages(reply: Reply, sources: Sources) -> tuple[list[str], tuple[str, ...]]:
    """Return the passages a reply quotes from, and the quotes that stand on no cited page.

    A quote across two passages counts as quoting from the whole page.
    """
    passages, misquotes = [], []
    for citation in reply.citations:
        texts = list(sources(citation.page_id))
        found = [text for text in texts if contains(text, citation.quote)]
        whole = "\n".join(texts)
        if not found and contains(whole, citation.quote):
            found = [whole]
        if not found:
            misquotes.append(citation.quote)
        passages += found
    return passages, tuple(misquotes)


def _leaked(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Return the personal values of the question that stand anywhere in a reply, whatever their spacing."""
    replies = (reply for reply in (outcome.reply, outcome.clicked) if reply is not None)
    shown = squeeze("\n".join(reply.model_dump_json(exclude={"timings"}) for reply in replies))
    return tuple(value for value in case.item.personal_values if squeeze(value) and squeeze(value) in shown)


def summarise_answers(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Return the answer figures of a group; a figure that does not apply to it is left out."""
    verdicts = [one.verdict for one in judged]
    gold = [one.verdict for one in judged if one.case.has_gold]
    none = [one.verdict for one in judged if not one.case.has_gold and not one.case.item.personal_values]
    facts = [v.key_fact for v in gold if v.key_fact is not None]
    statuses = [v.status_right for v in verdicts if v.status_right is not None]
    private = [one.verdict for one in judged if one.case.item.personal_values]
    answered = [v for v in verdicts if v.answered]
    clarify = str(Status.CLARIFY)
    return keep(
        {
            "answered": ratio([v.answered for v in gold]),
            "right": ratio([v.right for v in gold]),
            "wrong": ratio([v.wrong for v in gold]),
            "clarified": ratio([v.status == clarify for v in gold]),
            "helped": ratio([v.helped for v in gold]),
            "false_refusals": ratio([v.false_refusal for v in gold]),
            "key_fact": ratio(facts),
            "citation_precision": ratio([v.cited_right for v in gold], [v.cited for v in gold]),
            "unsupported_numbers": count(len(v.unsupported) for v in verdicts) if answered else None,
            "misquotes": count(len(v.misquotes) for v in verdicts) if answered else None,
            "status_right": ratio(statuses),
            "not_answered": ratio([not v.answered for v in none]),
            "clarified_without_gold": ratio([v.status == clarify for v in none]),
            "leaked_values": count(len(v.leaked) for v in private) if private else None,
            "words": middle(v.words for v in answered),
        }
    )


def confusion(judged: Iterable[Judged]) -> dict[str, dict[str, int]]:
    """Count the statuses given, by what was expected: the category, the expected statuses, or a gold page."""
    table: dict[str, dict[str, int]] = {}
    for one in judged:
        item = one.case.item
        stated = item.category or ", ".join(sorted(one.case.expected))
        row = stated or ("gold page" if one.case.has_gold else "nothing stated")
        cells = table.setdefault(row, {})
        cells[one.verdict.status] = cells.get(one.verdict.status, 0) + 1
    return {row: dict(sorted(cells.items(), key=lambda cell: -cell[1])) for row, cells in sorted(table.items())}
