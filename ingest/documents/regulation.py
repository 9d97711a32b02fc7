"""Read a local regulation in the XML of the national register (CVDR): every article is a section under its number."""

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from corpus.records import Block
from ingest.errors import FetchError, NotIndexed
from ingest.page import Content, Draft
from ingest.safexml import every, local, parse_xml, running
from ingest.texts import one_line

# Parts with a heading of their own; a page shows them as chapter, section, article, annex, explanation.
_PARTS = ("boek", "deel", "hoofdstuk", "titeldeel", "afdeling", "paragraaf", "subparagraaf", "sub-paragraaf", "artikel",
          "bijlage", "nota-toelichting", "algemeen", "artikelsgewijs", "divisie")  # fmt: skip
# Who signed it, and what it is based on: nothing a resident asks about. Kept if there is nothing else.
_LEFT_OUT = ("kop", "regeling-sluiting", "aanhef", "meta", "intitule", "redactie")
_VOID = re.compile(r"^[\[(]?\s*(?:vervallen|gereserveerd)\s*[\])]?\.?$", re.I)
# Marks that say nothing about the place of an item.
_BULLET = re.compile(r"^[^\w]*$")
# A mark that its author typed in front of the words: `▪ de bedrijfsstructuur`, `5.Parkeren`.
_TYPED_BULLET = re.compile(r"^[•▪◦·*–—-]\s+(?=\S)")
_TYPED_NUMBER = re.compile(r"^(\d{1,3}\.)(?=[^\W\d])")
# A line that ends like this goes on in the next one, if that does not begin a sentence.
_BROKEN_OFF = re.compile(r"[^\W\d_,]$")
_LEVELS = (
    re.compile(r"^\d+[.)]?$"),
    re.compile(r"^[a-z]{1,2}[.)]?$", re.I),
    re.compile(r"^(?:\d+°|[ivx]+)[.)]?$", re.I),
)
# Parts in real regulations go six deep; deeper ones are read as plain text.
DEEPEST = 20


def read_regulation(body: bytes) -> Content:
    """Read the text of a regulation. Raises FetchError if it is no such XML, NotIndexed if nothing is in it."""
    root = parse_xml(body)
    if local(root) != "cvdr":
        raise FetchError(f"is geen regeling in CVDR-XML maar <{local(root)[:40]}>")
    try:
        drafts = _drafts(root, _LEFT_OUT)
        if not drafts:
            # Short decisions at times stand in their preamble as a whole.
            drafts = _drafts(root, ("kop", "meta", "intitule", "regeling-sluiting"))
    except RecursionError as error:
        raise FetchError("is een regeling waarin te veel onderdelen in elkaar zitten") from error
    if not drafts:
        raise NotIndexed("is een regeling zonder tekst")
    title = next((text for name in ("title", "intitule") for e in every(root, name) if (text := running(e))), "")
    return Content(title=title, drafts=drafts, doc_type="regulation")


def _drafts(root: Element, left_out: Sequence[str]) -> list[Draft]:
    found: list[Draft] = []
    for body in every(root, "body"):
        _read_part(body, (), found, left_out, 0)
    for draft in found:
        draft.blocks = _joined(iter(draft.blocks))
    return [draft for draft in found if draft.blocks]


def _read_part(part: Element, path: tuple[str, ...], found: list[Draft], left_out: Sequence[str], depth: int) -> None:
    """Add the sections of a part: its own text first, then its parts, under their headings."""
    draft = Draft(path)
    found.append(draft)
    for child in part:
        name = local(child)
        if name in left_out:
            continue
        if name in _PARTS and depth < DEEPEST:
            heading = _heading(child)
            _read_part(child, (*path, heading) if heading else path, found, left_out, depth + 1)
            draft = Draft(path)
            found.append(draft)
        elif (
            name in ("body", "regeling", "regeling-tekst", "structuurtekst", "aanhef", "preambule") and depth < DEEPEST
        ):
            _read_part(child, path, found, left_out, depth + 1)
        else:
            draft.blocks += _blocks(child)


def _heading(part: Element) -> str:
    """Return label, number and title of a part as one heading: `Artikel 3 Afval aanbieden`."""
    head = next((child for child in part if local(child) == "kop"), None)
    if head is None:
        return ""
    words = one_line(" ".join(text for child in head if (text := running(child))))
    return _TYPED_NUMBER.sub(r"\1 ", words)


def _blocks(element: Element) -> list[Block]:
    name = local(element)
    if name in ("lid", "tussenkop", "al-groep", "groep", "tekst", "toelichting", "definitielijst", "definitie-item"):
        return (
            _paragraph_of(element) if name == "lid" else _joined(block for child in element for block in _blocks(child))
        )
    if name in ("lijst", "opsomming"):
        items = tuple(_items(element, ""))
        return [Block(kind="list", items=items)] if items else []
    if name == "table":
        return _table(element)
    text = running(element)
    return [Block(kind="paragraph", text=text)] if text and not _VOID.match(text) else []


def _paragraph_of(member: Element) -> list[Block]:
    """Read a numbered paragraph: its number stands before its first line."""
    number = next((running(child) for child in member if local(child) == "lidnr"), "")
    blocks = _joined(block for child in member if local(child) != "lidnr" for block in _blocks(child))
    if number and blocks and blocks[0].kind != "table":
        blocks[0] = blocks[0].model_copy(update={"text": one_line(f"{number} {blocks[0].text}")})
    return blocks


def _joined(blocks: Iterator[Block]) -> list[Block]:
    """Put lines together that were one sentence, and give a list or table the line that announces it."""
    joined: list[Block] = []
    for block in blocks:
        before = joined[-1] if joined and joined[-1].kind == "paragraph" else None
        if before and block.kind == "paragraph" and _BROKEN_OFF.search(before.text) and block.text[:1].islower():
            joined[-1] = before.model_copy(update={"text": f"{before.text} {block.text}"})
            continue
        if block.kind != "paragraph" and not block.text and before and before.text.endswith(":"):
            joined.pop()
            block = block.model_copy(update={"text": before.text})
        joined.append(block)
    return joined


def _items(element: Element, before: str) -> Iterator[str]:
    """Give the items of a list with their marks; a deeper item carries the marks above it.

    Lists are not always nested as they read: `1.` `a.` `b.` `2.` may stand side by side, so the marks tell the level.
    """
    above: dict[int, str] = {}
    for item in element:
        if local(item) != "li":
            continue
        mark = (item.get("nr") or next((running(child) for child in item if local(child) == "li.nr"), "")).strip()
        level = next((at for at, pattern in enumerate(_LEVELS) if pattern.match(mark)), None)
        path = before
        if _BULLET.match(mark):
            mark = ""
        elif level is not None:
            above = {other: held for other, held in above.items() if other < level}
            path = " ".join([before, *above.values()]).strip()
            above[level] = mark
        own = " ".join(running(child) for child in item if local(child) not in ("lijst", "li.nr"))
        if (text := _TYPED_BULLET.sub("", one_line(own))) and not _VOID.match(text):
            yield one_line(f"{path} {mark} {text}")
        for inner in item:
            if local(inner) == "lijst":
                yield from _items(inner, f"{path} {mark}".strip())


def _table(element: Element) -> list[Block]:
    heads = [_cells(row) for group in every(element, "thead") for row in every(group, "row")]
    lines = [_cells(row) for group in every(element, "tbody") for row in every(group, "row")]
    lines = [line for line in lines if any(line)]
    if not lines:
        return []
    width = max(len(line) for line in (*heads, *lines))
    header = (*heads[0], *[""] * (width - len(heads[0]))) if heads else ()
    caption = next((running(child) for child in element if local(child) == "title"), "")
    filled = tuple((*line, *[""] * (width - len(line))) for line in lines)
    return [Block(kind="table", text=caption, header=header, rows=filled)]


def _cells(row: Element) -> tuple[str, ...]:
    return tuple(running(cell) for cell in row if local(cell) == "entry")
