"""Replies as HTML for the chat window. Pure functions; every text is escaped, every link is checked."""

import re
from collections.abc import Sequence
from html import escape

from chatbot.records import Action, Card, CardLine, Citation, Reply, Status
from chatbot.ui.links import call, external, safe_url
from chatbot.ui.markup import Link, inline, plain, to_html
from chatbot.ui.surround import short_contact
from chatbot.ui.texts import Texts

CARD_ROWS = ("cost", "bring", "term", "apply", "digid", "objection")
CRISIS_NUMBER = re.compile(r"\b(?:112|113|0800-\d{4})\b")
ANSWERS = (Status.ANSWERED, Status.PARTIAL)


def render_turn(number: int, question: str, body: str, texts: Texts, language: str, state: str = "done") -> str:
    """Return one question with its answer. `state` is `busy` while the answer is on its way."""
    return (
        f'<section class="vb-turn" data-turn="{number}" data-state="{state}" aria-labelledby="vb-q-{number}">'
        f'<div class="vb-question"><span class="vb-who">{escape(texts["you"])}</span>'
        f'<h2 id="vb-q-{number}" tabindex="-1">{escape(" ".join(question.split()))}</h2></div>'
        f'<div class="vb-answer" lang="{escape(language)}" dir="auto" data-ai-generated="true">'
        f'<span class="vb-who">{escape(texts["assistant"])}</span>{body}</div></section>'
    )


def render_parts(parts: Sequence[tuple[str, Sequence[Citation]]], number: int, texts: Texts, notice: str = "") -> str:
    """Return the sentences of an answer that is still on its way."""
    text = "\n".join(text for text, _ in parts)
    sources = [citation for _, cited in parts for citation in cited]
    spoken = "".join(f'<span hidden data-say="{escape(plain(text))}"></span>' for text, _ in parts if plain(text))
    return f'{_notice(notice)}<div class="vb-text">{spoken}{to_html(text, _linker(sources, number, texts))}</div>'


def render_reply(reply: Reply, number: int, texts: Texts, notice: str = "") -> str:
    """Return the whole answer: text, card, actions, sources and, if it is no answer, the way to a person."""
    link = _linker(reply.citations, number, texts)
    kind = "answer" if reply.status in ANSWERS else "crisis" if reply.status == Status.CRISIS else "other"
    text = to_html(reply.text, link)
    if reply.status == Status.CRISIS:  # a fixed sentence of ours: every number in it is one to call
        text = CRISIS_NUMBER.sub(lambda match: call(match[0], match[0]), text)
    return (
        _notice(notice)
        + f'<div class="vb-text vb-text--{kind}" data-say="{escape(plain(reply.text))}">{text}</div>'
        + render_card(reply.card, texts, number, reply.citations)
        + _actions(reply.actions, texts)
        + _sources(reply.citations, texts, number)
        + ("" if reply.status in ANSWERS else short_contact(reply.contact, texts))
    )


def render_card(card: Card, texts: Texts, number: int, citations: Sequence[Citation]) -> str:
    """Return the service card, or nothing when no page says anything."""
    link = _linker(citations, number, texts)
    lines: list[tuple[str, CardLine]] = [(row, line) for row in CARD_ROWS if (line := getattr(card, row))]
    if not lines:
        return ""
    rows = "".join(
        f"<div><dt>{escape(texts['card_' + row])}</dt><dd>{inline(line.text, link)} {link(line.n)}</dd></div>"
        for row, line in lines
    )
    return f'<div class="vb-card"><h3>{escape(texts["card"])}</h3><dl>{rows}</dl></div>'


def _linker(citations: Sequence[Citation], number: int, texts: Texts) -> Link:
    """Return what turns a source number in a text into a link to that source below the answer."""
    known = {citation.n: citation for citation in citations}

    def link(n: int) -> str:
        if n not in known:
            return ""
        label = f"{texts.fill('source', n=n)}: {known[n].title}"
        return f'<a class="vb-cite" href="#bron-{number}-{n}" aria-label="{escape(label)}">{n}</a>'

    return link


def _notice(notice: str) -> str:
    return f'<p class="vb-notice">{escape(notice)}</p>' if notice else ""


def _actions(actions: Sequence[Action], texts: Texts) -> str:
    items = "".join(
        f"<li>{external(action.url, _capital(action.label), texts, 'vb-action')}</li>"
        for action in actions
        if safe_url(action.url)
    )
    return f'<nav class="vb-actions" aria-label="{escape(texts["actions"])}"><ul>{items}</ul></nav>' if items else ""


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _sources(citations: Sequence[Citation], texts: Texts, number: int) -> str:
    """Return the sources, one entry per page, with each quote under the heading where it stands."""
    if not citations:
        return ""
    pages: dict[str, list[Citation]] = {}
    for citation in citations:
        pages.setdefault(citation.url, []).append(citation)
    items = "".join(_page(cited, texts, number) for cited in pages.values())
    return f'<div class="vb-sources"><h3>{escape(texts["sources"])}</h3><ul>{items}</ul></div>'


def _page(cited: Sequence[Citation], texts: Texts, number: int) -> str:
    page = cited[0]
    when = texts.fill("changed", date=texts.day(page.modified)) if page.modified else texts["undated"]
    quotes = "".join(_quote(citation, texts, number) for citation in cited)
    return (
        f'<li>{external(page.url, page.title, texts)} <span class="vb-date">{escape(when)}</span>'
        f'<details><summary>{escape(texts["quotes"])}<span class="vb-sr">: {escape(page.title)}</span></summary>'
        f'<ul class="vb-quotes">{quotes}</ul></details></li>'
    )


def _quote(citation: Citation, texts: Texts, number: int) -> str:
    heading = f'<span class="vb-heading">{escape(citation.heading)}</span>' if citation.heading else ""
    return (
        f'<li id="bron-{number}-{citation.n}" tabindex="-1"><span class="vb-n" aria-hidden="true">{citation.n}</span>'
        f'<div><span class="vb-sr">{escape(texts.fill("source", n=citation.n))}: </span>{heading}'
        f"<blockquote>{to_html(citation.quote, lambda n: '')}</blockquote>"
        f"{external(citation.deep_link, texts['open_source'], texts)}</div></li>"
    )
