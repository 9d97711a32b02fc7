"""The text of a generation in SQLite: pages and chunks, read-only once written."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.dutch import technical
from corpus.errors import GenerationError
from corpus.records import Chunk, Page

SCHEMA = """
CREATE TABLE pages (row INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, json TEXT NOT NULL);
CREATE TABLE chunks (row INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, page INTEGER NOT NULL, json TEXT NOT NULL);
CREATE INDEX chunks_page ON chunks(page);
"""


def write_store(path: Path, pages: Sequence[Page], chunks: Sequence[Chunk]) -> None:
    """Write pages and chunks; the row of a chunk is its number in vectors.npy. Chunks follow the order of pages."""
    rows = {page.id: row for row, page in enumerate(pages)}
    with sqlite3.connect(path) as connection:
        connection.executescript(SCHEMA)
        connection.executemany(
            "INSERT INTO pages VALUES (?, ?, ?)",
            ((row, page.id, page.model_dump_json()) for row, page in enumerate(pages)),
        )
        connection.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?)",
            ((row, chunk.id, rows[chunk.page_id], chunk.model_dump_json()) for row, chunk in enumerate(chunks)),
        )
    connection.close()


class Store:
    """An open text store. Page rows and chunk rows count from 0 and match the arrays of the generation."""

    def __init__(self, path: Path) -> None:
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self.page_ids = [str(row[0]) for row in self._connection.execute("SELECT id FROM pages ORDER BY row")]
        except sqlite3.Error as error:
            raise GenerationError(
                f"{path} is niet te lezen ({technical(error)}). Maak de index opnieuw met: ingest sync"
            ) from error
        self._page_cache: dict[int, Page] = {}

    @cached_property
    def page_rows(self) -> dict[str, int]:
        """Map page ids to page rows."""
        return {page_id: row for row, page_id in enumerate(self.page_ids)}

    @cached_property
    def chunk_pages(self) -> NDArray[np.int64]:
        """Return the page row of every chunk row."""
        rows = self._connection.execute("SELECT page FROM chunks ORDER BY row").fetchall()
        return np.array([row[0] for row in rows], np.int64)

    def chunk_ids(self) -> list[str]:
        """Return the ids of all chunks in row order."""
        return [str(row[0]) for row in self._connection.execute("SELECT id FROM chunks ORDER BY row")]

    def page_at(self, row: int) -> Page:
        """Return the page of a row, parsed once."""
        if row not in self._page_cache:
            text = self._connection.execute("SELECT json FROM pages WHERE row = ?", (int(row),)).fetchone()[0]
            self._page_cache[row] = Page.model_validate_json(text)
        return self._page_cache[row]

    def page(self, page_id: str) -> Page | None:
        """Return a page by id."""
        row = self.page_rows.get(page_id)
        return None if row is None else self.page_at(row)

    def pages(self) -> list[Page]:
        """Return all pages in order."""
        return [self.page_at(row) for row in range(len(self.page_ids))]

    def chunk(self, row: int) -> Chunk:
        """Return the chunk of a row."""
        return self.chunks([row])[0]

    def chunks(self, rows: Iterable[int]) -> list[Chunk]:
        """Return chunks in the order of the rows asked."""
        select = "SELECT json FROM chunks WHERE row = ?"
        found = (self._connection.execute(select, (int(row),)).fetchone() for row in rows)
        return [Chunk.model_validate_json(row[0]) for row in found]

    def chunk_by_id(self, chunk_id: str) -> Chunk | None:
        """Return a chunk by id."""
        row = self._connection.execute("SELECT json FROM chunks WHERE id = ?", (chunk_id,)).fetchone()
        return None if row is None else Chunk.model_validate_json(row[0])

    def chunks_of_page(self, page_id: str) -> list[Chunk]:
        """Return a page's chunks in reading order."""
        select = "SELECT json FROM chunks WHERE page = ? ORDER BY row"
        rows = self._connection.execute(select, (self.page_rows.get(page_id, -1),))
        return [Chunk.model_validate_json(row[0]) for row in rows]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
