"""Walk a website: what the sitemap lists and what its pages link to, within the site file's bounds.

Writes every answer to the snapshot; reads no content. The order is breadth first: start page, sitemap, links.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urljoin

from corpus.sites import Source
from ingest.charset import decode
from ingest.errors import CrawlError, FetchError, Refused
from ingest.fetch import MAX_REDIRECTS, Answer, Fetcher
from ingest.frontier import Frontier
from ingest.hosts import Host, Hosts
from ingest.links import find_links
from ingest.sitemap import parse_sitemap
from ingest.snapshot import Saved, Snapshot
from ingest.urls import host_of, is_loopback, normalise, origin

MAX_SITEMAPS = 200
ROBOTS = "mag niet gelezen worden (verbod in robots.txt)"


@dataclass
class Crawled:
    """What happened during a crawl. Keys are addresses, values say why in a few words."""

    skipped: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    fetched: int = 0
    unchanged: int = 0
    resumed: int = 0

    def skip(self, url: str, reason: str) -> None:
        """Note why an address gave no page."""
        self.skipped[url] = reason


def crawl(source: Source, contact: str, snapshot: Snapshot, seen: Callable[[int, int], None]) -> Crawled:
    """Bring the snapshot of a website up to date.

    `contact` is the address that the User-Agent names. `seen` is told how many addresses are done and known.
    Raises CrawlError if not one page could be read; the snapshot keeps what it has then.
    """
    return asyncio.run(_crawl(source, contact, snapshot, seen))


async def _crawl(source: Source, contact: str, snapshot: Snapshot, seen: Callable[[int, int], None]) -> Crawled:
    fetcher = Fetcher(
        contact, timeout_seconds=source.timeout_seconds, max_bytes=source.max_bytes, connections=source.concurrency,
        retry_wait=0.05 if is_loopback(source.url) else max(source.delay_seconds, 0.5),
    )  # fmt: skip
    async with fetcher:
        return await _Crawl(source, fetcher, snapshot, seen).run()


class _Crawl:
    def __init__(self, source: Source, fetcher: Fetcher, snapshot: Snapshot, seen: Callable[[int, int], None]) -> None:
        self.source, self.fetcher, self.snapshot, self.seen = source, fetcher, snapshot, seen
        self.report = Crawled()
        self.frontier = Frontier(source, self.report.skip)
        self.start = self.frontier.start
        self.hosts = Hosts(self.start, source.delay_seconds, fetcher, snapshot)
        self.lastmod: dict[str, date | None] = {}
        self.pages = 0
        self.start_problem = ""

    async def run(self) -> Crawled:
        self.snapshot.begin(datetime.now(UTC))
        self.frontier.add(self.start)
        await self.read_sitemaps()
        await self.walk()
        if not self.pages:
            raise CrawlError(self.why_nothing())
        self.snapshot.date(self.lastmod)
        for url in self.snapshot.finish(datetime.now(UTC)):
            self.report.removed.setdefault(url, "staat niet meer in de sitemap en heeft geen link meer")
        return self.report

    async def read_sitemaps(self) -> None:
        rules = (await self.hosts.of(self.start)).rules
        root = origin(self.start)
        waiting = deque(rules.sitemaps or [urljoin(root, "sitemap.xml"), urljoin(root, "sitemap_index.xml")])
        read: set[str] = set()
        while waiting and len(read) < MAX_SITEMAPS:
            url = normalise(waiting.popleft(), root)
            if url is None or url in read or host_of(url) not in self.frontier.hosts:
                continue
            read.add(url)
            found = parse_sitemap(await self.sitemap_body(url))
            waiting.extend(found.sitemaps)
            for location, changed in found.pages.items():
                if page := normalise(location, url):
                    self.lastmod[page] = changed
                    self.frontier.add(page)

    async def sitemap_body(self, url: str) -> bytes:
        try:
            await (await self.hosts.of(url)).turn()
            answer = await self.fetcher.follow(url)
        except FetchError as error:
            saved = self.snapshot.get(url)
            if saved is None or not self.snapshot.fail(url, str(error)):
                self.report.warnings.append(f"De sitemap {url} {error}. Pagina's worden nu alleen via links gevonden.")
                return b""
            self.report.warnings.append(f"De sitemap {url} {error}. De laatste goede kopie wordt gebruikt.")
            return self.snapshot.body(saved)
        if answer.status != 200:
            return b""
        self.snapshot.save(url, answer.status, answer.headers, answer.body, kind="sitemap")
        return answer.body

    async def walk(self) -> None:
        active: set[asyncio.Task[None]] = set()
        limit = self.source.max_pages
        while active or (self.frontier and self.pages < limit):
            while self.frontier and len(active) < self.source.concurrency and self.pages + len(active) < limit:
                active.add(asyncio.create_task(self.visit(*self.frontier.pop())))
            finished, active = await asyncio.wait(active, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                task.result()
            known = len(self.frontier.known)
            self.seen(known - len(self.frontier) - len(active), known)
        if self.frontier:
            self.report.warnings.append(
                f"Bij max_pages = {limit} is gestopt. Niet gelezen adressen: {len(self.frontier)}."
            )

    async def visit(self, url: str, hops: int) -> None:
        host = await self.hosts.of(url)
        if not host.rules.allows(url):
            self.report.skip(url, ROBOTS)
            return
        if done := self.snapshot.checked(url):
            self.report.resumed += 1
            self.follow(done, hops)
            return
        saved = self.snapshot.get(url)
        earlier = saved if saved and self.snapshot.has_body(saved) else None
        headers = earlier.headers if earlier else {}
        try:
            if host.given_up:
                raise FetchError("is niet gelezen, want de server gaf geen antwoord meer")
            await host.turn()
            answer = await self.fetcher.fetch(url, headers.get("etag", ""), headers.get("last-modified", ""))
        except Refused as error:
            self.gone(url, str(error), earlier)
        except FetchError as error:
            self.failed(url, hops, host, str(error), earlier)
        else:
            host.failures = 0
            self.answered(url, hops, answer, earlier)

    def answered(self, url: str, hops: int, answer: Answer, earlier: Saved | None) -> None:
        if answer.status == 304 and earlier:
            self.snapshot.confirm(url)
            self.report.unchanged += 1
            self.follow(earlier, hops)
        elif answer.status == 200 or answer.location:
            self.report.fetched += 1
            self.follow(self.save(url, answer), hops)
        else:
            self.gone(url, f"geeft foutcode HTTP {answer.status}", earlier)

    def save(self, url: str, answer: Answer) -> Saved:
        links: tuple[str, ...] = ()
        canonical = None
        if answer.body and not answer.body.startswith((b"%PDF", b"PK")):
            found = find_links(decode(answer.body, answer.headers.get("content-type", "")), url)
            links, canonical = found.targets, found.canonical
        return self.snapshot.save(
            url, answer.status, answer.headers, answer.body, location=answer.location, links=links, canonical=canonical
        )

    def gone(self, url: str, reason: str, earlier: Saved | None) -> None:
        self.snapshot.drop(url)
        if earlier:
            self.report.removed[url] = reason
        else:
            self.report.skip(url, reason)
        self.note(url, reason)

    def failed(self, url: str, hops: int, host: Host, problem: str, earlier: Saved | None) -> None:
        host.failures += 1
        self.note(url, problem)
        if earlier and self.snapshot.fail(url, problem):
            self.report.kept[url] = problem
            self.follow(earlier, hops, asked=False)
        else:
            self.report.skip(url, problem)

    def note(self, url: str, problem: str) -> None:
        if url == self.start:
            self.start_problem = problem

    def follow(self, saved: Saved, hops: int, *, asked: bool = True) -> None:
        """Queue what an answer leads to."""
        if saved.location is None:
            self.pages += asked
            for link in (*([saved.canonical] if saved.canonical else []), *saved.links):
                self.frontier.add(link)
            return
        circle = self.circle(saved.url)
        problem = ""
        if circle:
            problem = "stuurt door in een kring"
        elif hops >= MAX_REDIRECTS:
            problem = f"stuurt meer dan {MAX_REDIRECTS} keer door"
        elif host_of(saved.location) not in self.frontier.hosts:
            problem = f"stuurt door naar {origin(saved.location)}, maar dat staat niet bij `hosts` in het sitebestand"
        for url in circle or [saved.url] * bool(problem):
            self.report.skip(url, problem)
            self.note(url, problem)
        if not problem:
            self.frontier.add(saved.location, hops + 1)

    def circle(self, url: str) -> list[str]:
        """Return the addresses of a redirect loop that an address is part of, or nothing."""
        passed = [url]
        step = self.snapshot.checked(url)
        while step and step.location:
            if step.location in passed:
                return passed
            passed.append(step.location)
            step = self.snapshot.checked(step.location)
        return []

    def why_nothing(self) -> str:
        if ROBOTS in self.report.skipped.values():
            return (
                f"Vraagbaak mag {host_of(self.start)} niet lezen (verbod in robots.txt). "
                "Sta het daar toe (User-agent: Vraagbaak, Allow: /) en werk de site opnieuw bij."
            )
        if self.start_problem:
            return f"{self.start} {self.start_problem}. Controleer het adres in het sitebestand en of de website werkt."
        return f"{self.start} heeft geen pagina om te lezen. Controleer `url` en `include` in het sitebestand."
