"""Point editors at pages that will be answered badly: old, contradictory in title, with a past date, without text."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from corpus.index.generation import Paths, read_current
from corpus.index.store import Store
from corpus.records import Audience, Facet, Page, Record
from corpus.sites import Site
from ingest.dates import parse_date
from ingest.errors import IngestError
from ingest.urls import host_of

STALE_AFTER = timedelta(days=730)
# A table of contents or a stub; an answer cannot be quoted from it.
LEAST_WORDS = 15
_TARIFF_YEAR = re.compile(
    r"\b(?:tarie\w*|leges\w*|kosten|prijs\w*|fees?|charges)\D{0,20}(20\d\d)|(20\d\d)\D{0,10}(?:tarie\w*|leges)", re.I
)
_DEADLINE = re.compile(r"(?:uiterlijk|v[oó]{2}r|tot en met|tot|before|until|by)\s+(\d{1,2}\s+[a-z]+\s+20\d\d)", re.I)


# What an editor sees in place of `check`, which stays the same for programs.
NAMES = {
    "stale": "oud", "expired": "niet meer geldig", "other year": "kosten ander jaar", "past date": "datum voorbij",
    "thin": "weinig tekst", "same title": "dubbele titel", "dead link": "kapotte link",
}  # fmt: skip


class Finding(Record):
    """One thing an editor should look at."""

    check: str
    url: str
    message: str


def lint(site: Site, today: date) -> list[Finding]:
    """Check the pages of the published generation as of a day. Raises IngestError if nothing is published."""
    paths = Paths(site.home)
    generation = read_current(paths)
    if generation is None:
        raise IngestError(
            f"Voor {site.name} is nog niets gepubliceerd. Werk de site bij met: ingest sync --site {site.name}"
        )
    store = Store(paths.generation(generation, Audience.STAFF) / "store.sqlite")
    try:
        pages = store.pages()
    finally:
        store.close()
    found = [finding for page in pages for check in CHECKS for finding in check(page, today)]
    return [*found, *same_titles(pages), *dead_links(pages, site)]


def stale(page: Page, today: date) -> Iterator[Finding]:
    """Find a page that nobody changed for two years."""
    if page.modified and today - page.modified > STALE_AFTER:
        yield Finding(check="stale", url=page.url, message=f"is het laatst veranderd op {page.modified.isoformat()}")


def expired(page: Page, today: date) -> Iterator[Finding]:
    """Find a page whose own validity is over."""
    if page.valid_until and page.valid_until < today:
        yield Finding(check="expired", url=page.url, message=f"gold tot en met {page.valid_until.isoformat()}")


def other_year(page: Page, today: date) -> Iterator[Finding]:
    """Find a page that gives the charges of another year in its title or headings."""
    for heading in dict.fromkeys((page.title, *(text for section in page.sections for text in section.heading_path))):
        if match := _TARIFF_YEAR.search(heading):
            year = int(match[1] or match[2])
            if year < today.year:
                yield Finding(check="other year", url=page.url, message=f"'{heading}' noemt kosten van {year}")


def past_date(page: Page, today: date) -> Iterator[Finding]:
    """Find a deadline in the text that is over."""
    for section in page.sections:
        for block in section.blocks:
            for match in _DEADLINE.finditer("\n".join((block.text, *block.items))):
                day = parse_date(match[1])
                if day and day < today:
                    yield Finding(check="past date", url=page.url, message=f"'{match[0]}' is voorbij")


def thin(page: Page, today: date) -> Iterator[Finding]:
    """Find a page with hardly any text."""
    words = sum(
        len(" ".join((b.text, *b.items, *(c for row in b.rows for c in row))).split())
        for s in page.sections
        for b in s.blocks
    )
    if words < LEAST_WORDS and not any(section.facet is Facet.CONTACT for section in page.sections):
        yield Finding(check="thin", url=page.url, message=f"heeft weinig woorden: {words}")


CHECKS: tuple[Callable[[Page, date], Iterator[Finding]], ...] = (stale, expired, other_year, past_date, thin)


def same_titles(pages: Sequence[Page]) -> Iterator[Finding]:
    """Find pages that cannot be told apart by their title."""
    by_title: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        by_title[page.title.casefold()].append(page)
    for group in by_title.values():
        for page in group[1:]:
            yield Finding(
                check="same title", url=page.url, message=f"heeft dezelfde titel als {group[0].url}: '{page.title}'"
            )


def dead_links(pages: Sequence[Page], site: Site) -> Iterator[Finding]:
    """Find links to pages of the site that the last sync found gone."""
    from ingest.report import read_report

    report = read_report(site.home)
    reasons = {**report.skipped, **report.removed} if report else {}
    gone = {url: reason for url, reason in reasons.items() if "HTTP 4" in reason}
    host = host_of(site.url)
    for page in pages:
        for link in page.links:
            if link.url in gone and host_of(link.url) == host:
                yield Finding(
                    check="dead link",
                    url=page.url,
                    message=f"'{link.label}' gaat naar {link.url}, maar die pagina {gone[link.url]}",
                )


def show_findings(found: Sequence[Finding]) -> str:
    """Write findings for a terminal."""
    if not found:
        return "Er is niets gevonden om te verbeteren."
    return "\n".join(f"{NAMES[finding.check]:<18}  {finding.url}: {finding.message}" for finding in found)
