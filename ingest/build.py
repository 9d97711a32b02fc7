"""Write pages as a generation: one index for residents, one for staff that holds both."""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from corpus.index.generation import Paths, write_generation
from corpus.language.encoder import Encoder
from corpus.records import Audience, Chunk, Page, encoder_input
from ingest.chunk import budget_for, chunk_page
from ingest.errors import BuildError


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


def build(
    paths: Paths, generation_id: str, site_name: str, pages: Sequence[Page], chunks: Sequence[Chunk],
    vectors: NDArray[np.float32], encoder: Encoder,
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
        raise BuildError("Nothing is left for residents: every page or section is for staff. Check audience_rules.")
    row_of = dict(zip(inputs(pages, chunks), range(len(chunks)), strict=True))
    rows = [row_of[text] for text in inputs(public, public_chunks)]
    parts: list[tuple[Audience, Sequence[Page], Sequence[Chunk], NDArray[np.float32]]] = [
        (Audience.RESIDENT, public, public_chunks, vectors[rows]),
        (Audience.STAFF, pages, chunks, vectors),
    ]
    # Chroma and the tokenizer work outside the interpreter lock: two threads build both audiences in half the time.
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        builds = [
            pool.submit(
                write_generation,
                paths.generation(generation_id, audience),
                site=site_name,
                audience=audience,
                pages=some_pages,
                chunks=some_chunks,
                vectors=some_vectors,
                encoder=encoder,
            )
            for audience, some_pages, some_chunks, some_vectors in parts
        ]
    for done in builds:
        done.result()
