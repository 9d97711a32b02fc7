"""Serve the website of Gemeente Voorbeeldstad, an invented municipality, on this machine.

python -m corpus.demo.website --port 7862
"""

import argparse
import logging
import re
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from urllib.parse import parse_qs, unquote, urlsplit

from corpus.demo.feeds import answer_feed, check_feeds
from corpus.demo.render import Site
from corpus.demo.resources import Resource, lay_out, not_found, open_site, search_results
from corpus.demo.sources import PAGES, DemoError, read_pages

THANKS = "/contact/formulier-ontvangen"
LARGEST_FORM = 1_000_000
LOG = logging.getLogger(__name__)


def render_site(base_url: str, folder: Path = PAGES) -> dict[str, bytes]:
    """Render everything the website answers with status 200, by path.

    `base_url` is scheme and host: canonical links and sitemaps begin with it. Raises DemoError.
    """
    site = open_site(base_url, read_pages(folder))
    return {path: resource.body for path, resource in lay_out(site).items()}


def serve(host: str, port: int, folder: Path = PAGES) -> ThreadingHTTPServer:
    """Return a server that is bound and not yet started: the caller runs `serve_forever`.

    Port 0 takes a free one. Pages are read once, here. Raises DemoError, or OSError if the port is taken.
    """
    pages = read_pages(folder)

    # One copy per name the site is reached by; more than a few names means somebody is making them up.
    @lru_cache(maxsize=8)
    def open_as(base: str) -> tuple[Site, dict[str, Resource]]:
        site = open_site(base, pages)
        return site, lay_out(site)

    class Handler(_Handler):
        """Answers with these pages."""

        has_feeds = folder == PAGES
        open_site = staticmethod(open_as)

    first, _ = open_as(f"http://{host}:{port}")  # a broken template must fail now, not at the first visitor
    if folder == PAGES:
        check_feeds(first)
    return _Server((host, port), Handler)


class _Server(ThreadingHTTPServer):
    """One thread per connection; a visitor who hangs up is not worth a traceback."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Log the error: at debug level if the visitor closed the connection."""
        left = isinstance(sys.exc_info()[1], ConnectionError)
        LOG.log(logging.DEBUG if left else logging.ERROR, "Request of %s failed", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET, HEAD and POST; one instance per connection."""

    protocol_version = "HTTP/1.1"
    server_version = "Voorbeeldstad"
    timeout = 30
    # The other systems tell of the municipality's own pages, so they go with those only.
    has_feeds = False
    open_site: Callable[[str], tuple[Site, dict[str, Resource]]]

    def do_GET(self) -> None:
        """Answer with a page, a file, 301 for a slash too many, 304 if unchanged, or 404."""
        try:
            url = urlsplit(self.path)
        except ValueError as error:
            self.send_error(400, str(error))
            return
        path = unquote(url.path)
        site, answers = self.open_site(self._base())
        parameters = {name: values[0] for name, values in parse_qs(url.query).items()}
        query = parameters.get("q", "").strip()
        if path == "/zoeken" and query and path in answers:
            self._send(200, search_results(query[:200], site))
        elif resource := answers.get(path) or (answer_feed(path, parameters, site) if self.has_feeds else None):
            self._send(304 if self._is_fresh(resource) else 200, resource)
        elif path.endswith("/") and path.rstrip("/") in answers:
            self._redirect(301, path.rstrip("/"))
        else:
            self._send(404, not_found(path, site))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Send the visitor on to a thank-you page: this demo keeps and forwards nothing."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > LARGEST_FORM:
            self.close_connection = True
            self.send_error(413)
            return
        self.rfile.read(int(length))
        self._redirect(303, THANKS)

    def log_message(self, format: str, *args: object) -> None:
        """Log requests as debug messages instead of on stderr."""
        LOG.debug(format, *args)

    def _base(self) -> str:
        """Return scheme and host as the visitor typed them, or our own if that is no host."""
        host = self.headers.get("Host", "")
        if re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", host):
            return f"http://{host}"
        return "http://{}:{}".format(*self.connection.getsockname()[:2])

    def _is_fresh(self, resource: Resource) -> bool:
        if tags := self.headers.get("If-None-Match"):
            return resource.etag in (tag.strip().removeprefix("W/") for tag in tags.split(",")) or tags.strip() == "*"
        since = _date_of(self.headers.get("If-Modified-Since"))
        return since is not None and resource.last_modified <= since

    def _send(self, status: int, resource: Resource) -> None:
        self.send_response(status)
        if status != 404:
            self.send_header("ETag", resource.etag)
            self.send_header("Last-Modified", format_datetime(resource.last_modified, usegmt=True))
        if status != 304:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        if status != 304 and self.command != "HEAD":
            self.wfile.write(resource.body)

    def _redirect(self, status: int, path: str) -> None:
        self.send_response(status)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _date_of(header: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header) if header else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else None


def main() -> None:
    """Serve the demo until SIGINT or SIGTERM; exit 0 then, 1 if it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m corpus.demo.website", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=7862, help="port to listen on; 0 takes a free one")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        server = serve(options.host, options.port)
    except DemoError as error:
        parser.exit(1, f"{error}\n")
    except (OSError, OverflowError) as error:
        parser.exit(1, f"Cannot listen on {options.host}:{options.port}: {error}. Choose another --port.\n")

    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown() waits for serve_forever to end, which runs in this very thread.
        threading.Thread(target=server.shutdown).start()

    # A background job of a shell inherits SIGINT as ignored; Python then installs no handler of its own.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with server:
        LOG.info("Gemeente Voorbeeldstad: http://%s:%s", *server.server_address[:2])
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()
