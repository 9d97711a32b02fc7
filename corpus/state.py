"""state.db: what people attach to content (pauses, exclusions, feedback, masked questions) and an audit trail.

No conversation id, no IP address and no unmasked question ever goes in.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.dutch import technical
from corpus.errors import StateError

SCHEMA = """
CREATE TABLE IF NOT EXISTS pauses (id INTEGER PRIMARY KEY, words TEXT NOT NULL, reason TEXT NOT NULL,
    since TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS exclusions (url TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS feedback (id INTEGER PRIMARY KEY, at TEXT NOT NULL, helpful INTEGER NOT NULL,
    comment TEXT NOT NULL, status TEXT NOT NULL, page_ids TEXT NOT NULL, generation TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS questions (id INTEGER PRIMARY KEY, day TEXT NOT NULL, masked TEXT NOT NULL,
    status TEXT NOT NULL, page_ids TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS conflicts (pages TEXT NOT NULL, quotes TEXT NOT NULL, since TEXT NOT NULL,
    PRIMARY KEY (pages, quotes));
CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY, at TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
"""
RETENTION_DAYS = 28
SHOWN_FROM = 3


@dataclass(frozen=True)
class Pause:
    """A subject that is not answered until the page is right. Empty `words` pauses everything."""

    id: int
    words: str
    reason: str
    since: str


@dataclass(frozen=True)
class Exclusion:
    """A URL pattern that is never indexed."""

    url: str
    reason: str
    since: str


class State:
    """The state of one site. Every call opens and closes the file, so many processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=10)
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA secure_delete=ON")
                connection.executescript(SCHEMA)
                with connection:
                    yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StateError(
                f"{self.path} is niet te gebruiken ({technical(error)}). Kunt u in deze map schrijven?"
            ) from error

    def pauses(self) -> list[Pause]:
        """Return the pauses in force."""
        if not self.path.is_file():
            return []
        with self._open() as db:
            return [Pause(*row) for row in db.execute("SELECT id, words, reason, since FROM pauses ORDER BY id")]

    def pause(self, words: str, reason: str) -> int:
        """Pause a subject, or everything when `words` is empty; returns its number."""
        with self._open() as db:
            cursor = db.execute("INSERT INTO pauses (words, reason, since) VALUES (?, ?, ?)", (words, reason, _now()))
            _log(db, "pause", f"{words or 'alles'}: {reason}")
            return int(cursor.lastrowid or 0)

    def resume(self, pause_id: int) -> bool:
        """End a pause; False if there is none with that number."""
        with self._open() as db:
            gone = db.execute("DELETE FROM pauses WHERE id = ?", (pause_id,)).rowcount > 0
            if gone:
                _log(db, "resume", str(pause_id))
            return gone

    def exclusions(self) -> list[Exclusion]:
        """Return the URL patterns that are kept out of the index."""
        if not self.path.is_file():
            return []
        with self._open() as db:
            return [Exclusion(*row) for row in db.execute("SELECT url, reason, since FROM exclusions ORDER BY url")]

    def exclude(self, url: str, reason: str) -> None:
        """Keep a URL pattern out of every next generation."""
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO exclusions VALUES (?, ?, ?)", (url, reason, _now()))
            _log(db, "exclude", f"{url}: {reason}")

    def include(self, url: str) -> bool:
        """Take an exclusion back; False if there is none."""
        with self._open() as db:
            gone = db.execute("DELETE FROM exclusions WHERE url = ?", (url,)).rowcount > 0
            if gone:
                _log(db, "include", url)
            return gone

    def add_feedback(
        self, *, helpful: bool, comment: str, status: str, page_ids: tuple[str, ...], generation: str
    ) -> int:
        """Keep a thumb and a comment, and return its number; the caller has masked the comment."""
        row = (_now(), int(helpful), comment, status, " ".join(page_ids), generation)
        with self._open() as db:
            cursor = db.execute(
                "INSERT INTO feedback (at, helpful, comment, status, page_ids, generation) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
            return int(cursor.lastrowid or 0)

    def explain_feedback(self, number: int, comment: str) -> bool:
        """Add a comment to a thumb that was given before; False if there is none. The caller has masked the comment."""
        with self._open() as db:
            return db.execute("UPDATE feedback SET comment = ? WHERE id = ?", (comment, number)).rowcount > 0

    def feedback(self) -> list[dict[str, str | int]]:
        """Return all feedback, newest first."""
        names = ("at", "helpful", "comment", "status", "page_ids", "generation")
        with self._open() as db:
            rows = db.execute(f"SELECT {', '.join(names)} FROM feedback ORDER BY id DESC").fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def add_question(self, masked: str, status: str, page_ids: tuple[str, ...]) -> None:
        """Keep a masked question with the day it was asked; the caller has masked it."""
        row = (_now()[:10], masked, status, " ".join(page_ids))
        with self._open() as db:
            db.execute("INSERT INTO questions (day, masked, status, page_ids) VALUES (?, ?, ?, ?)", row)

    def frequent_questions(self, at_least: int = SHOWN_FROM) -> list[tuple[str, str, int]]:
        """Return (masked question, status, times) of what was asked often enough to be shown."""
        query = """SELECT masked, status, COUNT(*) AS times FROM questions GROUP BY lower(masked), status
                   HAVING times >= ? ORDER BY times DESC, masked"""
        if not self.path.is_file():
            return []
        with self._open() as db:
            return [(str(row[0]), str(row[1]), int(row[2])) for row in db.execute(query, (at_least,))]

    def add_conflict(self, pages: tuple[str, str], quotes: tuple[str, str]) -> None:
        """Note once that two pages disagree; both quotes are public text."""
        with self._open() as db:
            row = (" ".join(pages), " ≠ ".join(quotes), _now())
            db.execute("INSERT OR IGNORE INTO conflicts VALUES (?, ?, ?)", row)

    def conflicts(self) -> list[tuple[str, str, str]]:
        """Return (page ids, quotes, since) of pages that disagree, newest first."""
        if not self.path.is_file():
            return []
        with self._open() as db:
            rows = db.execute("SELECT pages, quotes, since FROM conflicts ORDER BY since DESC").fetchall()
        return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]

    def purge(self, days: int = RETENTION_DAYS, now: datetime | None = None) -> dict[str, int]:
        """Delete feedback and questions older than some days; returns how many of each, and logs it as proof."""
        cutoff = ((now or datetime.now(UTC)) - timedelta(days=days)).strftime("%Y-%m-%d")
        with self._open() as db:
            gone = {
                "feedback": db.execute("DELETE FROM feedback WHERE substr(at, 1, 10) <= ?", (cutoff,)).rowcount,
                "questions": db.execute("DELETE FROM questions WHERE day <= ?", (cutoff,)).rowcount,
            }
            _log(db, "purge", f"tot en met {cutoff}: reacties {gone['feedback']}, vragen {gone['questions']}")
        return gone

    def audit(self) -> list[tuple[str, str, str]]:
        """Return (when, what, detail) of everything people changed, newest first."""
        with self._open() as db:
            return [(r[0], r[1], r[2]) for r in db.execute("SELECT at, what, detail FROM audit ORDER BY id DESC")]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _log(db: sqlite3.Connection, what: str, detail: str) -> None:
    db.execute("INSERT INTO audit (at, what, detail) VALUES (?, ?, ?)", (_now(), what, detail))
