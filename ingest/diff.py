"""What differs between two generations: pages, and on request the lines of their text."""

import difflib
from collections.abc import Iterator

from pydantic import Field

from corpus.index.generation import Paths, list_generations, read_current
from corpus.index.store import Store
from corpus.records import Audience, Page, Record
from corpus.sites import Site
from ingest.compare import compare
from ingest.errors import IngestError


class Diff(Record):
    """The difference between an older and a newer generation; `text` holds unified diffs of changed pages."""

    old: str
    new: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    text: dict[str, str] = Field(default_factory=dict)


def diff(site: Site, old: str | None = None, new: str | None = None, *, with_text: bool = False) -> Diff:
    """Compare two generations, by default the published one with the one before it.

    Raises IngestError if there are no two to compare.
    """
    paths = Paths(site.home)
    names = list_generations(paths)
    newer = new or read_current(paths)
    older = old or next((name for name in reversed(names) if newer and name < newer), None)
    for name in (older, newer):
        if name not in names:
            missing = f"Generatie {name} bestaat niet" if name else "Er zijn nog geen twee generaties om te vergelijken"
            raise IngestError(f"{missing}. Bekijk de lijst met: ingest generations --site {site.name}")
    before, after = (_pages(paths, str(name)) for name in (older, newer))
    changes = compare(list(before.values()), list(after.values()))
    text = {}
    if with_text:
        by_url = {page.url: page for page in after.values()}
        text = {url: _lines(before[by_url[url].id], by_url[url]) for url in changes.changed}
    return Diff(
        old=str(older), new=str(newer), added=tuple(changes.new), changed=tuple(changes.changed),
        removed=tuple(changes.removed), unchanged=len(changes.unchanged), text=text,
    )  # fmt: skip


def _pages(paths: Paths, generation: str) -> dict[str, Page]:
    store = Store(paths.generation(generation, Audience.STAFF) / "store.sqlite")
    try:
        return {page.id: page for page in store.pages()}
    finally:
        store.close()


def _lines(old: Page, new: Page) -> str:
    return "\n".join(difflib.unified_diff(list(_text(old)), list(_text(new)), lineterm="", n=1))


def _text(page: Page) -> Iterator[str]:
    yield f"titel: {page.title}"
    for section in page.sections:
        if section.heading_path:
            yield f"## {' > '.join(section.heading_path)}"
        for block in section.blocks:
            yield from block.text.split("\n")
            yield from (f"- {item}" for item in block.items)
            yield from (f"| {' | '.join(row)} |" for row in (block.header, *block.rows) if row)


def show_diff(found: Diff) -> str:
    """Write a difference for a terminal."""
    counts = f"{len(found.added)} nieuw, {len(found.changed)} veranderd, {len(found.removed)} verwijderd"
    lines = [f"{found.old} -> {found.new}: {counts}, {found.unchanged} hetzelfde"]
    lines += [f"  nieuw       {url}" for url in found.added]
    for url in found.changed:
        lines.append(f"  veranderd   {url}")
        lines += [f"    {line}" for line in found.text.get(url, "").split("\n") if line]
    lines += [f"  verwijderd  {url}" for url in found.removed]
    return "\n".join(lines)
