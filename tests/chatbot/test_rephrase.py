"""chatbot.rephrase: what a conversation is about."""

import pytest

from chatbot.records import Turn
from chatbot.rephrase import Conversation, read_conversation, read_form

SUBJECTS = {"paspoort", "rijbewijs", "grofvuil", "parkeervergunning"}


def read(*earlier: str) -> Conversation:
    return read_conversation([Turn(role="user", content=turn) for turn in earlier], SUBJECTS.__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "en wat kost dat?",
        "en voor mijn kind?",
        "moet ik daarvoor langskomen?",
        "hoe lang duurt het",
        "kan dat ook met spoed",
        "en zaterdag?",
    ],
)
def test_it_stays_with_the_subject_when_a_turn_has_none(text: str) -> None:
    assert read("ik wil een nieuw paspoort", text) == Conversation(
        "ik wil een nieuw paspoort", f"ik wil een nieuw paspoort {text}"
    )


@pytest.mark.parametrize("text", ["en hoe zit het met grofvuil?", "hoe verleng ik mijn rijbewijs"])
def test_it_follows_a_change_of_subject(text: str) -> None:
    assert read("ik wil een nieuw paspoort", "en wat kost dat?", text) == Conversation(text, text)


def test_it_ignores_what_the_assistant_said() -> None:
    history = [Turn(role="assistant", content="U vraagt een paspoort aan."), Turn(role="user", content="hallo daar")]
    assert read_conversation(history, SUBJECTS.__contains__).topic == "hallo daar"


def test_without_history_there_is_no_subject() -> None:
    assert read() == Conversation("", "")


def test_it_forgets_what_was_asked_long_ago() -> None:
    turns = ["ik wil een nieuw paspoort", *["en wat kost dat?"] * 6]
    assert "paspoort" not in read(*turns).said


def test_it_reads_how_a_question_points_back() -> None:
    form = read_form("en wat kost dat?")
    assert form.points_back
    assert form.goes_on
    assert not form.own
    assert read_form("iets anders: waar is de milieustraat").announces_other
