"""Manners per host: its robots.txt, the pause between two requests, and when to leave it alone."""

import asyncio
from dataclasses import dataclass

from ingest.errors import CrawlError, FetchError, Refused
from ingest.fetch import Fetcher
from ingest.robots import ALLOW_ALL, FORBID_ALL, Rules, parse_robots
from ingest.snapshot import Snapshot
from ingest.urls import host_of, is_loopback, origin

# A host that fails this often in a row is left alone for the rest of the crawl; earlier copies stay.
GIVE_UP_AFTER = 10


@dataclass
class Host:
    """What we know of one host during a crawl."""

    rules: Rules
    pause: float
    next_turn: float = 0.0
    failures: int = 0

    @property
    def given_up(self) -> bool:
        """Tell whether the host has stopped answering."""
        return self.failures >= GIVE_UP_AFTER

    async def turn(self) -> None:
        """Wait until the host may be asked again."""
        if not self.pause:
            return
        loop = asyncio.get_running_loop()
        turn = max(loop.time(), self.next_turn)
        self.next_turn = turn + self.pause
        await asyncio.sleep(turn - loop.time())


class Hosts:
    """The hosts of one crawl. robots.txt is read once per host, before anything else is asked of it."""

    def __init__(self, start: str, delay_seconds: float, fetcher: Fetcher, snapshot: Snapshot) -> None:
        self._start, self._delay, self._fetcher, self._snapshot = host_of(start), delay_seconds, fetcher, snapshot
        self._hosts: dict[str, Host] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def of(self, url: str) -> Host:
        """Return the host of an address. Raises CrawlError if robots.txt of the site's own host does not answer."""
        name = host_of(url)
        async with self._locks.setdefault(name, asyncio.Lock()):
            if name not in self._hosts:
                rules = await self._read_robots(origin(url))
                self._hosts[name] = Host(rules, pause_of(url, self._delay, rules))
        return self._hosts[name]

    async def _read_robots(self, root: str) -> Rules:
        """Read robots.txt; if it does not answer, the last good copy holds, and without one nothing is allowed.

        That is what RFC 9309 §2.3.1 asks.
        """
        url = root + "robots.txt"
        try:
            answer = await self._fetcher.follow(url)
        except Refused:
            return ALLOW_ALL
        except FetchError as error:
            saved = self._snapshot.get(url)
            if saved:
                self._snapshot.confirm(url)
                return parse_robots(self._snapshot.body(saved)) if saved.digest else ALLOW_ALL
            if host_of(root) != self._start:
                return FORBID_ALL
            raise CrawlError(
                f"{url} {error}. Controleer het adres in het sitebestand en of de website werkt."
            ) from error
        self._snapshot.save(url, answer.status, answer.headers, answer.body, kind="robots")
        return parse_robots(answer.body) if answer.status == 200 else ALLOW_ALL


def pause_of(url: str, delay_seconds: float, rules: Rules) -> float:
    """Return the seconds between two requests to a host: the longer of ours and its Crawl-delay, none on loopback."""
    return 0.0 if is_loopback(url) else max(delay_seconds, rules.delay or 0.0)
