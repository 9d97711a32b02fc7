"""Run `chatbot` and `evals` as child processes that never outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import IO, NamedTuple

from ingest.errors import ChildError

_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)


class Ended(NamedTuple):
    """How a child process ended."""

    status: int
    output: str
    errors: str


def run_children(commands: Sequence[Sequence[str]], timeout: float) -> list[Ended]:
    """Run commands such as ["chatbot", "search", …] side by side with this very Python; wait for all.

    Raises ChildError if one does not end in time. Their exit status is the caller's to judge.
    """
    with ExitStack() as stack:
        started = [_start(command, stack) for command in commands]
        deadline = time.monotonic() + timeout
        try:
            for child, _, _ in started:
                child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise ChildError(
                f"'{' '.join(commands[0][:2])}' was na {timeout:g} s nog niet klaar. Probeer het opnieuw."
            ) from error
        finally:
            for child, _, _ in started:
                child.kill()
                child.wait()
        return [Ended(child.returncode, _read(output), _read(errors)) for child, output, errors in started]


def _start(command: Sequence[str], stack: ExitStack) -> tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]:
    # Files, not pipes: nobody has to empty them while several children write.
    output = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the stack closes it
    errors = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    # -P keeps a folder of the same name in the current directory from being imported in its place.
    start = [sys.executable, "-P", "-c", f"from {command[0]}.cli import main; main()", *command[1:]]
    child = subprocess.Popen(
        start, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, preexec_fn=partial(die_with, os.getpid())
    )
    return child, output, errors


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors="replace")


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies, also by kill -9. Only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        # The parent may have died before we asked.
        if os.getppid() != parent:
            os._exit(1)


def last_line(text: str) -> str:
    """Return the last line of an output that is not empty."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
