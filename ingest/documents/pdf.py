"""Read the text of a PDF page by page (home of pypdf): paragraphs by the space between lines, headings by size."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ingest.dates import parse_date
from ingest.documents.fields import without_fields
from ingest.errors import NotIndexed
from ingest.lists import read_lines
from ingest.page import Content, Draft, title_from
from ingest.texts import one_line, words

# A text PDF has hundreds of characters on a page; a scan with a stamp or page number has a few.
LEAST_CHARACTERS = 40
# A line that stands on this share of the pages (and three at least) is a running head or foot.
REPEATED = 0.6
# Larger type than the running text by this factor, on a short line, is a heading.
HEADING_SIZE = 1.12
HEADING_WORDS = 14
# More space above a line than is usual on its page, by this factor, begins a paragraph.
PARAGRAPH_GAP = 1.15
_POOR_TITLE = re.compile(
    r"^(?:untitled|naamloos|document\d*|.*\.(?:docx?|indd|pdf|odt|xlsx?)|\W*)$|^microsoft (?:word|powerpoint)", re.I
)
_PAGE_NUMBER = re.compile(r"^(?:pagina|page|blz\.?)?\s*\d+\s*(?:(?:van|of|/)\s*\d+)?$", re.I)
_NUMBERED = re.compile(r"^\d{1,2}[.)]?\s+(?=\S)")
# What stands above the title in so few words is the letterhead.
LETTERHEAD_WORDS = 8


@dataclass(frozen=True)
class _Line:
    """A line of a page: its largest type size in points, and whether more space than usual stands above it."""

    text: str
    size: float
    opens: bool = False


def read_pdf(body: bytes, url: str, language: str = "nl") -> Content:
    """Read a PDF: sections by heading and page, with their page number.

    Raises NotIndexed for a scan, a locked or a broken file.
    """
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotIndexed("is een pdf met een wachtwoord")
        pages = [_read_page(page) for page in reader.pages]
        info = reader.metadata
        stated = one_line(str(info.title or "")) if info else ""
        changed = str(info.get("/ModDate") or info.get("/CreationDate") or "") if info else ""
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # pypdf lets whatever a broken object causes through, not only its own errors.
        detail = f"{type(error).__name__}: {one_line(str(error))[:80]}"
        raise NotIndexed(f"is een kapotte pdf (technische melding: {detail})") from error
    if sum(len(line.text) for page in pages for line in page) < LEAST_CHARACTERS * max(1, len(pages)) ** 0.5:
        raise NotIndexed("is een pdf zonder tekst (een scan); maak de pdf doorzoekbaar of maak er een webpagina van")
    pages = _without_running_heads(pages)
    title = stated if not _POOR_TITLE.match(stated) else _largest(pages) or title_from(url)
    found = re.match(r"D:(\d{8})", changed)
    return Content(
        title=title, drafts=without_fields(list(_sections(pages, title))), language=language,
        modified=parse_date(found[1]) if found else None, doc_type="pdf",
    )  # fmt: skip


def _read_page(page: Any) -> list[_Line]:
    """Collect the lines of a page with their type size and place."""
    found: list[_Line] = []
    heights: list[float] = []
    pieces: list[tuple[str, float, float]] = []

    def close() -> None:
        text = one_line("".join(piece for piece, _, _ in pieces))
        if text:
            found.append(_Line(text, max(size for piece, size, _ in pieces if piece.strip())))
            heights.append(next(height for piece, _, height in pieces if piece.strip()))
        pieces.clear()

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        scale = abs(tm[3] * cm[3]) or 1.0
        for n, part in enumerate(text.split("\n")):
            if n:
                close()
            pieces.append((part, round(abs(size) * scale, 1), tm[5] * cm[3] + cm[5]))

    page.extract_text(visitor_text=visit)
    close()
    gaps = [abs(low - high) for high, low in pairwise(heights)]
    usual = Counter(round(gap) for gap in gaps).most_common(1)
    limit = usual[0][0] * PARAGRAPH_GAP if usual else 0.0
    first, rest = found[:1], found[1:]
    return first + [replace(line, opens=gap > limit) for line, gap in zip(rest, gaps, strict=True)]


def _without_running_heads(pages: Sequence[Sequence[_Line]]) -> list[list[_Line]]:
    counts = Counter(text for page in pages for text in {_digitless(line.text) for line in page})
    repeated = {text for text, times in counts.items() if times >= max(3, REPEATED * len(pages))}
    return [
        [line for line in page if _digitless(line.text) not in repeated and not _PAGE_NUMBER.match(line.text)]
        for page in pages
    ]


def _digitless(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _sections(pages: Sequence[Sequence[_Line]], title: str) -> Iterator[Draft]:
    """Cut the pages into sections; one that goes on over a page break is a section on each page."""
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    stack: list[tuple[float, str]] = []
    for number, page in enumerate(pages, 1):
        waiting: list[_Line] = []
        for line in page:
            if not (line.size >= HEADING_SIZE * body and words(line.text) <= HEADING_WORDS):
                waiting.append(line)
                continue
            is_title = line.text.casefold() == title.casefold()
            if not (is_title and number == 1 and sum(words(each.text) for each in waiting) <= LETTERHEAD_WORDS):
                yield _draft(stack, waiting, number)
            waiting = []
            stack = [(size, text) for size, text in stack if size > line.size]
            if not is_title:
                stack.append((line.size, _NUMBERED.sub("", line.text)))
        yield _draft(stack, waiting, number)


def _draft(stack: Sequence[tuple[float, str]], lines: Sequence[_Line], number: int) -> Draft:
    text = "".join(f"\n\n{line.text}" if line.opens else f"\n{line.text}" for line in lines)
    # A word broken at the end of a line is one word.
    text = re.sub(r"(?<=[^\W\d_])-\n(?=[^\W\d_])", "", text)
    return Draft(tuple(heading for _, heading in stack), blocks=read_lines(text), page_number=number)


def _largest(pages: Sequence[Sequence[_Line]]) -> str:
    """Return the line in the largest type of the first page that has any."""
    first = next((page for page in pages if page), [])
    fitting = [line for line in first if 3 <= len(line.text) <= 120]
    return max(fitting, key=lambda line: line.size).text if fitting else ""
