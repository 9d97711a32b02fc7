"""A website: crawl it into its snapshot, then read every saved page."""

from functools import partial
from pathlib import Path

from corpus.records import Page, page_id, short_digest
from ingest.crawl import crawl
from ingest.errors import CrawlError
from ingest.extract import extract
from ingest.frontier import wanted
from ingest.page import make_page
from ingest.snapshot import Saved, Snapshot, read_body
from ingest.sources import Context, Gathered, Item
from ingest.urls import normalise, origin


def gather(context: Context) -> Gathered:
    """Crawl the site, unless offline, and list its saved pages."""
    url = normalise(context.source.url or context.site.url) or context.site.url
    source = context.source.model_copy(update={"url": url})
    folder = context.snapshots / f"website-{short_digest(url)}"
    if context.offline and not (folder / "index.sqlite").is_file():
        raise CrawlError(f"Er is nog geen opgeslagen kopie van {url}. Werk de site eerst bij zonder --offline.")
    with Snapshot(folder) as snapshot:
        found = Gathered([], folder=folder)
        if not context.offline:
            contact = context.site.contact.page or context.site.url
            crawled = crawl(source, normalise(contact, context.site.url) or url, snapshot, context.seen)
            found.skipped, found.kept, found.removed = crawled.skipped, crawled.kept, crawled.removed
            found.warnings = crawled.warnings
        base = _base(url, snapshot)
        for saved in snapshot.pages():
            if wanted(saved.url, source):
                read = partial(_read, saved, folder, context, base)
                found.items.append(Item(saved.url, read, saved.canonical))
    return found


def _base(url: str, snapshot: Snapshot) -> str:
    """Return the address that page ids are relative to: the site's own, or where its start page leads."""
    forwards = snapshot.redirects()
    seen = {url}
    while url in forwards and forwards[url] not in seen:
        url = forwards[url]
        seen.add(url)
    return origin(url)


def _read(saved: Saved, folder: Path, context: Context, base: str) -> Page:
    content = extract(saved, read_body(folder, saved), context.site.languages)
    page = make_page(content, saved.url, context.site, source="website", audience=context.source.audience)
    if origin(context.site.url) != base and saved.url.startswith(base):
        page = page.model_copy(update={"id": page_id(saved.url, base)})
    return page
