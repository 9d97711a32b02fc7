"""Read an HTML table: caption, column heads and rows of equal length; tell data tables from layout tables."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import Tag

from corpus.records import Block
from ingest.texts import inline, one_line, words

# A cell longer than this holds running text, so a table of such cells without heads is layout.
LAYOUT_WORDS = 40
_DIGIT = re.compile(r"\d")
_NO_HEAD = re.compile(
    r"^(?:gratis|geen|gesloten|vrij|n\.?v\.?t\.?|nvt|nee|ja|free|closed|none|yes|no"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day\w*)$",
    re.I,
)
MAX_SPAN = 50


def read_table(table: Tag) -> Block | None:
    """Read a data table. None for a layout table, whose cells are to be read as ordinary content."""
    if table.get("role") in ("presentation", "none") or table.find("table") is not None:
        return None
    rows = _drop_empty(_read_rows(table))
    if not rows or _is_layout(table, rows):
        return None
    heads = _count_heads(rows) or _guess_head(table, rows)
    header = _join_heads(rows[:heads])
    body = _apply_groups(rows[heads:]) or [tuple(row.cells) for row in rows]
    return Block(kind="table", text=_caption(table), header=header if len(rows) > heads else (), rows=tuple(body))


@dataclass
class _Row:
    cells: list[str]
    is_head: bool
    # One cell over the whole width: a heading over the rows below it.
    is_group: bool


def _read_rows(table: Tag) -> list[_Row]:
    """Lay the cells out in a rectangle; a cell that spans rows fills every place it covers."""
    carried: dict[tuple[int, int], str] = {}
    rows = [_read_row(tag, number, carried) for number, tag in enumerate(table.find_all("tr"))]
    width = max((len(row.cells) for row in rows), default=0)
    for row in rows:
        row.cells += [""] * (width - len(row.cells))
    return rows


def _read_row(row: Tag, number: int, carried: dict[tuple[int, int], str]) -> _Row:
    cells: list[str] = []
    tags = row.find_all(["td", "th"], recursive=False)

    def fill_carried() -> None:
        while (number, len(cells)) in carried:
            cells.append(carried.pop((number, len(cells))))

    for tag in tags:
        fill_carried()
        text = cell_text(tag)
        for column in range(len(cells), len(cells) + _span(tag, "colspan")):
            # A cell over several columns counts once, save in a head, where it belongs to each.
            shown = text if column == len(cells) or tag.name == "th" else ""
            for below in range(1, _span(tag, "rowspan")):
                carried[number + below, column] = shown
            cells.append(shown)
    fill_carried()
    in_head = row.find_parent("thead") is not None
    all_heads = len(tags) > 1 and all(tag.name == "th" for tag in tags)
    return _Row(cells, in_head or all_heads, len(tags) == 1 and _span(tags[0], "colspan") > 1)


def _drop_empty(rows: list[_Row]) -> list[_Row]:
    width = len(rows[0].cells) if rows else 0
    used = [column for column in range(width) if any(row.cells[column] for row in rows)]
    for row in rows:
        row.cells = [row.cells[column] for column in used]
    return [row for row in rows if any(row.cells)]


def _count_heads(rows: Sequence[_Row]) -> int:
    return sum(1 for _ in itertools.takewhile(lambda row: row.is_head, rows))


def cell_text(cell: Tag) -> str:
    """Return the text of a cell on one line; items and paragraphs are set apart by a semicolon."""
    parts = [one_line(inline(part)) for part in cell.find_all(["li", "p"])]
    whole = one_line(inline(cell))
    joined = "; ".join(part for part in parts if part)
    text = joined if len(re.sub(r"\W", "", joined)) >= len(re.sub(r"\W", "", whole)) else whole
    return text.replace("|", "/")


def _span(tag: Tag, name: str) -> int:
    value = str(tag.get(name) or "1")
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() else 1


def _is_layout(table: Tag, rows: Sequence[_Row]) -> bool:
    if table.find("th") is not None or table.find("caption") is not None:
        return False
    cells = [cell for row in rows for cell in row.cells if cell]
    # Two rows of two cells are the least that a table without heads can mean something with.
    return len(rows[0].cells) < 2 or len(rows) < 2 or sum(map(words, cells)) / len(cells) > LAYOUT_WORDS


def _guess_head(table: Tag, rows: Sequence[_Row]) -> int:
    """Tell whether the first row is a head although nothing marks it: short words above figures, or bold cells."""
    first, rest = rows[0].cells, [row for row in rows[1:] if not row.is_group]
    if not rest or not all(first) or any(_NO_HEAD.match(cell) or words(cell) > 8 for cell in first):
        return 0
    row = table.find("tr")
    tags = row.find_all(["td", "th"]) if row else []
    if tags and all(tag.find(["strong", "b"]) is not None for tag in tags):
        return 1
    if any(_DIGIT.search(cell) for cell in first):
        return 0
    return int(any(all(_DIGIT.search(row.cells[column]) for row in rest) for column in range(1, len(first))))


def _join_heads(rows: Sequence[_Row]) -> tuple[str, ...]:
    columns = zip(*(row.cells for row in rows), strict=True)
    return tuple(" ".join(dict.fromkeys(cell for cell in column if cell)) for column in columns)


def _apply_groups(rows: Sequence[_Row]) -> list[tuple[str, ...]]:
    """Put a row that is a heading over the rows below it in front of each of them."""
    found: list[tuple[str, ...]] = []
    group, used = "", True
    for row in rows:
        first, *others = row.cells
        if row.is_group:
            found += [] if used else [(group, *[""] * len(others))]
            group, used = first, False
        else:
            found.append((": ".join(part for part in (group, first) if part), *others))
            used = True
    return found if used else [*found, (group, *[""] * (len(rows[0].cells) - 1))]


def _caption(table: Tag) -> str:
    caption = table.find("caption")
    if isinstance(caption, Tag) and (text := one_line(inline(caption))):
        return text
    parent = table.find_parent("figure")
    legend = parent.find("figcaption") if parent else None
    return one_line(inline(legend)) if isinstance(legend, Tag) else one_line(str(table.get("aria-label") or ""))
