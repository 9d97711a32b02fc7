"""ingest.children: child processes that never outlive us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.children import run_children
from ingest.errors import ChildError


@pytest.fixture(autouse=True)
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `kid` whose command prints its arguments, exits with a status, or sleeps."""
    (tmp_path / "kid").mkdir()
    (tmp_path / "kid" / "__init__.py").touch()
    (tmp_path / "kid" / "cli.py").write_text(
        "import sys, time\n"
        "def main():\n"
        "    print(' '.join(sys.argv[1:])); print('mis', file=sys.stderr); sys.stdout.flush()\n"
        "    if sys.argv[1] == 'sleep': time.sleep(60)\n"
        "    sys.exit(int(sys.argv[1]))\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    return tmp_path


def test_run_children_returns_status_output_and_errors_in_order() -> None:
    first, second = run_children([["kid", "0", "een"], ["kid", "3", "twee"]], 20)
    assert (first.status, first.output.strip(), first.errors.strip()) == (0, "0 een", "mis")
    assert (second.status, second.output.strip()) == (3, "3 twee")


def test_run_children_ends_a_child_that_takes_too_long() -> None:
    began = time.monotonic()
    with pytest.raises(ChildError, match=r"'kid sleep' was na 1 s nog niet klaar"):
        run_children([["kid", "sleep"]], 1)
    assert time.monotonic() - began < 10


def test_a_child_dies_with_a_parent_that_is_killed(packages: Path) -> None:
    code = "from ingest.children import run_children; run_children([['kid', 'sleep', 'canary-77']], 60)"
    parent = subprocess.Popen([sys.executable, "-c", code])
    child = _wait_for(lambda: _with_argument("canary-77"))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _wait_for(lambda: not _alive(child))


def _with_argument(argument: str) -> int:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if argument.encode() in path.read_bytes().split(b"\0"):
                return int(path.parent.name)
        except OSError:
            continue
    return 0


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def _wait_for(condition: Callable[[], int]) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return int(found)
        time.sleep(0.05)
    raise AssertionError("it did not happen within 20 s")
