"""What a saved page links to, for the crawl: addresses, its canonical address, and whether robots may follow."""

import re
from dataclasses import dataclass

from lxml import etree, html

from ingest.urls import normalise

# Files that hold no text for residents; asking them would only cost the server.
ASSETS = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|bmp|tiff?|css|js|mjs|json|map|woff2?|ttf|eot|mp[34]|m4[av]|avi|mov|wmv|webm|og[gv]"
    r"|wav|zip|gz|tar|rar|7z|exe|msi|dmg|apk|ics|vcf|rss|atom|kml|gpx|dwg|eps|xlsx?|ods|pptx?|odp|doc|odt|csv)$",
    re.I,
)
DOCUMENTS = re.compile(r"\.(?:pdf|docx)$", re.I)


@dataclass(frozen=True)
class Links:
    """The links of one page, normalised, in order, without doubles."""

    targets: tuple[str, ...] = ()
    canonical: str | None = None


def find_links(text: str, url: str) -> Links:
    """Read the links of an HTML page; a page that cannot be parsed has none."""
    try:
        # As bytes: lxml refuses a string that begins with an XML declaration.
        root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Links()
    base = next((normalise(href, url) for href in root.xpath("//base/@href")), None) or url
    canonical = next((normalise(href, base) for href in root.xpath("//link[@rel='canonical']/@href")), None)
    if any("nofollow" in content.lower() for content in root.xpath("//meta[@name='robots']/@content")):
        return Links(canonical=canonical)
    found: dict[str, None] = {}
    for link in root.iter("a", "area"):
        href = link.get("href")
        if not href or href.startswith("#") or "nofollow" in (link.get("rel") or "").lower().split():
            continue
        if target := normalise(href, base):
            found[target] = None
    return Links(tuple(found), canonical)
