"""ingest.sources: websites and folders as lists of pages."""

from pathlib import Path

import pytest

from corpus.records import Audience, page_id
from corpus.sites import AudienceRule, Organisation, Site, Source
from ingest.errors import CrawlError, NotIndexed
from ingest.sources import Context, gather
from tests.ingest.conftest import FakeSite


def context(tmp_path: Path, url: str, source: Source, *, offline: bool = False, **more: object) -> Context:
    fields = {"name": "proef", "url": url, "organisation": Organisation(name="Proef"), "folder": tmp_path, **more}
    return Context(Site.model_validate(fields), source, tmp_path / "snapshots", offline)


def test_website_reads_its_saved_pages_offline(site: FakeSite, tmp_path: Path) -> None:
    site.page("/", "Start", "<p>Welkom.</p>")
    online = gather(context(tmp_path, site.url, Source()))
    asked = site.requests.total()
    offline = gather(context(tmp_path, site.url, Source(), offline=True))
    assert site.requests.total() == asked
    assert [item.read() for item in offline.items] == [item.read() for item in online.items]


def test_website_says_when_nothing_is_saved_yet(tmp_path: Path) -> None:
    with pytest.raises(CrawlError, match=r"geen opgeslagen kopie van http://127\.0\.0\.1:1/\. .*zonder --offline"):
        gather(context(tmp_path, "http://127.0.0.1:1/", Source(), offline=True))


def test_website_gives_ids_that_do_not_depend_on_the_port(site: FakeSite, tmp_path: Path) -> None:
    site.page("/", "Start", "<a href='/a/b'>B</a>")
    site.page("/a/b", "B", "<p>Tekst.</p>")
    found = gather(context(tmp_path, site.url, Source()))
    page = next(item.read() for item in found.items if item.url.endswith("/a/b"))
    assert page.id == page_id("https://www.proef.example/a/b", "https://www.proef.example/")


def test_website_marks_sections_for_staff_by_rule(site: FakeSite, tmp_path: Path) -> None:
    site.page("/", "Start", "<p>Open.</p><h2>Voor de balie</h2><p>Geheim.</p><a href='/intern/a'>x</a>")
    site.page("/intern/a", "A", "<p>Ook geheim.</p>")
    rules = (AudienceRule(heading="balie"), AudienceRule(url="/intern/*"))
    found = gather(context(tmp_path, site.url, Source(), audience_rules=rules))
    audiences = {item.url.removeprefix(site.url): [s.audience for s in item.read().sections] for item in found.items}
    assert audiences == {"": [Audience.RESIDENT, Audience.STAFF], "intern/a": [Audience.STAFF]}


def test_folder_reads_notes_and_documents_for_its_audience(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    (desk / "oud").mkdir(parents=True)
    (desk / "spoed.md").write_text("---\ntitle: Spoed\npage: /spoed\n---\nBel de drukker.\n", encoding="utf-8")
    (desk / "oud" / "b.html").write_text("<h1>B</h1><p>Tekst.</p>", encoding="utf-8")
    (desk / "foto.jpg").write_bytes(b"x")
    (desk / ".verborgen.md").write_text("nee", encoding="utf-8")
    (desk / "leeg.md").write_text("", encoding="utf-8")
    source = Source(kind="folder", path="desk", audience=Audience.STAFF)
    found = gather(context(tmp_path, "https://proef.example/", source))
    assert [item.url for item in found.items] == ["desk/leeg.md", "desk/oud/b.html", "desk/spoed.md"]
    assert found.skipped == {"desk/foto.jpg": "is een bestand van de soort .jpg; dat kan Vraagbaak niet lezen"}
    page = found.items[2].read()
    assert (page.title, page.source, page.sections[0].audience) == ("Spoed", "folder", Audience.STAFF)
    assert page.links[0].url == "https://proef.example/spoed"
    with pytest.raises(NotIndexed):
        found.items[0].read()


def test_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    source = Source(kind="folder", path="nergens")
    with pytest.raises(CrawlError, match=r"De map 'nergens' uit het sitebestand staat niet op .* Verbeter `path`"):
        gather(context(tmp_path, "https://proef.example/", source))
