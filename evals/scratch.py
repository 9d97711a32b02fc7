"""Indexes for measuring only: in a folder of their own that goes when the measuring is done."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chatbot.services import Services
from corpus.index.generation import Paths, new_generation_id, publish
from corpus.language.encoder import Encoder
from corpus.records import Page
from corpus.sites import Site
from ingest.build import build, cut, inputs
from ingest.embed import embed


@contextmanager
def scratch_home(own: Services) -> Iterator[Path]:
    """Let state go to a folder that is deleted afterwards; the compiled bank is shared, for it is the same."""
    before = os.environ.get("VRAAGBAAK_HOME")
    compiled = own.site.home.parent / "bank"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bank").symlink_to(compiled.resolve())
        os.environ["VRAAGBAAK_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            if before is None:
                del os.environ["VRAAGBAAK_HOME"]
            else:
                os.environ["VRAAGBAAK_HOME"] = before


def publish_pages(site: Site, pages: Sequence[Page], encoder: Encoder) -> None:
    """Index pages as a sync does from chunking on, and publish them, without verify and gate."""
    paths, generation = Paths(site.home), new_generation_id()
    chunks = cut(pages, encoder)
    vectors, _ = embed(inputs(pages, chunks), encoder, paths.cache, generation)
    build(paths, generation, site.name, pages, chunks, vectors, encoder)
    publish(paths, generation)
