"""The demo municipality, crawled over HTTP, against the floors of its own sets."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.demo.website import serve
from evals.gate import read_baseline
from evals.load import sets_of
from evals.run import run_gate

SITE = "voorbeeldstad"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The demo's index, made by `ingest sync` from its website on loopback."""
    server = serve("127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("VRAAGBAAK_HOME", str(tmp_path))
    monkeypatch.setenv("VRAAGBAAK_DEMO_PORT", str(server.server_address[1]))
    ingest = Path(sys.executable).with_name("ingest")
    done = subprocess.run([ingest, "sync", "--site", SITE], capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    yield tmp_path
    server.shutdown()
    server.server_close()


def test_the_demo_passes_the_fast_gate_with_every_set_that_has_floors(demo: Path) -> None:
    def silent(name: str, total: int) -> Any:
        return lambda done: None

    report = run_gate(SITE, fast=True, advance=silent)
    assert report.failures == ()
    floors = read_baseline().get(SITE, {}).get("fast", {})
    assert floors.keys() <= report.figures.keys() <= {path.stem for path in sets_of(SITE)}
