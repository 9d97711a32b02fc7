"""Cut chunks into the units an answer is made of: sentences, list items and table rows."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from chatbot.facts import Fact, find_facts
from corpus.language.words import fold
from corpus.records import Chunk

# A full stop ends a sentence before a space, or glued to the next word ("vraagt u.De gemeente", "overheid.het is"),
# but not inside a number or a web address.
SENTENCE_END = re.compile(
    r"(?<=[.!?])(?:[\"”’)\]]*)\s+|(?<=[a-z0-9][.!?])(?=[A-ZÀ-Ý][a-zà-ý])|(?<=[a-z]\))\.\s+"
    r"|(?<=[a-z]{3}[.?!])(?=(?!(?:nl|com|org|eu|net|be|de|info|gov|europa|overheid|gemeente|rijksoverheid)\b)[a-z]{2,}\s)"
)
ABBREVIATION = re.compile(
    r"(?:\b(?:bijv|bv|evt|art|nr|tel|o\.a|d\.w\.z|i\.v\.m|m\.u\.v|t\.a\.v|t\.b\.v|e\.d|z\.s\.m|n\.v\.t|p\.m|p\.p|ca|max|min"
    r"|incl|excl|mr|dr|drs|ir|dhr|mw|mevr|st|lid|blz|resp|vgl|jl|a\.s|m\.i\.v|i\.p\.v|o\.l\.v|e\.g|i\.e|zgn|ong)|\b[a-z])\.$",
    re.IGNORECASE,
)
MIN_WORDS = 2
# "Bent u jonger dan 18? Dan komt een ouder mee." is one thing to say; longer pairs are quoted apart.
LONGEST_PAIR = 45


@dataclass(frozen=True)
class Unit:
    """A quotable piece of a chunk.

    `text` stands in the chunk as it is; for a row it is the cells joined by " – ". `lead` is what the unit cannot be
    understood without: the lead-in of a list, the caption and heads of a table. `cells` are a row's cells.
    """

    text: str
    kind: Literal["sentence", "item", "row"]
    chunk: Chunk
    order: int
    lead: str = ""
    cells: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()

    @cached_property
    def words(self) -> int:
        """Return the number of words a reader reads, lead-in left out."""
        return len(self.text.split())

    @cached_property
    def context(self) -> str:
        """Return what stands around it: headings, lead-in, column heads."""
        return " ".join([*self.chunk.heading_path, self.lead, *self.heads])

    @cached_property
    def folded(self) -> str:
        """Return the text as rules match it."""
        return fold(self.text)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Return the facts it states."""
        return tuple(find_facts(self.text))


def split_sentences(text: str) -> list[str]:
    """Split a paragraph into sentences, abbreviations and numbers left whole."""
    parts: list[str] = []
    for piece in (piece.strip() for piece in SENTENCE_END.split(text)):
        if not piece:
            continue
        if parts and ABBREVIATION.search(parts[-1].rpartition(" ")[2]):
            parts[-1] += " " + piece
        else:
            parts.append(piece)
    return parts


def join_questions(sentences: Sequence[str], line: str) -> list[str]:
    """Join a question with the sentence that answers it: B1 pages say "Bent u …? Dan …" where others say "if".

    Only what stands in the line like that is joined, so that the pair can be quoted.
    """
    joined: list[str] = []
    for sentence in sentences:
        pair = f"{joined[-1]} {sentence}" if joined else ""
        if pair in line and joined and joined[-1].endswith("?") and len(pair.split()) <= LONGEST_PAIR:
            joined[-1] = pair
        else:
            joined.append(sentence)
    return joined


def split_row(line: str) -> tuple[str, ...]:
    """Split a `| cell | cell |` line into its cells."""
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def units_of(chunks: Iterable[Chunk]) -> list[Unit]:
    """Return the units of chunks in reading order, each once."""
    units: list[Unit] = []
    seen: set[tuple[tuple[str, ...], str]] = set()
    for chunk in chunks:
        for text, kind, lead, cells, heads in _pieces(chunk):
            key = (chunk.heading_path, f"{lead}\0{text}" if kind == "row" else text)
            if key not in seen and (len(text.split()) >= MIN_WORDS or kind != "sentence"):
                seen.add(key)
                units.append(Unit(text, kind, chunk, len(units), lead, cells, heads))
    return units


Piece = tuple[str, Literal["sentence", "item", "row"], str, tuple[str, ...], tuple[str, ...]]


def _pieces(chunk: Chunk) -> Iterable[Piece]:
    caption, heads = _table_head(chunk.table_header)
    lead = ""
    for raw in chunk.text.splitlines():
        line = html.unescape(raw).strip()
        if not line:
            continue
        if line.startswith("- "):
            yield line[2:].strip(), "item", lead, (), ()
        elif line.startswith("|"):
            cells = split_row(line)
            if cells != heads:
                yield " – ".join(cell for cell in cells if cell), "row", caption, cells, _as_many(heads, cells)
        else:
            sentences = join_questions(split_sentences(line), line)
            for sentence in sentences:
                yield sentence, "sentence", "", (), ()
            lead = sentences[-1] if sentences and (line.endswith(":") or len(sentences) == 1) else ""


def _table_head(header: str) -> tuple[str, tuple[str, ...]]:
    lines = [line.strip() for line in header.splitlines() if line.strip()]
    caption = " ".join(line for line in lines if not line.startswith("|"))
    heads = next((split_row(line) for line in lines if line.startswith("|")), ())
    return caption, heads


def _as_many(heads: Sequence[str], cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(heads) if len(heads) == len(cells) else ()
