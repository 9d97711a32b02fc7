"""corpus.state: pauses, exclusions, feedback and masked questions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.errors import StateError
from corpus.state import State


def test_a_pause_holds_until_it_is_ended_and_both_are_on_record(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    number = state.pause("wmo", "pagina klopt niet")
    assert [(pause.words, pause.reason) for pause in state.pauses()] == [("wmo", "pagina klopt niet")]
    assert state.resume(number) is True
    assert state.resume(number) is False
    assert state.pauses() == []
    assert [what for _, what, _ in state.audit()] == ["resume", "pause"]


def test_a_question_is_shown_only_when_asked_often(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    for _ in range(3):
        state.add_question("waar is [adres]", "unanswerable_no_source", ())
    state.add_question("iets zeldzaams", "answered", ("p1",))
    assert state.frequent_questions() == [("waar is [adres]", "unanswerable_no_source", 3)]


def test_purge_deletes_and_keeps_proof(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    state.add_question("oud", "answered", ())
    state.add_feedback(helpful=True, comment="fijn", status="answered", page_ids=("p1",), generation="g")
    later = datetime.now(UTC) + timedelta(days=29)
    assert state.purge(now=later) == {"feedback": 1, "questions": 1}
    assert state.feedback() == []
    assert state.audit()[0][1] == "purge"
    assert b"fijn" not in (tmp_path / "state.db").read_bytes()


def test_reading_makes_no_file(tmp_path: Path) -> None:
    assert State(tmp_path / "state.db").pauses() == []
    assert not (tmp_path / "state.db").exists()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("geen database " * 50, encoding="utf-8")
    with pytest.raises(StateError, match=r"state\.db is niet te gebruiken"):
        State(path).pauses()
