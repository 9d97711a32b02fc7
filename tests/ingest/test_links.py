"""ingest.links: what a page links to."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.links import find_links

URL = "https://proef.example/wonen/"


def test_find_links_resolves_against_the_base_and_drops_doubles_and_anchors() -> None:
    text = "<base href='/x/'><a href='a'>1</a><a href='a#top'>2</a><a href='#top'>3</a><a href='mailto:x@y.nl'>4</a>"
    assert find_links(text, URL).targets == ("https://proef.example/x/a",)


def test_find_links_skips_nofollow_links_and_pages() -> None:
    assert find_links("<a rel='nofollow noopener' href='/a'>x</a>", URL).targets == ()
    assert find_links("<meta name='robots' content='noindex, nofollow'><a href='/a'>x</a>", URL).targets == ()


def test_find_links_reads_the_canonical_address() -> None:
    assert find_links("<link rel='canonical' href='/b?utm_medium=x'>", URL).canonical == "https://proef.example/b"


def test_find_links_reads_a_page_with_an_xml_declaration() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?><html><body><a href="/a">x</a></body></html>'
    assert find_links(text, URL).targets == ("https://proef.example/a",)


@given(st.text(max_size=200))
def test_find_links_never_fails(text: str) -> None:
    find_links(text, URL)
    find_links(f"<a href='{text}'>x</a>", URL)
