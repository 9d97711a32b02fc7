"""What a sync changes: pages new, changed, unchanged and removed against the published generation."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.errors import CorpusError
from corpus.index.generation import Paths, read_current, read_manifest
from corpus.index.store import Store
from corpus.language.encoder import Encoder
from corpus.records import Audience, Chunk, Page

# A loss of more than this share, and of this many pages at least, is more often a fault than an editor's wish.
DROP_SHARE = 0.2
DROP_PAGES = 5


@dataclass(frozen=True)
class Published:
    """The published generation as far as the next one is compared with it."""

    generation: str = ""
    pages: tuple[Page, ...] = ()
    chunk_ids: tuple[str, ...] = ()
    encoder_digest: str = ""


@dataclass
class Changes:
    """Addresses of pages by what happened to them."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def is_large_drop(self, wanted: Sequence[str] = ()) -> bool:
        """Tell whether so many pages went that a person has to say yes; `wanted` are those that a person left out."""
        before = len(self.changed) + len(self.unchanged) + len(self.removed)
        lost = len(set(self.removed) - set(wanted))
        return lost >= DROP_PAGES and lost > DROP_SHARE * before


def read_published(paths: Paths) -> Published:
    """Read the published generation; an empty one if there is none. Raises GenerationError if it is damaged."""
    generation = read_current(paths)
    if generation is None:
        return Published()
    folder = paths.generation(generation, Audience.STAFF)
    manifest = read_manifest(folder)
    store = Store(folder / "store.sqlite")
    try:
        return Published(generation, tuple(store.pages()), tuple(store.chunk_ids()), manifest.encoder_digest)
    finally:
        store.close()


def read_published_if_any(paths: Paths, warnings: list[str]) -> Published:
    """Read the published generation; if that fails, warn and compare with nothing: the next one takes its place."""
    try:
        return read_published(paths)
    except CorpusError as error:
        warnings.append(f"De gepubliceerde generatie is niet te lezen en wordt nieuw gemaakt. {error}")
        return Published()


def compare(before: Sequence[Page], after: Sequence[Page]) -> Changes:
    """Compare two lists of pages by id and digest."""
    old = {page.id: page for page in before}
    changes = Changes()
    for page in after:
        earlier = old.pop(page.id, None)
        if earlier is None:
            changes.new.append(page.url)
        elif earlier.digest != page.digest:
            changes.changed.append(page.url)
        else:
            changes.unchanged.append(page.url)
    changes.removed = [page.url for page in old.values()]
    return changes


def is_same(published: Published, pages: Sequence[Page], chunks: Sequence[Chunk], encoder: Encoder) -> bool:
    """Tell whether a build would give what is published already, dates and addresses included."""
    return (
        published.encoder_digest == encoder.digest
        and published.pages == tuple(pages)
        and published.chunk_ids == tuple(chunk.id for chunk in chunks)
    )
