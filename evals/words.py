"""Compare texts the way a reader would: case, entities, spacing and punctuation do not count."""

import html
import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")
MARKER = re.compile(r"\s*\[\d+\]")
LINK = re.compile(r"https?://[^\s)>\]]+|www\.[^\s)>\]]+")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


def normalise(text: str) -> str:
    """Lower the case, unescape entities, and keep only words with single spaces between them."""
    return " ".join(WORD.findall(html.unescape(text).lower()))


def contains(text: str, span: str) -> bool:
    """Tell whether a span stands in a text, word for word; a span without words stands nowhere."""
    wanted = normalise(span)
    return bool(wanted) and f" {wanted} " in f" {normalise(text)} "


def without_markers(text: str) -> str:
    """Take the citation numbers out of a reply's text."""
    return MARKER.sub("", text)


def count_words(text: str) -> int:
    """Count the words of a reply's text, citation numbers left out."""
    return len(WORD.findall(without_markers(text)))


def checkable(text: str) -> list[str]:
    """Return what a reader could act on and no page may lack: numbers, e-mail addresses, web addresses, in order."""
    bare = without_markers(html.unescape(text)).lower()
    found = [link.rstrip(".,;:!?") for link in LINK.findall(bare)]
    rest = LINK.sub(" ", bare)
    found += EMAIL.findall(rest)
    return found + NUMBER.findall(EMAIL.sub(" ", rest))


def unsupported(text: str, sources: Iterable[str]) -> tuple[str, ...]:
    """Return the checkable parts of a text that stand literally in none of the sources."""
    known: set[str] = set()
    for source in sources:
        known.update(checkable(source))
    return tuple(part for part in checkable(text) if part not in known)


def squeeze(text: str) -> str:
    """Keep only lower-cased letters and digits, so that `NL91 ABNA…` and `nl91abna…` are the same."""
    return "".join(WORD.findall(html.unescape(text).lower()))
