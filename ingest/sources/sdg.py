"""SDG-invoervoorziening: products in Dutch and English, their texts in Markdown, one field per question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from corpus.records import Link, Page, Product
from ingest.dates import parse_date
from ingest.documents.text import read_text
from ingest.errors import CrawlError, FetchError, NotIndexed
from ingest.feed import Feed, broken_rows, read_feed, read_json, rows, string
from ingest.page import Content, make_page
from ingest.sources import Context, Gathered, Item
from ingest.texts import one_line
from ingest.urls import family, host_of, normalise

# Fields in the order in which a page shows them, with the headings that residents know (nl, en).
HEADINGS = {
    "procedureBeschrijving": ("Aanvragen", "How to apply"),
    "bewijs": ("Wat hebt u nodig?", "What do you need?"),
    "vereisten": ("Voorwaarden", "Conditions"),
    "kostenEnBetaalmethoden": ("Kosten", "Costs"),
    "uitersteTermijn": ("Hoe lang duurt het?", "How long does it take?"),
    "bezwaarEnBeroep": ("Bezwaar en beroep", "Objection and appeal"),
    "wtdBijGeenReactie": ("Als u geen antwoord krijgt", "If you get no reply"),
}
_HEADING = re.compile(r"^#{1,2}(?=\s)", re.M)
_AUDIENCES: dict[str, Literal["particulier", "ondernemer"]] = {"eu-burger": "particulier", "eu-bedrijf": "ondernemer"}


@dataclass
class Listing:
    """One page of products, and the query of the next one. `broken` counts what stands in the place of a product."""

    products: list[dict[str, Any]]
    following: str | None
    broken: int = 0


def gather(context: Context) -> Gathered:
    """Read all products; `url` is the address that ends in /api/v1/producten."""
    url = context.source.url
    if not url:
        raise CrawlError(
            "De bron 'sdg' heeft een adres nodig, dat eindigt op /api/v1/producten. "
            "Vul `url` in bij deze [[sources]] in het sitebestand."
        )
    owms = context.site.organisation.owms
    if owms and not urlsplit(url).query:
        url = f"{url}?{urlencode({'organisatieOwmsPrefLabel': owms})}"
    walk = partial(_walk, context=context, start=url)
    return read_feed(context, url, walk, accept="application/json, */*;q=0.1")


async def _walk(feed: Feed, *, context: Context, start: str) -> Sequence[Item]:
    items: list[Item] = []
    url: str | None = start
    walked: set[str] = set()
    while url and url not in walked and not feed.full():
        walked.add(url)
        listing = await feed.get(url, parse_listing)
        if listing is None:
            break
        if listing.broken:
            feed.found.skipped[url] = broken_rows(listing.broken)
        for product in listing.products:
            for translation in rows(product.get("vertalingen")) or [{}]:
                name = _name(product, translation, context)
                if problem := why_not(product, translation, context):
                    feed.found.skipped[name] = problem
                else:
                    items.append(Item(name, partial(_read, product, translation, name, context)))
        # Behind a proxy the service names its inner address here, or http: only the query is of use.
        url = urlunsplit((*urlsplit(start)[:3], listing.following, "")) if listing.following else None
        context.seen(len(items), len(items))
    return items


def parse_listing(body: bytes) -> Listing:
    """Read a page of products. Raises FetchError if it is none, or empty."""
    data = read_json(body)
    if not isinstance(data, Mapping) or not isinstance(data.get("results"), list):
        raise FetchError("is geen lijst met producten")
    products = rows(data["results"])
    if not products:
        raise FetchError("bevat geen enkel product")
    if not any("vertalingen" in product for product in products):
        # The list of national texts looks the same, and says nothing of this municipality.
        raise FetchError("bevat geen producten van een gemeente; gebruik het adres dat eindigt op /api/v1/producten")
    try:
        following = urlsplit(string(data.get("next"))).query
    except ValueError:
        following = ""
    return Listing(products, following or None, len(data["results"]) - len(products))


def why_not(product: Mapping[str, Any], translation: Mapping[str, Any], context: Context) -> str:
    """Say why a product in a language is no page; empty if it is one."""
    owner = product.get("verantwoordelijkeOrganisatie")
    label = string(owner.get("owmsPrefLabel")) if isinstance(owner, Mapping) else ""
    ours = context.site.organisation.owms
    if ours and label and label != ours:
        return f"is een product van {label}"
    if not translation:
        return "heeft in de SDG-invoervoorziening geen tekst"
    if not string(product.get("publicatieDatum")):
        return "is in de SDG-invoervoorziening nog een concept"
    if string(translation.get("taal")) not in context.site.languages:
        return "is in een taal die het sitebestand niet noemt (`languages`)"
    if not _title(product, translation):
        return "heeft in de SDG-invoervoorziening geen titel"
    if parent := product.get("productValtOnder"):
        name = string(parent.get("upnLabel")) if isinstance(parent, Mapping) else ""
        return f"valt onder een ander product{f': {name}' if name else ''}"
    return ""


def _read(product: Mapping[str, Any], translation: Mapping[str, Any], name: str, context: Context) -> Page:
    title, language = _title(product, translation), string(translation.get("taal"))
    public = _public_address(translation, context)
    content = Content(title=title, drafts=())
    # Without an address that a resident can open there is nothing to cite: only the data about the product count.
    if public:
        markdown = "\n\n".join(_lines(product, translation, title))
        try:
            content = read_text(markdown, public, language)
        except NotIndexed:
            content = Content(title=title, drafts=())
    content.title, content.language, content.doc_type = title, language, "product"
    content.modified = parse_date(string(translation.get("datumWijziging"))) or parse_date(
        string(product.get("publicatieDatum"))
    )
    content.product = Product(
        upl=string(product.get("upnLabel")).lower() or None,
        upl_uri=string(product.get("upnUri")) or None,
        doelgroep=_AUDIENCES.get(string(product.get("doelgroep"))),
    )
    content.links = tuple(_links(translation, context.site.url))
    return make_page(content, public or name, context.site, source="sdg", audience=context.source.audience)


def _lines(product: Mapping[str, Any], translation: Mapping[str, Any], title: str) -> Iterator[str]:
    """Give the product as one text in Markdown; of one that the municipality does not offer, only why not.

    Headings inside a field go below the heading of the field.
    """
    yield f"# {title}"
    if product.get("productAanwezig") is False:
        yield string(translation.get("productAanwezigToelichting"))
        return
    yield string(translation.get("tekst"))
    english = string(translation.get("taal")) == "en"
    for key, headings in HEADINGS.items():
        if written := string(translation.get(key)):
            yield f"## {headings[english]}\n\n{_HEADING.sub('###', written)}"


def _title(product: Mapping[str, Any], translation: Mapping[str, Any]) -> str:
    """Return the title; where a municipality left it empty the national name of the product holds."""
    own, name = one_line(string(translation.get("titel"))), one_line(string(product.get("upnLabel")))
    return own or (name[:1].upper() + name[1:])


def _public_address(translation: Mapping[str, Any], context: Context) -> str | None:
    """Return the page where residents go on: that of the procedure, else the first link to the municipality's site."""
    ours = family(host_of(context.site.url))
    own = (link.url for link in _links(translation, context.site.url) if host_of(link.url) in ours)
    return next(own, None)


def _links(translation: Mapping[str, Any], base: str) -> Iterator[Link]:
    forms = rows([translation.get("procedureLink")])
    for row in (*forms, *rows(translation.get("links"))):
        written = string(row.get("url"))
        if written and (url := normalise(written, base)):
            yield Link(
                label=one_line(string(row.get("label"))) or url, url=url, kind="form" if row in forms else "page"
            )


def _name(product: Mapping[str, Any], translation: Mapping[str, Any], context: Context) -> str:
    url = _public_address(translation, context)
    number = string(product.get("uuid")) or string(product.get("upnLabel")) or "zonder-nummer"
    base = context.source.url.partition("?")[0].rstrip("/")
    return url or f"{base}/{number}/{string(translation.get('taal')) or 'zonder-taal'}"
