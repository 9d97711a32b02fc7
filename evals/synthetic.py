"""A large index made of what ships: the bank's passages and a site's own pages, once per fictitious district."""

from collections.abc import Iterator, Sequence
from itertools import count

from corpus.language.topics import Bank
from corpus.records import Block, Chunk, Page, Section, page_id
from ingest.chunk import chunk_page

URL = "https://groot.example/"


def bank_pages(bank: Bank) -> list[Page]:
    """Return a page per topic, with its passages as paragraphs."""
    return [
        Page(
            id=page_id(f"{URL}{number}", URL),
            url=f"{URL}{number}",
            title=topic.name.capitalize(),
            sections=tuple(
                Section(heading_path=(f"Over {term}",), blocks=(Block(kind="paragraph", text=passage),))
                for term, passage in zip((*topic.terms, topic.name), topic.passages, strict=False)
            ),
        )
        for number, topic in enumerate(bank.topics)
    ]


def grow(pages: Sequence[Page], wanted: int) -> tuple[list[Page], list[Chunk]]:
    """Repeat pages, each copy for another district, until they give `wanted` chunks; no two chunks are alike."""
    grown: list[Page] = []
    chunks: list[Chunk] = []
    for page in _copies(pages):
        own = chunk_page(page)
        grown.append(page)
        chunks += own
        if len(chunks) >= wanted:
            break
    return grown, chunks


def _copies(pages: Sequence[Page]) -> Iterator[Page]:
    for number in count():
        for page in pages:
            yield page if number == 0 else _for_district(page, f"wijk {number}")


def _for_district(page: Page, district: str) -> Page:
    sections = tuple(
        section.model_copy(update={"blocks": tuple(_named(block, district) for block in section.blocks)})
        for section in page.sections
    )
    url = f"{page.url}?{district.replace(' ', '-')}"
    title = f"{page.title} in {district}"
    return page.model_copy(update={"id": page_id(url, URL), "url": url, "title": title, "sections": sections})


def _named(block: Block, district: str) -> Block:
    """Name the district in every line, so that each chunk of a copy has a text of its own."""
    rows = tuple((*row[:-1], f"{row[-1]} ({district})") if row else row for row in block.rows)
    items = tuple(f"{item} ({district})" for item in block.items)
    text = f"In {district}: {block.text}" if block.text else ""
    return block.model_copy(update={"text": text, "items": items, "rows": rows})
