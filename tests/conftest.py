"""What the tests need that pip cannot install, and a last word about what could not run because it is missing.

Browser tests carry the marker `browser`. Without Chromium they are left out and named at the end; with REQUIRE_ALL=1
(.ci/run sets it) a missing Chromium is a failure.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from chatbot.credentials import hash_password
from chatbot.front import Front
from chatbot.services import open_services
from chatbot.throttle import Throttle
from corpus.sites import Site

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LEFT_OUT = pytest.StashKey[list[str]]()


def find_browser() -> str | None:
    """Return the path of the system's Chromium, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run on this machine, or fail if everything must run."""
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    # Last, because playwright keeps an event loop running in this thread, and ingest starts one of its own.
    items[:] = [*_without(items, in_browser), *in_browser]
    if not in_browser or find_browser():
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        raise pytest.UsageError("REQUIRE_ALL=1, but there is no Chromium. Run: apt-get install chromium")
    config.stash[LEFT_OUT] = [item.nodeid for item in in_browser]
    config.hook.pytest_deselected(items=in_browser)
    items[:] = _without(items, in_browser)


def _without(items: Iterable[pytest.Item], gone: Iterable[pytest.Item]) -> list[pytest.Item]:
    ids = {id(item) for item in gone}
    return [item for item in items if id(item) not in ids]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what could not run."""
    left_out = config.stash.get(LEFT_OUT, [])
    if left_out:
        terminalreporter.section("could not run here")
        terminalreporter.write_line(f"{len(left_out)} browser tests: install chromium (apt-get install chromium)")
        for name in left_out:
            terminalreporter.write_line(f"  {name}")


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the path of Chromium; tests without it are not collected."""
    path = find_browser()
    assert path is not None, "a test that uses browser_path needs the marker `browser`"
    return path


@dataclass(frozen=True)
class Town:
    """The tiny municipality as commands see it: its site file, and the environment that finds its index."""

    file: Path
    home: Path
    environment: dict[str, str]


@pytest.fixture(scope="session")
def town(tiny_site: Site, tiny_home: Path) -> Town:
    """Return the published tiny municipality of tests/chatbot/tiny.py for processes of our own."""
    environment = {"VRAAGBAAK_HOME": str(tiny_home), "HF_HUB_OFFLINE": "1"}
    return Town(tiny_site.folder / "proefdorp.toml", tiny_home, environment)


@pytest.fixture
def front(tiny_site: Site) -> Front:
    """Return the residents' side of the town, in this process."""
    return Front(open_services(tiny_site), Throttle(1000))


@dataclass
class Command:
    """A command of ours that runs, with what it has written so far."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def address(self) -> str:
        """Return where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        """Return what it wrote."""
        return self.log.read_text(encoding="utf-8")

    def end(self, number: int = signal.SIGTERM) -> float:
        """Send a signal; return the seconds until it was gone."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        return time.monotonic() - began


def find_ports(count: int = 1) -> int:
    """Return the first of some free ports in a row."""
    # Below 32768, where Linux picks the ports of outgoing connections: one of those may connect to itself.
    for port in range(20000 + os.getpid() % 10000, 32000, 7):
        with contextlib.ExitStack() as stack:
            try:
                for number in range(port, port + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", number))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


@pytest.fixture(scope="session")
def free_port() -> Callable[..., int]:
    """Return what finds free ports: `free_port(3)` is the first of three in a row."""
    return find_ports


StartCommand = Callable[..., Command]


@pytest.fixture(scope="session")
def start_command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartCommand]:
    """Start `chatbot serve` or `desk` and wait until it answers; everything is ended after the tests."""
    running: list[Command] = []

    def start(*arguments: str, port: int, environment: dict[str, str], ignore_sigint: bool = False) -> Command:
        log = tmp_path_factory.mktemp("log") / "output"
        ignore = (lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if ignore_sigint else None
        with log.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [str(Path(sys.executable).parent / arguments[0]), *arguments[1:], "--port", str(port)],
                env=os.environ | environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                text=True,
                preexec_fn=ignore,
            )
        command = Command(process, port, log)
        running.append(command)
        wait_until_healthy(command)
        return command

    yield start
    for command in running:
        command.process.kill()
        command.process.wait()


def wait_until_healthy(command: Command, seconds: float = 90) -> None:
    """Wait until a server answers; its output is in the error if it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and command.process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{command.address}/healthz").status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"no answer on {command.address}: {command.output()}")


@pytest.fixture(scope="session")
def chat(town: Town, start_command: StartCommand) -> Command:
    """Return a running chat of the town."""
    return start_command("chatbot", "serve", "--site", str(town.file), port=find_ports(), environment=town.environment)


DESK_PASSWORD = "geheim-van-proefdorp"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Return the hash of DESK_PASSWORD."""
    return hash_password(DESK_PASSWORD)


@pytest.fixture(scope="session")
def desk(town: Town, start_command: StartCommand, password_hash: str) -> Command:
    """Return a running staff desk of the town; sign in as `balie` with DESK_PASSWORD."""
    sign_in = {"VRAAGBAAK_DESK_USER": "balie", "VRAAGBAAK_DESK_PASSWORD_HASH": password_hash}
    environment = town.environment | sign_in
    return start_command("chatbot", "desk", "--site", str(town.file), port=find_ports(), environment=environment)
