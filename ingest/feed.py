"""Ask a source that answers in XML or JSON, address by address; every good answer is saved, also for --offline.

An answer that cannot be used (no connection, HTTP 500, broken XML, an empty list) never takes the place of the copy
before it. A source beside the website that cannot be read at all is named in the report and stops nothing.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from corpus.dutch import technical
from corpus.records import short_digest
from ingest.errors import FetchError, Refused
from ingest.fetch import MAX_REDIRECTS, Answer, Fetcher
from ingest.hosts import Host, pause_of
from ingest.robots import ALLOW_ALL
from ingest.snapshot import Saved, Snapshot
from ingest.sources import Context, Gathered, Item
from ingest.urls import family, host_of, is_loopback, matches, normalise

Parsed = TypeVar("Parsed")
OFFLINE = "heeft nog geen opgeslagen kopie; werk de site eerst bij zonder --offline"


@dataclass
class Feed:
    """A source under way: what to ask it with, where answers are kept, and what was found so far."""

    context: Context
    start: str
    snapshot: Snapshot
    found: Gathered
    fetcher: Fetcher | None = None
    partners: tuple[str, ...] = ()
    incomplete: bool = False
    asked: int = 0
    _hosts: dict[str, Host] = field(default_factory=dict)

    def full(self) -> bool:
        """Tell whether as many addresses were asked as the site file allows; the report says so then."""
        limit = self.context.source.max_pages
        if self.asked >= limit and not self.incomplete:
            self.incomplete = True
            self.found.warnings.append(f"Vraagbaak stopte bij {self.start}: max_pages = {limit} is bereikt.")
        return self.asked >= limit

    async def get(self, url: str, parse: Callable[[bytes], Parsed]) -> Parsed | None:
        """Return what an address answers, parsed; from the last good copy if this answer is of no use.

        None if there is neither; the report names it then. `parse` raises FetchError on what it cannot use.
        """
        self.asked += 1
        saved = self.snapshot.get(url)
        earlier = saved if saved and self.snapshot.has_body(saved) else None
        if self.fetcher is None or (earlier and self.snapshot.checked(url)):
            return self._copy(url, earlier, parse, OFFLINE)
        try:
            answer = await self._ask(self.fetcher, url, earlier)
            if answer.status == 304 and earlier:
                result = parse(self.snapshot.body(earlier))
                self.snapshot.confirm(url)
                return result
            if not answer.body:
                raise FetchError(f"geeft foutcode HTTP {answer.status}" if answer.status != 200 else "is leeg")
            result = parse(answer.body)
        except FetchError as error:
            return self._copy(url, earlier, parse, str(error), failed=True)
        self.snapshot.save(url, 200, answer.headers, answer.body, kind="feed")
        return result

    def _copy(
        self, url: str, earlier: Saved | None, parse: Callable[[bytes], Parsed], problem: str, *, failed: bool = False
    ) -> Parsed | None:
        """Return the parsed copy of an address; if there is none, note why."""
        if earlier:
            try:
                result = parse(self.snapshot.body(earlier))
            except FetchError as error:
                problem = problem if failed else str(error)
            else:
                if failed:
                    self.snapshot.fail(url, problem)
                    self.found.kept[url] = problem
                return result
        self.found.skipped[url] = problem
        self.incomplete = True
        if url == self.start:
            self.found.warnings.append(f"De bron {url} is niet gelezen: {problem}.")
        return None

    async def _ask(self, fetcher: Fetcher, url: str, earlier: Saved | None) -> Answer:
        headers = earlier.headers if earlier else {}
        target = url
        for _ in range(MAX_REDIRECTS):
            host = self._host(target)
            if host.given_up:
                raise FetchError("is niet gevraagd: de server antwoordde al niet meer")
            await host.turn()
            conditions = (headers.get("etag", ""), headers.get("last-modified", "")) if target == url else ("", "")
            try:
                answer = await fetcher.fetch(target, *conditions)
            except FetchError:
                host.failures += 1
                raise
            host.failures = 0
            if answer.location is None:
                return answer
            target = answer.location
        raise Refused(f"stuurt meer dan {MAX_REDIRECTS} keer door")

    def _host(self, url: str) -> Host:
        """Return the host of an address. Raises Refused if an answer led us to a host that is none of the source's."""
        name = host_of(url)
        known = (host_of(self.start), *self.context.source.hosts)
        ours = any(name in family(host) for host in known) or name.endswith(self.partners or ("\0",))
        if not ours or is_loopback(url) != is_loopback(self.start):
            raise Refused(f"staat op {name}; die server hoort niet bij deze bron (zie `hosts` in het sitebestand)")
        if name not in self._hosts:
            self._hosts[name] = Host(ALLOW_ALL, pause_of(url, self.context.source.delay_seconds, ALLOW_ALL))
        return self._hosts[name]


def read_feed(
    context: Context, start: str, walk: Callable[[Feed], Awaitable[Sequence[Item]]], *,
    accept: str, partners: tuple[str, ...] = (),
) -> Gathered:  # fmt: skip
    """Bring the snapshot of a source up to date, unless offline, and list what it holds.

    `walk` asks the addresses and makes the items. `partners` are ends of host names that the source refers to.
    """
    folder = context.snapshots / f"{context.source.kind}-{short_digest(start)}"
    found = Gathered([], folder=folder)
    if context.offline and not folder.is_dir():
        found.warnings.append(f"De bron {start} is niet gelezen: die {OFFLINE}.")
        return found
    with Snapshot(folder) as snapshot:
        feed = Feed(context, start, snapshot, found, partners=partners)
        found.items = list(asyncio.run(_walk(feed, walk, accept)))
    source = context.source
    for item in list(found.items):
        if (source.include and not matches(item.url, source.include)) or matches(item.url, source.exclude):
            found.items.remove(item)
    return found


async def _walk(feed: Feed, walk: Callable[[Feed], Awaitable[Sequence[Item]]], accept: str) -> Sequence[Item]:
    if feed.context.offline:
        return await walk(feed)
    source, contact = feed.context.source, feed.context.site.contact.page or feed.context.site.url
    feed.snapshot.begin(datetime.now(UTC))
    fetcher = Fetcher(
        normalise(contact, feed.context.site.url) or feed.start, timeout_seconds=source.timeout_seconds,
        max_bytes=source.max_bytes, connections=1, accept=accept,
        retry_wait=0.05 if is_loopback(feed.start) else max(source.delay_seconds, 0.5),
    )  # fmt: skip
    async with fetcher:
        feed.fetcher = fetcher
        items = await walk(feed)
    if feed.incomplete:
        feed.snapshot.keep_all()
    feed.snapshot.finish(datetime.now(UTC))
    return items


def read_json(body: bytes) -> Any:
    """Parse JSON. Raises FetchError if it is broken."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"is kapotte JSON ({technical(str(error)[:100])})") from error


def string(value: Any) -> str:
    """Return a field of JSON if it is text; empty otherwise."""
    return value.strip() if isinstance(value, str) else ""


def rows(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a field of JSON that should be a list of them."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def broken_rows(count: int) -> str:
    """Say how many things stand in a list of products that are none."""
    return f"heeft {count} {'product dat niet te lezen is' if count == 1 else 'producten die niet te lezen zijn'}"
