"""Say where a quote stands: numbered citations with links that land on the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from chatbot.records import Citation
from chatbot.units import Unit
from corpus.records import Chunk, Page

# A text fragment longer than this is given by its first and last words (web.dev's advice; browsers match both ends).
WHOLE_QUOTE = 90
EDGE_WORDS = 5


@dataclass(frozen=True)
class Quote:
    """Words of a page that the answer shows. `text` stands literally in `chunk`."""

    page: Page
    chunk: Chunk
    text: str
    edges: tuple[str, str] | None = None


def quote_of(page: Page, units: Sequence[Unit]) -> Quote:
    """Make one quote of units of one chunk; sentences that follow each other in a line become one."""
    first, last = units[0], units[-1]
    if first.kind == "row":
        cells = [cell for cell in first.cells if cell]
        return Quote(page, first.chunk, " | ".join(first.cells), (cells[0], cells[-1]) if len(cells) > 1 else None)
    return Quote(page, first.chunk, " ".join(unit.text for unit in (units if first is not last else [first])))


def deep_link(page: Page, chunk: Chunk, text: str, edges: tuple[str, str] | None = None) -> str:
    """Return the page's address with anchor and text fragment, or the page number of a PDF."""
    if chunk.page_number is not None:
        return f"{page.url}#page={chunk.page_number}"
    words = text.split()
    if edges is None and len(text) > WHOLE_QUOTE and len(words) > 2 * EDGE_WORDS:
        edges = " ".join(words[:EDGE_WORDS]), " ".join(words[-EDGE_WORDS:])
    fragment = ",".join(_encode(edge) for edge in edges) if edges else _encode(text)
    return f"{page.url}#{chunk.anchor or ''}:~:text={fragment}"


def _encode(text: str) -> str:
    # The fragment directive gives "-" and "," a meaning of their own.
    return percent_encode(text, safe="").replace("-", "%2D")


def cite(quotes: Sequence[Quote]) -> tuple[Citation, ...]:
    """Number quotes from 1 in the order in which the answer shows them."""
    return tuple(
        Citation(
            n=n,
            url=quote.page.url,
            page_id=quote.page.id,
            title=quote.page.title,
            heading=" › ".join(quote.chunk.heading_path),
            quote=quote.text,
            modified=quote.page.modified,
            deep_link=deep_link(quote.page, quote.chunk, quote.text, quote.edges),
        )
        for n, quote in enumerate(quotes, 1)
    )
