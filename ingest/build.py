"""Write pages as a generation: one index for residents, one for staff that holds both."""

import multiprocessing
import os
import signal
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial

import numpy as np
from numpy.typing import NDArray

from corpus.index.generation import Paths, copy_generation, write_generation
from corpus.language.encoder import Encoder
from corpus.records import Audience, Chunk, Page, encoder_input
from ingest.children import die_with
from ingest.chunk import budget_for, chunk_page
from ingest.errors import BuildError

# Starting a process and handing it its half costs about 2 s of its core.
WORTH_A_PROCESS = 4000


def for_residents(page: Page) -> Page | None:
    """Return a page with what residents may see; None if that is nothing.

    A link that stands in a section for staff goes with it, unless residents read its label elsewhere on the page.
    """
    shown = tuple(section for section in page.sections if section.audience is Audience.RESIDENT)
    if len(shown) == len(page.sections):
        return page
    if not shown:
        return None
    text = "\n".join(block.model_dump_json() for section in shown for block in section.blocks)
    links = tuple(link for link in page.links if link.label in text)
    return page.model_copy(update={"sections": shown, "links": links})


def cut(pages: Sequence[Page], encoder: Encoder) -> list[Chunk]:
    """Cut pages into chunks, in page order, to the length that the encoder sees."""
    budget = budget_for(encoder.max_tokens)
    return [chunk for page in pages for chunk in chunk_page(page, budget)]


def inputs(pages: Sequence[Page], chunks: Sequence[Chunk]) -> list[str]:
    """Return the text that is embedded for each chunk."""
    by_id = {page.id: page for page in pages}
    return [encoder_input(by_id[chunk.page_id], chunk) for chunk in chunks]


@contextmanager
def second_core(chunks: int) -> Iterator[Executor | None]:
    """Give a process that builds a part while we build the other; None if the index is too small for it to pay.

    Threads do not help: Chroma keeps the interpreter lock while it adds (11,900 chunks twice: 14.6 s one after the
    other, 15.3 s in two threads). The process starts at once, so that its imports run while texts are embedded.
    """
    if chunks < WORTH_A_PROCESS:
        yield None
        return
    pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(os.getpid(),))
    try:
        pool.submit(_warm_up)
        yield pool
    except BaseException:
        # Who stops us does not want to wait for an index that is thrown away.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _begin(parent: int) -> None:
    """Die with the parent, and leave it to the parent to hear Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(parent)


def _warm_up() -> None:
    import bm25s
    import chromadb

    # Named, so that no tool takes these imports for unused ones: they are here for their time.
    _ = bm25s, chromadb


def build(
    paths: Paths, generation_id: str, site_name: str, pages: Sequence[Page], chunks: Sequence[Chunk],
    vectors: NDArray[np.float32], encoder: Encoder, pool: Executor | None = None,
) -> None:  # fmt: skip
    """Write both audiences' indexes of a generation. `vectors` has a row per chunk of all pages.

    Raises BuildError if residents would be left with nothing.
    """
    of_page: defaultdict[str, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        of_page[chunk.page_id].append(chunk)
    public: list[Page] = []
    public_chunks: list[Chunk] = []
    for page in pages:
        if shown := for_residents(page):
            public.append(shown)
            public_chunks += of_page[page.id] if shown is page else cut([shown], encoder)
    if not public_chunks:
        raise BuildError(
            "Er is niets voor inwoners: alles is voor medewerkers. Controleer audience_rules in het sitebestand."
        )
    staff, resident = (paths.generation(generation_id, audience) for audience in (Audience.STAFF, Audience.RESIDENT))
    write = partial(write_generation, site=site_name, encoder=encoder)
    if public == list(pages):
        # Most sites have nothing for staff alone: then both see the same, and it is made once.
        write(staff, audience=Audience.STAFF, pages=pages, chunks=chunks, vectors=vectors, beside=pool)
        copy_generation(staff, resident, Audience.RESIDENT)
        return
    row_of = dict(zip(inputs(pages, chunks), range(len(chunks)), strict=True))
    rows = [row_of[text] for text in inputs(public, public_chunks)]
    for_staff = partial(write, staff, audience=Audience.STAFF, pages=pages, chunks=chunks, vectors=vectors)
    done = pool.submit(for_staff) if pool is not None else for_staff()
    write(resident, audience=Audience.RESIDENT, pages=public, chunks=public_chunks, vectors=vectors[rows])
    if isinstance(done, Future):
        done.result()
