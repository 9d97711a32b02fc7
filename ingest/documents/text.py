"""Read plain text and Markdown, with or without front matter."""

import re
from collections.abc import Mapping

from corpus.records import Block
from ingest.dates import parse_date
from ingest.errors import NotIndexed
from ingest.lists import read_lines
from ingest.page import Content, Draft, title_from
from ingest.texts import one_line

_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.S)
_FIELD = re.compile(r"^([\w-]+)\s*:\s*(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ROW = re.compile(r"^\|(.+)\|\s*$")
_RULE = re.compile(r"^\|?[\s:|-]+\|[\s:|-]*$")
_MARKUP = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def read_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Split a note into the fields between two `---` lines and the text below."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    fields = (_FIELD.match(line) for line in found[1].splitlines())
    return {match[1].lower(): match[2].strip().strip("\"'") for match in fields if match}, text[found.end() :]


def read_text(text: str, url: str, language: str = "nl") -> Content:
    """Read Markdown, or plain text as Markdown without marks. Raises NotIndexed if nothing is in it."""
    fields, body = read_front_matter(text.replace("\r\n", "\n"))
    title = fields.get("title", "")
    drafts = [Draft()]
    stack: list[tuple[int, str]] = []
    waiting: list[str] = []
    for line in [*body.split("\n"), "# "]:
        heading = _HEADING.match(line)
        if not heading and line != "# ":
            waiting.append(line)
            continue
        drafts[-1].blocks += _blocks(waiting)
        waiting = []
        if heading and len(heading[1]) == 1 and not title:
            title = _plain(heading[2])
        elif heading:
            level = len(heading[1])
            stack = [(other, words) for other, words in stack if other < level] + [(level, _plain(heading[2]))]
            drafts.append(Draft(tuple(words for _, words in stack)))
    kept = [draft for draft in drafts if draft.blocks]
    if not kept:
        raise NotIndexed("heeft geen tekst")
    return Content(
        title=title or title_from(url), drafts=kept, language=fields.get("language", language),
        modified=parse_date(fields.get("modified", "")), valid_from=parse_date(fields.get("valid_from", "")),
        valid_until=parse_date(fields.get("valid_until", "")), doc_type="note" if fields else "page",
        keywords=_keywords(fields),
    )  # fmt: skip


def _keywords(fields: Mapping[str, str]) -> tuple[str, ...]:
    words = fields.get("keywords", "").strip("[]").split(",")
    return tuple(word.strip().strip("\"'") for word in (*words, fields.get("department", "")) if word.strip())


def _blocks(lines: list[str]) -> list[Block]:
    """Read paragraphs, lists and pipe tables."""
    found: list[Block] = []
    text: list[str] = []
    rows: list[str] = []
    for line in [*lines, ""]:
        if _ROW.match(line):
            rows.append(line)
            continue
        if rows:
            found += read_lines("\n".join(text), least=1)
            found.append(_table(rows, found))
            text, rows = [], []
        text.append(_plain(line))
    return found + read_lines("\n".join(text), least=1)


def _table(lines: list[str], before: list[Block]) -> Block:
    cells = [
        tuple(_plain(cell) for cell in line.strip().strip("|").split("|")) for line in lines if not _RULE.match(line)
    ]
    has_head = len(lines) > 1 and bool(_RULE.match(lines[1]))
    width = max(len(row) for row in cells)
    rows = [row + ("",) * (width - len(row)) for row in cells]
    caption = before.pop().text if before and before[-1].kind == "paragraph" and before[-1].text.endswith(":") else ""
    return Block(kind="table", text=caption, header=rows[0] if has_head else (), rows=tuple(rows[has_head:]))


def _plain(line: str) -> str:
    return one_line(_MARKUP.sub("", _LINK.sub(r"\1", line)))
