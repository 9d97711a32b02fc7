"""ingest.feed: what register, catalogues and product APIs have in common when they misbehave."""

from pathlib import Path

import pytest

from corpus.records import Audience
from ingest.errors import CrawlError
from ingest.sources import gather
from tests.ingest.conftest import FakeSite
from tests.ingest.feeds import EMPTY, KINDS, Kind, context, read

BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of source in turn."""
    chosen: Kind = request.param
    return chosen


def break_it(kind: Kind, web: FakeSite, fault: str) -> str:
    """Let the source misbehave; return what the report should say."""
    language = "JSON" if kind.content_type == "application/json" else "XML"
    if fault == "500":
        web.put(kind.first, status=500)
        return "geeft foutcode HTTP 500"
    if fault == "gone":
        web.put(kind.first, status=404)
        return "geeft foutcode HTTP 404"
    if fault == "broken":
        kind.serve(web, kind.answer[: len(kind.answer) // 2])
        return f"is kapotte {language} ("
    if fault == "login page":
        web.put(kind.first, "<html><body><p>Log in.</p></body></html>", kind="text/html")
        return "is kapotte JSON (" if language == "JSON" else "<html>"
    if fault == "bomb":
        kind.serve(web, BOMB if language == "XML" else "[" * 100_000)
        return "is XML met eigen entiteiten; dat is niet veilig" if language == "XML" else "is kapotte JSON ("
    if fault == "elsewhere":
        web.forward(kind.first, "http://127.0.0.1:1/feed")
        return "staat op 127.0.0.1:1; die server hoort niet bij deze bron"
    kind.serve(web, EMPTY[kind.name])
    return "bevat geen enkel"


FAULTS = ("500", "gone", "broken", "login page", "bomb", "elsewhere", "empty")


@pytest.mark.parametrize("fault", FAULTS)
def test_feed_keeps_the_last_good_copy_and_says_why(kind: Kind, fault: str, site: FakeSite, tmp_path: Path) -> None:
    kind.serve(site)
    before = read(gather(context(site, kind.source(site), tmp_path)))
    said = break_it(kind, site, fault)
    again = gather(context(site, kind.source(site), tmp_path))
    assert len(before) == 2
    assert read(again) == before
    assert list(again.kept) == [site.url.rstrip("/") + kind.first]
    assert said in again.kept[site.url.rstrip("/") + kind.first]
    # And again: a copy that was kept once is still there.
    assert read(gather(context(site, kind.source(site), tmp_path))) == before


@pytest.mark.parametrize("fault", FAULTS)
def test_feed_that_never_answered_is_one_clear_line(kind: Kind, fault: str, site: FakeSite, tmp_path: Path) -> None:
    said = break_it(kind, site, fault)
    found = gather(context(site, kind.source(site), tmp_path))
    assert found.items == []
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith(f"De bron {site.url.rstrip('/')}{kind.first} is niet gelezen: ")
    assert said in found.warnings[0]
    assert "\n" not in found.warnings[0]


def test_feed_that_is_too_slow_keeps_its_copy(site: FakeSite, tmp_path: Path) -> None:
    kind = KINDS[1]
    kind.serve(site)
    before = read(gather(context(site, kind.source(site), tmp_path)))
    site.put(kind.first, "<late/>", kind=kind.content_type, wait=1)
    again = gather(context(site, kind.source(site, timeout_seconds=0.2), tmp_path))
    assert read(again) == before
    assert next(iter(again.kept.values())).startswith(("gaf binnen 0.2 s geen antwoord", "was na 0.2 s nog niet klaar"))


def test_feed_costs_no_transfer_if_it_has_not_changed(kind: Kind, site: FakeSite, tmp_path: Path) -> None:
    kind.serve(site, ETag='"1"')
    before = read(gather(context(site, kind.source(site), tmp_path)))
    again = gather(context(site, kind.source(site), tmp_path))
    assert (site.requests[kind.first], site.statuses[304]) == (2, 1)
    assert (read(again), again.kept, again.warnings) == (before, {}, [])


def test_feed_is_read_from_its_copy_offline(kind: Kind, site: FakeSite, tmp_path: Path) -> None:
    kind.serve(site)
    before = read(gather(context(site, kind.source(site), tmp_path)))
    asked = site.requests.total()
    again = gather(context(site, kind.source(site), tmp_path, offline=True))
    assert (read(again), again.kept, again.warnings) == (before, {}, [])
    assert site.requests.total() == asked


def test_feed_without_a_copy_says_so_offline(kind: Kind, site: FakeSite, tmp_path: Path) -> None:
    found = gather(context(site, kind.source(site), tmp_path, offline=True))
    assert found.items == []
    assert "heeft nog geen opgeslagen kopie; werk de site eerst bij zonder --offline" in found.warnings[0]
    assert site.requests.total() == 0


def test_feed_loses_what_the_source_no_longer_has(kind: Kind, site: FakeSite, tmp_path: Path) -> None:
    kind.serve(site)
    gather(context(site, kind.source(site), tmp_path))
    fewer = {
        "cvdr": kind.answer.replace("CVDR2_1", "zonder nummer"),
        "sc": kind.answer.replace("Rijbewijs", ""),
        "openpdc": kind.answer.replace('"Rijbewijs"', '""'),
        "sdg": kind.answer.replace('"2026-09-14"', "null", 1),
    }
    kind.serve(site, fewer[kind.name])
    found = gather(context(site, kind.source(site), tmp_path))
    assert (len(found.items), len(found.skipped), found.kept) == (1, 1, {})


def test_feed_takes_include_exclude_and_audience_of_its_source(kind: Kind, site: FakeSite, tmp_path: Path) -> None:
    kind.serve(site)
    everything = gather(context(site, kind.source(site), tmp_path))
    last = everything.items[-1].url
    found = gather(context(site, kind.source(site, exclude=(last,), audience="staff"), tmp_path))
    assert [each.url for each in found.items] == [each.url for each in everything.items[:-1]]
    assert {section.audience for page in read(found) for section in page.sections} <= {Audience.STAFF}


def test_feed_stops_at_max_pages_and_says_so(site: FakeSite, tmp_path: Path) -> None:
    kind = KINDS[0]
    kind.serve(site)
    found = gather(context(site, kind.source(site, max_pages=2), tmp_path))
    assert len(found.items) == 1
    assert found.warnings == [f"Vraagbaak stopte bij {site.url.rstrip('/')}{kind.first}: max_pages = 2 is bereikt."]


@pytest.mark.parametrize("name", ["sc", "openpdc", "sdg"])
def test_feed_needs_an_address(name: str, site: FakeSite, tmp_path: Path) -> None:
    kind = next(each for each in KINDS if each.name == name)
    source = kind.source(site).model_copy(update={"url": ""})
    with pytest.raises(CrawlError, match=rf"De bron '{name}' heeft een adres nodig.* Vul `url` in"):
        gather(context(site, source, tmp_path))


@pytest.mark.parametrize("name", ["cvdr", "sc"])
def test_search_needs_the_name_of_the_municipality(name: str, site: FakeSite, tmp_path: Path) -> None:
    kind = next(each for each in KINDS if each.name == name)
    source = kind.source(site).model_copy(update={"url": site.url + "sru/Search"})
    with pytest.raises(CrawlError, match=rf"De bron '{name}' zoekt op de naam van de gemeente. Vul `owms` in"):
        gather(context(site, source, tmp_path, organisation={"name": "Proef"}))
