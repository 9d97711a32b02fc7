"""Read what a conversation is about, from the user's earlier turns and without a model.

Whether an earlier turn went on or began a new subject is a small logistic of its wording (follow_up.json, `turn`;
`python -m evals.fit_follow_up`).
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from chatbot.records import Turn
from corpus.language.words import STOP_WORDS, fold, read_words, stems, tokenize

# Only this many earlier turns count: what was asked long ago is another subject.
MAX_TURNS = 6
MAX_TURN_LENGTH = 500
WEIGHTS = Path(__file__).with_name("follow_up.json")
FORM_NAMES = tuple(
    "points_back goes_on announces_other hints words own_words no_own_words subjects short length".split()
)
SHORT, LONG = 5, 40
ASPECTS = frozenset(stems(read_words(Path(__file__).with_name("aspect_words.txt"))))
ANAPHOR = re.compile(
    r"\b(?:dat|dit|die|deze|het|daar|daarvoor|daarmee|daarvan|daarbij|daarna|daarop|ervoor|ermee|erbij|ervan|eraan|hiervoor|hiermee"
    r"|hem|ze|zo.n|dezelfde|that|it|this|those|them)\b"
)
# Words that mostly lean on something said before, in less certain ways: "mag ie breder", "ook op zondag", "en dan".
HINT = re.compile(
    r"\b(?:dan|er\w{0,5}|hij|ie|zij|haar|hun|ook|nog|daar\w*|hier\w*|toch|anders|there|he|she|his|her|their|too|also|then|ones?)\b"
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
    """What the wording of a question tells about leaning on what was said before. `own` are stems of its own.

    `words` counts without stop words, `length` with them.
    """

    points_back: bool
    goes_on: bool
    announces_other: bool
    hints: bool
    words: int
    length: int
    own: tuple[str, ...]


@lru_cache(maxsize=1)
def load_turn_weights() -> tuple[float, ...]:
    """Read the weights of a turn that goes on, in the order of FORM_NAMES, the intercept last."""
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))["turn"]
    return tuple(weights[name] for name in (*FORM_NAMES, "intercept"))


def read_conversation(
    history: Sequence[Turn], is_subject: Callable[[str], bool], weights: Sequence[float] = ()
) -> Conversation:
    """Return what the user's turns are about now.

    `is_subject(word)` tells whether a stem names a subject of this site (it stands in a page title); `weights` take the
    place of the shipped ones. A turn that does not go on starts a new subject.
    """
    now = Conversation()
    for turn in [turn for turn in history if turn.role == "user"][-MAX_TURNS:]:
        text = turn.content[:MAX_TURN_LENGTH]
        if now.topic and _goes_on(read_form(text), is_subject, weights or load_turn_weights()):
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
        hints=not other and HINT.search(folded) is not None,
        words=len(words),
        length=len(text.split()),
        own=own,
    )


def form_features(form: Form, is_subject: Callable[[str], bool]) -> list[float]:
    """Describe the wording of a question; in the order of FORM_NAMES."""
    return [
        float(form.points_back),
        float(form.goes_on),
        float(form.announces_other),
        float(form.hints),
        float(min(form.words, 10)),
        float(min(len(form.own), 6)),
        float(not form.own),
        float(min(sum(is_subject(word) for word in form.own), 4)),
        float(form.length <= SHORT),
        float(min(form.length, LONG)),
    ]


def _goes_on(form: Form, is_subject: Callable[[str], bool], weights: Sequence[float]) -> bool:
    if form.announces_other and any(is_subject(word) for word in form.own):
        return False  # "en hoe zit het met grofvuil?" says so itself
    features = form_features(form, is_subject)
    return sum(weight * value for weight, value in zip(weights, (*features, 1.0), strict=True)) > 0
