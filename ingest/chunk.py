"""Cut a page into passages: one per heading, of bounded length; a row or item keeps what gives it meaning."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.language.tokens import count_tokens, split_tokens
from corpus.records import Block, Chunk, Page, Section, short_digest

# 110 words of Dutch (1.56 tokens a word on 400 national pages). Passages of 40 and 60 words found fewer of those pages
# for questions in residents' words.
BUDGET = 170
# Dutch costs an English tokenizer 1.9 times our tokens (measured with all-MiniLM-L6-v2), and titles need room.
SHARE_OF_ENCODER = 0.45
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")


@dataclass(frozen=True)
class _Piece:
    """Lines that stay together, with the line that has to stand above them in every chunk."""

    text: str
    lead_in: str = ""


def budget_for(max_tokens: int | None) -> int:
    """Return the budget for an encoder that sees so many tokens; None: all of them."""
    return BUDGET if max_tokens is None else max(40, min(BUDGET, int(SHARE_OF_ENCODER * max_tokens)))


def chunk_page(page: Page, budget: int = BUDGET) -> list[Chunk]:
    """Cut a page into chunks of at most `budget` tokens, in reading order; the same page gives the same chunks."""
    chunks: list[Chunk] = []
    seen: Counter[str] = Counter()
    for section in page.sections:
        for table_header, text in _cut(section, budget):
            digest = short_digest("chunk", page.id, "\x1e".join(section.heading_path), text)
            seen[digest] += 1
            chunks.append(
                Chunk(
                    id=digest if seen[digest] == 1 else short_digest(digest, str(seen[digest])),
                    page_id=page.id,
                    position=len(chunks),
                    heading_path=section.heading_path,
                    anchor=section.anchor,
                    facet=section.facet,
                    page_number=section.page_number,
                    text=text,
                    table_header=table_header,
                    tokens=count_tokens(text),
                    digest=short_digest(page.title, *section.heading_path, table_header, text),
                )
            )
    return chunks


def _cut(section: Section, budget: int) -> Iterator[tuple[str, str]]:
    """Give (table header, text) of each chunk of a section; a table has chunks of its own, for its header."""
    waiting: list[_Piece] = []
    for block in section.blocks:
        if block.kind != "table":
            waiting += _pieces(block, budget)
            continue
        yield from (("", text) for text in _fill(waiting, budget))
        waiting = []
        header = "\n".join(part for part in (block.text, _row(block.header)) if part)
        rows = [_Piece(piece) for row in block.rows for piece in _split(_row(row), budget)]
        yield from ((header, text) for text in _fill(rows, budget))
    yield from (("", text) for text in _fill(waiting, budget))


def _pieces(block: Block, budget: int) -> Iterator[_Piece]:
    if block.kind == "list":
        room = budget - count_tokens(block.text)
        lead_in = block.text if room >= budget // 2 else ""
        if block.text and not lead_in:
            yield from (_Piece(part) for part in _split(block.text, budget))
        for item in block.items:
            yield from (_Piece(part, lead_in) for part in _split(f"- {item}", room if lead_in else budget))
        return
    for line in block.text.split("\n"):
        if not line:
            continue
        if count_tokens(line) <= budget:
            yield _Piece(line)
        else:
            for sentence in _SENTENCE.split(line):
                yield from (_Piece(part) for part in _split(sentence, budget))


def _split(text: str, budget: int) -> list[str]:
    """Cut between words what is longer than a chunk by itself."""
    if count_tokens(text) <= budget:
        return [text]
    return [part for part in (piece.strip() for piece in split_tokens(text, budget - 2)) if part]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |" if cells else ""


def _fill(pieces: Sequence[_Piece], budget: int) -> Iterator[str]:
    """Put pieces together into texts within the budget, of about equal length.

    Without the evening out, a section of 1.1 budgets ends in a passage of one sentence.
    """
    costs = [count_tokens(piece.text) + 1 for piece in pieces]
    left = sum(costs)
    lines: list[str] = []
    used, goal = 0, _even(left, budget)
    for n, (piece, cost) in enumerate(zip(pieces, costs, strict=True)):
        repeats = bool(lines) and n > 0 and piece.lead_in == pieces[n - 1].lead_in
        lead_in = [] if repeats or not piece.lead_in else [piece.lead_in]
        more = cost + sum(count_tokens(line) + 1 for line in lead_in)
        if lines and (used + more > budget or used + cost / 2 > goal):
            yield "\n".join(lines)
            lines, used, goal = [], 0, _even(left, budget)
            lead_in = [piece.lead_in] if piece.lead_in else []
            more = cost + sum(count_tokens(line) + 1 for line in lead_in)
        lines += [*lead_in, piece.text]
        used += more
        left -= cost
    if lines:
        yield "\n".join(lines)


def _even(tokens: int, budget: int) -> float:
    """Return the length of the passages if so many tokens are cut into equal ones; one alone may fill the budget."""
    return budget if tokens <= budget else tokens / -(-tokens // budget)
