"""ingest.build: two indexes from the same pages, by one process or two."""

from pathlib import Path

import numpy as np
import pytest

from corpus.index.generation import Generation, Paths, read_manifest
from corpus.index.store import Store
from corpus.language.encoder import load_encoder
from corpus.records import Audience, Block, Link, Page, Section
from ingest import build as building
from ingest.build import build, cut, for_residents, inputs, second_core
from ingest.errors import BuildError


def section(text: str, audience: Audience = Audience.RESIDENT) -> Section:
    return Section(heading_path=("Kop",), audience=audience, blocks=(Block(kind="paragraph", text=text),))


def page(name: str, *sections: Section, links: tuple[Link, ...] = ()) -> Page:
    return Page(id=name, url=f"https://a.example/{name}", title=name, sections=sections, links=links)


PAGES = [
    page("open", section("Voor iedereen.")),
    page("half", section("Ook voor iedereen."), section("Voor de balie.", Audience.STAFF)),
    page("dicht", section("Geheim.", Audience.STAFF)),
]


def test_for_residents_leaves_out_sections_for_staff_and_their_links() -> None:
    links = (Link(label="Balie", url="https://a.example/balie"), Link(label="iedereen", url="https://a.example/i"))
    mixed = page("half", section("Voor iedereen."), section("Naar de Balie.", Audience.STAFF), links=links)
    shown = for_residents(mixed)
    assert shown is not None
    assert [each.blocks[0].text for each in shown.sections] == ["Voor iedereen."]
    assert [link.label for link in shown.links] == ["iedereen"]
    assert for_residents(PAGES[2]) is None
    assert for_residents(PAGES[0]) is PAGES[0]


@pytest.mark.parametrize("least", [0, 10_000], ids=["two processes", "one process"])
def test_build_writes_both_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    monkeypatch.setattr(building, "WORTH_A_PROCESS", least)
    encoder, paths = load_encoder(), Paths(tmp_path)
    chunks = cut(PAGES, encoder)
    with second_core(len(chunks)) as pool:
        assert (pool is None) is (least > 0)
        build(paths, "g", "proef", PAGES, chunks, encoder.encode(inputs(PAGES, chunks)), encoder, pool)
    for audience, names, number in (
        (Audience.RESIDENT, ["open", "half"], 2),
        (Audience.STAFF, ["open", "half", "dicht"], 4),
    ):
        folder = paths.generation("g", audience)
        assert (read_manifest(folder).audience, read_manifest(folder).chunks) == (audience, number)
        store = Store(folder / "store.sqlite")
        assert store.page_ids == names
        store.close()


def test_build_gives_each_chunk_its_own_vector(tmp_path: Path) -> None:
    encoder, paths = load_encoder(), Paths(tmp_path)
    chunks = cut(PAGES, encoder)
    build(paths, "g", "proef", PAGES, chunks, encoder.encode(inputs(PAGES, chunks)), encoder)
    folder = paths.generation("g", Audience.RESIDENT)
    public = [shown for each in PAGES if (shown := for_residents(each))]
    expected = encoder.encode(inputs(public, cut(public, encoder)))
    assert np.allclose(np.load(folder / "vectors.npy"), expected)


def test_build_refuses_to_leave_residents_with_nothing(tmp_path: Path) -> None:
    encoder = load_encoder()
    chunks = cut(PAGES[2:], encoder)
    vectors = encoder.encode(inputs(PAGES[2:], chunks))
    with pytest.raises(BuildError, match="Er is niets voor inwoners"):
        build(Paths(tmp_path), "g", "proef", PAGES[2:], chunks, vectors, encoder)


@pytest.mark.parametrize("least", [0, 10_000], ids=["two processes", "one process"])
def test_build_makes_one_index_where_staff_see_nothing_more_and_shares_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(building, "WORTH_A_PROCESS", least)
    encoder, paths = load_encoder(), Paths(tmp_path)
    pages = [page("open", section("Voor iedereen.")), page("ook", section("Een paspoort kost geld."))]
    chunks = cut(pages, encoder)
    with second_core(len(chunks)) as pool:
        build(paths, "g", "proef", pages, chunks, encoder.encode(inputs(pages, chunks)), encoder, pool)
    files = []
    for audience in (Audience.RESIDENT, Audience.STAFF):
        opened = Generation(paths.generation("g", audience), encoder)
        assert (opened.manifest.audience, opened.manifest.pages) == (audience, 2)
        assert (opened.check_digests(), opened.nearest.problem) == ([], "")
        assert opened.nearest.nearest(encoder.encode(["wat kost een paspoort"])[0], 1).tolist() == [1]
        opened.close()
        files.append({path.stat().st_ino for path in paths.generation("g", audience).rglob("*") if path.is_file()})
    assert files[0] & files[1] == set()
