"""Bring a site's index up to date: gather, read, compare, cut, embed, build, verify, gate, publish."""

import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from corpus.dutch import technical
from corpus.index.generation import (
    Paths,
    build_lock,
    keep_last,
    list_generations,
    new_generation_id,
    publish,
    remove_unfinished,
)
from corpus.language.encoder import Encoder, load_encoder
from corpus.records import Audience, Chunk, Page
from corpus.sites import Site
from corpus.state import State
from ingest.build import build, cut, for_residents, inputs, second_core
from ingest.compare import Changes, compare, is_same, read_published_if_any
from ingest.duplicates import drop_copies, drop_templates, unique_ids
from ingest.embed import embed, forget
from ingest.errors import CrawlError, FetchError, HeldBack, NotIndexed
from ingest.products import KINDS as PRODUCT_KINDS
from ingest.products import join_products
from ingest.progress import Progress, Seen
from ingest.report import SyncReport, write_report
from ingest.sources import Context, Gathered, Item, gather
from ingest.urls import matches
from ingest.verify import gate, verify

EXCLUDED = "door u uitgesloten"
CHECK = "Controleer `url` en [[sources]] in het sitebestand."


def sync(
    site: Site,
    name: str,
    *,
    dry_run: bool = False,
    yes: bool = False,
    offline: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Bring the index of a site up to date and publish it.

    `name` is what `--site` takes, for the child processes. Raises HeldBack where a person has to decide, any other
    IngestError or CorpusError if nothing could be published; what is published stays as it is then.
    """
    paths = Paths(site.home)
    with build_lock(paths):
        return _Sync(site, name, paths, progress or Progress()).run(dry_run=dry_run, yes=yes, offline=offline)


class _Sync:
    def __init__(self, site: Site, name: str, paths: Paths, progress: Progress) -> None:
        self.site, self.name, self.paths, self.progress = site, name, paths, progress
        self.began = time.perf_counter()
        self.warnings: list[str] = []
        self.skipped: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self.removed: dict[str, str] = {}
        self.merged: dict[str, str] = {}
        self.folders: list[Path | None] = []
        self.embedded = 0
        self.gate_outcome = ""

    def run(self, *, dry_run: bool, yes: bool, offline: bool) -> SyncReport:
        remove_unfinished(self.paths)
        published = read_published_if_any(self.paths, self.warnings)
        pages = self.read_pages(offline=offline)
        changes = compare(published.pages, pages)
        self.removed = {
            url: self.removed.get(url) or self.skipped.get(url) or "staat niet meer op de website"
            for url in changes.removed
        }
        self.refuse_large_drop(changes, yes=yes or dry_run)
        self.warn_about_contact(pages)
        encoder = load_encoder(self.site.encoder)
        with self.progress.step("chunk"):
            chunks = cut(pages, encoder)
        if dry_run:
            return self.report("dry run", "", changes, chunks)
        if is_same(published, pages, chunks, encoder):
            return self.report("unchanged", published.generation, changes, chunks)
        generation = self.build(pages, chunks, encoder)
        self.check(generation, pages)
        publish(self.paths, generation)
        self.clean_up(generation)
        return self.report("published", generation, changes, chunks)

    def read_pages(self, *, offline: bool) -> list[Page]:
        """Gather all sources and read what they hold; one page that cannot be read does not stop the others."""
        pages: list[Page] = []
        products: list[Page] = []
        canonicals: dict[str, str] = {}
        for source in self.site.sources:
            with self.progress.step("crawl" if source.kind == "website" else "read") as seen:
                gathered = gather(Context(self.site, source, self.paths.snapshots, offline, seen))
            self.note(gathered)
            self.folders.append(gathered.folder)
            items = self.without_excluded(gathered.items)
            canonicals |= {item.url: item.canonical for item in items if item.canonical}
            # What is meant for staff must not end up in a page that residents see.
            is_product = source.kind in PRODUCT_KINDS and source.audience is Audience.RESIDENT
            with self.progress.step("extract") as seen:
                (products if is_product else pages).extend(self.read(items, seen))
        pages, copies = drop_copies(unique_ids(pages), canonicals)
        self.skipped |= copies
        joined = join_products(pages, products, self.site.url)
        self.skipped |= joined.skipped
        self.merged = joined.merged
        pages = drop_templates([page for page in joined.pages if page.sections or page.source not in PRODUCT_KINDS])
        if not pages:
            raise CrawlError(f"{self.site.url} heeft geen pagina met tekst ({self.why_empty()}). {CHECK}")
        if not any(for_residents(page) for page in pages):
            raise CrawlError(f"{self.site.url} heeft geen pagina voor inwoners ({self.why_empty()}). {CHECK}")
        return pages

    def note(self, gathered: Gathered) -> None:
        self.skipped |= gathered.skipped
        self.kept |= gathered.kept
        self.removed |= gathered.removed
        self.warnings += gathered.warnings

    def without_excluded(self, items: Sequence[Item]) -> list[Item]:
        excluded = {exclusion.url: exclusion.reason for exclusion in State(self.paths.state).exclusions()}
        kept = []
        for item in items:
            pattern = next((pattern for pattern in excluded if matches(item.url, [pattern])), None)
            if pattern is None:
                kept.append(item)
            else:
                self.skipped[item.url] = f"{EXCLUDED} ({excluded[pattern] or pattern})"
        return kept

    def read(self, items: Sequence[Item], seen: Seen) -> list[Page]:
        pages = []
        for done, item in enumerate(items, 1):
            try:
                pages.append(item.read())
            except (NotIndexed, FetchError) as error:
                self.skipped[item.url] = str(error)
            except Exception as error:  # noqa: BLE001  one page that breaks a parser must not stop the other thousands
                self.skipped[item.url] = f"is niet te lezen ({technical(f'{type(error).__name__}: {error}')[:130]})"
            seen(done, len(items))
        return pages

    def why_empty(self) -> str:
        reasons = list(dict.fromkeys(self.skipped.values()))
        return (
            f"{len(self.skipped)} overgeslagen, want: {'; '.join(reasons[:3])}" if reasons else "er is niets gevonden"
        )

    def refuse_large_drop(self, changes: Changes, *, yes: bool) -> None:
        excluded = [url for url, reason in self.skipped.items() if reason.startswith(EXCLUDED)]
        if yes or not changes.is_large_drop(excluded):
            return
        before = len(changes.changed) + len(changes.unchanged) + len(changes.removed)
        some = ", ".join(f"{url} ({reason})" for url, reason in list(self.removed.items())[:3])
        raise HeldBack(
            f"Van de {before} pagina's verdwijnen er {len(changes.removed)}, zoals {some}. Er is niets gepubliceerd. "
            f"Klopt dat? Gebruik dan: ingest sync --site {self.name} --yes"
        )

    def build(self, pages: Sequence[Page], chunks: Sequence[Chunk], encoder: Encoder) -> str:
        generation = new_generation_id()
        with second_core(len(chunks)) as pool:
            with self.progress.step("embed") as seen:
                vectors, self.embedded = embed(inputs(pages, chunks), encoder, self.paths.cache, generation, seen)
            with self.progress.step("build"):
                build(self.paths, generation, self.site.name, pages, chunks, vectors, encoder, pool)
        return generation

    def warn_about_contact(self, pages: Sequence[Page]) -> None:
        """Say where residents are sent if the site file names no phone number."""
        if self.site.contact.phone:
            return
        found = [page for page in pages if page.doc_type == "contact" or page.title.casefold().startswith("contact")]
        where = f"Vraagbaak haalt het van {found[0].url}" if found else f"inwoners gaan naar {self.site.url}"
        self.warnings.append(f"In het sitebestand staat geen telefoonnummer bij [contact]; {where}.")

    def check(self, generation: str, pages: Sequence[Page]) -> None:
        with self.progress.step("verify"):
            public = [shown for page in pages if (shown := for_residents(page))]
            verify(self.name, generation, {Audience.RESIDENT: public, Audience.STAFF: pages})
        with self.progress.step("gate"):
            self.gate_outcome = gate(self.name, generation)

    def clean_up(self, generation: str) -> None:
        keep_last(self.paths)
        forget(self.paths.cache, [*list_generations(self.paths), generation])
        for folder in self.paths.snapshots.glob("*"):
            # Saved pages of a source that the site file no longer names.
            if folder not in self.folders:
                shutil.rmtree(folder)

    def report(self, outcome: str, generation: str, changes: Changes, chunks: Sequence[Chunk]) -> SyncReport:
        report = SyncReport.model_validate(
            {
                "site": self.site.name,
                "outcome": outcome,
                "generation": generation,
                "new": changes.new,
                "changed": changes.changed,
                "unchanged": changes.unchanged,
                "removed": self.removed,
                "skipped": {url: reason for url, reason in self.skipped.items() if url not in self.removed},
                "kept": self.kept,
                "merged": self.merged,
                "warnings": self.warnings,
                "chunks": len(chunks),
                "embedded": self.embedded,
                "gate": self.gate_outcome,
                "seconds": round(time.perf_counter() - self.began, 3),
                "timings": self.progress.timings,
            }
        )
        if outcome != "dry run":
            write_report(report, self.paths.home)
        return report
