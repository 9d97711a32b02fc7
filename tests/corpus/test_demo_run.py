"""The demo in one command: what it starts, and that nothing of it stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
FreePort = Callable[..., int]


@pytest.fixture
def start_demo(tmp_path: Path, free_port: FreePort) -> Iterator[Callable[[], "Demo"]]:
    """Start a demo with a home of its own, as a script in the background does: SIGINT is inherited as ignored."""
    started: list[Demo] = []

    def start() -> Demo:
        demo = Demo(free_port(3), tmp_path)
        started.append(demo)
        return demo

    yield start
    for demo in started:
        demo.process.kill()
        demo.process.wait()


class Demo:
    """A demo that runs."""

    def __init__(self, port: int, home: Path) -> None:
        self.port, self.log = port, home / "output"
        with self.log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "corpus.demo.run", "--port", str(port)],
                cwd=ROOT,
                env=os.environ | {"VRAAGBAAK_HOME": str(home / "var")},
                stdout=file,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
                start_new_session=True,
            )

    def wait_for(self, port: int, seconds: float) -> None:
        """Wait until one of its servers accepts a connection."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def seconds_until_gone(self) -> float:
        """Wait until no process of it is left; return how long that took."""
        began = time.monotonic()
        while time.monotonic() - began < 20:
            if self.process.poll() is not None and not self.leftovers():
                return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"still there: {self.leftovers()}")

    def leftovers(self) -> list[str]:
        """Return the command lines of every process with one of our ports or our home in it."""
        ports = {str(self.port), str(self.port + 1), str(self.port + 2)}
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_text().split("\0")
                home = f"VRAAGBAAK_HOME={self.log.parent}" in (folder / "environ").read_text()
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state != "Z" and (ports & set(words) or home):
                found.append(" ".join(words))
        return found


def test_the_demo_answers_from_its_own_website_and_stops_without_a_trace(start_demo: Callable[[], Demo]) -> None:
    demo = start_demo()
    demo.wait_for(demo.port + 2, 30)
    chat = f"http://127.0.0.1:{demo.port}"
    with pytest.raises(httpx.ConnectError):
        httpx.get(chat)  # nothing is published yet, so nobody answers
    demo.wait_for(demo.port, 200)
    demo.wait_for(demo.port + 1, 60)
    reply = httpx.post(f"{chat}/v1/vragen", json={"vraag": "Wat kost een paspoort?"}).json()
    assert reply["status"] == "answered"
    assert reply["citations"][0]["url"].startswith(f"http://127.0.0.1:{demo.port + 2}/")
    assert httpx.get(f"http://127.0.0.1:{demo.port + 1}/aanmelden").status_code == 200
    with httpx.stream("GET", f"{chat}/gradio_api/heartbeat/demo"):
        os.killpg(demo.process.pid, signal.SIGINT)
        assert demo.seconds_until_gone() < 5
    assert demo.process.returncode == 0
    said = demo.log.read_text()
    for port in (demo.port, demo.port + 1, demo.port + 2):
        assert f"http://127.0.0.1:{port}" in said
    assert "balie / voorbeeldstad (alleen voor deze demo)" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_demo_leaves_nothing_behind_when_it_ends_during_the_sync(
    start_demo: Callable[[], Demo], number: signal.Signals
) -> None:
    demo = start_demo()
    demo.wait_for(demo.port + 2, 30)
    time.sleep(1.5)  # into the sync
    demo.process.send_signal(number)
    assert demo.seconds_until_gone() < 5
    assert demo.process.returncode == (-9 if number == signal.SIGKILL else 0)


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_the_demo_names_the_port_that_is_in_use_before_anything_starts(free_port: FreePort, offset: int) -> None:
    port = free_port(3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + offset))
        taken.listen()
        done = run_demo(port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Poort {port + offset} is bezet")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_the_demo_refuses_a_port_that_does_not_exist() -> None:
    done = run_demo(65534)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def run_demo(port: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "corpus.demo.run", "--port", str(port)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
