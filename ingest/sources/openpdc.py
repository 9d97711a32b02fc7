"""OpenPDC (OpenWebconcept): the product pages of a WordPress site as JSON, a page of items at a time."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from corpus.records import Audience, Link, Page, Product
from ingest.dates import parse_date
from ingest.errors import CrawlError, FetchError, NotIndexed
from ingest.feed import Feed, broken_rows, read_feed, read_json, rows, string
from ingest.html import read_html
from ingest.page import Content, make_page
from ingest.sources import Context, Gathered, Item
from ingest.texts import one_line
from ingest.urls import normalise

PER_PAGE = 100


@dataclass
class Listing:
    """One page of items, and how many pages there are. `broken` counts what stands in the place of an item."""

    items: list[dict[str, Any]]
    pages: int
    broken: int = 0


def gather(context: Context) -> Gathered:
    """Read all items of an OpenPDC; `url` is the address that ends in /items."""
    if not context.source.url:
        raise CrawlError(
            "De bron 'openpdc' heeft een adres nodig, dat eindigt op /wp-json/owc/pdc/v1/items. "
            "Vul `url` in bij deze [[sources]] in het sitebestand."
        )
    walk = partial(_walk, context=context)
    return read_feed(context, _address(context.source.url, 1), walk, accept="application/json, */*;q=0.1")


def _address(url: str, page: int) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'limit': PER_PAGE, 'page': page})}"


async def _walk(feed: Feed, *, context: Context) -> Sequence[Item]:
    items: list[Item] = []
    page, pages = 1, 1
    before: list[dict[str, Any]] = []
    while page <= pages and not feed.full():
        url = _address(context.source.url, page)
        listing = await feed.get(url, parse_listing)
        if listing is None:
            # The report names this page; those behind it may well answer.
            page += 1
            continue
        if listing.items == before:
            # A cache that forgets the number of the page gives the first one for ever.
            feed.found.warnings.append(f"De bron {url} geeft weer dezelfde producten; de rest is niet gelezen.")
            break
        pages, before = listing.pages, listing.items
        if listing.broken:
            feed.found.skipped[url] = broken_rows(listing.broken)
        for entry in listing.items:
            name = _public_address(entry, context) or _name(entry, context)
            if problem := why_not(entry, context.source.audience):
                feed.found.skipped[name] = problem
            else:
                items.append(Item(name, partial(_read, entry, name, context)))
        context.seen(page, pages)
        page += 1
    return items


def parse_listing(body: bytes) -> Listing:
    """Read a page of items. Raises FetchError if it is none, or empty."""
    data = read_json(body)
    if not isinstance(data, Mapping) or not isinstance(data.get("data"), list):
        message = string(data.get("message")) if isinstance(data, Mapping) else ""
        raise FetchError(f"is geen lijst met producten{f' (melding: {message[:100]})' if message else ''}")
    items = rows(data["data"])
    if not items:
        raise FetchError("bevat geen enkel product")
    pagination = data.get("pagination")
    pages = str(pagination.get("total_pages")) if isinstance(pagination, Mapping) else ""
    return Listing(items, int(pages) if pages.isdecimal() else 1, len(data["data"]) - len(items))


def why_not(entry: Mapping[str, Any], audience: Audience) -> str:
    """Say why an item is not for these readers; empty if it is."""
    if not _title(entry):
        return "heeft in OpenPDC geen titel"
    if entry.get("protected") is True:
        return "is in OpenPDC beveiligd met een wachtwoord"
    if string(entry.get("post_status")) not in ("", "publish"):
        return "is in OpenPDC nog niet gepubliceerd"
    if "internal" in _slugs(entry, "pdc-type") and audience is Audience.RESIDENT:
        return "is in OpenPDC alleen voor medewerkers"
    return ""


def _read(entry: Mapping[str, Any], name: str, context: Context) -> Page:
    public = _public_address(entry, context)
    title = _title(entry)
    content = Content(title=title, drafts=())
    # Without an address that a resident can open there is nothing to cite: only the data about the product count.
    if public:
        try:
            content = read_html("".join(_page(entry, title)), public, context.site.languages)
        except NotIndexed:
            content = Content(title=title, drafts=())
    content.title = title
    content.language = string(entry.get("language")) or context.site.languages[0]
    content.modified = parse_date(string(entry.get("date_modified")) or string(entry.get("date")))
    content.doc_type = "product"
    content.description = one_line(html.unescape(string(entry.get("excerpt"))))
    words = [*string(entry.get("synonyms")).split(","), string(entry.get("title_alternative"))]
    content.keywords = tuple(dict.fromkeys(one_line(html.unescape(word)) for word in words if word.strip()))
    content.product = Product(doelgroep=_audience(entry), digid=_digid(entry))
    content.links = (*content.links, *_links(entry, public or context.site.url))
    return make_page(content, public or name, context.site, source="openpdc", audience=context.source.audience)


def _page(entry: Mapping[str, Any], title: str) -> Iterator[str]:
    """Give the item as the web page that a visitor sees."""
    yield f"<main><h1>{html.escape(title)}</h1>{string(entry.get('content'))}"
    for question in rows(entry.get("faq")):
        asked = html.escape(html.unescape(string(question.get("question"))))
        yield f"<h2>{asked}</h2>{string(question.get('answer'))}"
    yield "</main>"


def _links(entry: Mapping[str, Any], base: str) -> Iterator[Link]:
    appointment = entry.get("appointment")
    # A button beside the text: as a line of the text it would be part of whatever question comes last.
    if isinstance(appointment, Mapping) and appointment.get("active") is True:
        label = one_line(html.unescape(string(appointment.get("title")))) or "Afspraak maken"
        if url := normalise(string(appointment.get("url")), base):
            yield Link(label=label, url=url, kind="form")
    kinds: dict[str, Literal["form", "download", "page"]] = {"forms": "form", "downloads": "download", "links": "page"}
    for key, kind in kinds.items():
        for row in rows(entry.get(key)):
            if url := normalise(string(row.get("url")), base):
                yield Link(label=one_line(html.unescape(string(row.get("title")))) or url, url=url, kind=kind)


def _title(entry: Mapping[str, Any]) -> str:
    return one_line(html.unescape(string(entry.get("title"))))


def _public_address(entry: Mapping[str, Any], context: Context) -> str | None:
    """Return where residents read the item: the front of the site, never the WordPress behind it."""
    written = string(entry.get("portal_url"))
    return normalise(written, context.site.url) if written else None


def _name(entry: Mapping[str, Any], context: Context) -> str:
    base = context.source.url.partition("?")[0].rstrip("/")
    return f"{base}/{entry.get('id') or string(entry.get('slug')) or 'zonder-nummer'}"


def _slugs(entry: Mapping[str, Any], taxonomy: str) -> set[str]:
    found = entry.get("taxonomies")
    terms = rows(found.get(taxonomy)) if isinstance(found, Mapping) else []
    return {string(term.get("slug")).lower() for term in terms}


def _audience(entry: Mapping[str, Any]) -> Literal["particulier", "ondernemer"] | None:
    slugs = _slugs(entry, "pdc-doelgroep")
    residents, companies = bool(slugs & {"bewoners", "inwoners"}), any(slug.startswith("ondernemer") for slug in slugs)
    if residents == companies:
        return None
    return "particulier" if residents else "ondernemer"


def _digid(entry: Mapping[str, Any]) -> bool | None:
    found = entry.get("identifications")
    return True if isinstance(found, Mapping) and rows(found.get("digid")) else None
