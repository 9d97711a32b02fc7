"""Read what a conversation is about, from the user's earlier turns and without a model."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chatbot.records import Turn
from corpus.language.words import STOP_WORDS, fold, read_words, stems, tokenize

# Only this many earlier turns count: what was asked long ago is another subject.
MAX_TURNS = 6
MAX_TURN_LENGTH = 500
ASPECTS = frozenset(stems(read_words(Path(__file__).with_name("aspect_words.txt"))))
ANAPHOR = re.compile(
    r"\b(?:dat|dit|die|deze|het|daar|daarvoor|daarmee|daarvan|daarbij|daarna|daarop|ervoor|ermee|erbij|ervan|eraan|hiervoor|hiermee"
    r"|hem|ze|zo.n|dezelfde|that|it|this|those|them)\b"
)
OPENING = re.compile(r"^(?:en|maar|of|oke?|ja|nee|dus|and|but|or|what about|how about)\b")
OTHER_SUBJECT = re.compile(
    r"\b(?:iets (?:heel |totaal )?anders|andere vraag|wat anders|trouwens|nog een vraag"
    r"|hoe (?:zit|is|gaat) het (?:dan |nu )?met"
    r"|something else|another question|by the way)\b"
)


@dataclass(frozen=True)
class Conversation:
    """What was said before: the turn that began the present subject, and all turns on it together."""

    topic: str = ""
    said: str = ""


@dataclass(frozen=True)
class Form:
    """What the wording of a question tells about leaning on what was said before. `own` are stems of its own."""

    points_back: bool
    goes_on: bool
    announces_other: bool
    words: int
    own: tuple[str, ...]


def read_conversation(history: Sequence[Turn], is_subject: Callable[[str], bool]) -> Conversation:
    """Return what the user's turns are about now.

    `is_subject(word)` tells whether a stem names a subject of this site (it stands in a page title).
    A turn with a subject of its own starts a new one, unless it points back (`daarvoor`, `en dat`).
    """
    now = Conversation()
    for turn in [turn for turn in history if turn.role == "user"][-MAX_TURNS:]:
        text = turn.content[:MAX_TURN_LENGTH]
        if now.topic and _leans(read_form(text), is_subject):
            now = Conversation(now.topic, f"{now.said} {text}")
        else:
            now = Conversation(text, text)
    return now


def read_form(text: str) -> Form:
    """Read the form of a question."""
    folded = fold(text)
    other = OTHER_SUBJECT.search(folded) is not None
    words = [word for word in tokenize(text) if word not in STOP_WORDS]
    own = tuple(word for word in stems(words) if word not in ASPECTS)
    return Form(
        points_back=not other and ANAPHOR.search(folded) is not None,
        goes_on=not other and OPENING.match(folded) is not None,
        announces_other=other,
        words=len(words),
        own=own,
    )


def _leans(form: Form, is_subject: Callable[[str], bool]) -> bool:
    subjects = [word for word in form.own if is_subject(word)]
    if not form.own:
        return True
    if form.goes_on:
        return not subjects
    return form.words <= 8 and not subjects and form.points_back
