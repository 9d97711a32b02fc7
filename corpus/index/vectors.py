"""Nearest chunks by vector. Home of chromadb.

Chroma holds ids, vectors and filter metadata only; vectors.npy beside it is the exact copy that answers
when Chroma cannot be opened (a kill during a flush can break a collection, docs/decisions/0002).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLLECTION = "chunks"
# Recall@10 .99 at 2.6 ms on the worst case measured (10k isotropic vectors); the defaults gave .52.
HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}
BATCH = 5000
# Chroma writes its whole graph to disk each time so many vectors have come in; by itself at every thousand.
SYNC_THRESHOLD = 1000


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def write_collection(
    folder: Path, ids: Sequence[str], vectors: NDArray[np.float32], metadatas: Sequence[dict[str, str]]
) -> None:
    """Write a new Chroma collection in a folder of its own.

    A large one goes to disk once, at the end (10,000 chunks: 3.8 s of a core in place of 5.0, the same neighbours).
    """
    client = _client(folder)
    hnsw = HNSW | {"sync_threshold": max(len(ids), SYNC_THRESHOLD)}
    collection = client.create_collection(COLLECTION, embedding_function=None, configuration={"hnsw": hnsw})
    for start in range(0, len(ids), BATCH):
        span = slice(start, start + BATCH)
        collection.add(ids=list(ids[span]), embeddings=vectors[span], metadatas=list(metadatas[span]))
    client.close()


class VectorIndex:
    """Finds the nearest chunks: by Chroma, or exactly when Chroma does not open."""

    def __init__(self, folder: Path, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        self.vectors = vectors
        self.problem = ""
        self._rows = {chunk_id: row for row, chunk_id in enumerate(ids)}
        self._client: Any = None
        self._collection: Any = None
        if not len(ids):
            return
        try:
            self._client = _client(folder)
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
            if self._collection.count() != len(ids):
                raise ValueError(f"it holds {self._collection.count()} vectors, {len(ids)} expected")
        except Exception as error:  # noqa: BLE001  chromadb raises its own, sqlite3's and pyo3's errors; exact search answers
            self.problem = f"Chroma in {folder} does not open ({error}); searching exactly. Run: ingest sync"
            self._collection = None

    def nearest(self, vector: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows of the k nearest chunks, nearest first."""
        k = min(k, len(self._rows))
        if not k or not vector.any():
            return np.zeros(0, np.int64)
        if self._collection is None:
            return np.argsort(-(self.vectors @ vector), kind="stable")[:k]
        found = self._collection.query(query_embeddings=[vector], n_results=k, include=[])
        return np.array([self._rows[chunk_id] for chunk_id in found["ids"][0]], np.int64)

    def close(self) -> None:
        """Let go of Chroma's files."""
        if self._client is not None:
            self._client.close()
