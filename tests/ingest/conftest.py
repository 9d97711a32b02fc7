"""Fixtures of the ingest tests: a real web server on loopback that a test fills page by page."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


@dataclass
class Served:
    """What the server answers on one path. `endless` sends the body again and again."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    endless: bool = False


class FakeSite:
    """A website in a dict. What is not in it answers 404; requests are counted per path."""

    def __init__(self) -> None:
        self.pages: dict[str, Served] = {}
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.agents: set[str] = set()
        self.url = ""

    def put(self, path: str, body: str | bytes = b"", *, kind: str = "text/html; charset=utf-8", status: int = 200,
            wait: float = 0.0, endless: bool = False, **headers: str) -> None:  # fmt: skip
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Served(raw, status, {"Content-Type": kind, **named}, wait, endless)

    def page(self, path: str, title: str, body: str = "", *, head: str = "", **headers: str) -> None:
        text = (
            f"<!doctype html><html lang='nl'><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
            f"<header><nav><a href='/'>Home</a></nav></header><main><h1>{title}</h1>{body}</main>"
            "<footer>Gemeente Proef</footer></body></html>"
        )
        self.put(path, text, **headers)

    def forward(self, path: str, target: str, status: int = 301) -> None:
        self.put(path, status=status, Location=target)

    def sitemap(self, *paths: str, path: str = "/sitemap.xml", lastmod: str = "") -> None:
        date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        urls = "".join(f"<url><loc>{self.url.rstrip('/')}{each}</loc>{date}</url>" for each in paths)
        text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        self.put(path, text, kind="application/xml")

    def robots(self, text: str) -> None:
        self.put("/robots.txt", text, kind="text/plain")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Buffered: headers and body leave in one packet, else Nagle's algorithm costs 40 ms a page.
    wbufsize = -1
    server: "_Server"

    def do_GET(self) -> None:
        site = self.server.site
        site.requests[self.path] += 1
        site.agents.add(self.headers.get("User-Agent", ""))
        served = site.pages.get(self.path) or Served(b"<h1>Niet gevonden</h1>", 404, {"Content-Type": "text/html"})
        if served.wait:
            time.sleep(served.wait)
        etag, changed = served.headers.get("ETag"), served.headers.get("Last-Modified")
        unchanged = (etag and self.headers.get("If-None-Match") == etag) or (
            changed and self.headers.get("If-Modified-Since") == changed
        )
        try:
            self._send(Served(b"", 304, served.headers) if unchanged else served)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, served: Served) -> None:
        self.server.site.statuses[served.status] += 1
        self.send_response(served.status)
        for name, value in served.headers.items():
            self.send_header(name, value)
        if served.endless:
            self.close_connection = True
            self.end_headers()
            while True:
                self.wfile.write(served.body)
        self.send_header("Content-Length", str(len(served.body)))
        self.end_headers()
        self.wfile.write(served.body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: FakeSite) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site

    def handle_error(self, *_: object) -> None:
        """A client that hangs up early is what some tests are about."""


@contextmanager
def serve_site() -> Iterator[FakeSite]:
    """Serve a website of one's own; `url` ends in a slash."""
    made = FakeSite()
    server = _Server(made)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[FakeSite]:
    """A website of its own for the test."""
    with serve_site() as made:
        yield made


@pytest.fixture
def stand_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands `chatbot` and `evals` that take no time; a test writes what they do."""
    for package in ("chatbot", "evals"):
        (tmp_path / "bin" / package).mkdir(parents=True)
        (tmp_path / "bin" / package / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'bin'}:{os.environ.get('PYTHONPATH', '')}")
    answers = (
        "import json, sys\ndef main():\n    path = sys.argv[sys.argv.index('--batch') + 1]\n"
        "    for line in open(path):\n        item = json.loads(line)\n"
        "        print(json.dumps({'id': item['id'], 'hits': [{'page_id': item['id']}]}))\n"
    )
    (tmp_path / "bin" / "chatbot" / "cli.py").write_text(answers)
    (tmp_path / "bin" / "evals" / "cli.py").write_text('def main():\n    print(\'{"notes": ["no sets"]}\')\n')
    return tmp_path / "bin"
