"""Ask one address over HTTP (the only file of ingest that touches the network; home of httpx).

Redirects are not followed here: the crawl sees every step, so that robots.txt and the host allow-list hold for each.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential

from corpus.dutch import technical
from ingest.errors import FetchError, Refused
from ingest.robots import AGENT
from ingest.urls import is_loopback, normalise

ATTEMPTS = 3
MAX_REDIRECTS = 10
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE_OR_PRIVATE = (401, 403, 404, 410, 451)
# What is asked for where a person would read: some systems answer an API with a web page if that is wanted most.
PAGES = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5"
_READABLE = ("text/", "application/xhtml", "application/xml", "application/pdf", "application/json", "application/gzip",
             "application/x-gzip", "application/rss", "application/octet-stream", "application/force-download",
             "application/sru+xml", "application/hal+json",
             "application/vnd.openxmlformats-officedocument.wordprocessingml")  # fmt: skip
_KEPT_HEADERS = ("content-type", "etag", "last-modified", "content-language", "x-robots-tag", "location", "link")


# By a part of what httpx and the system report.
_UNREACHABLE = {
    "CERTIFICATE_VERIFY_FAILED": "het beveiligingscertificaat klopt niet",
    "Name or service not known": "deze naam bestaat niet",
    "No address associated": "deze naam bestaat niet",
    "name resolution": "de naam is niet op te zoeken; werkt internet?",
    "All connection attempts failed": "er komt geen verbinding",
    "Connection refused": "er komt geen verbinding",
    "disconnected": "de verbinding viel weg",
}


@dataclass(frozen=True)
class Answer:
    """What an address answered. `body` is empty unless the status is 200; `location` is set on a redirect."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    location: str | None = None


class Fetcher:
    """A client for one source: own User-Agent, caps on size and time, retries."""

    def __init__(
        self, contact: str, *, timeout_seconds: float, max_bytes: int, connections: int, retry_wait: float,
        accept: str = PAGES,
    ) -> None:  # fmt: skip
        self._timeout, self._max_bytes, self._retry_wait = timeout_seconds, max_bytes, retry_wait
        # The national register of regulations at times sends a good answer with HTTP 406.
        self._fine = (200,) if accept == PAGES else (200, 406)
        self._client = httpx.AsyncClient(
            headers={
                "User-Agent": f"{AGENT}/{version('vraagbaak')} (+{contact})",
                "Accept": accept,
                "Accept-Language": "nl,en;q=0.5",
            },
            timeout=httpx.Timeout(timeout_seconds, connect=min(timeout_seconds, 10)),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            verify=ssl.create_default_context(),
            # A proxy of the office network cannot reach this machine's own loopback.
            trust_env=not is_loopback(contact),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def fetch(self, url: str, etag: str = "", last_modified: str = "") -> Answer:
        """Ask an address, conditionally if an earlier answer had an ETag or a date.

        Raises FetchError after three failed attempts (no connection, too slow, 5xx), Refused if that is useless.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        attempts = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            retry=retry_if_exception_type(_Again),
            reraise=True,
        )
        async for attempt in attempts:
            with attempt:
                return await self._ask(url, headers)
        raise AssertionError("tenacity returns or raises")

    async def follow(self, url: str) -> Answer:
        """Ask an address and follow its redirects: for robots.txt and sitemaps, which are no pages."""
        for _ in range(MAX_REDIRECTS):
            answer = await self.fetch(url)
            if answer.location is None:
                return answer
            url = answer.location
        raise Refused(f"stuurt meer dan {MAX_REDIRECTS} keer door")

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, _Again) else 0.0
        return max(asked, wait_exponential(multiplier=self._retry_wait, max=10)(state))

    async def _ask(self, url: str, headers: dict[str, str]) -> Answer:
        try:
            async with asyncio.timeout(self._timeout), self._client.stream("GET", url, headers=headers) as response:
                return await self._read(url, response)
        except TimeoutError as error:
            raise _Again(f"was na {self._timeout:g} s nog niet klaar met antwoorden") from error
        except httpx.TimeoutException as error:
            raise _Again(f"gaf binnen {self._timeout:g} s geen antwoord") from error
        except httpx.DecodingError as error:
            raise FetchError(f"stuurt iets dat niet uit te pakken is ({technical(error)})") from error
        except (httpx.HTTPError, ssl.SSLError) as error:
            raise _Again(f"is niet bereikbaar ({_why_unreachable(error)})") from error
        except httpx.InvalidURL as error:
            raise Refused(f"is geen webadres ({technical(error)})") from error

    async def _read(self, url: str, response: httpx.Response) -> Answer:
        status = response.status_code
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        if status in _REDIRECTS:
            target = normalise(response.headers.get("location", ""), url)
            if target is None:
                raise Refused("stuurt door naar iets dat geen webadres is")
            return Answer(url, status, headers, location=target)
        if status == 304 or status in _GONE_OR_PRIVATE:
            return Answer(url, status, headers)
        if status >= 500 or status == 429:
            raise _Again(f"geeft foutcode HTTP {status}", _number(response.headers.get("retry-after", "")))
        if status not in self._fine:
            raise FetchError(f"geeft foutcode HTTP {status}")
        return Answer(url, 200, headers, await self._body(response))

    async def _body(self, response: httpx.Response) -> bytes:
        kind = response.headers.get("content-type", "").lower() or "text/html"
        if not kind.startswith(_READABLE):
            raise Refused(f"is geen tekst maar {kind.partition(';')[0]}")
        body = bytearray()
        too_large = Refused(f"is groter dan {self._max_bytes / 1e6:g} MB")
        if _number(response.headers.get("content-length", "")) > self._max_bytes:
            raise too_large
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > self._max_bytes:
                raise too_large
        return bytes(body)


class _Again(FetchError):
    """The address may answer if asked again."""

    def __init__(self, message: str, retry_after: float = 0.0):
        super().__init__(message)
        self.retry_after = min(retry_after, 30.0)


def _why_unreachable(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return next((reason for part, reason in _UNREACHABLE.items() if part in text), technical(text))


def _number(text: str) -> float:
    return float(text) if text.isdecimal() else 0.0
