"""ingest.crawl: walking a real site on loopback into a snapshot."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.sites import Source
from ingest.crawl import Crawled, crawl
from ingest.errors import CrawlError
from ingest.snapshot import Snapshot
from tests.ingest.conftest import FakeSite, serve_site

Walk = Callable[..., Crawled]


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[Snapshot]:
    with Snapshot(tmp_path / "snapshot") as opened:
        yield opened


@pytest.fixture
def walk(site: FakeSite, snapshot: Snapshot) -> Walk:
    """Crawl the site with a short time-out; options are those of a source."""

    def run(**options: object) -> Crawled:
        source = Source.model_validate({"url": site.url, "timeout_seconds": 2, **options})
        return crawl(source, f"{site.url}contact", snapshot, lambda done, known: None)

    return run


def paths(snapshot: Snapshot, site: FakeSite) -> list[str]:
    return [saved.url.removeprefix(site.url) for saved in snapshot.pages()]


def test_crawl_finds_pages_by_sitemap_and_by_links(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/a'>A</a> <a href='/a#kop'>A</a> <a href='/a?utm_source=mail'>A</a>")
    site.page("/a", "A", "<a href='b'>B</a><a href='https://elders.example/'>elders</a><a href='/foto.jpg'>foto</a>")
    site.page("/b", "B")
    site.page("/los", "Los")
    site.sitemap("/los", lastmod="2026-05-06")
    walk()
    assert paths(snapshot, site) == ["", "a", "b", "los"]
    assert site.requests["/a"] == 1
    assert [str(saved.lastmod) for saved in snapshot.pages() if saved.url.endswith("los")] == ["2026-05-06"]


def test_crawl_reads_a_sitemap_index_with_gzip(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    import gzip

    site.page("/", "Start")
    site.page("/diep", "Diep")
    index = f"<sitemapindex><sitemap><loc>{site.url}deel.xml.gz</loc></sitemap></sitemapindex>"
    site.robots(f"User-agent: *\nAllow: /\nSitemap: {site.url}kaart.xml")
    site.put("/kaart.xml", index, kind="application/xml")
    part = f"<urlset><url><loc>{site.url}diep</loc></url></urlset>"
    site.put("/deel.xml.gz", gzip.compress(part.encode()), kind="application/x-gzip")
    walk()
    assert paths(snapshot, site) == ["", "diep"]


def test_crawl_names_itself_with_a_contact_address(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start")
    walk()
    assert all(agent.startswith("Vraagbaak/") and f"(+{site.url}contact)" in agent for agent in site.agents)


def test_crawl_obeys_robots(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.robots("User-agent: *\nDisallow: /intern/")
    site.page("/", "Start", "<a href='/intern/a'>A</a><a href='/b'>B</a>")
    site.page("/intern/a", "A")
    site.page("/b", "B")
    found = walk()
    assert found.skipped == {f"{site.url}intern/a": "mag niet gelezen worden (verbod in robots.txt)"}
    assert site.requests["/intern/a"] == 0


def test_crawl_stops_when_robots_forbids_all(site: FakeSite, walk: Walk) -> None:
    site.robots("User-agent: *\nDisallow: /")
    site.page("/", "Start")
    with pytest.raises(CrawlError, match=r"Vraagbaak mag 127\.0\.0\.1:\d+ niet lezen .* Sta het daar toe"):
        walk()


def test_crawl_keeps_to_the_patterns_but_reads_the_start_page(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/in/a'>A</a><a href='/in/geheim'>B</a><a href='/uit/c'>C</a>")
    for path in ("/in/a", "/in/geheim", "/uit/c"):
        site.page(path, path)
    found = walk(include=["/in/*"], exclude=["*geheim*"])
    assert paths(snapshot, site) == ["", "in/a"]
    assert set(found.skipped) == {f"{site.url}in/geheim", f"{site.url}uit/c"}


def test_crawl_follows_redirects_and_reports_a_loop(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/oud'>A</a><a href='/rond'>B</a><a href='/weg'>C</a>")
    site.forward("/oud", "/nieuw")
    site.page("/nieuw", "Nieuw")
    site.forward("/rond", "/rond2")
    site.forward("/rond2", "/rond")
    site.forward("/weg", "https://elders.example/")
    found = walk()
    assert paths(snapshot, site) == ["", "nieuw"]
    assert snapshot.redirects()[f"{site.url}oud"] == f"{site.url}nieuw"
    assert found.skipped[f"{site.url}rond"] == found.skipped[f"{site.url}rond2"] == "stuurt door in een kring"
    assert "staat niet bij `hosts`" in found.skipped[f"{site.url}weg"]


def test_crawl_stops_when_the_start_page_only_redirects_in_a_loop(site: FakeSite, walk: Walk) -> None:
    site.forward("/", "/a")
    site.forward("/a", "/")
    with pytest.raises(CrawlError, match=r"http://127\.0\.0\.1:\d+/ stuurt door in een kring\. Controleer het adres"):
        walk()


def test_crawl_gives_up_on_endless_redirects(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/r/0'>A</a>")
    for n in range(30):
        site.forward(f"/r/{n}", f"/r/{n + 1}")
    assert "stuurt meer dan 10 keer door" in walk().skipped.values()
    assert site.requests["/r/20"] == 0


def test_crawl_asks_again_only_whether_a_page_changed(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/a'>A</a>", ETag='"1"')
    site.page("/a", "A", Last_Modified="Tue, 03 Nov 2026 09:00:00 GMT")
    walk()
    found = walk()
    assert (found.fetched, found.unchanged) == (0, 2)
    assert site.statuses[304] == 2
    assert paths(snapshot, site) == ["", "a"]


def test_crawl_removes_a_page_that_is_gone(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/a'>A</a><a href='/b'>B</a>")
    site.page("/a", "A")
    site.page("/b", "B")
    walk()
    site.put("/a", status=410)
    del site.pages["/b"]
    found = walk()
    assert found.removed == {f"{site.url}a": "geeft foutcode HTTP 410", f"{site.url}b": "geeft foutcode HTTP 404"}
    assert paths(snapshot, site) == [""]


def test_crawl_removes_a_page_that_nothing_leads_to_any_more(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/a'>A</a>")
    site.page("/a", "A")
    walk()
    site.page("/", "Start")
    assert walk().removed == {f"{site.url}a": "staat niet meer in de sitemap en heeft geen link meer"}
    assert paths(snapshot, site) == [""]


def test_crawl_keeps_the_last_good_copy_when_a_page_fails(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/a'>A</a><a href='/traag'>T</a>")
    site.page("/a", "A", "<a href='/onder-a'>C</a>")
    site.page("/traag", "Traag")
    site.page("/onder-a", "Onder A")
    walk()
    site.put("/a", status=503)
    site.pages["/traag"].wait = 3
    found = walk(timeout_seconds=0.3)
    assert found.kept == {
        f"{site.url}a": "geeft foutcode HTTP 503",
        f"{site.url}traag": "was na 0.3 s nog niet klaar met antwoorden",
    }
    assert paths(snapshot, site) == ["", "a", "onder-a", "traag"]
    assert [saved.problem for saved in snapshot.pages()] == [
        "",
        "geeft foutcode HTTP 503",
        "",
        "was na 0.3 s nog niet klaar met antwoorden",
    ]


def test_crawl_tries_three_times(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/stuk'>S</a>")
    site.put("/stuk", status=500)
    assert walk().skipped == {f"{site.url}stuk": "geeft foutcode HTTP 500"}
    assert site.requests["/stuk"] == 3


def test_crawl_cuts_a_page_of_200_mb_early(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/groot'>G</a><a href='/lang'>L</a>")
    site.put("/groot", b"x" * 100_000, endless=True)
    site.put("/lang", "x", Content_Length="200000000")
    site.pages["/lang"].endless = True
    found = walk(max_bytes=1_000_000)
    assert found.skipped == {f"{site.url}groot": "is groter dan 1 MB", f"{site.url}lang": "is groter dan 1 MB"}


def test_crawl_cuts_a_page_that_drips(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/drup'>D</a>")
    site.put("/drup", b"x", endless=True)
    site.pages["/drup"].wait = 0.0
    assert "nog niet klaar met antwoorden" in walk(timeout_seconds=0.3).skipped[f"{site.url}drup"]


def test_crawl_does_not_read_what_is_no_text(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/beeld'>B</a>")
    site.put("/beeld", b"\x89PNG", kind="image/png")
    assert walk().skipped == {f"{site.url}beeld": "is geen tekst maar image/png"}


def test_crawl_stops_when_the_host_cannot_be_reached(snapshot: Snapshot) -> None:
    source = Source(url="http://127.0.0.1:9/", timeout_seconds=2)
    with pytest.raises(
        CrawlError, match=r"http://127\.0\.0\.1:9/robots\.txt is niet bereikbaar .* Controleer het adres"
    ):
        crawl(source, "http://127.0.0.1:9/", snapshot, lambda done, known: None)


def test_crawl_stops_when_every_page_fails_and_keeps_the_snapshot(
    site: FakeSite, snapshot: Snapshot, walk: Walk
) -> None:
    site.robots("User-agent: *\nAllow: /")
    site.page("/", "Start", "<a href='/a'>A</a>")
    site.page("/a", "A")
    walk()
    for path in ("/", "/a"):
        site.put(path, status=500)
    with pytest.raises(CrawlError, match="geeft foutcode HTTP 500"):
        walk()
    assert paths(snapshot, site) == ["", "a"]


def test_crawl_goes_on_where_it_was_interrupted(site: FakeSite, snapshot: Snapshot) -> None:
    site.page("/", "Start", "".join(f"<a href='/p{n}'>P</a>" for n in range(20)))
    for n in range(20):
        site.page(f"/p{n}", f"P{n}")
    source = Source(url=site.url, concurrency=1)

    def stop(done: int, known: int) -> None:
        if done == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(source, site.url, snapshot, stop)
    asked = sum(site.requests[f"/p{n}"] for n in range(20))
    found = crawl(source, site.url, snapshot, lambda done, known: None)
    assert found.resumed == 8
    assert asked < 20
    assert all(site.requests[f"/p{n}"] <= 1 for n in range(7))
    assert len(paths(snapshot, site)) == 21


def test_crawl_keeps_the_pages_of_another_host_that_is_down(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    with serve_site() as other:
        other.page("/f", "Formulier")
        site.page("/", "Start", f"<a href='{other.url}f'>F</a>")
        host = other.url.removeprefix("http://").rstrip("/")
        walk(hosts=[host])
    found = walk(hosts=[host])
    assert list(found.kept) == [f"http://{host}/f"]
    assert [saved.url for saved in snapshot.pages()] == sorted([site.url, f"http://{host}/f"])


def test_crawl_stops_at_max_pages_and_says_so(site: FakeSite, snapshot: Snapshot, walk: Walk) -> None:
    site.page("/", "Start", "".join(f"<a href='/p{n}'>P</a>" for n in range(20)))
    for n in range(20):
        site.page(f"/p{n}", f"P{n}")
    found = walk(max_pages=5)
    assert len(paths(snapshot, site)) == 5
    assert found.warnings == ["Bij max_pages = 5 is gestopt. Niet gelezen adressen: 16."]


def test_crawl_does_not_drown_in_a_calendar(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "".join(f"<a href='/agenda?dag={n}'>D</a>" for n in range(150)))
    for n in range(150):
        site.page(f"/agenda?dag={n}", f"Dag {n}")
    found = walk()
    assert found.fetched == 101
    assert "is een van meer dan 100 varianten van één adres" in found.skipped.values()


def test_crawl_leaves_a_host_alone_that_stopped_answering(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "".join(f"<a href='/p{n}'>P</a>" for n in range(30)))
    for n in range(30):
        site.put(f"/p{n}", status=500)
    found = walk(concurrency=1)
    assert sum(site.requests[f"/p{n}"] for n in range(30)) == 3 * 10
    assert list(found.skipped.values()).count("is niet gelezen, want de server gaf geen antwoord meer") == 20


def test_crawl_skips_documents_when_the_site_file_says_so(site: FakeSite, walk: Walk) -> None:
    site.page("/", "Start", "<a href='/a.pdf'>A</a>")
    site.put("/a.pdf", b"%PDF-1.4", kind="application/pdf")
    walk(documents=False)
    assert site.requests["/a.pdf"] == 0
