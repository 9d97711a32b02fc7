"""Make the record of a page from what a reader of HTML, PDF, DOCX or a note found."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote, urlsplit

from corpus.records import Audience, Block, Facet, Link, Page, Product, Section, page_id, short_digest
from corpus.sites import AudienceRule, Site
from ingest.facets import facet_of
from ingest.staffnames import row_without_staff, without_staff
from ingest.texts import words
from ingest.urls import matches


@dataclass
class Draft:
    """A section as a reader finds it, before facet and audience are known."""

    path: tuple[str, ...] = ()
    anchor: str | None = None
    contact: bool = False
    blocks: list[Block] = field(default_factory=list)
    page_number: int | None = None


@dataclass
class Content:
    """What a reader finds in one page, document or note."""

    title: str
    drafts: Sequence[Draft]
    language: str = "nl"
    modified: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    doc_type: str = "page"
    product: Product = field(default_factory=Product)
    keywords: tuple[str, ...] = ()
    description: str = ""
    links: tuple[Link, ...] = ()


def make_page(content: Content, url: str, site: Site, *, source: str, audience: Audience = Audience.RESIDENT) -> Page:
    """Build the record: facets, audiences, staff left out of contact blocks, id and digest."""
    title = content.title or title_from(url)
    sections = [_section(draft, url, site.audience_rules, audience) for draft in content.drafts]
    page = Page(
        id=page_id(url, site.url), url=url, title=title, language=content.language, modified=content.modified,
        valid_from=content.valid_from, valid_until=content.valid_until, doc_type=content.doc_type,
        product=content.product, keywords=content.keywords, description=content.description,
        sections=tuple(section for section in sections if section.blocks), links=content.links, source=source,
    )  # fmt: skip
    return page.model_copy(update={"digest": digest_of(page, site.url)})


def digest_of(page: Page, site_url: str) -> str:
    """Digest what is indexed of a page: not when it was saved, nor where the site is served."""
    indexed = page.model_dump_json(exclude={"id", "url", "modified", "digest", "links"})
    links = [f"{link.kind} {link.label} {link.url.removeprefix(site_url)}" for link in page.links]
    return short_digest(indexed, *links)


def title_from(url: str) -> str:
    """Read a title from the last part of an address."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) or urlsplit(url).netloc
    return re.sub(r"[-_+\s]+", " ", re.sub(r"\.\w{2,5}$", "", name)).strip() or url


def count_words(sections: Iterable[Section | Draft]) -> int:
    """Count the words in the blocks of some sections."""
    return sum(
        words(" ".join((block.text, *block.items, *block.header, *(cell for row in block.rows for cell in row))))
        for section in sections
        for block in section.blocks
    )


def _section(draft: Draft, url: str, rules: Sequence[AudienceRule], audience: Audience) -> Section:
    facet = Facet.CONTACT if draft.contact else facet_of(draft.path)
    blocks = [_clean(block, facet) for block in draft.blocks]
    return Section(
        heading_path=draft.path, anchor=draft.anchor, facet=facet, page_number=draft.page_number,
        audience=_audience(draft.path, url, rules, audience), blocks=tuple(block for block in blocks if block),
    )  # fmt: skip


def _clean(block: Block, facet: Facet) -> Block | None:
    """Leave staff out of a block about contact."""
    if block.kind != "contact" and facet is not Facet.CONTACT:
        return block
    text = without_staff(block.text)
    items = tuple(kept for item in block.items if (kept := without_staff(item)))
    rows = tuple(left for row in block.rows if any(left := row_without_staff(row)))
    if block.kind in ("paragraph", "contact") and not text:
        return None
    if (block.items and not items) or (block.rows and not rows):
        return None
    return block.model_copy(update={"text": text, "items": items, "rows": rows})


def _audience(path: Sequence[str], url: str, rules: Sequence[AudienceRule], audience: Audience) -> Audience:
    for rule in rules:
        by_url = not rule.url or matches(url, [rule.url])
        by_heading = not rule.heading or any(rule.heading.casefold() in heading.casefold() for heading in path)
        if by_url and by_heading and (rule.url or rule.heading):
            return rule.audience
    return audience
