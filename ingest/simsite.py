"""Content that a SIMsite page carries only in its __NEXT_DATA__ script: closed accordions, mainly."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

_NODE = ("props", "pageProps", "contentDetails", "data", "route", "nodeContext")
# Parts of the page that list other pages.
_OTHER_PAGES = re.compile(r"related|collection|search|teaser|slider|menu", re.I)


def read_next_data(soup: BeautifulSoup) -> str:
    """Return the page's own paragraphs as HTML, headings included; empty if this is no such page."""
    script = soup.find("script", id="__NEXT_DATA__")
    if not isinstance(script, Tag):
        return ""
    try:
        node: Any = json.loads(script.get_text())
    except (json.JSONDecodeError, RecursionError):
        return ""
    for key in _NODE:
        node = node.get(key) if isinstance(node, dict) else None
    if not isinstance(node, dict):
        return ""
    return "".join([*_walk(node.get("fieldIntroduction"), 2), *_walk(node.get("fieldParagraphs"), 2)])


def _walk(node: object, level: int) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _walk(child, level)
    elif isinstance(node, str) and level == 2 and node.lstrip().startswith("<"):
        yield node
    elif isinstance(node, dict) and not _lists_other_pages(node):
        title = node.get("fieldTitle")
        if isinstance(title, str) and title.strip():
            yield f"<h{level}>{html.escape(title)}</h{level}>"
            level = min(level + 1, 6)
        if isinstance(node.get("processed"), str):
            yield f"<div>{node['processed']}</div>"
        for key, child in node.items():
            if key != "processed" and isinstance(child, dict | list):
                yield from _walk(child, level)


def _lists_other_pages(node: dict[str, object]) -> bool:
    return any(_OTHER_PAGES.search(str(node.get(key) or "")) for key in ("__typename", "entityBundle"))
