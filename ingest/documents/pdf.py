"""Read the text of a PDF page by page (home of pypdf)."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from ingest.dates import parse_date
from ingest.errors import NotIndexed
from ingest.lists import read_lines
from ingest.page import Content, Draft, title_from
from ingest.texts import one_line

# A text PDF has hundreds of characters on a page; a scan with a stamp or page number has a few.
LEAST_CHARACTERS = 40
# A line that stands on this share of the pages (and three at least) is a running head or foot.
REPEATED = 0.6
_POOR_TITLE = re.compile(
    r"^(?:microsoft word|untitled|naamloos|document\d*|.*\.(?:docx?|indd|pdf|odt|xlsx?)$|\W*)$|^microsoft word - ", re.I
)
_PAGE_NUMBER = re.compile(r"^(?:pagina|page|blz\.?)?\s*\d+\s*(?:(?:van|of|/)\s*\d+)?$", re.I)


def read_pdf(body: bytes, url: str, language: str = "nl") -> Content:
    """Read a PDF: a section per page, with its page number.

    Raises NotIndexed for a scan, a locked or a broken file.
    """
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotIndexed("is a PDF locked with a password")
        lines = [(page.extract_text() or "").splitlines() for page in reader.pages]
        info = reader.metadata
        stated = one_line(str(info.title or "")) if info else ""
        changed = str(info.get("/ModDate") or info.get("/CreationDate") or "") if info else ""
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # pypdf lets whatever a broken object causes through, not only its own errors.
        raise NotIndexed(f"is a broken PDF ({type(error).__name__}: {one_line(str(error))[:80]})") from error
    if sum(len("".join(page)) for page in lines) < LEAST_CHARACTERS * max(1, len(lines)) ** 0.5:
        raise NotIndexed("is a PDF without text (a scan); add a text layer or a web page")
    pages = _without_running_heads(lines)
    drafts = [Draft(blocks=read_lines(_join(page)), page_number=n) for n, page in enumerate(pages, 1)]
    title = stated if not _POOR_TITLE.match(stated) else _first_line(pages) or title_from(url)
    found = re.match(r"D:(\d{8})", changed)
    return Content(
        title=title, drafts=[draft for draft in drafts if draft.blocks], language=language,
        modified=parse_date(found[1]) if found else None, doc_type="pdf",
    )  # fmt: skip


def _without_running_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    tidy = [[one_line(line) for line in page] for page in pages]
    counts = Counter(_digitless(line) for page in tidy for line in {*page} if line)
    repeated = {line for line, times in counts.items() if times >= max(3, REPEATED * len(pages))}
    return [
        [line for line in page if _digitless(line) not in repeated and not _PAGE_NUMBER.match(line) or not line]
        for page in tidy
    ]


def _digitless(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _join(lines: Iterable[str]) -> str:
    """Join the lines of a page into paragraphs: a hyphen at the end of a line goes, a blank line ends a paragraph."""
    text = "\n".join(lines)
    return re.sub(r"(?<=[^\W\d_])-\n(?=[^\W\d_])", "", text)


def _first_line(pages: Sequence[Sequence[str]]) -> str:
    return next((line for page in pages for line in page if 3 <= len(line) <= 120), "")
