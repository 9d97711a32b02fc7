"""ingest.sitemap: sets, indexes, gzip, plain text, and broken ones."""

import gzip
import zlib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ingest.sitemap import MAX_BYTES, parse_sitemap

SET = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> https://proef.example/a </loc><lastmod>2026-03-04T10:00:00+01:00</lastmod></url>
<url><loc>https://proef.example/b</loc></url><url><loc></loc></url></urlset>"""


def test_parse_sitemap_reads_pages_with_their_dates() -> None:
    found = parse_sitemap(SET)
    assert found.pages == {"https://proef.example/a": date(2026, 3, 4), "https://proef.example/b": None}
    assert found.sitemaps == []


def test_parse_sitemap_reads_an_index_without_namespace() -> None:
    body = b"<sitemapindex><sitemap><loc>https://proef.example/1.xml.gz</loc></sitemap></sitemapindex>"
    assert parse_sitemap(body).sitemaps == ["https://proef.example/1.xml.gz"]


def test_parse_sitemap_unpacks_gzip() -> None:
    assert parse_sitemap(gzip.compress(SET)).pages == parse_sitemap(SET).pages


def test_parse_sitemap_reads_plain_text() -> None:
    assert list(parse_sitemap(b"https://proef.example/a\nhttps://proef.example/b\nno address\n").pages) == [
        "https://proef.example/a",
        "https://proef.example/b",
    ]


def test_parse_sitemap_keeps_what_stands_before_a_break() -> None:
    assert list(parse_sitemap(SET.partition(b"<url><loc>https://proef.example/b")[0]).pages) == [
        "https://proef.example/a"
    ]


def test_parse_sitemap_does_not_resolve_entities() -> None:
    body = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://a.example/&x;</loc></url></urlset>'
    assert "root" not in str(parse_sitemap(body).pages)


def test_parse_sitemap_stops_unpacking_a_bomb() -> None:
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b"x" * 1_000_000) for _ in range(MAX_BYTES // 1_000_000 + 20)) + packer.flush()
    assert parse_sitemap(bomb).pages == {}


@given(st.binary(max_size=300))
def test_parse_sitemap_never_fails(body: bytes) -> None:
    parse_sitemap(body)
    parse_sitemap(b"\x1f\x8b" + body)
    parse_sitemap(b"<" + body)
