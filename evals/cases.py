"""From items to cases: find the gold pages in an index, and say which statuses are right."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from chatbot.records import Status
from corpus.records import Chunk, Page, page_id
from evals.errors import NothingToMeasure, SetError
from evals.records import Case, EvalSet, Item
from evals.words import contains

CATEGORIES = Path(__file__).parent / "categories.toml"
SHOWN = 40
ANSWERS = frozenset({"answered", "partial"})


@dataclass(frozen=True)
class Pages:
    """The pages of one index: found by id, URL or path, with their text."""

    pages: Mapping[str, Page]
    site_url: str
    chunks_of: Callable[[str], Sequence[Chunk]]

    @cached_property
    def _by_path(self) -> dict[str, str]:
        """Map paths on the site to page ids. Scheme and port do not count: a set outlives both."""
        host = urlsplit(self.site_url).hostname
        found = {}
        for page in self.pages.values():
            parts = urlsplit(page.url)
            if parts.hostname == host:
                found[_path(page.url)] = page.id
        return found

    @cached_property
    def _by_url(self) -> dict[str, str]:
        return {page.url: page.id for page in self.pages.values()}

    def find(self, reference: str) -> str | None:
        """Return the id of the page that an id, a URL or a path of the site refers to."""
        if reference in self.pages:
            return reference
        if reference in self._by_url:
            return self._by_url[reference]
        if reference.startswith("/"):
            return self._by_path.get(_path(reference))
        relative = page_id(reference, self.site_url)
        if relative in self.pages:
            return relative
        same_host = urlsplit(reference).hostname == urlsplit(self.site_url).hostname
        return self._by_path.get(_path(reference)) if same_host else None

    def text(self, found: str, *, headings: bool = True) -> str:
        """Return the text of a page in reading order, from its title on; a heading stands above its first passage."""
        lines: list[str] = [self.pages[found].title]
        above: tuple[str, ...] = ()
        for chunk in self.chunks_of(found):
            heads = (*chunk.heading_path, chunk.table_header)
            lines += [head for head in heads if headings and head and head not in above]
            lines.append(chunk.text)
            above = heads
        return "\n".join(lines)

    def holds(self, found: str, span: str) -> bool:
        """Tell whether a span stands on a page, within a passage or across passages."""
        return contains(self.text(found), span) or contains(self.text(found, headings=False), span)

    def passages(self, found: str) -> list[str]:
        """Return the passages of a page as they may be quoted, table headers included; [] for an unknown page."""
        if found not in self.pages:
            return []
        return [f"{chunk.table_header}\n{chunk.text}".strip() for chunk in self.chunks_of(found)]

    def topic(self, found: str) -> str:
        """Return the first folder of a page's path, the site's own division into topics."""
        parts = urlsplit(self.pages[found].url).path.strip("/").split("/")
        return parts[0] if len(parts) > 1 else "/"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path.rstrip("/") or "/") + (f"?{parts.query}" if parts.query else "")


@lru_cache(maxsize=1)
def read_categories(path: Path = CATEGORIES) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Read which statuses are right per category, as (expected, forbidden).

    Raises SetError if the table names a status that does not exist.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {str(status) for status in Status}
    read = {}
    for category, row in table.items():
        expected, forbidden = frozenset(row.get("expected", ())), frozenset(row.get("forbidden", ()))
        if unknown := (expected | forbidden) - known:
            raise SetError(f"{path.name}: bij [{category}] staat een status die niet bestaat: '{min(unknown)}'.")
        read[category] = (expected, forbidden)
    return read


def make_cases(
    loaded: EvalSet,
    pages: Pages,
    mapping: Mapping[str, str] | None = None,
    qrels: Mapping[str, tuple[str, ...]] | None = None,
    spans: Mapping[str, str] | None = None,
) -> tuple[list[Case], list[str]]:
    """Match every item with an index; also returns what is wrong with the set, one line each.

    `mapping` translates the set's page ids to paths, `qrels` overrides gold, `spans` gives the answer span by the
    editor's question for items that name one. Gold that is not in the index stays as a miss.
    Raises NothingToMeasure on an empty index, or when no gold page at all is in it.
    """
    if not pages.pages:
        raise NothingToMeasure(
            "In de index staan geen pagina's. Er is dus niets te meten. Maak de index met: ingest sync"
        )
    cases, problems = [], []
    for item in loaded.items:
        if qrels is not None and item.id in qrels:
            item = item.model_copy(update={"gold": qrels[item.id]})
        if spans and not item.span:
            span = spans.get(str((item.model_extra or {}).get("editor_question", "")), "")
            item = item.model_copy(update={"answer_span": span})
        case = _make_case(item, pages, mapping or {})
        problems += _problems(case, pages, mapping or {})
        cases.append(case)
    if any(case.has_gold for case in cases) and not any(case.gold for case in cases):
        first = next(case for case in cases if case.has_gold)
        raise NothingToMeasure(
            f"Geen enkele juiste pagina van {loaded.path} staat in de index (de eerste is {first.missing[0]} "
            f"in {first.item.where}). Is dit de goede site? Of mist u --map?"
        )
    return cases, problems


def mark_seen(cases: Iterable[Case], flagged: Iterable[str]) -> list[Case]:
    """Mark the cases whose question the bank or the training data gives away."""
    marked = frozenset(flagged)
    return [replace(case, seen=case.item.id in marked) for case in cases]


def _make_case(item: Item, pages: Pages, mapping: Mapping[str, str]) -> Case:
    gold = {reference: pages.find(mapping.get(reference, reference)) for reference in item.gold}
    also_ok = (pages.find(mapping.get(reference, reference)) for reference in item.also_ok)
    found = [page for page in gold.values() if page]
    expected, forbidden = _right_statuses(item)
    return Case(
        item=item,
        gold=frozenset(found),
        missing=tuple(reference for reference, page in gold.items() if page is None),
        also_ok=frozenset(page for page in also_ok if page),
        expected=expected,
        forbidden=forbidden,
        topic=pages.topic(found[0]) if found else "",
    )


def _right_statuses(item: Item) -> tuple[frozenset[str], frozenset[str]]:
    if item.status:
        return frozenset(map(str, item.status)), frozenset()
    if item.category in read_categories():
        return read_categories()[item.category]
    return frozenset(), ANSWERS if item.unanswerable else frozenset()


def _problems(case: Case, pages: Pages, mapping: Mapping[str, str]) -> list[str]:
    item = case.item
    found = [
        f"{item.where}: de juiste pagina {page} staat niet in de index; telt als niet gevonden" for page in case.missing
    ]
    unknown = [reference for reference in item.also_ok if not pages.find(mapping.get(reference, reference))]
    found += [f"{item.where}: de pagina {reference} (also_ok) staat niet in de index" for reference in unknown]
    if item.span and case.gold and not any(pages.holds(page, item.span) for page in case.gold):
        found.append(f"{item.where}: de zin '{item.span[:SHOWN]}' staat niet op de juiste pagina")
    if not item.gold and not item.status and not item.unanswerable and item.category not in read_categories():
        known = f"de soort '{item.category}' bestaat niet" if item.category else "geen juiste pagina, status of soort"
        found.append(f"{item.where}: {known}; deze vraag wordt gesteld maar niet beoordeeld")
    if item.category.startswith("personal") and not item.personal_values:
        found.append(f"{item.where}: 'personal_values' ontbreekt; of er gegevens lekken, is niet te zien")
    return found
