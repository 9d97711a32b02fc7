"""What a site says in several places: copies of a page, and contact blocks that stand on every page."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from corpus.records import Block, Facet, Page, Section

# A contact section on at least so many pages, and this share of them, belongs to the template, not to the page.
TEMPLATE_PAGES = 5
TEMPLATE_SHARE = 0.2


def drop_copies(pages: Sequence[Page], canonicals: Mapping[str, str]) -> tuple[list[Page], dict[str, str]]:
    """Return the pages without copies, and for each copy's address why it was left out.

    A canonical address is believed if that page was read too and is the same page by path or title: some templates name
    the start page as canonical everywhere.
    """
    by_url = {page.url: page for page in pages}
    reasons: dict[str, str] = {}
    for page in pages:
        target = by_url.get(canonicals.get(page.url, page.url), page)
        if target is not page and (_path(target) == _path(page) or target.title == page.title):
            reasons[page.url] = f"is een kopie van {target.url}"
    first: dict[tuple[str, tuple[Section, ...]], Page] = {}
    for page in sorted(pages, key=lambda page: (len(page.url), page.url)):
        if page.url in reasons:
            continue
        same = first.setdefault((page.title, page.sections), page)
        if same is not page:
            reasons[page.url] = f"zegt hetzelfde als {same.url}"
    return [page for page in pages if page.url not in reasons], reasons


def _path(page: Page) -> str:
    return urlsplit(page.url).path


def drop_templates(pages: Sequence[Page]) -> list[Page]:
    """Leave a contact section that the template repeats on one page: the contact page, else the shortest address."""
    holders: defaultdict[tuple[Block, ...], list[Page]] = defaultdict(list)
    for page in pages:
        for blocks in {section.blocks for section in page.sections if section.facet is Facet.CONTACT}:
            holders[blocks].append(page)
    limit = max(TEMPLATE_PAGES, TEMPLATE_SHARE * len(pages))
    kept_on = {blocks: min(found, key=_contact_first).id for blocks, found in holders.items() if len(found) >= limit}
    return [_without(page, kept_on) for page in pages] if kept_on else list(pages)


def _contact_first(page: Page) -> tuple[bool, int, str]:
    is_contact = page.doc_type == "contact" or page.title.casefold().startswith("contact")
    return (not is_contact, len(page.url), page.url)


def _without(page: Page, kept_on: Mapping[tuple[Block, ...], str]) -> Page:
    """Leave out template sections, and the links that stand in them only."""
    sections = tuple(
        section
        for section in page.sections
        if section.facet is not Facet.CONTACT or kept_on.get(section.blocks, page.id) == page.id
    )
    # A page that would be left with nothing keeps what it has.
    if len(sections) == len(page.sections) or not sections:
        return page
    before, after = _text(page.sections), _text(sections)
    links = tuple(link for link in page.links if link.label in after or link.label not in before)
    return page.model_copy(update={"sections": sections, "links": links})


def _text(sections: Sequence[Section]) -> str:
    lines = (
        line
        for section in sections
        for block in section.blocks
        for line in (block.text, *block.items, *sum(block.rows, ()))
    )
    return "\n".join(lines)


def unique_ids(pages: Sequence[Page]) -> list[Page]:
    """Return the pages with each id once; two sources may list the same address, the first one named wins."""
    seen: Counter[str] = Counter()
    kept = []
    for page in pages:
        seen[page.id] += 1
        if seen[page.id] == 1:
            kept.append(page)
    return kept
