"""Read the structure of cleaned content: sections by heading; in them paragraphs, lists, tables, contact blocks."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bs4 import Tag
from bs4.element import NavigableString

from corpus.records import Block
from ingest.boilerplate import CONTACT_SIGNS, is_link_list, names
from ingest.lists import read_definitions, read_lines, read_list
from ingest.page import Draft
from ingest.tables import read_table
from ingest.texts import STRUCK, inline, is_inline, one_line, tidy, words

_HEADING = re.compile(r"h[1-6]")
_CONTACT_NAME = re.compile(r"(?:^|[-_])(?:contact|vcard|h-card|adresgegevens)", re.I)
_CONTROL = re.compile(r"^(?:toon|lees|meer|minder|sluit|open|menu|filter|zoek|alles|show|more|less|close|read)\b", re.I)
# A heading longer than this is a paragraph in large type.
MAX_HEADING = 160
# A paragraph that is bold throughout and no longer than this serves as a heading.
BOLD_HEADING_WORDS = 8


def read_blocks(roots: Iterable[Tag], title: str) -> list[Draft]:
    """Read the sections below some elements, in order; the first holds what stands before any heading."""
    reader = _Reader(title)
    for root in roots:
        if is_aside(root):
            reader.visit(root)
        else:
            reader.walk(root)
        reader.flush()
    return [_merge_contacts(draft) for draft in reader.drafts if draft.blocks]


def is_aside(tag: Tag) -> bool:
    """Tell whether an element stands beside the running text."""
    return tag.name == "aside" or tag.get("role") == "complementary"


class _Reader:
    def __init__(self, title: str) -> None:
        self.title = title.casefold()
        self.drafts = [Draft()]
        self.stack: list[tuple[int, str]] = []
        # Headings inside an accordion panel lie below the panel's own, whatever their number.
        self.floor = 0
        # The level of the last heading that no heading element marks; the next such one replaces it.
        self.soft = 0
        self.in_contact = False
        self.buffer = ""

    @property
    def draft(self) -> Draft:
        return self.drafts[-1]

    def walk(self, node: Tag) -> None:
        for child in list(node.children):
            if isinstance(child, Tag):
                self.visit(child)
            elif isinstance(child, NavigableString):
                self.buffer += inline(child)

    def visit(self, tag: Tag) -> None:
        if tag.name in STRUCK:
            return
        if tag.name == "button" and not _is_in_heading(tag):
            self.visit_button(tag)
        elif is_inline(tag) and not _holds_blocks(tag):
            self.buffer += inline(tag)
        elif is_inline(tag):
            self.walk(tag)
        else:
            self.flush()
            self.visit_block(tag)
            self.flush()

    def visit_block(self, tag: Tag) -> None:
        level = _heading_level(tag)
        if level:
            self.open(level, one_line(inline(tag)), _anchor(tag))
        elif tag.name in ("ul", "ol", "dl"):
            self.visit_list(tag)
        elif tag.name == "table":
            self.visit_table(tag)
        elif tag.name == "details":
            self.visit_details(tag)
        elif tag.name == "p" and _is_bold_heading(tag):
            self.open_soft(one_line(inline(tag)), _anchor(tag))
        elif is_aside(tag):
            self.visit_aside(tag)
        elif not self.in_contact and _is_contact(tag):
            self.visit_contact(tag)
        else:
            self.walk(tag)

    def visit_button(self, tag: Tag) -> None:
        """A button outside a heading that opens a panel is that panel's heading."""
        text = one_line(inline(tag))
        if words(text) <= 12 and not _CONTROL.match(text):
            self.flush()
            self.open_soft(text, _anchor(tag))

    def visit_list(self, tag: Tag) -> None:
        if _is_container(tag):
            self.walk_definitions(tag) if tag.name == "dl" else self.walk(tag)
            return
        items = read_definitions(tag) if tag.name == "dl" else read_list(tag)
        if items:
            self.add(Block(kind="list", text=self.lead_in(), items=tuple(items)))

    def walk_definitions(self, tag: Tag) -> None:
        """Read a definition list of long texts: an accordion or a list of questions."""
        with self.nested() as level:
            for child in tag.find_all(["dt", "dd"]):
                self.flush()
                if child.name == "dt":
                    self.start(level, one_line(inline(child)), _anchor(child))
                else:
                    self.walk(child)
            self.flush()

    def visit_table(self, tag: Tag) -> None:
        table = read_table(tag)
        if table is None:
            self.walk(tag)
        else:
            self.add(table.model_copy(update={"text": table.text or self.lead_in()}))

    def visit_details(self, tag: Tag) -> None:
        summary = tag.find("summary")
        with self.nested() as level:
            if isinstance(summary, Tag):
                self.start(level, one_line(inline(summary)), _anchor(tag))
                summary.extract()
            self.walk(tag)
            self.flush()

    def visit_aside(self, tag: Tag) -> None:
        contact = bool(CONTACT_SIGNS.search(tag.get_text(" ")))
        if not contact and is_link_list(tag):
            return
        with self.apart():
            if contact and tag.find(_HEADING) is None:
                self.start(2, "Contact", _anchor(tag))
            if contact:
                self.visit_contact(tag)
            else:
                self.walk(tag)
                self.flush()

    def visit_contact(self, tag: Tag) -> None:
        self.in_contact, before = True, self.in_contact
        self.draft.contact |= is_aside(tag)
        self.walk(tag)
        self.flush()
        self.in_contact = before

    @contextmanager
    def nested(self) -> Iterator[int]:
        """Read headings below the present one, from the level given; come back to the present section afterwards."""
        stack, floor, draft = list(self.stack), self.floor, self.draft
        level = max(stack[-1][0] if stack else 1, floor - 1) + 1
        self.floor = level + 1
        yield level
        self.stack, self.floor = stack, floor
        self.drafts.append(Draft(draft.path, draft.anchor, draft.contact))

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Read headings that do not belong below the present one; come back to the present section afterwards."""
        stack, floor, draft = self.stack, self.floor, self.draft
        self.stack, self.floor = [], 0
        self.drafts.append(Draft())
        yield
        self.stack, self.floor = stack, floor
        self.drafts.append(Draft(draft.path, draft.anchor, draft.contact))

    def open(self, level: int, heading: str, anchor: str | None) -> None:
        """Start the section of a heading element."""
        self.soft = 0
        if level == 1 and heading.casefold() == self.title:
            self.stack = []
            self.drafts.append(Draft(contact=self.in_contact))
        else:
            self.start(max(level, self.floor), heading, anchor)

    def open_soft(self, heading: str, anchor: str | None) -> None:
        """Start the section of what only looks like a heading: one level deeper, beside others of its kind."""
        deepest = self.stack[-1][0] if self.stack else max(1, self.floor - 1)
        level = deepest if self.soft == deepest else deepest + 1
        self.start(level, heading, anchor)
        self.soft = level

    def start(self, level: int, heading: str, anchor: str | None) -> None:
        if not heading or len(heading) > MAX_HEADING:
            self.buffer += heading
            self.flush()
            return
        self.stack = [(other, text) for other, text in self.stack if other < level] + [(level, heading)]
        self.drafts.append(Draft(tuple(text for _, text in self.stack), anchor, self.in_contact))

    def flush(self) -> None:
        """Close the running paragraph."""
        text, self.buffer = self.buffer, ""
        if not text.strip():
            return
        if self.in_contact:
            if lines := tidy(text):
                self.add(Block(kind="contact", text=lines))
            return
        for block in read_lines(text):
            self.add(block)

    def add(self, block: Block) -> None:
        if block.kind == "list" and self.in_contact:
            block = Block(kind="contact", text="\n".join(part for part in (block.text, *block.items) if part))
        self.draft.blocks.append(block)

    def lead_in(self) -> str:
        """Take the sentence that introduces a list or table from the paragraph before it."""
        blocks = self.draft.blocks
        if not blocks or blocks[-1].kind not in ("paragraph", "contact") or not blocks[-1].text.endswith(":"):
            return ""
        *before, last = re.split(r"(?<=[.!?])\s+|\n", blocks.pop().text)
        if before:
            blocks.append(Block(kind="paragraph", text=" ".join(before)))
        return last


def _heading_level(tag: Tag) -> int:
    if _HEADING.fullmatch(tag.name):
        return int(tag.name[1])
    level = str(tag.get("aria-level") or "2")
    return int(level) if tag.get("role") == "heading" and level.isdecimal() else 0


def _is_in_heading(tag: Tag) -> bool:
    return tag.find_parent([*(f"h{level}" for level in range(1, 7)), "summary", "dt"]) is not None


def _holds_blocks(tag: Tag) -> bool:
    return tag.find(lambda inner: not is_inline(inner)) is not None


def _is_bold_heading(tag: Tag) -> bool:
    text = one_line(inline(tag))
    bold = "".join(inline(part) for part in tag.find_all(["strong", "b"], recursive=False))
    return (
        bool(text) and one_line(bold) == text and words(text) <= BOLD_HEADING_WORDS and not re.search(r"[.:;,!]$", text)
    )


def _is_contact(tag: Tag) -> bool:
    named = tag.name == "address" or any(_CONTACT_NAME.search(name) for name in names(tag))
    return named and bool(CONTACT_SIGNS.search(tag.get_text(" ")))


def _is_container(tag: Tag) -> bool:
    """Tell whether a list only lays out content: cards, accordions, questions with long answers."""
    if tag.find([*(f"h{level}" for level in range(1, 7)), "details", "table", "button"]) is not None:
        return True
    return tag.name == "dl" and any(
        words(part.get_text(" ")) > 40 or part.find(["ul", "ol"]) for part in tag.find_all("dd")
    )


def _anchor(tag: Tag) -> str | None:
    """Return the fragment that leads to an element: its own id, one inside it, or that of the box it opens."""
    if tag.get("id"):
        return str(tag["id"])
    inner = tag.find(lambda part: part.has_attr("id") or (part.name == "a" and part.has_attr("name")))
    if isinstance(inner, Tag):
        return str(inner.get("id") or inner.get("name"))
    parent = tag.parent
    for _ in range(2):
        if parent is None or parent.name in ("main", "article", "body") or parent.find(True) is not tag:
            return None
        if parent.get("id"):
            return str(parent["id"])
        tag, parent = parent, parent.parent
    return None


def _merge_contacts(draft: Draft) -> Draft:
    """Join neighbouring contact blocks, so that phone, address and hours stay together."""
    merged: list[Block] = []
    for block in draft.blocks:
        if merged and block.kind == merged[-1].kind == "contact":
            merged[-1] = Block(kind="contact", text=f"{merged[-1].text}\n{block.text}")
        else:
            merged.append(block)
    draft.blocks = merged
    return draft
