"""ingest.cli: commands, exit status, one-line errors."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.index.generation import Paths, new_generation_id, publish
from corpus.language.encoder import load_encoder
from corpus.records import Audience, Block, Facet, Link, Page, Section
from corpus.sites import load_site
from ingest.build import build, cut, inputs
from ingest.page import digest_of
from ingest.report import SyncReport, write_report

COMMAND = [sys.executable, "-P", "-c", "from ingest.cli import main; main()"]


def run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"VRAAGBAAK_HOME": str(folder / "var"), **environment}
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, cwd=folder, env=env, check=False)


def page(name: str, *lines: str, title: str = "", **more: object) -> Page:
    section = Section(
        heading_path=("Kosten",), facet=Facet.COST, blocks=tuple(Block(kind="paragraph", text=t) for t in lines)
    )
    made = Page.model_validate(
        {"id": name, "url": f"http://127.0.0.1:9/{name}", "title": title or name, "sections": (section,), **more}
    )
    return made.model_copy(update={"digest": digest_of(made, "http://127.0.0.1:9/")})


def generation(folder: Path, *pages: Page, second: int = 0) -> str:
    """Build and publish a generation of some pages, without a crawl."""
    paths, encoder = Paths(folder / "var" / "proef"), load_encoder()
    name = new_generation_id(datetime(2026, 11, 23, 12, 0, second, tzinfo=UTC))
    chunks = cut(pages, encoder)
    build(paths, name, "proef", pages, chunks, encoder.encode(inputs(pages, chunks)), encoder)
    publish(paths, name)
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a site file whose website does not answer."""
    text = 'name = "proef"\nurl = "http://127.0.0.1:9/"\ntoday = 2026-11-23\n[organisation]\nname = "Proef"\n'
    (tmp_path / "proef.toml").write_text(text)
    return tmp_path


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", folder=tmp_path)
    assert done.returncode == 0
    commands = "init sync status generations rollback diff lint exclude pause purge".split()
    assert not [command for command in commands if command not in done.stdout]


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['ingest', '--help']\nfrom ingest.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'chromadb', 'torch', 'numpy', 'bs4', 'lxml', 'httpx', 'trafilatura', 'pypdf', 'tokenizers'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stderr.strip().endswith("[]")


def test_init_writes_a_site_file_that_works_as_it_is(tmp_path: Path) -> None:
    done = run("init", "proefdorp", "https://www.proefdorp.example/", folder=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (
        0,
        "proefdorp.toml is gemaakt. Lees nu de website met: ingest sync --site proefdorp",
    )
    site = load_site(str(tmp_path / "proefdorp.toml"))
    assert (site.url, site.organisation.name) == ("https://www.proefdorp.example/", "Gemeente Proefdorp")
    keys = re.compile(r"^# (?=[\w\"]+ = |\[)", re.M)
    uncommented = keys.sub("", (tmp_path / "proefdorp.toml").read_text())
    (tmp_path / "alles.toml").write_text(uncommented)
    assert load_site(str(tmp_path / "alles.toml")).sources[1].audience is Audience.STAFF


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["init", "Proef Dorp", "https://a.example"], 1, "'Proef Dorp' kan geen naam zijn"),
        (["init", "dorp", "www.a.example"], 1, "'www.a.example' is geen webadres"),
        (["init", "proef", "https://a.example"], 1, "proef.toml bestaat al"),
        (["sync"], 2, "Geef ook --site. Uitleg: ingest sync --help"),
        (["sync", "--site", "nergens"], 1, "Er is geen sitebestand voor 'nergens'"),
        (["sync", "--site", "proef"], 1, "http://127.0.0.1:9/robots.txt is niet bereikbaar (er komt geen verbinding)"),
        (["sync", "--site", "proef", "--offline"], 1, "Er is nog geen opgeslagen kopie van http://127.0.0.1:9/"),
        (["rollback", "--site", "proef"], 1, "Er is geen generatie vóór de eerste"),
        (["diff", "--site", "proef"], 1, "Er zijn nog geen twee generaties om te vergelijken"),
        (["lint", "--site", "proef"], 1, "Voor proef is nog niets gepubliceerd"),
        (["exclude", "/a", "--undo", "--site", "proef"], 1, "'/a' is niet uitgesloten"),
        (["pause", "--end", "3", "--site", "proef"], 1, "Pauze 3 bestaat niet"),
    ],
)
def test_a_mistake_is_one_line_with_the_cure(folder: Path, arguments: list[str], status: int, message: str) -> None:
    done = run(*arguments, folder=folder)
    assert done.returncode == status
    assert message in done.stderr.replace("\n", " ").replace("│", "")
    if status == 1:
        assert done.stderr.startswith("ingest: ")
        assert done.stderr.count("\n") == 1


def test_bad_toml_is_named_by_file_and_line(folder: Path) -> None:
    (folder / "proef.toml").write_text("name = \n")
    done = run("sync", "--site", "proef", folder=folder)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "proef.toml heeft een fout in regel 1" in done.stderr


def test_generations_rollback_and_diff(folder: Path) -> None:
    old = generation(folder, page("a", "Het kost € 10.", "Zelfde."), page("b", "Weg."), second=1)
    new = generation(folder, page("a", "Het kost € 12.", "Zelfde."), page("c", "Nieuw."), second=2)
    listed = json.loads(run("generations", "--site", "proef", "--json", folder=folder).stdout)
    assert [(line["id"], line["pages"], line["current"]) for line in listed] == [(old, 2, False), (new, 2, True)]
    found = json.loads(run("diff", "--site", "proef", "--text", "--json", folder=folder).stdout)
    assert (found["added"], found["changed"], found["removed"]) == (
        ["http://127.0.0.1:9/c"], ["http://127.0.0.1:9/a"], ["http://127.0.0.1:9/b"],
    )  # fmt: skip
    assert "-Het kost € 10.\n+Het kost € 12." in found["text"]["http://127.0.0.1:9/a"]
    assert json.loads(run("rollback", "--site", "proef", "--json", folder=folder).stdout) == {"generation": old}
    assert f"* {old}" in run("generations", "--site", "proef", folder=folder).stdout
    assert run("rollback", new, "--site", "proef", folder=folder).returncode == 0
    assert run("rollback", "20200101T000000-abcdef", "--site", "proef", folder=folder).returncode == 1


def test_status_shows_what_is_published_and_in_force(folder: Path) -> None:
    name = generation(folder, page("a", "Tekst."))
    assert run("exclude", "/oud/*", "--reason", "verouderd", "--site", "proef", folder=folder).returncode == 0
    assert run("pause", "hondenbelasting", "--reason", "tarief fout", "--site", "proef", folder=folder).returncode == 0
    shown = run("status", "--site", "proef", folder=folder).stdout
    assert f"generatie {name} is gepubliceerd" in shown
    assert "/oud/* (verouderd" in shown
    assert "1: hondenbelasting (tarief fout" in shown
    assert run("pause", "--end", "1", "--site", "proef", folder=folder).returncode == 0
    assert run("exclude", "/oud/*", "--undo", "--site", "proef", folder=folder).returncode == 0
    found = json.loads(run("status", "--site", "proef", "--json", folder=folder).stdout)
    assert (found["pauses"], found["exclusions"], found["current"]["id"]) == ([], [], name)


def test_purge_proves_what_it_deleted(folder: Path) -> None:
    from corpus.state import State

    State(folder / "var" / "proef" / "state.db").add_question("hoe duur is een [naam]", "answered", ("a",))
    assert json.loads(run("purge", "--site", "proef", "--json", folder=folder).stdout)["questions"] == 0
    gone = json.loads(run("purge", "--days", "0", "--site", "proef", "--json", folder=folder).stdout)
    assert gone["questions"] == 1
    assert "vragen 1" in gone["proof"]


def test_lint_points_at_what_an_editor_should_look_at(folder: Path) -> None:
    enough = "Dit is een gewone zin van de gemeente over dit onderwerp, lang genoeg om iets te zeggen."
    generation(
        folder,
        page("oud", enough, modified="2023-01-01"),
        page("tarieven", enough, title="Tarieven 2025"),
        page("voorbij", enough, "Meld u aan voor 1 september 2026.", valid_until="2026-10-01"),
        page("dun", "Kort."),
        page("dubbel", enough, title="Tarieven 2025"),
        page("link", enough, links=(Link(label="Weg", url="http://127.0.0.1:9/weg"),)),
    )
    report = SyncReport(
        site="proef", outcome="published", skipped={"http://127.0.0.1:9/weg": "geeft foutcode HTTP 404"}
    )
    write_report(report, folder / "var" / "proef")
    found = json.loads(run("lint", "--site", "proef", "--json", folder=folder).stdout)
    assert {(finding["check"], finding["url"].rpartition("/")[2]) for finding in found} == {
        ("stale", "oud"), ("other year", "tarieven"), ("other year", "dubbel"), ("expired", "voorbij"),
        ("past date", "voorbij"), ("thin", "dun"), ("same title", "dubbel"), ("dead link", "link"),
    }  # fmt: skip


def test_a_held_back_sync_ends_with_status_three(folder: Path) -> None:
    """Six of six pages would go: the folder that held them is nearly empty now."""
    (folder / "proef.toml").write_text(
        'name = "proef"\nurl = "http://127.0.0.1:9/"\n[organisation]\nname = "P"\n'
        '[[sources]]\nkind = "folder"\npath = "stukken"\n'
    )
    (folder / "stukken").mkdir()
    (folder / "stukken" / "z.md").write_text("# Z\n\nTekst.")
    generation(folder, *(page(f"p{n}", f"Tekst {n}.") for n in range(6)))
    done = run("sync", "--site", "proef", folder=folder)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "Van de 6 pagina's verdwijnen er 6" in done.stderr
