"""Make a follow-up question stand on its own, from the user's earlier turns and without a model."""

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


@dataclass(frozen=True)
class Rephrased:
    """`standalone` is what is searched; `focus` is what was literally asked last and steers the choice of sentences."""

    standalone: str
    focus: str
    follow_up: bool


def rephrase(text: str, history: Sequence[Turn], is_subject: Callable[[str], bool]) -> Rephrased:
    """Resolve a question against the earlier user turns.

    `is_subject(word)` tells whether a stem names a subject of this site (it stands in a page title).
    A question with a subject of its own starts a new one, unless it points back (`daarvoor`, `en dat`).
    """
    context = ""
    for turn in [turn for turn in history if turn.role == "user"][-MAX_TURNS:]:
        context = _resolve(turn.content[:MAX_TURN_LENGTH], context, is_subject)[0]
    standalone, follow_up = _resolve(text, context, is_subject)
    return Rephrased(standalone, text, follow_up)


def _resolve(text: str, context: str, is_subject: Callable[[str], bool]) -> tuple[str, bool]:
    if not context or not _leans_on_context(text, is_subject):
        return text, False
    return f"{context} {text}", True


def _leans_on_context(text: str, is_subject: Callable[[str], bool]) -> bool:
    folded = fold(text)
    words = [word for word in tokenize(text) if word not in STOP_WORDS]
    own = [word for word in stems(words) if word not in ASPECTS]
    subjects = [word for word in own if is_subject(word)]
    if not own:
        return True
    if OPENING.match(folded):
        return not subjects
    return len(words) <= 8 and not subjects and ANAPHOR.search(folded) is not None
