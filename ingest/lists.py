"""Read lists: items with their nesting, definitions, and lists that are only dashes in a paragraph."""

import re
from collections.abc import Iterator

from bs4 import Tag
from bs4.element import NavigableString

from corpus.records import Block
from ingest.texts import inline, one_line, tidy, words

_BULLET = re.compile(r"^(?:[-–—•·▪◦*□☐❑❏]|\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
# A parent item up to this length is repeated in front of its own items; a longer one stands by itself.
PARENT_WORDS = 12
# A line that is shorter than this ends where its author broke it off; a longer one may just be wrapped.
WRAPPED_AT = 60


def read_list(tag: Tag) -> list[str]:
    """Return the items of a list; nested items carry the item that they belong to in front."""
    items: list[str] = []
    for child in tag.children:
        if isinstance(child, NavigableString):
            if text := one_line(inline(child)):
                items.append(text)
        elif isinstance(child, Tag) and child.name in ("ul", "ol"):
            items += read_list(child)
        elif isinstance(child, Tag):
            items += _read_item(child)
    return items


def _read_item(item: Tag) -> list[str]:
    own = one_line("".join(_own_text(item)))
    nested = [text for inner in _nested(item) for text in read_list(inner)]
    if not nested:
        return [own] if own else []
    if own and words(own) <= PARENT_WORDS:
        lead_in = own if own.endswith(("?", "!", ".")) else f"{own.rstrip(':')}:"
        return [f"{lead_in} {text}" for text in nested]
    return [text for text in (own, *nested) if text]


def _own_text(item: Tag) -> Iterator[str]:
    """Give the text of an item without its nested lists."""
    for child in item.children:
        if isinstance(child, NavigableString):
            yield inline(child)
        elif isinstance(child, Tag) and child.name in ("ul", "ol"):
            yield " "
        elif isinstance(child, Tag) and child.find(["ul", "ol"]) is not None:
            yield from _own_text(child)
        elif isinstance(child, Tag):
            yield inline(child)


def _nested(item: Tag) -> list[Tag]:
    """Return the lists directly below an item, not the lists in those."""
    lists = item.find_all(["ul", "ol"])
    return [inner for inner in lists if not any(outer in inner.parents for outer in lists)]


def read_definitions(tag: Tag) -> list[str]:
    """Return the entries of a definition list as `term: description`."""
    items: list[str] = []
    term = ""
    descriptions: list[str] = []
    for part in tag.find_all(["dt", "dd"]):
        text = one_line(inline(part))
        if part.name == "dd":
            descriptions.append(text)
        elif descriptions:
            items.append(_define(term, descriptions))
            term, descriptions = text, []
        else:
            # Two terms in a row share their description.
            term = ", ".join(each for each in (term, text) if each)
    if term or descriptions:
        items.append(_define(term, descriptions))
    return [item for item in items if item]


def _define(term: str, descriptions: list[str]) -> str:
    return ": ".join(part for part in (term.rstrip(":"), "; ".join(filter(None, descriptions))) if part)


def read_lines(text: str, least: int = 2) -> list[Block]:
    """Turn running text into paragraphs; lines that begin with a dash or number become a list, if there are enough."""
    found: list[Block] = []
    for part in re.split(r"\n[^\S\n]*\n", text):
        lines = tidy(part).split("\n")
        bullets = [line for line in lines if _BULLET.match(line)]
        if len(bullets) >= least:
            found += _split_bullets(lines)
        elif joined := _join_wrapped(lines):
            found.append(Block(kind="paragraph", text=joined))
    return found


def _split_bullets(lines: list[str]) -> list[Block]:
    first = next(n for n, line in enumerate(lines) if _BULLET.match(line))
    before, rest = lines[:first], lines[first:]
    items: list[str] = []
    for line in rest:
        if _BULLET.match(line) or not items:
            items.append(_BULLET.sub("", line))
        else:
            items[-1] += f" {line}"
    lead_in = before.pop() if before and before[-1].endswith(":") else ""
    paragraphs = [Block(kind="paragraph", text=joined) for joined in [_join_wrapped(before)] if joined]
    return [*paragraphs, Block(kind="list", text=lead_in, items=tuple(items))]


def _join_wrapped(lines: list[str]) -> str:
    """Keep the line breaks that mean something: a long line that ends in mid-sentence goes on."""
    joined = ""
    for line in lines:
        last = joined.rsplit("\n", 1)[-1]
        wrapped = len(last) >= WRAPPED_AT and not re.search(r"[.:;!?]$", last)
        joined += ("" if not joined else " " if wrapped else "\n") + line
    return joined
