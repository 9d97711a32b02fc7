"""chatbot.rephrase: follow-up questions."""

import pytest

from chatbot.records import Turn
from chatbot.rephrase import rephrase

SUBJECTS = {"paspoort", "rijbewijs", "grofvuil", "parkeervergunning"}


def standalone(text: str, *earlier: str) -> str:
    history = [Turn(role="user", content=turn) for turn in earlier]
    return rephrase(text, history, SUBJECTS.__contains__).standalone


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
def test_it_adds_the_subject_to_a_question_that_has_none(text: str) -> None:
    assert standalone(text, "ik wil een nieuw paspoort") == f"ik wil een nieuw paspoort {text}"


@pytest.mark.parametrize("text", ["en hoe zit het met grofvuil?", "hoe verleng ik mijn rijbewijs"])
def test_it_leaves_a_new_subject_alone(text: str) -> None:
    assert standalone(text, "ik wil een nieuw paspoort") == text


def test_it_resolves_over_several_turns_and_follows_a_change_of_subject() -> None:
    turns = ("ik wil een nieuw paspoort", "en wat kost dat?", "en hoe zit het met grofvuil?")
    assert standalone("en hoe lang duurt dat", *turns) == "en hoe zit het met grofvuil? en hoe lang duurt dat"


def test_it_ignores_what_the_assistant_said() -> None:
    history = [Turn(role="assistant", content="U vraagt een paspoort aan."), Turn(role="user", content="hallo daar")]
    assert rephrase("en wat kost dat?", history, SUBJECTS.__contains__).standalone == "hallo daar en wat kost dat?"


def test_without_history_a_question_stands_alone() -> None:
    assert standalone("en wat kost dat?") == "en wat kost dat?"
