from typing import Any

import pytest

from corpus.index.generation import Paths, read_current, read_manifest
from corpus.language.topics import load_bank
from corpus.records import Audience
from corpus.sites import load_site
from evals.ask import open_pinned
from evals.bench import run_bench, time_indexing, time_questions
from evals.errors import EvalError
from evals.synthetic import bank_pages, grow
from ingest.chunk import chunk_page


def test_grow_gives_as_many_chunks_as_wanted_and_no_two_alike() -> None:
    filler = bank_pages(load_bank())[:40]
    pages = grow([], filler, 150)
    chunks = [chunk for page in pages for chunk in chunk_page(page)]
    assert 150 <= len(chunks) < 160
    assert len({page.id for page in pages}) == len(pages) > len(filler)
    assert len({chunk.id for chunk in chunks}) == len({chunk.text for chunk in chunks}) == len(chunks)


def test_time_indexing_publishes_what_it_timed(town: Any) -> None:
    site = load_site(str(town.file)).model_copy(update={"name": "groot"})
    figures = time_indexing(site, [], 120)
    assert figures["index_chunks"] >= 120
    assert figures["index_chunks_per_s"] > 0
    assert read_current(Paths(site.home)) is not None


def test_time_indexing_with_notes_gives_staff_more_than_residents(town: Any) -> None:
    site = load_site(str(town.file)).model_copy(update={"name": "notities"})
    time_indexing(site, [], 120, notes=True)
    paths = Paths(site.home)
    sizes = [read_manifest(paths.generation(read_current(paths) or "", audience)).pages for audience in Audience]
    assert 0 < min(sizes) < max(sizes)


def test_time_questions_times_every_step(town: Any) -> None:
    figures = time_questions(
        open_pinned(load_site(str(town.file)), None), ["wat kost een paspoort", "grofvuil ophalen"]
    )
    assert figures["step_retrieve_p50_ms"] > 0
    assert 0 < figures["answer_p50_ms"] <= figures["answer_p95_ms"]
    assert figures["answered"] == 1


def test_time_questions_keeps_the_time_of_an_answer_apart_from_that_of_a_refusal(town: Any) -> None:
    services = open_pinned(load_site(str(town.file)), None)
    figures = time_questions(services, ["ik wil een medewerker spreken", "wat is de status van mijn aanvraag"])
    assert figures["answered"] == 0
    assert figures["ask_p50_ms"] > 0
    assert "answer_p50_ms" not in figures


def test_bench_says_that_it_needs_questions(town: Any) -> None:
    with pytest.raises(EvalError, match="--questions"):
        run_bench(str(town.file), 100, None)
