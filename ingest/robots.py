"""What robots.txt of a host allows us (the only file that knows protego)."""

from dataclasses import dataclass

from protego import Protego

AGENT = "Vraagbaak"
# A parser may stop there (RFC 9309 §2.5).
MAX_BYTES = 512_000


@dataclass(frozen=True)
class Rules:
    """The rules of one host for our agent."""

    parsed: Protego

    def allows(self, url: str) -> bool:
        """Tell whether an address may be fetched."""
        return bool(self.parsed.can_fetch(url, AGENT))

    @property
    def delay(self) -> float | None:
        """Return Crawl-delay in seconds, if one is asked of us."""
        seconds = self.parsed.crawl_delay(AGENT)
        return None if seconds is None else float(seconds)

    @property
    def sitemaps(self) -> list[str]:
        """Return the sitemaps that the file names."""
        return list(self.parsed.sitemaps)


def parse_robots(body: bytes) -> Rules:
    """Read robots.txt; what is not a rule (an HTML page sent in its place) allows everything."""
    return Rules(Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", errors="replace")))


ALLOW_ALL = parse_robots(b"")
FORBID_ALL = parse_robots(b"User-agent: *\nDisallow: /")
