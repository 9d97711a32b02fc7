"""Our own small Markdown subset to safe HTML: paragraphs, lists, tables, bold, quotes and source numbers.

Everything is escaped first; no link is ever made from text, only from citations and actions (links.py).
The result holds no line break, so that Gradio's Markdown passes it through as one block of HTML.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from itertools import groupby

Link = Callable[[int], str]
CITE = re.compile(r"\[(\d{1,2})\]")
BOLD = re.compile(r"\*\*(.+?)\*\*")
RULE = re.compile(r"\|[\s:|-]+\|")
ITEM = re.compile(r"^\s*[-*•]\s+")
NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+")


def to_html(text: str, link: Link) -> str:
    """Render a text; `link(n)` gives the HTML of source number n, or an empty string for an unknown one."""
    lines = [line.rstrip() for line in text.splitlines()]
    return "".join(_block(kind, list(group), link) for kind, group in groupby(lines, key=_kind) if kind != "blank")


def inline(text: str, link: Link) -> str:
    """Render one line: escaped, with bold and source numbers."""
    html = BOLD.sub(r"<strong>\1</strong>", escape(" ".join(text.split())))
    return CITE.sub(lambda match: link(int(match[1])), html)


def plain(text: str) -> str:
    """Return the text as a screen reader may speak it: without marks and source numbers."""
    spoken = " ".join(ITEM.sub("", line, count=1) for line in text.splitlines() if not RULE.fullmatch(line.strip()))
    return " ".join(CITE.sub("", spoken).replace("**", "").replace("|", " ").split())


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if line.lstrip().startswith("|"):
        return "table"
    if line.lstrip().startswith(">"):
        return "quote"
    if ITEM.match(line):
        return "list"
    return "numbered" if NUMBERED.match(line) else "paragraph"


def _block(kind: str, lines: list[str], link: Link) -> str:
    if kind == "table":
        return _table(lines, link)
    if kind in ("list", "numbered"):
        tag, mark = ("ul", ITEM) if kind == "list" else ("ol", NUMBERED)
        items = "".join(f"<li>{inline(mark.sub('', line, count=1), link)}</li>" for line in lines)
        return f"<{tag}>{items}</{tag}>"
    if kind == "quote":
        return f"<blockquote>{'<br>'.join(inline(line.lstrip().lstrip('>'), link) for line in lines)}</blockquote>"
    return "".join(f"<p>{inline(line, link)}</p>" for line in lines)


def _table(lines: list[str], link: Link) -> str:
    """Render rows; a rule of dashes below the first row makes that row the header."""
    has_header = len(lines) > 1 and RULE.fullmatch(lines[1].strip()) is not None
    rows = list(_cells(line for line in lines if not RULE.fullmatch(line.strip())))
    head = ""
    if has_header:
        head = "<thead><tr>" + "".join(f'<th scope="col">{inline(c, link)}</th>' for c in rows[0]) + "</tr></thead>"
        rows = rows[1:]
    body = "".join("<tr>" + "".join(f"<td>{inline(cell, link)}</td>" for cell in row) + "</tr>" for row in rows)
    # Tables scroll by themselves on a narrow screen; tabindex lets the keyboard scroll them too.
    return f'<div class="vb-table" tabindex="0"><table>{head}<tbody>{body}</tbody></table></div>'


def _cells(lines: Iterable[str]) -> Iterator[list[str]]:
    for line in lines:
        yield [cell.strip() for cell in line.strip().strip("|").split("|")]
