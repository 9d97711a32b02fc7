"""The last word of `make test`: what could not run on this machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def collect(tmp_path: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Collect the browser tests on a machine without any browser."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/chatbot/browser", "--collect-only", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env={key: value for key, value in os.environ.items() if key != "REQUIRE_ALL"}
        | {"PATH": str(tmp_path)}
        | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_without_a_browser_its_tests_are_named_at_the_end_with_the_cure(tmp_path: Path) -> None:
    done = collect(tmp_path)
    assert "could not run here" in done.stdout
    assert "install chromium" in done.stdout
    assert "test_chat.py::test_axe_finds_nothing_wrong_in_any_state" in done.stdout


def test_where_everything_is_required_a_missing_browser_is_a_failure(tmp_path: Path) -> None:
    done = collect(tmp_path, REQUIRE_ALL="1")
    assert done.returncode != 0
    assert "REQUIRE_ALL=1, but there is no Chromium" in done.stdout + done.stderr
