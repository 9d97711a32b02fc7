"""Page sources of the demo website: front matter and a body of HTML, one file a page."""

import difflib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.demo.parts import Part, split_body

PAGES = Path(__file__).parent / "pages"
TYPES = ("Product of dienst", "Nieuwsbericht", "Contact", "Informatiepagina", "Overzicht", "Regeling", "Tarieven")
LAYOUTS = ("product", "news", "simsite", "plain")
LANGUAGES = ("nl", "en")
AUDIENCES = ("particulier", "ondernemer")
KEYS = ("title", "modified", "type", "layout", "upl", "doelgroep", "keywords", "lang", "valid_until")


class DemoError(Exception):
    """A source or template of the demo website is broken; the message names the file."""


@dataclass(frozen=True)
class PageSource:
    """A page as its editor wrote it. `path` is its address on the site, without host."""

    path: str
    title: str
    modified: date
    type: str
    body: str
    layout: str = "product"
    upl: str = ""
    doelgroep: str = ""
    keywords: str = ""
    lang: str = "nl"
    valid_until: date | None = None
    is_index: bool = False
    parts: tuple[Part, ...] = ()

    @property
    def folder(self) -> str:
        """Return the first part of the path; empty for pages at the root."""
        parts = self.path.strip("/").split("/")
        return parts[0] if len(parts) > 1 or self.is_index else ""


def read_pages(folder: Path = PAGES) -> dict[str, PageSource]:
    """Read every page under a folder, by path.

    Raises DemoError if a file is not UTF-8, has bad front matter, or if there are no pages at all.
    """
    pages: dict[str, PageSource] = {}
    for file in sorted(folder.rglob("*.html")):
        page = read_page(file, folder)
        pages[page.path] = page
    if "/" not in pages:
        raise DemoError(f"{folder} has no index.html, so the site has no home page. Add one.")
    return pages


def read_page(file: Path, folder: Path = PAGES) -> PageSource:
    """Read one page source.

    Raises DemoError with file and key.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DemoError(f"{file} is not UTF-8: {error.reason} at byte {error.start}. Save it as UTF-8.") from error
    match = re.match(r"---\n(.*?)\n---\n(.*)\Z", text, re.DOTALL)
    if match is None:
        raise DemoError(f"{file} does not start with front matter between two lines '---'.")
    values = _read_values(match[1], file)
    try:
        body = match[2].strip()
        return PageSource(
            path=_path_of(file, folder),
            body=body,
            is_index=file.stem == "index",
            parts=split_body(body),
            **_checked(values),
        )
    except ValueError as error:
        raise DemoError(f"{file}: {error}") from error


def _read_values(head: str, file: Path) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        key = key.strip()
        if not colon or not value.strip():
            raise DemoError(f"{file}: front matter line '{line}' must be 'key: value'.")
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(KEYS)}."
            raise DemoError(f"{file}: unknown key '{key}'. {hint}")
        if key in values:
            raise DemoError(f"{file}: key '{key}' is there twice.")
        values[key] = value.strip()
    return values


def _checked(values: dict[str, str]) -> dict[str, Any]:
    """Check the values and turn the dates into dates. Raises ValueError with key and value."""
    for key in ("title", "modified", "type"):
        if key not in values:
            raise ValueError(f"key '{key}' is missing.")
    choices = {"type": TYPES, "layout": LAYOUTS, "lang": LANGUAGES, "doelgroep": AUDIENCES}
    for key, allowed in choices.items():
        if key in values and values[key] not in allowed:
            raise ValueError(f"{key} '{values[key]}' is none of: {', '.join(allowed)}.")
    checked: dict[str, Any] = dict(values)
    for key in ("modified", "valid_until"):
        if key in values:
            checked[key] = _date(key, values[key])
    return checked


def _date(key: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{key} '{value}' is not a date such as 2026-09-14.") from error


def _path_of(file: Path, folder: Path) -> str:
    path = "/" + file.relative_to(folder).with_suffix("").as_posix()
    return path.removesuffix("/index") or "/"
