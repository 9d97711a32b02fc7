"""The demo in one command: the website of Voorbeeldstad, a sync of it, then the chat and the desk.

python -m corpus.demo.run --port 7860        chat 7860, desk 7861, website 7862

ingest and chatbot are started as the commands they are; nothing of them is imported here.
"""

import argparse
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from corpus.demo.guard import send

SITE = "voorbeeldstad"
ABOUT = "De demo in één keer: de website van Voorbeeldstad, de index, de chat en de balie."
HOST = "127.0.0.1"
COMMANDS = Path(sys.executable).parent
# Good for this machine and this fiction only; `chatbot desk-password` makes a real one.
DESK_USER, DESK_PASSWORD = "balie", "voorbeeldstad"
DESK_PASSWORD_HASH = "scrypt:16384:8:1:xK-VAtmk3WQzFF5qmQVR8g:laat-rDdDO2yAECPNWnPeSC-WvMw0TAZ0uXS5sWShUs"
START_SECONDS = 60.0
# Everything must be gone five seconds after a signal: asked first, then made to.
STOP_SECONDS = 4.4
POLL_SECONDS = 0.1
LOG = logging.getLogger(__name__)


class DemoEnd(Exception):
    """A signal asked the demo to end."""


class DemoError(Exception):
    """The demo cannot go on; the message is one line for who started it."""


class Children:
    """The processes of the demo, each in a session of its own, and the guard that outlives us."""

    def __init__(self) -> None:
        self._ended = False
        # Explicit, because a job that a script starts in the background inherits SIGINT as ignored.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "corpus.demo.guard"], stdin=subprocess.PIPE, text=True, start_new_session=True
        )
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        # No exception from here: it could fall between starting a process and telling the guard of it.
        self._ended = True

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        """Start a command and tell the guard."""
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        self._running[name] = process
        self._tell(f"+{process.pid}")
        return process

    def run(self, name: str, command: list[str], environment: dict[str, str]) -> int:
        """Run a command to its end and return its exit code."""
        process = self.start(name, command, environment)
        while process.poll() is None:
            self.check(but=name)
            time.sleep(POLL_SECONDS)
        self._forget(name)
        return process.returncode

    def check(self, but: str = "") -> None:
        """Raise DemoEnd after a signal, DemoError if a process other than `but` has ended by itself."""
        if self._ended:
            raise DemoEnd
        for name, process in self._running.items():
            if name != but and process.poll() is not None:
                raise DemoError(f"{name} is gestopt (code {process.returncode}). De demo stopt nu ook.")

    def stop(self) -> None:
        """Ask everything to end, then make it."""
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            send(process.pid, signal.SIGTERM)
        for process in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for name, process in list(self._running.items()):
            send(process.pid, signal.SIGKILL)  # the whole group: also what the process itself had started
            process.wait()
            self._forget(name)
        assert self._guard.stdin is not None
        self._guard.stdin.close()
        self._guard.wait()

    def _forget(self, name: str) -> None:
        self._tell(f"-{self._running.pop(name).pid}")

    def _tell(self, line: str) -> None:
        assert self._guard.stdin is not None
        self._guard.stdin.write(line + "\n")
        self._guard.stdin.flush()


def main() -> None:
    """Run the demo until SIGINT or SIGTERM: exit 0 then, 1 if it cannot start or something in it ends."""
    parser = argparse.ArgumentParser(prog="python -m corpus.demo.run", description=ABOUT)
    parser.add_argument(
        "--port", type=int, default=7860, help="poort van de chat; balie en website krijgen de volgende"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        run(options.port)
    except DemoEnd:
        LOG.info("De demo is gestopt.")
    except DemoError as error:
        parser.exit(1, f"{error}\n")


def run(port: int) -> None:
    """Start everything in order, then watch it. Raises DemoError, or DemoEnd when a signal comes."""
    chat, desk, website = check_ports(port)
    environment = os.environ | {
        "VRAAGBAAK_DEMO_PORT": str(website),
        "VRAAGBAAK_DESK_USER": DESK_USER,
        "VRAAGBAAK_DESK_PASSWORD_HASH": DESK_PASSWORD_HASH,
    }
    children = Children()
    try:
        children.start("De website", [sys.executable, "-m", "corpus.demo.website", "--port", str(website)], environment)
        wait_for(website, children)
        LOG.info("De website van Gemeente Voorbeeldstad (verzonnen) staat op http://%s:%s", HOST, website)
        LOG.info("De website wordt gelezen en de index wordt gemaakt.")
        if code := children.run("ingest sync", [str(COMMANDS / "ingest"), "sync", "--site", SITE], environment):
            raise DemoError(f"'ingest sync' is niet gelukt (code {code}). De reden staat hierboven.")
        for name, number in (("serve", chat), ("desk", desk)):
            command = [str(COMMANDS / "chatbot"), name, "--site", SITE, "--port", str(number)]
            children.start(f"'chatbot {name}'", command, environment)
        for number in (chat, desk):
            wait_for(number, children)
        LOG.info("\nDe chat voor inwoners:      http://%s:%s", HOST, chat)
        LOG.info("De balie voor medewerkers:  http://%s:%s", HOST, desk)
        LOG.info("Aanmelden bij de balie:     %s / %s (alleen voor deze demo)", DESK_USER, DESK_PASSWORD)
        LOG.info("Stoppen: Ctrl-C")
        while True:
            children.check()
            time.sleep(POLL_SECONDS)
    finally:
        children.stop()


def check_ports(port: int) -> tuple[int, int, int]:
    """Return the three ports. Raises DemoError in one line if one of them cannot be used."""
    if not 1 <= port <= 65533:
        raise DemoError(f"Poort {port} kan niet. Kies een getal van 1 tot en met 65533: make demo PORT=7860")
    ports = port, port + 1, port + 2
    for number in ports:
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((HOST, number))
            except OSError as error:
                raise DemoError(
                    f"Poort {number} is bezet of niet toegestaan. "
                    f"De demo gebruikt {port}, {port + 1} en {port + 2}. Kies een andere: make demo PORT={port + 10}"
                ) from error
    return ports


def wait_for(port: int, children: Children) -> None:
    """Wait until a server accepts connections. Raises DemoError if it ends, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        children.check()
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1) as sock:
            # Where nobody listens on a high port, Linux may connect a socket to itself.
            if sock.getsockname() != sock.getpeername():
                return
        time.sleep(POLL_SECONDS)
    raise DemoError(f"Op poort {port} komt na {START_SECONDS:.0f} seconden nog geen antwoord.")


if __name__ == "__main__":
    main()
