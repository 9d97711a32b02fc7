"""A sync that is killed at any moment: the old generation keeps answering, and the next sync works."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.index.generation import Paths, list_generations, open_generation, read_current
from corpus.language.encoder import load_encoder
from corpus.records import Audience
from tests.ingest.conftest import FakeSite

KILLS = 10
COMMAND = [sys.executable, "-P", "-c", "from ingest.cli import main; main()", "sync", "--site"]


@pytest.fixture
def name(site: FakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A site of sixty pages, and what --site takes."""
    site.page(
        "/",
        "Start",
        "".join(f"<a href='/p{n}'>Onderwerp {n}</a>" for n in range(10)) + "<p>" + "Welkom. " * 80 + "</p>",
    )
    for n in range(60):
        site.page(f"/p{n}", f"Onderwerp {n}", f"<p>Dit gaat over onderwerp {n}.</p><h2>Kosten</h2><p>€ {n},00</p>")
    site.sitemap(*(f"/p{n}" for n in range(60)))
    path = tmp_path / "proef.toml"
    path.write_text(f'name = "proef"\nurl = "{site.url}"\n[organisation]\nname = "Gemeente Proef"\n')
    monkeypatch.setenv("VRAAGBAAK_HOME", str(tmp_path / "var"))
    return str(path)


def start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(name: str) -> float:
    began = time.monotonic()
    process = start(name)
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, (output, errors)
    return time.monotonic() - began


def change(site: FakeSite, turn: int) -> None:
    for n in range(60):
        site.page(
            f"/p{n}",
            f"Onderwerp {n}",
            f"<p>Dit gaat over onderwerp {n}, versie {turn}.</p><h2>Kosten</h2><p>€ {n},00</p>",
        )


def answers(paths: Paths) -> str:
    """Open the published generation as a reader does, find a page in it, and return its id."""
    for audience in Audience:
        generation = open_generation(paths, audience, load_encoder())
        try:
            assert generation.check_digests() == []
            assert not generation.nearest.problem
            row = generation.nearest.nearest(generation.vectors[7], 1)[0]
            assert generation.store.chunk(int(row)).page_id in generation.store.page_ids
        finally:
            generation.close()
    return str(read_current(paths))


@pytest.mark.timeout(600)
def test_kill_at_ten_random_moments_never_harms_what_is_published(site: FakeSite, name: str, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "var" / "proef")
    whole = finish(name)
    seed = int(os.environ.get("KILL_SEED") or time.time())
    moments = random.Random(seed)
    for turn in range(KILLS):
        change(site, turn)
        before = read_current(paths)
        process = start(name)
        # One moment in each tenth of a sync, so that every step is hit.
        time.sleep(whole * (turn + moments.random()) / KILLS)
        process.kill()
        process.communicate()
        after = answers(paths)
        # A sync may be quicker than the first, which filled the caches; a publish in its first third is early.
        assert after == before or turn > KILLS / 3, f"published early at turn {turn}; KILL_SEED={seed}"
    change(site, KILLS)
    finish(name)
    assert answers(paths) == list_generations(paths)[-1]
    generation = open_generation(paths, Audience.RESIDENT, load_encoder())
    texts = [chunk.text for chunk in generation.store.chunks_of_page(generation.store.page_ids[3])]
    generation.close()
    assert f"versie {KILLS}." in texts[0]
    # What the killed ones left behind is gone.
    assert sorted(path.name for path in paths.generations.iterdir()) == list_generations(paths)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_sync_cleanly_also_when_it_was_ignored_before(site: FakeSite, name: str, number: int) -> None:
    for served in site.pages.values():
        served.wait = 0.3
    # A shell starts background jobs with SIGINT ignored.
    start_ignoring = [sys.executable, "-c", "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); "
                      "os.execv(sys.argv[1], sys.argv[1:])"]  # fmt: skip
    process = subprocess.Popen([*start_ignoring, *COMMAND, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not site.requests["/p5"]:
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - began < 5
    assert process.returncode == 130
    assert (
        errors.decode().strip()
        == "ingest: gestopt. Wat al gelezen is, blijft bewaard. De volgende keer gaat ingest sync daar verder."
    )
    for served in site.pages.values():
        served.wait = 0.0
    finish(name)
    assert site.requests["/p1"] == 1
