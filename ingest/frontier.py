"""Which addresses a crawl still has to visit, and which it never will."""

import re
from collections import Counter, deque
from collections.abc import Callable
from urllib.parse import urlsplit

from corpus.sites import Source
from ingest.links import ASSETS, DOCUMENTS
from ingest.urls import family, host_of, matches, normalise

# A calendar or a filter makes endless addresses that differ in their query only.
MAX_QUERIES_PER_PATH = 100
MAX_LENGTH = 500
_LOOP = re.compile(r"(/[^/]+)(?:\1){3}")

PATTERNS = "hoort niet bij de patronen van het sitebestand (include, exclude)"


class Frontier:
    """A queue of addresses in order of discovery, each at most once, within the bounds of a source."""

    def __init__(self, source: Source, skip: Callable[[str, str], None]) -> None:
        """Take `skip`, which is told the address and the reason of what will not be visited."""
        self.source, self.skip = source, skip
        self.start = normalise(source.url) or source.url
        self.hosts = frozenset[str]().union(*map(family, [host_of(self.start), *source.hosts]))
        self.known: set[str] = set()
        self._pending: deque[tuple[str, int]] = deque()
        self._queries: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._pending)

    def pop(self) -> tuple[str, int]:
        """Return the next address and how many redirects led to it."""
        return self._pending.popleft()

    def add(self, url: str, hops: int = 0) -> None:
        """Queue an address, unless it is known, no page, or out of bounds."""
        if url in self.known or not self._may_be_page(url):
            return
        self.known.add(url)
        if reason := self._refusal(url):
            self.skip(url, reason)
        else:
            self._pending.append((url, hops))

    def _may_be_page(self, url: str) -> bool:
        path = urlsplit(url).path
        if host_of(url) not in self.hosts or ASSETS.search(path):
            return False
        return self.source.documents or not DOCUMENTS.search(path)

    def _refusal(self, url: str) -> str:
        if len(url) > MAX_LENGTH or _LOOP.search(url):
            return "heeft een adres dat zichzelf herhaalt"
        if url != self.start and not wanted(url, self.source):
            return PATTERNS
        if "?" in url:
            path = urlsplit(url).path
            self._queries[path] += 1
            if self._queries[path] > MAX_QUERIES_PER_PATH:
                return f"is een van meer dan {MAX_QUERIES_PER_PATH} varianten van één adres"
        return ""


def wanted(url: str, source: Source) -> bool:
    """Tell whether the include and exclude patterns of a source let an address in."""
    included = not source.include or matches(url, source.include)
    return included and not matches(url, source.exclude)
