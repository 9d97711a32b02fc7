"""The parts of a page body: the text under each h2, and each accordion."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "wbr"})


@dataclass(frozen=True)
class Part:
    """A top-level piece of a body. `raw` is all its HTML; `content` is what stands under `heading`."""

    raw: str
    heading: str = ""
    content: str = ""
    is_accordion: bool = False


def split_body(body: str) -> tuple[Part, ...]:
    """Cut a body before each top-level h2, and before and after each top-level details and aside.

    Raises ValueError with the line if tags are not properly nested: a closing tag may be left out nowhere.
    """
    splitter = _Splitter(body)
    splitter.feed(body)
    splitter.close()
    splitter.check_closed()
    cuts = sorted({0, *splitter.cuts, len(body)})
    pieces = (body[start:end].strip() for start, end in pairwise(cuts))
    return tuple(_part(piece) for piece in pieces if piece)


def _part(raw: str) -> Part:
    if match := re.match(r"<details[^>]*>\s*<summary[^>]*>(.*?)</summary>(.*)</details>\Z", raw, re.DOTALL):
        return Part(raw, _plain(match[1]), match[2].strip(), is_accordion=True)
    if match := re.match(r"<h2[^>]*>(.*?)</h2>(.*)\Z", raw, re.DOTALL):
        return Part(raw, _plain(match[1]), match[2].strip())
    return Part(raw, "", raw)


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


class _Splitter(HTMLParser):
    """Find the offsets of cuts and check that tags are nested."""

    def __init__(self, body: str) -> None:
        super().__init__(convert_charrefs=False)
        lengths = [len(line) for line in body.splitlines(keepends=True)]
        self._line_starts = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
        self._open: list[str] = []
        self.cuts: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._open and tag in {"h2", "details", "aside"}:
            self.cuts.append(self._offset())
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            inside = f"<{self._open[-1]}>" if self._open else "nothing"
            raise ValueError(f"line {self.getpos()[0]} of the body: </{tag}> closes {inside}.")
        self._open.pop()
        if not self._open and tag in {"details", "aside"}:
            self.cuts.append(self._offset() + len(f"</{tag}>"))

    def check_closed(self) -> None:
        if self._open:
            raise ValueError(f"<{self._open[-1]}> of the body is never closed.")

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
