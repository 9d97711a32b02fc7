"""ingest.sync: the whole path, with the real encoder, real Chroma and real child processes."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import GenerationError
from corpus.index.generation import Paths, build_lock, list_generations, open_generation, publish, read_current
from corpus.language.encoder import load_encoder
from corpus.records import Audience
from corpus.sites import Site, load_site
from corpus.state import State
from ingest.errors import CrawlError, HeldBack, VerifyError
from ingest.report import SyncReport, show_report
from ingest.sync import sync
from tests.ingest.conftest import FakeSite, serve_site

TOPICS = (
    "paspoort rijbewijs verhuizen trouwen grofvuil parkeren bijstand geboorte kapvergunning hondenbelasting".split()
)
CANARY = "kanariegeel"


def fill(site: FakeSite) -> None:
    site.page("/", "Gemeente Proef", "<p>Welkom bij de gemeente.</p>")
    for topic in TOPICS:
        site.page(
            f"/{topic}",
            f"{topic.capitalize()} regelen",
            f"<p>Hier leest u alles over {topic}.</p><h2>Kosten</h2><p>Voor {topic} betaalt u € 12,50.</p>"
            f"<h2>Meenemen</h2><p>Neem mee:</p><ul><li>een legitimatiebewijs</li><li>een brief over {topic}</li></ul>",
        )
    site.sitemap(*(f"/{topic}" for topic in TOPICS))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeSite, Path, SyncReport]]:
    """A site that is synced once for all tests of this file; each test works on a copy of what is on disk."""
    folder = tmp_path_factory.mktemp("first")
    with serve_site() as made:
        fill(made)
        (folder / "desk").mkdir()
        (folder / "desk" / "spoed.md").write_text(f"---\ntitle: Spoed aan de balie\n---\nDe code is {CANARY}.\n")
        text = (
            f'name = "proef"\nurl = "{made.url}"\n[organisation]\nname = "Gemeente Proef"\n'
            '[[sources]]\nkind = "website"\n[[sources]]\nkind = "folder"\npath = "desk"\naudience = "staff"\n'
        )
        (folder / "proef.toml").write_text(text)
        before = os.environ.get("VRAAGBAAK_HOME")
        os.environ["VRAAGBAAK_HOME"] = str(folder / "var")
        report = sync(load_site(str(folder / "proef.toml")), str(folder / "proef.toml"))
        if before is None:
            del os.environ["VRAAGBAAK_HOME"]
        else:
            os.environ["VRAAGBAAK_HOME"] = before
        yield made, folder, report


@pytest.fixture
def published(
    first: tuple[FakeSite, Path, SyncReport], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[FakeSite, Site, str]]:
    """The synced site, its site file and its name for --site, in a folder of the test's own."""
    site, folder, _ = first
    shutil.copytree(folder, tmp_path / "copy")
    monkeypatch.setenv("VRAAGBAAK_HOME", str(tmp_path / "copy" / "var"))
    name = str(tmp_path / "copy" / "proef.toml")
    pages = dict(site.pages)
    yield site, load_site(name), name
    site.pages = pages


def current(site: Site) -> str | None:
    return read_current(Paths(site.home))


def titles(site: Site, audience: Audience = Audience.RESIDENT) -> set[str]:
    generation = open_generation(Paths(site.home), audience, load_encoder())
    try:
        return {page.title for page in generation.store.pages()}
    finally:
        generation.close()


def test_sync_publishes_what_it_found_and_reports_it(first: tuple[FakeSite, Path, SyncReport]) -> None:
    _, _, report = first
    assert report.outcome == "published"
    assert len(report.new) == 12
    assert report.chunks == report.embedded > 30
    assert {"crawl", "extract", "chunk", "embed", "build", "verify", "gate"} <= set(report.timings)
    assert re.search(r"pagina's +12: 12 nieuw, 0 veranderd, 0 hetzelfde, 0 verwijderd", show_report(report))


def test_sync_warns_that_nobody_is_named_to_turn_to(first: tuple[FakeSite, Path, SyncReport]) -> None:
    site, _, report = first
    assert report.warnings == (
        f"In het sitebestand staat geen telefoonnummer bij [contact]; inwoners gaan naar {site.url}.",
    )


def test_sync_keeps_what_is_for_staff_out_of_every_file_for_residents(published: tuple[FakeSite, Site, str]) -> None:
    _, site, _ = published
    paths, generation = Paths(site.home), current(site)
    assert generation is not None
    public = paths.generation(generation, Audience.RESIDENT)
    assert not [path for path in public.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert "Spoed aan de balie" in titles(site, Audience.STAFF) - titles(site)


def test_sync_leaves_an_unchanged_site_alone(published: tuple[FakeSite, Site, str]) -> None:
    _, site, name = published
    before = current(site)
    report = sync(site, name)
    assert (report.outcome, report.generation, len(report.unchanged)) == ("unchanged", before, 12)
    assert current(site) == before


def test_sync_embeds_only_what_changed(published: tuple[FakeSite, Site, str], stand_ins: Path) -> None:
    web, site, name = published
    web.page("/paspoort", "Paspoort regelen", "<p>Hier leest u alles over paspoort.</p><h2>Kosten</h2><p>Nu € 99.</p>")
    report = sync(site, name)
    assert report.changed == (f"{web.url}paspoort",)
    assert report.embedded == 1
    assert current(site) == report.generation


def test_sync_takes_over_a_new_date_of_an_unchanged_page(
    published: tuple[FakeSite, Site, str], stand_ins: Path
) -> None:
    web, site, name = published
    web.sitemap(*(f"/{topic}" for topic in TOPICS), lastmod="2026-05-06")
    report = sync(site, name)
    assert (report.outcome, len(report.unchanged), report.embedded) == ("published", 12, 0)


def test_sync_says_what_a_dry_run_would_do_and_builds_nothing(published: tuple[FakeSite, Site, str]) -> None:
    web, site, name = published
    before = current(site)
    web.page("/nieuw", "Nieuw", "<p>Iets nieuws.</p>")
    web.page("/", "Gemeente Proef", "<p>Welkom bij de gemeente.</p><a href='/nieuw'>Nieuw</a>")
    report = sync(site, name, dry_run=True)
    assert (report.outcome, report.new) == ("dry run", (f"{web.url}nieuw",))
    assert list_generations(Paths(site.home)) == [before]


def test_sync_reads_the_saved_pages_again_offline(published: tuple[FakeSite, Site, str]) -> None:
    web, site, name = published
    asked = web.requests.total()
    assert sync(site, name, offline=True).outcome == "unchanged"
    assert web.requests.total() == asked


def test_sync_holds_a_large_drop_back_until_somebody_says_yes(
    published: tuple[FakeSite, Site, str], stand_ins: Path
) -> None:
    web, site, name = published
    before = current(site)
    for topic in TOPICS[:6]:
        web.put(f"/{topic}", status=404)
    with pytest.raises(
        HeldBack, match=r"Van de 12 pagina's verdwijnen er 6, zoals http.*HTTP 404.* ingest sync --site .* --yes"
    ):
        sync(site, name)
    assert current(site) == before
    report = sync(site, name, yes=True)
    assert len(report.removed) == 6
    assert current(site) == report.generation != before


def test_sync_takes_a_small_drop_for_granted(published: tuple[FakeSite, Site, str], stand_ins: Path) -> None:
    web, site, name = published
    web.put("/paspoort", status=404)
    assert list(sync(site, name).removed) == [f"{web.url}paspoort"]
    assert "Paspoort regelen" not in titles(site)


def test_sync_leaves_out_what_a_person_excluded(published: tuple[FakeSite, Site, str], stand_ins: Path) -> None:
    web, site, name = published
    State(site.home / "state.db").exclude("/paspoort", "klopt niet")
    report = sync(site, name)
    assert report.removed == {f"{web.url}paspoort": "door u uitgesloten (klopt niet)"}


def test_sync_keeps_pages_whose_server_fails(published: tuple[FakeSite, Site, str]) -> None:
    web, site, name = published
    web.put("/paspoort", status=500)
    report = sync(site, name)
    assert report.kept == {f"{web.url}paspoort": "geeft foutcode HTTP 500"}
    assert report.outcome == "unchanged"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("all fail", "geeft foutcode HTTP 500"),
        ("robots", "Vraagbaak mag .* niet lezen"),
        ("empty", "heeft geen pagina voor inwoners .*heeft geen tekst"),
        ("scripted", "is leeg zonder JavaScript"),
        ("loop", "stuurt door in een kring"),
    ],
)
def test_sync_leaves_the_published_generation_when_the_site_is_broken(
    published: tuple[FakeSite, Site, str], fault: str, message: str
) -> None:
    web, site, name = published
    before = current(site)
    web.sitemap()
    if fault == "all fail":
        for path in list(web.pages):
            web.put(path, status=500)
    elif fault == "robots":
        web.robots("User-agent: *\nDisallow: /")
    elif fault == "empty":
        web.put("/", "<html><body></body></html>")
    elif fault == "scripted":
        web.put("/", "<html><body><div id='root'></div></body></html>")
    else:
        web.forward("/", "/")
    with pytest.raises(CrawlError, match=message):
        sync(site, name, yes=True)
    assert current(site) == before
    assert "Paspoort regelen" in titles(site)


def test_sync_does_not_publish_an_index_that_does_not_open(
    published: tuple[FakeSite, Site, str], stand_ins: Path
) -> None:
    web, site, name = published
    before = current(site)
    web.page("/paspoort", "Paspoort", "<p>Nieuw.</p>")
    (stand_ins / "chatbot" / "cli.py").write_text(
        "import sys\ndef main():\n    sys.exit('chatbot: the index is damaged')\n"
    )
    with pytest.raises(VerifyError, match=r"De nieuwe index gaat niet open \(chatbot: the index is damaged\)"):
        sync(site, name)
    assert current(site) == before


@pytest.mark.parametrize(
    ("hits", "message"),
    [("[]", "hij vindt niets bij"), ("[{'page_id': 'x'}]", "hij noemt een pagina die er niet in staat")],
)
def test_sync_does_not_publish_an_index_that_finds_the_wrong_pages(
    published: tuple[FakeSite, Site, str], stand_ins: Path, hits: str, message: str
) -> None:
    web, site, name = published
    web.page("/paspoort", "Paspoort", "<p>Nieuw.</p>")
    chatbot = stand_ins / "chatbot" / "cli.py"
    chatbot.write_text(chatbot.read_text().replace("[{'page_id': item['id']}]", hits))
    with pytest.raises(VerifyError, match=message):
        sync(site, name)


def test_sync_holds_back_what_the_gate_holds_back(published: tuple[FakeSite, Site, str], stand_ins: Path) -> None:
    web, site, name = published
    before = current(site)
    web.page("/paspoort", "Paspoort", "<p>Nieuw.</p>")
    gate = 'import sys\ndef main():\n    print(\'{"failures": ["R@1 .50 < .80"]}\')\n    sys.exit(1)\n'
    (stand_ins / "evals" / "cli.py").write_text(gate)
    with pytest.raises(HeldBack, match=r"De kwaliteitspoort houdt generatie \S+ tegen: R@1 \.50 < \.80"):
        sync(site, name, yes=True)
    assert current(site) == before


def test_sync_replaces_an_index_of_another_encoder(published: tuple[FakeSite, Site, str], stand_ins: Path) -> None:
    _, site, name = published
    paths, before = Paths(site.home), current(site)
    assert before is not None
    for audience in Audience:
        manifest = paths.generation(before, audience) / "manifest.json"
        data = json.loads(manifest.read_text()) | {"encoder_digest": "0" * 64}
        manifest.write_text(json.dumps(data))
    with pytest.raises(GenerationError, match=r"gemaakt met encoder .* ingest sync"):
        titles(site)
    assert sync(site, name).outcome == "published"
    assert "Paspoort regelen" in titles(site)


def test_sync_builds_anew_when_the_published_generation_is_damaged(
    published: tuple[FakeSite, Site, str], stand_ins: Path
) -> None:
    _, site, name = published
    before = current(site)
    assert before is not None
    (Paths(site.home).generation(before, Audience.STAFF) / "store.sqlite").write_bytes(b"stuk")
    report = sync(site, name)
    assert "is niet te lezen en wordt nieuw gemaakt" in report.warnings[0]
    assert "Paspoort regelen" in titles(site)


def test_sync_keeps_five_generations(published: tuple[FakeSite, Site, str], stand_ins: Path) -> None:
    web, site, name = published
    for n in range(6):
        web.page("/paspoort", "Paspoort", f"<p>Versie {n}.</p>")
        sync(site, name)
    assert len(list_generations(Paths(site.home))) == 5


def test_sync_refuses_to_run_beside_another(published: tuple[FakeSite, Site, str]) -> None:
    _, site, name = published
    with build_lock(Paths(site.home)), pytest.raises(GenerationError, match="proef wordt al bijgewerkt"):
        sync(site, name)


def test_publish_refuses_half_a_generation(published: tuple[FakeSite, Site, str]) -> None:
    _, site, _ = published
    with pytest.raises(GenerationError, match="bestaat niet of is niet af"):
        publish(Paths(site.home), "20260101T000000-abcdef")
