"""A large index made of what ships: a site's own pages, and the bank's passages once per fictitious district."""

from collections.abc import Iterator, Sequence
from itertools import chain, count

from corpus.language.topics import Bank
from corpus.records import Block, Page, Section, page_id
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


def grow(own: Sequence[Page], filler: Sequence[Page], wanted: int) -> list[Page]:
    """Add filler to a site's own pages, each further copy for another district, until they give `wanted` chunks.

    No two pages give the same chunk. Own pages come once, so that questions about them can still be answered.
    """
    grown: list[Page] = []
    chunks = 0
    for page in chain(own, _copies(filler)):
        grown.append(page)
        chunks += len(chunk_page(page))
        if chunks >= wanted:
            break
    return grown


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
    """Name the district in every sentence, so that each chunk of a copy has a text of its own."""
    rows = tuple((*row[:-1], f"{row[-1]} ({district})") if row else row for row in block.rows)
    items = tuple(f"{item} ({district})" for item in block.items)
    text = block.text.replace(". ", f" in {district}. ")
    return block.model_copy(update={"text": f"{text} ({district})" if text else "", "items": items, "rows": rows})
