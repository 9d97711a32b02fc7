"""ingest.urls: one spelling per address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.urls import is_loopback, matches, normalise

BASE = "https://proef.example/wonen/"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTPS://Proef.Example:443/a/../b/./c#top", "https://proef.example/b/c"),
        ("https://proef.example", "https://proef.example/"),
        ("//proef.example/a b/é", "https://proef.example/a%20b/%C3%A9"),
        ("kosten?utm_source=x&jaar=2026&fbclid=1", "https://proef.example/wonen/kosten?jaar=2026"),
        ("/a;jsessionid=9F?x=1", "https://proef.example/a?x=1"),
        ("/a%2Fb", "https://proef.example/a%2Fb"),
        ("/%7Euser", "https://proef.example/~user"),
        ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
    ],
)
def test_normalise_gives_one_spelling(written: str, meant: str) -> None:
    assert normalise(written, BASE) == meant


@pytest.mark.parametrize("written", ["mailto:a@b.nl", "tel:14099", "javascript:void(0)", "http://x:99999/", "http://"])
def test_normalise_refuses_what_is_no_web_address(written: str) -> None:
    assert normalise(written, BASE) is None


@given(st.text(max_size=60))
def test_normalise_is_stable_for_any_text(text: str) -> None:
    once = normalise(text, BASE)
    assert once is None or normalise(once) == once


def test_matches_holds_a_pattern_against_path_and_query() -> None:
    assert matches("https://proef.example/nieuws/2026/a?page=2", ["/nieuws/*"])
    assert not matches("https://proef.example/oud-nieuws/a", ["/nieuws/*"])


def test_matches_holds_a_pattern_with_a_scheme_against_the_whole_address() -> None:
    assert matches("https://formulieren.proef.example/a", ["https://formulieren.*"])


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://127.0.0.1:8800/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("https://a.example/", False),
    ],
)
def test_is_loopback_knows_this_machine(url: str, near: bool) -> None:
    assert is_loopback(url) is near
