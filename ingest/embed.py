"""Turn chunks into vectors; the same text is never embedded twice by the same encoder."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.language.encoder import Encoder

# Texts encoded and saved at a time: an interrupted build loses no more than these.
BATCH = 2048
# SQLite takes 32,766 parameters in one statement; smaller ones are as fast.
LOOKUP = 1000
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, build TEXT NOT NULL) WITHOUT ROWID"
)


def embed(
    texts: Sequence[str],
    encoder: Encoder,
    cache: Path,
    build: str,
    seen: Callable[[int, int], None] = lambda done, all_: None,
) -> tuple[NDArray[np.float32], int]:
    """Return a unit row per text, shape (len(texts), dimension), and how many had to be encoded.

    `build` marks the cached vectors as in use (`forget`); `seen` is told how many texts are done, of how many.
    """
    keys = [hashlib.sha256(f"{encoder.digest}\x1f{text}".encode()).digest() for text in texts]
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    with _open(cache) as db:
        known = _look_up(db, keys)
        missing = list({key: row for row, key in enumerate(keys) if key not in known}.values())
        for start in range(0, len(missing), BATCH):
            rows = missing[start : start + BATCH]
            encoded = encoder.encode([texts[row] for row in rows])
            saved = {keys[row]: vector.astype(np.float32).tobytes() for row, vector in zip(rows, encoded, strict=True)}
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", ((k, v, build) for k, v in saved.items()))
            db.commit()
            known |= saved
            seen(len(texts) - len(missing) + start + len(rows), len(texts))
        db.executemany(
            "UPDATE vectors SET build = ? WHERE key = ? AND build != ?", ((build, key, build) for key in known)
        )
        db.commit()
    for row, key in enumerate(keys):
        vectors[row] = np.frombuffer(known[key], np.float32)
    return vectors, len(missing)


def forget(cache: Path, builds: Sequence[str]) -> int:
    """Delete the cached vectors that none of these builds used; return how many."""
    with _open(cache) as db:
        marks = ",".join("?" * len(builds))
        gone = db.execute(f"DELETE FROM vectors WHERE build NOT IN ({marks})", list(builds)).rowcount
        db.commit()
    return int(gone)


@contextmanager
def _open(cache: Path) -> Iterator[sqlite3.Connection]:
    cache.mkdir(parents=True, exist_ok=True)
    path = cache / "embeddings.sqlite"
    try:
        db = _connect(path)
    except sqlite3.DatabaseError:
        # The cache can be made again; a damaged one is not worth a failed sync.
        path.unlink()
        db = _connect(path)
    try:
        yield db
    finally:
        db.close()


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {_SCHEMA};")
    return db


def _look_up(db: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for start in range(0, len(keys), LOOKUP):
        some = keys[start : start + LOOKUP]
        marks = ",".join("?" * len(some))
        found.update(db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some))
    return found
