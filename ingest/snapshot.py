"""What a source answered, on disk: bodies by digest, one SQLite row per address.

Every answer is committed on its own, so a crawl that is interrupted goes on where it was, and extraction
never needs the network. A row belongs to the crawl that last checked it; rows that a finished crawl did not
reach are no longer part of the site and go.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

from pydantic import Field

from corpus.records import Record
from ingest.errors import FetchError

# An interrupted crawl older than this starts anew: half of it would describe another day.
RESUME_WITHIN = timedelta(hours=24)

BODIES = "bodies"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS crawl (id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT);
CREATE TABLE IF NOT EXISTS response (
    url TEXT PRIMARY KEY, kind TEXT NOT NULL, status INTEGER NOT NULL, location TEXT, headers TEXT NOT NULL,
    digest TEXT NOT NULL, size INTEGER NOT NULL, fetched TEXT NOT NULL, problem TEXT NOT NULL, links TEXT NOT NULL,
    canonical TEXT, lastmod TEXT, crawl INTEGER NOT NULL
);
"""


class Saved(Record):
    """The saved answer of one address. `problem` says why the last try failed, if it did; the body is older then."""

    url: str
    kind: str = "page"
    status: int
    location: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    digest: str = ""
    size: int = 0
    fetched: datetime
    problem: str = ""
    links: tuple[str, ...] = ()
    canonical: str | None = None
    lastmod: date | None = None

    @property
    def content_type(self) -> str:
        """Return the media type the server named, in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Snapshot:
    """The saved answers of one source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / BODIES).mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        # WAL with NORMAL survives kill -9 without an fsync per answer.
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
        self.crawl = 0
        self.resumed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def begin(self, now: datetime) -> None:
        """Start a crawl, or go on with one that was interrupted less than a day ago."""
        row = self._db.execute("SELECT id, started, finished FROM crawl ORDER BY id DESC LIMIT 1").fetchone()
        if row and row["finished"] is None and now - datetime.fromisoformat(row["started"]) < RESUME_WITHIN:
            self.crawl, self.resumed = int(row["id"]), True
            return
        cursor = self._db.execute("INSERT INTO crawl (started) VALUES (?)", (now.isoformat(),))
        self.crawl, self.resumed = int(cursor.lastrowid or 0), False

    def finish(self, now: datetime) -> list[str]:
        """End the crawl; forget addresses that it did not reach and return those that were pages."""
        lost = [
            row["url"]
            for row in self._db.execute(
                "SELECT url FROM response WHERE crawl != ? AND kind = 'page' AND digest != '' ORDER BY url",
                (self.crawl,),
            )
        ]
        with self._transaction():
            self._db.execute("DELETE FROM response WHERE crawl != ?", (self.crawl,))
            self._db.execute("UPDATE crawl SET finished = ? WHERE id = ?", (now.isoformat(), self.crawl))
            self._db.execute("DELETE FROM crawl WHERE id < ?", (self.crawl,))
        self._sweep()
        return lost

    def get(self, url: str) -> Saved | None:
        """Return the saved answer of an address."""
        row = self._db.execute("SELECT * FROM response WHERE url = ?", (url,)).fetchone()
        return _saved(row) if row else None

    def checked(self, url: str) -> Saved | None:
        """Return the answer of an address if this very crawl already has it, and it was no failure."""
        row = self._db.execute(
            "SELECT * FROM response WHERE url = ? AND crawl = ? AND problem = ''", (url, self.crawl)
        ).fetchone()
        return _saved(row) if row else None

    def save(
        self, url: str, status: int, headers: Mapping[str, str], body: bytes, *, kind: str = "page",
        location: str | None = None, links: tuple[str, ...] = (), canonical: str | None = None,
    ) -> Saved:  # fmt: skip
        """Keep an answer in place of an earlier one."""
        digest = self._write(body) if body else ""
        saved = Saved(
            url=url, kind=kind, status=status, location=location, headers=dict(headers), digest=digest, size=len(body),
            fetched=datetime.now(UTC), links=links, canonical=canonical,
        )  # fmt: skip
        self._db.execute(
            "INSERT OR REPLACE INTO response VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, NULL, ?)",
            (url, kind, status, location, json.dumps(saved.headers), digest, len(body), saved.fetched.isoformat(),
             json.dumps(links), canonical, self.crawl),
        )  # fmt: skip
        return saved

    def confirm(self, url: str) -> None:
        """Note that an address has not changed (HTTP 304)."""
        self._db.execute("UPDATE response SET crawl = ?, problem = '' WHERE url = ?", (self.crawl, url))

    def fail(self, url: str, problem: str) -> bool:
        """Note that an address gave no answer this time; tell whether there is an earlier copy to keep."""
        changed = self._db.execute(
            "UPDATE response SET crawl = ?, problem = ? WHERE url = ? AND digest != ''", (self.crawl, problem, url)
        )
        return changed.rowcount > 0

    def drop(self, url: str) -> None:
        """Forget an address."""
        self._db.execute("DELETE FROM response WHERE url = ?", (url,))

    def keep_all(self) -> None:
        """Let every address outlive this crawl: it could not see the whole source."""
        self._db.execute("UPDATE response SET crawl = ?", (self.crawl,))

    def date(self, lastmod: Mapping[str, date | None]) -> None:
        """Keep the dates that the sitemap gives."""
        rows = [(day.isoformat(), url) for url, day in lastmod.items() if day]
        with self._transaction():
            self._db.executemany("UPDATE response SET lastmod = ? WHERE url = ?", rows)

    def pages(self) -> Iterator[Saved]:
        """Give every saved page that has a body, in order of address."""
        for row in self._db.execute("SELECT * FROM response WHERE kind = 'page' AND digest != '' ORDER BY url"):
            yield _saved(row)

    def redirects(self) -> dict[str, str]:
        """Return where each redirecting address leads."""
        rows = self._db.execute("SELECT url, location FROM response WHERE kind = 'page' AND location IS NOT NULL")
        return {row["url"]: row["location"] for row in rows}

    def has_body(self, saved: Saved) -> bool:
        """Tell whether the body of an answer is still whole on disk."""
        path = _body_path(self.folder, saved.digest)
        return bool(saved.digest) and path.is_file() and path.stat().st_size == saved.size

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def body(self, saved: Saved) -> bytes:
        """Read the body of an answer. Raises FetchError if the copy on disk is damaged."""
        return read_body(self.folder, saved)

    def _write(self, body: bytes) -> str:
        digest = _digest(body)
        path = _body_path(self.folder, digest)
        if not (path.is_file() and path.stat().st_size == len(body)):
            path.parent.mkdir(exist_ok=True)
            temporary = path.with_suffix(".tmp")
            temporary.write_bytes(body)
            temporary.replace(path)
        return digest

    def _sweep(self) -> None:
        used = {row["digest"] for row in self._db.execute("SELECT DISTINCT digest FROM response")}
        for path in (self.folder / BODIES).glob("*/*"):
            if path.name not in used:
                path.unlink(missing_ok=True)


def read_body(folder: Path, saved: Saved) -> bytes:
    """Read the body of a saved answer. Raises FetchError if the copy on disk is damaged."""
    try:
        body = _body_path(folder, saved.digest).read_bytes()
    except FileNotFoundError:
        body = b""
    if _digest(body) != saved.digest:
        raise FetchError("heeft een beschadigde kopie; werk de site bij zonder --offline")
    return body


def _body_path(folder: Path, digest: str) -> Path:
    return folder / BODIES / digest[:2] / digest


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _saved(row: sqlite3.Row) -> Saved:
    return Saved(
        url=row["url"], kind=row["kind"], status=row["status"], location=row["location"],
        headers=json.loads(row["headers"]), digest=row["digest"], size=row["size"], fetched=row["fetched"],
        problem=row["problem"], links=tuple(json.loads(row["links"])), canonical=row["canonical"],
        lastmod=row["lastmod"],
    )  # fmt: skip
