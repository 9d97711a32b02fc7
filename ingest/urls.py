"""Addresses: one spelling per page, what belongs to a site, and which patterns let it in."""

import fnmatch
import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"^(utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|matomo_\w+|hsa_\w+|mc_[ce]id|gclid|gclsrc|dclid|fbclid|msclkid|yclid|igshid"
    r"|phpsessid|jsessionid|sessionid|_ga|_gl)$"
)
_SESSION_IN_PATH = re.compile(r";(jsessionid|phpsessid)=[^/?#]*", re.I)
# Left as they are in a path segment by RFC 3986; everything else is percent-encoded.
_SEGMENT_SAFE = ":@!$&'()*+,;=~-._"


def normalise(url: str, base: str = "") -> str | None:
    """Give the one spelling of a web address, without fragment and tracking parameters.

    None for what is not a web address (mailto:, javascript:, a broken one).
    """
    try:
        parts = urlsplit(urljoin(base, url.strip()))
        host = _host(parts)
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    path = "/".join(_segment(segment) for segment in _undot(path.split("/")))
    return urlunsplit((parts.scheme, host, path, _query(parts.query), ""))


def _segment(segment: str) -> str:
    return quote(unquote(segment, errors="surrogateescape"), safe=_SEGMENT_SAFE, errors="surrogateescape")


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    if name and not name.isascii():
        name = name.encode("idna").decode("ascii")
    name = f"[{name}]" if ":" in name else name
    port = parts.port
    return name if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{name}:{port}"


def _undot(segments: list[str]) -> list[str]:
    """Resolve `.` and `..`, which urljoin leaves in absolute addresses."""
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return kept if len(kept) > 1 else ["", ""]


def _query(query: str) -> str:
    parts = (part for part in re.split("[&;]", query) if part)
    kept = "&".join(part for part in parts if not _TRACKING.match(part.partition("=")[0].lower()))
    return quote(kept, safe="%=&/?:@!$'()*+,;~-._[]")


def origin(url: str) -> str:
    """Return scheme and host of an address, with a closing slash."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def host_of(url: str) -> str:
    """Return host and port of an address."""
    return urlsplit(url).netloc.lower()


def family(host: str) -> frozenset[str]:
    """Return a host with and without `www.`, which municipal sites redirect between."""
    bare = host.removeprefix("www.")
    return frozenset({bare, f"www.{bare}"})


def is_loopback(url: str) -> bool:
    """Tell whether an address lies on this machine, where no politeness is needed."""
    name = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def relative(url: str) -> str:
    """Return path and query of an address: what patterns look at."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def matches(url: str, patterns: Iterable[str]) -> bool:
    """Tell whether an address fits any of the glob patterns.

    A pattern that starts with a scheme is held against the whole address, any other against path and query.
    A star crosses slashes: `/nieuws/*` holds everything below /nieuws/.
    """
    path = relative(url)
    return any(fnmatch.fnmatchcase(url if "://" in pattern else path, pattern) for pattern in patterns)
