"""ingest.snapshot: what a source answered, on disk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.errors import FetchError
from ingest.snapshot import Snapshot

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://proef.example/a"


def test_finish_forgets_addresses_and_bodies_that_the_crawl_did_not_reach(tmp_path: Path) -> None:
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW)
        snapshot.save(URL, 200, {}, b"oud")
        snapshot.save(URL + "2", 200, {}, b"blijft")
        snapshot.finish(NOW)
        snapshot.begin(NOW)
        snapshot.confirm(URL + "2")
        assert snapshot.finish(NOW) == [URL]
        assert [saved.url for saved in snapshot.pages()] == [URL + "2"]
        assert len(list(tmp_path.glob("bodies/*/*"))) == 1


def test_begin_goes_on_with_a_crawl_of_less_than_a_day_ago(tmp_path: Path) -> None:
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW)
        snapshot.save(URL, 200, {}, b"x")
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW + timedelta(hours=2))
        assert snapshot.resumed
        assert snapshot.checked(URL) is not None
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW + timedelta(days=2))
        assert not snapshot.resumed
        assert snapshot.checked(URL) is None


def test_a_failed_address_is_asked_again_when_the_crawl_goes_on(tmp_path: Path) -> None:
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW)
        snapshot.save(URL, 200, {}, b"x")
        assert snapshot.fail(URL, "geeft foutcode HTTP 500")
        assert snapshot.checked(URL) is None
        assert snapshot.get(URL) is not None


def test_fail_says_when_there_is_no_earlier_copy(tmp_path: Path) -> None:
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW)
        assert not snapshot.fail(URL, "geeft foutcode HTTP 500")


def test_body_refuses_a_damaged_copy(tmp_path: Path) -> None:
    with Snapshot(tmp_path) as snapshot:
        snapshot.begin(NOW)
        saved = snapshot.save(URL, 200, {}, b"heel")
        assert snapshot.body(saved) == b"heel"
        next(tmp_path.glob("bodies/*/*")).write_bytes(b"stuk")
        with pytest.raises(FetchError, match="beschadigd"):
            snapshot.body(saved)
        next(tmp_path.glob("bodies/*/*")).unlink()
        assert not snapshot.has_body(saved)
