"""Ends the demo's processes when the demo itself is gone, whatever ended it, kill -9 too.

Reads `+PID` and `-PID` lines: a process group that began, and one that ended. The end of its input means that the
demo is gone. Runs in a session of its own, so that a signal to the demo's group does not reach it.
"""

import contextlib
import os
import signal
import sys
import time

GRACE_SECONDS = 3.0


def main() -> None:
    """Remember which process groups run; when the input ends, stop those that are left."""
    running: set[int] = set()
    for line in sys.stdin:
        (running.add if line[0] == "+" else running.discard)(int(line[1:]))
    deadline = time.monotonic() + GRACE_SECONDS
    for group in running:
        send(group, signal.SIGTERM)
    while time.monotonic() < deadline and any(send(group, 0) for group in running):
        time.sleep(0.05)
    for group in running:
        send(group, signal.SIGKILL)


def send(group: int, number: int) -> bool:
    """Send a signal to a process group; False if it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    main()
