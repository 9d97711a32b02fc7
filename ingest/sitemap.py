"""Read sitemaps: a set of addresses or an index of further sitemaps, XML or plain text, gzipped or not."""

import zlib
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from ingest.dates import parse_date

# The protocol's own limit (sitemaps.org: 50 MB uncompressed); it also stops a gzip bomb.
MAX_BYTES = 52_428_800


@dataclass
class Sitemap:
    """What one sitemap file lists: pages with the date of their last change, and further sitemaps."""

    pages: dict[str, date | None] = field(default_factory=dict)
    sitemaps: list[str] = field(default_factory=list)


def parse_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap; a broken one gives what could be read before and after the break."""
    body = _unpack(body)
    if not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        lines = body.decode("utf-8-sig", errors="replace").split()
        return Sitemap(pages={line: None for line in lines if line.startswith(("http://", "https://"))})
    # Entities stay unresolved and nothing is fetched: a sitemap comes from outside.
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(body.lstrip(), parser)
    found = Sitemap()
    if root is None:
        return found
    for entry in root.iter("{*}url", "{*}sitemap"):
        location = (entry.findtext("{*}loc") or "").strip()
        if not location:
            continue
        if etree.QName(entry).localname == "sitemap":
            found.sitemaps.append(location)
        else:
            found.pages[location] = parse_date(entry.findtext("{*}lastmod") or "")
    return found


def _unpack(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)
    except zlib.error:
        return b""
