"""Run `chatbot` and `evals` as child processes that never outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence

from ingest.errors import ChildError

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)


def run_child(package: str, arguments: Sequence[str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Run the command of a package with this very Python and wait for it.

    Raises ChildError if it does not end in time. Its exit status is the caller's to judge.
    """
    # -P keeps a folder of the same name in the current directory from being imported in its place.
    start = f"from {package}.cli import main; main()"
    command = [sys.executable, "-P", "-c", start, *arguments]
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, check=False, preexec_fn=_die_with(os.getpid()),
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ChildError(f"`{package} {arguments[0]}` did not end within {timeout:g} s") from error


def _die_with(parent: int) -> Callable[[], None] | None:
    """Ask the kernel to kill the child when we die, also by kill -9. Only Linux can."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)

    def in_child() -> None:
        library.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        # We may have died between fork and prctl.
        if os.getppid() != parent:
            os._exit(1)

    return in_child


def last_line(text: str) -> str:
    """Return the last line of an output that is not empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
