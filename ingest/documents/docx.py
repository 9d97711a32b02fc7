"""Read a Word document (home of python-docx)."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from corpus.records import Block
from ingest.documents.fields import without_fields
from ingest.errors import NotIndexed
from ingest.page import Content, Draft, title_from
from ingest.texts import one_line

_HEADING = re.compile(r"^(?:heading|kop)\s*(\d)", re.I)
_LIST = re.compile(r"list|lijst|opsomming", re.I)
_NUMBERED = re.compile(r"^\d{1,2}[.)]\s+(?=\S)")
# A box to tick, or a bullet typed by hand.
_TYPED_BULLET = re.compile(r"^[□☐❑❏•▪]\s+(?=\S)")
# A DOCX is a zip; one that unpacks to more than this is not read.
MAX_UNPACKED = 200_000_000


def read_docx(body: bytes, url: str, language: str = "nl") -> Content:
    """Read a Word document by its heading styles. Raises NotIndexed for a broken or empty one."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise NotIndexed("is een Word-bestand dat uitgepakt groter is dan 200 MB")
        document = docx.Document(io.BytesIO(body))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise NotIndexed(f"is een kapot Word-bestand (technische melding: {type(error).__name__})") from error
    title, drafts = "", [Draft()]
    stack: list[tuple[int, str]] = []
    for kind, value in _parts(document):
        if kind == "title":
            title = title or value
        elif kind.isdigit():
            stack = [(level, text) for level, text in stack if level < int(kind)] + [(int(kind), value)]
            drafts.append(Draft(tuple(text for _, text in stack)))
        else:
            _add(drafts[-1].blocks, value)
    kept = without_fields(drafts)
    if not kept:
        raise NotIndexed("is een Word-bestand zonder tekst")
    properties = document.core_properties
    changed = properties.modified or properties.created
    return Content(
        title=title or one_line(properties.title or "") or (stack[0][1] if stack else title_from(url)),
        drafts=kept, language=language, modified=changed.date() if changed else None, doc_type="docx",
    )  # fmt: skip


def _parts(document: Any) -> Iterator[tuple[str, Any]]:
    """Give headings as (level, text), the title, and everything else as ("block", Block), in order."""
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            rows = _rows(item)
            if len(rows) > 1 and len(rows[0]) > 1:
                yield "block", Block(kind="table", header=rows[0], rows=tuple(rows[1:]))
            elif len(rows) > 1:
                yield "block", Block(kind="list", items=tuple(row[0] for row in rows if row[0]))
            elif rows:
                yield "block", Block(kind="paragraph", text=" ".join(rows[0]))
            continue
        text = one_line(item.text)
        style = str(item.style.name) if item.style is not None else ""
        if not text:
            continue
        if style.lower() in ("title", "titel"):
            yield "title", text
        elif found := _HEADING.match(style):
            yield found[1], _NUMBERED.sub("", text)
        else:
            plain = _TYPED_BULLET.sub("", text)
            listed = plain != text or _LIST.search(style)
            yield "block", Block(kind="list", items=(plain,)) if listed else Block(kind="paragraph", text=text)


def _rows(table: Any) -> list[tuple[str, ...]]:
    """Read a table without its empty rows and columns: what is to be filled in on a form."""
    rows = [tuple(one_line(cell.text).replace("|", "/") for cell in row.cells) for row in table.rows]
    rows = [row for row in rows if any(row)]
    width = min(map(len, rows), default=0)
    filled = [at for at in range(width) if any(row[at] for row in rows)]
    return [tuple(row[at] for at in filled) + row[width:] for row in rows]


def _add(blocks: list[Block], block: Block) -> None:
    """Add a block; items that follow each other make one list, with the sentence before it as lead-in."""
    if block.kind == "list" and blocks and blocks[-1].kind == "list":
        blocks[-1] = blocks[-1].model_copy(update={"items": (*blocks[-1].items, *block.items)})
    elif block.kind != "paragraph" and blocks and blocks[-1].kind == "paragraph" and blocks[-1].text.endswith(":"):
        blocks[-1] = block.model_copy(update={"text": blocks[-1].text})
    else:
        blocks.append(block)
