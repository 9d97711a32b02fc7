"""What the chat window remembers of one conversation, in memory only and bounded."""

from chatbot.records import Choice, Reply, Turn
from chatbot.ui.texts import Language
from corpus.records import Record

KEPT_TURNS = 20
HISTORY_TURNS = 6


class Shown(Record):
    """A question with the reply under it."""

    number: int
    question: str
    reply: Reply
    notice: str = ""


class Session(Record):
    """One conversation. It lives as long as the browser tab and is never written anywhere.

    `rating` is the number of the thumb that was given for the last reply.
    """

    language: Language = "nl"
    asked: int = 0
    shown: tuple[Shown, ...] = ()
    rating: int | None = None

    def answered(self, number: int, question: str, reply: Reply, notice: str = "") -> "Session":
        """Return the session with one more turn; only the last KEPT_TURNS stay."""
        shown = (*self.shown, Shown(number=number, question=question, reply=reply, notice=notice))[-KEPT_TURNS:]
        return self.model_copy(update={"asked": number, "shown": shown, "rating": None})

    def history(self) -> tuple[Turn, ...]:
        """Return the last turns as the conversation needs them for a follow-up question."""
        turns: list[Turn] = []
        for shown in self.shown[-HISTORY_TURNS:]:
            turns += [Turn(role="user", content=shown.question), Turn(role="assistant", content=shown.reply.text)]
        return tuple(turns)

    def choices(self) -> tuple[Choice, ...]:
        """Return what the resident may pick from now."""
        return self.shown[-1].reply.choices if self.shown else ()
