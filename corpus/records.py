"""What ingest writes and chatbot reads: pages, sections, blocks and chunks."""

import hashlib
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen value that travels as JSON; unknown keys are a bug, not data."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Audience(StrEnum):
    """Who may see a section. Residents see RESIDENT only; staff see both."""

    RESIDENT = "resident"
    STAFF = "staff"


class Facet(StrEnum):
    """What a section is about, from its heading (table in ingest/facets.py)."""

    DESCRIPTION = "description"
    COST = "cost"
    BRING = "bring"
    CONDITIONS = "conditions"
    PROCEDURE = "procedure"
    TERM = "term"
    OBJECTION = "objection"
    NOTICE = "notice"
    CONTACT = "contact"


class Block(Record):
    """One piece of a section. Which fields are filled depends on `kind`.

    paragraph and contact: `text`. list: `items`, with its lead-in sentence in `text`.
    table: `header` and `rows`, with its caption in `text`; every row is as long as the header, where there is one.
    """

    kind: Literal["paragraph", "list", "table", "contact"]
    text: str = ""
    items: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Section(Record):
    """The text under one heading. The first section of a page has an empty `heading_path`."""

    heading_path: tuple[str, ...] = ()
    anchor: str | None = None
    facet: Facet = Facet.DESCRIPTION
    audience: Audience = Audience.RESIDENT
    page_number: int | None = None
    blocks: tuple[Block, ...] = ()


class Link(Record):
    """A link in the text: a page, a form or a download."""

    label: str
    url: str
    kind: Literal["page", "form", "download"] = "page"


class Product(Record):
    """What a product catalogue says of a page."""

    upl: str | None = None
    upl_uri: str | None = None
    doelgroep: Literal["particulier", "ondernemer"] | None = None
    digid: bool | None = None


class Page(Record):
    """A page, a document or a note as extracted from its source.

    `id` survives a change of scheme, host and port (page_id). `digest` covers all that is indexed,
    and no modified date: a page that was only saved again is unchanged.
    """

    id: str
    url: str
    title: str
    language: str = "nl"
    modified: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    doc_type: str = "page"
    product: Product = Product()
    keywords: tuple[str, ...] = ()
    description: str = ""
    sections: tuple[Section, ...] = ()
    links: tuple[Link, ...] = ()
    source: str = "website"
    digest: str = ""


class Chunk(Record):
    """A passage of a page that is embedded, indexed and cited as one.

    `text` is what a person may read: paragraphs as lines, list items as `- item`, table rows as
    `| cell | cell |` lines. `table_header` repeats caption and column heads for a chunk of table rows.
    `position` is the chunk's place in its page.
    """

    id: str
    page_id: str
    position: int
    heading_path: tuple[str, ...] = ()
    anchor: str | None = None
    facet: Facet = Facet.DESCRIPTION
    page_number: int | None = None
    text: str
    table_header: str = ""
    tokens: int
    digest: str = ""


def short_digest(*parts: str) -> str:
    """Digest strings to 16 hex digits, so that no two different tuples of parts look alike."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def page_id(url: str, site_url: str) -> str:
    """Hash a canonical URL, relative to the site's own URL when it lies on the site."""
    base = site_url.rstrip("/")
    relative = url.removeprefix(base) if url == base or url.startswith((base + "/", base + "?")) else url
    return short_digest("page", relative or "/")


def encoder_input(page: Page, chunk: Chunk) -> str:
    """Return the exact text that is embedded for a chunk: title, headings, table header, text."""
    return "\n".join(part for part in (page.title, *chunk.heading_path, chunk.table_header, chunk.text) if part)
