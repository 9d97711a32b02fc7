"""ingest.robots: what a robots.txt allows us."""

from ingest.hosts import pause_of
from ingest.robots import ALLOW_ALL, FORBID_ALL, parse_robots

RULES = b"""User-agent: *
Disallow: /intern/
Crawl-delay: 3
Sitemap: https://proef.example/kaart.xml

User-agent: Vraagbaak
Disallow: /zoeken
Crawl-delay: 2
"""


def test_rules_for_our_own_name_take_the_place_of_those_for_all() -> None:
    rules = parse_robots(RULES)
    assert rules.allows("https://proef.example/intern/")
    assert not rules.allows("https://proef.example/zoeken?q=a")
    assert rules.sitemaps == ["https://proef.example/kaart.xml"]


def test_a_web_page_sent_as_robots_allows_everything() -> None:
    assert parse_robots(b"<!doctype html><html><body>Niet gevonden</body></html>").allows("https://proef.example/x")


def test_bytes_that_are_no_text_allow_everything() -> None:
    assert parse_robots(bytes(range(256)) * 4000).allows("https://proef.example/x")


def test_pause_is_the_longer_of_ours_and_crawl_delay() -> None:
    rules = parse_robots(RULES)
    assert pause_of("https://proef.example/", 0.6, rules) == 2
    assert pause_of("https://proef.example/", 5, rules) == 5
    assert pause_of("https://proef.example/", 0.6, ALLOW_ALL) == 0.6


def test_pause_is_nothing_on_this_machine() -> None:
    assert pause_of("http://127.0.0.1:8800/", 0.6, parse_robots(RULES)) == 0


def test_forbid_all_allows_nothing() -> None:
    assert not FORBID_ALL.allows("https://proef.example/")
