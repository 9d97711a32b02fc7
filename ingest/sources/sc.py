"""Samenwerkende Catalogi: what a municipality says of its products, from its own feed or from the national search.

The catalogue hardly ever holds a text: it tells which product (UPL) and whom a page of the website is for. A product
becomes a page of its own only if the catalogue has the text.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit
from xml.etree.ElementTree import Element, tostring

from corpus.records import Page, Product
from ingest.dates import parse_date
from ingest.errors import CrawlError, FetchError, NotIndexed
from ingest.feed import Feed, read_feed
from ingest.html import read_html
from ingest.page import Content, make_page
from ingest.safexml import every, local, parse_xml, running, text, texts
from ingest.sources import Context, Gathered, Item
from ingest.texts import one_line
from ingest.urls import normalise

PER_CALL = 50
NO_UPL = "upl-naam nog niet beschikbaar"
# Abstracts are cut off by the hundred letters: what comes after the last whole sentence says nothing.
_CUT_OFF = re.compile(r"(?<=[.!?])\s+[^.!?]*(?::|\.{3}|…|(?<![.!?]))$")
# What screen readers are told of a link, left in abstracts that are cut off.
_LINK_NOISE = re.compile(r"\b(?:begin|einde) link:?\s*|[\s,]*\beinde\.{3}$", re.I)
_AUDIENCES: dict[str, Literal["particulier", "ondernemer"]] = {"particulier": "particulier", "ondernemer": "ondernemer"}


@dataclass
class Listing:
    """One answer: products that are usable, why others are not, and the record to go on with."""

    products: list[Element] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    following: int | None = None


def gather(context: Context) -> Gathered:
    """Read the catalogue, page by page if it is a search service."""
    url = context.source.url
    if not url:
        raise CrawlError("De bron 'sc' heeft een adres nodig. Vul `url` in bij deze [[sources]] in het sitebestand.")
    if urlsplit(url).path.lower().endswith("/sru/search") and not urlsplit(url).query:
        url = _search_url(url, context.site.organisation.owms)
    walk = partial(_walk, context=context, start=url)
    return read_feed(context, url, walk, accept="application/xml, text/xml, */*;q=0.5")


def _search_url(base: str, municipality: str) -> str:
    if not municipality:
        raise CrawlError(
            "De bron 'sc' zoekt op de naam van de gemeente. Vul `owms` in bij [organisation] in het sitebestand."
        )
    named = municipality.replace("\\", "\\\\").replace('"', '\\"')
    parameters = {
        "version": "1.2", "operation": "searchRetrieve", "x-connection": "sc", "query": f'authority="{named}"',
        "startRecord": 1, "maximumRecords": PER_CALL,
    }  # fmt: skip
    return f"{base}?{urlencode(parameters, quote_via=quote)}"


async def _walk(feed: Feed, *, context: Context, start: str) -> Sequence[Item]:
    items: list[Item] = []
    url, at = start, 1
    while not feed.full():
        listing = await feed.get(url, parse_listing)
        if listing is None:
            break
        items += [item for product in listing.products if (item := _item(product, context))]
        feed.found.skipped |= listing.broken
        context.seen(len(items), len(items))
        if listing.following is None or listing.following <= at:
            break
        at = listing.following
        url = re.sub(r"(?<=startRecord=)\d+", str(at), start)
        if url == start:
            break
    return items


def parse_listing(body: bytes) -> Listing:
    """Read a feed or a page of search results. Raises FetchError if it is neither, or holds no products."""
    root = parse_xml(body)
    if problem := texts(root, "diagnostic"):
        raise FetchError(f"meldt een fout: {problem[0][:150]}")
    if local(root) not in ("scproducten", "scproduct", "searchRetrieveResponse"):
        raise FetchError(f"is geen productcatalogus maar <{local(root)[:40]}>")
    listing = Listing()
    for at, product in enumerate(every(root, "scproduct"), 1):
        title, url = text(product, "title"), normalise(text(product, "identifier"))
        if not title or url is None:
            name = title or text(product, "identifier") or text(product, "productID") or f"product {at} zonder naam"
            listing.broken[name] = f"heeft in de productcatalogus geen {'titel' if not title else 'webadres'}"
        else:
            listing.products.append(product)
    if not listing.products and not listing.broken:
        raise FetchError("bevat geen enkel product")
    following = text(root, "nextRecordPosition")
    listing.following = int(following) if following.isdecimal() else None
    return listing


def _item(product: Element, context: Context) -> Item | None:
    url = normalise(text(product, "identifier"))
    return Item(url, partial(_read, product, url, context)) if url else None


def _read(product: Element, url: str, context: Context) -> Page:
    title = _title(product)
    content = Content(title=title, drafts=())
    body = next(every(product, "productHTML"), None)
    if body is not None and running(body):
        content = _read_body(body, title, url, context)
        content.title = title
    content.language = text(product, "language") or context.site.languages[0]
    content.modified = _modified(product)
    content.doc_type = "product"
    content.description = _description(product)
    names = [element for element in every(product, "uniformeProductnaam") if running(element).lower() != NO_UPL]
    content.product = _product(product, names)
    # A page about two products: the resident may use the name of either.
    content.keywords = tuple(name for element in names[1:] if (name := running(element)))
    return make_page(content, url, context.site, source="sc", audience=context.source.audience)


def _read_body(body: Element, title: str, url: str, context: Context) -> Content:
    # Some makers put the page there as escaped text, others as elements.
    inside = running(body) if not len(body) else "".join(tostring(child, encoding="unicode") for child in body)
    inside = re.sub(r"(</?)\w+:", r"\1", inside)
    try:
        return read_html(f"<main><h1>{html.escape(title)}</h1>{inside}</main>", url, context.site.languages)
    except NotIndexed:
        return Content(title=title, drafts=())


def _title(product: Element) -> str:
    # Some systems escape it once more, inside CDATA.
    return one_line(html.unescape(text(product, "title")))


def _description(product: Element) -> str:
    written = html.unescape(text(product, "abstract"))
    return one_line(_CUT_OFF.sub("", _LINK_NOISE.sub("", written).strip()))


def _modified(product: Element) -> date | None:
    return parse_date(text(product, "modified"))


def _product(product: Element, names: Sequence[Element]) -> Product:
    audiences = {_AUDIENCES[found.lower()] for found in texts(product, "audience") if found.lower() in _AUDIENCES}
    return Product(
        upl=running(names[0]).lower() or None if names else None,
        upl_uri=(names[0].get("resourceIdentifier") or None) if names else None,
        # For both is for everybody: the record knows one audience or none.
        doelgroep=next(iter(audiences)) if len(audiences) == 1 else None,
        digid=True if text(product, "onlineAanvragen").lower() == "digid" else None,
    )
