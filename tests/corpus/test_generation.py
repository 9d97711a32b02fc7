"""corpus.index: writing, publishing and opening generations."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import GenerationError, NothingPublished
from corpus.index.generation import (
    Generation,
    Paths,
    build_lock,
    keep_last,
    list_generations,
    new_generation_id,
    open_generation,
    publish,
    read_current,
    remove_unfinished,
    write_generation,
)
from corpus.language.encoder import StaticEncoder, load_encoder
from corpus.records import Audience, Chunk, Page

TEXTS = (
    "Een paspoort vraagt u aan bij de gemeente.",
    "Grofvuil laat u thuis ophalen.",
    "Uw hond loopt los in het park.",
)


class OtherEncoder(StaticEncoder):
    """The shipped encoder under another name."""

    id = "ander-model"  # type: ignore[assignment]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "proef")


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    loaded = load_encoder()
    assert isinstance(loaded, StaticEncoder)
    return loaded


def build(paths: Paths, encoder: StaticEncoder, texts: tuple[str, ...] = TEXTS) -> str:
    pages = [Page(id=f"p{n}", url=f"http://proef.example/{n}", title=f"Pagina {n}") for n in range(len(texts))]
    chunks = [Chunk(id=f"c{n}", page_id=f"p{n}", position=0, text=text, tokens=9) for n, text in enumerate(texts)]
    generation_id = new_generation_id()
    for audience in Audience:
        write_generation(
            paths.generation(generation_id, audience),
            site="proef",
            audience=audience,
            pages=pages,
            chunks=chunks,
            vectors=encoder.encode(texts),
            encoder=encoder,
        )
    return generation_id


def test_a_generation_gives_back_what_was_written(paths: Paths, encoder: StaticEncoder) -> None:
    publish(paths, build(paths, encoder))
    generation = open_generation(paths, Audience.RESIDENT, encoder)
    assert [chunk.text for chunk in generation.store.chunks(range(3))] == list(TEXTS)
    assert generation.store.page("p1") == Page(id="p1", url="http://proef.example/1", title="Pagina 1")
    assert generation.check_digests() == []
    assert generation.lexical.scores({"paspoort": 1.0}).argmax() == 0


def test_the_vector_index_agrees_with_the_exact_copy(paths: Paths, encoder: StaticEncoder) -> None:
    publish(paths, build(paths, encoder))
    generation = open_generation(paths, Audience.RESIDENT, encoder)
    vector = encoder.encode(["hond in het park"])[0]
    assert generation.nearest.problem == ""
    assert generation.nearest.nearest(vector, 3).tolist() == np.argsort(-(generation.vectors @ vector)).tolist()


def test_a_broken_chroma_is_answered_exactly_and_said(paths: Paths, encoder: StaticEncoder) -> None:
    generation_id = build(paths, encoder)
    publish(paths, generation_id)
    chroma = paths.generation(generation_id, Audience.RESIDENT) / "chroma"
    shutil.rmtree(chroma)
    chroma.write_text("kapot", encoding="utf-8")
    generation = open_generation(paths, Audience.RESIDENT, encoder)
    assert "ingest sync" in generation.nearest.problem
    assert generation.nearest.nearest(encoder.encode(["hond in het park"])[0], 1).tolist() == [2]


def test_an_index_of_another_encoder_is_refused_with_the_cure(paths: Paths, encoder: StaticEncoder) -> None:
    publish(paths, build(paths, encoder))
    from corpus.language.encoder import MODEL_FOLDER

    with pytest.raises(GenerationError, match=r"gemaakt met encoder vraagbaak-static.*vraagt ander-model.*ingest sync"):
        open_generation(paths, Audience.RESIDENT, OtherEncoder(MODEL_FOLDER, "ander-model"))


def test_nothing_published_says_what_to_run(paths: Paths, encoder: StaticEncoder) -> None:
    with pytest.raises(NothingPublished, match="ingest sync --site proef"):
        open_generation(paths, Audience.RESIDENT, encoder)


def test_a_half_built_generation_is_not_listed_nor_published_and_goes(paths: Paths, encoder: StaticEncoder) -> None:
    whole, half = build(paths, encoder), build(paths, encoder)
    (paths.generation(half, Audience.STAFF) / "manifest.json").unlink()
    assert list_generations(paths) == [whole]
    with pytest.raises(GenerationError, match="is niet af"):
        publish(paths, half)
    assert remove_unfinished(paths) == [half]


def test_a_damaged_file_is_named(paths: Paths, encoder: StaticEncoder) -> None:
    generation_id = build(paths, encoder)
    folder = paths.generation(generation_id, Audience.RESIDENT)
    (folder / "titles.npz").write_bytes((folder / "subwords.npz").read_bytes())
    assert Generation(folder, encoder).check_digests() == ["titles.npz"]


def test_a_damaged_manifest_names_the_cure(paths: Paths, encoder: StaticEncoder) -> None:
    generation_id = build(paths, encoder)
    manifest = paths.generation(generation_id, Audience.RESIDENT) / "manifest.json"
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(GenerationError, match=r"manifest\.json is beschadigd\..*ingest sync"):
        Generation(manifest.parent, encoder)


def test_keep_last_never_removes_the_published_one(paths: Paths, encoder: StaticEncoder) -> None:
    first, _, last = (build(paths, encoder, TEXTS[:1]) for _ in range(3))
    publish(paths, first)
    keep_last(paths, 1)
    assert set(list_generations(paths)) == {first, last}
    assert read_current(paths) == first


def test_an_empty_generation_opens_and_finds_nothing(paths: Paths, encoder: StaticEncoder) -> None:
    folder = paths.generation(new_generation_id(), Audience.RESIDENT)
    nothing = np.zeros((0, encoder.dimension), np.float32)
    write_generation(
        folder, site="proef", audience=Audience.RESIDENT, pages=[], chunks=[], vectors=nothing, encoder=encoder
    )
    generation = Generation(folder, encoder)
    assert generation.nearest.nearest(encoder.encode(["hond"])[0], 5).tolist() == []


HOLD_LOCK = """
import sys, time
from pathlib import Path
from corpus.index.generation import Paths, build_lock
with build_lock(Paths(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_build_lock_refuses_a_second_sync_and_a_kill_frees_it(paths: Paths) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK, str(paths.home)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(GenerationError, match="proef wordt al bijgewerkt"), build_lock(paths):
            pass
        holder.kill()
    with build_lock(paths):
        pass
