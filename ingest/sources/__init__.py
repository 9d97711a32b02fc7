"""Where content comes from: one module per kind of source, each with `gather(context) -> Gathered`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from corpus.records import Page
from corpus.sites import Site, Source

KINDS = {kind: f"ingest.sources.{kind}" for kind in ("website", "folder", "cvdr", "sc", "openpdc", "sdg")}


@dataclass(frozen=True)
class Context:
    """What a source needs to know. `seen` is told how many addresses are done and known."""

    site: Site
    source: Source
    snapshots: Path
    offline: bool = False
    seen: Callable[[int, int], None] = lambda done, known: None


@dataclass(frozen=True)
class Item:
    """One page or document that can be read without the network; `read` raises NotIndexed with the reason if not."""

    url: str
    read: Callable[[], Page]
    canonical: str | None = None


@dataclass
class Gathered:
    """What a source holds. Keys are addresses, values say why in a few words."""

    items: list[Item]
    skipped: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    folder: Path | None = None


def gather(context: Context) -> Gathered:
    """Bring a source up to date and list what it holds. Raises CrawlError if it cannot be read at all."""
    found: Gathered = import_module(KINDS[context.source.kind]).gather(context)
    return found
