"""What goes into a conversation turn and what comes out of it."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from corpus.records import Chunk, Page, Record


class Status(StrEnum):
    """How a turn ended. Every one but ANSWERED and PARTIAL has a fixed sentence in chatbot/canned.toml."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    CLARIFY = "clarify"
    GREETING = "greeting"
    NO_SOURCE = "unanswerable_no_source"
    REPEALED = "unanswerable_repealed"
    OFF_TOPIC = "refused_off_topic"
    OPINION = "refused_opinion"
    ABUSE = "refused_abuse"
    OTHER_COUNTER = "referred_other_counter"
    CASE_STATUS = "referred_case_status"
    LOOKUP = "referred_lookup"
    LEGAL_VERDICT = "referred_legal_verdict"
    FORMAL_MESSAGE = "referred_formal_message"
    PERSON = "referred_person"
    CRISIS = "signposted_crisis"
    PERSONAL_DATA = "blocked_personal_data"
    INJECTION = "blocked_injection"
    LANGUAGE = "unsupported_language"
    PAUSED = "paused"
    TIMEOUT = "error_timeout"
    INTERNAL = "error_internal"
    NO_INDEX = "error_no_index"


class Turn(Record):
    """One earlier turn of the conversation, as the client sends it back."""

    role: Literal["user", "assistant"]
    content: str


class Question(Record):
    """A question with its history (the user's turns suffice). `page_id` pins the page of a clicked choice."""

    text: str
    history: tuple[Turn, ...] = ()
    page_id: str | None = None


class Hit(Record):
    """A passage found for a question. `parts` holds the raw features behind the score, and the bank's match as text."""

    chunk: Chunk
    page: Page
    score: float
    parts: dict[str, float | str] = Field(default_factory=dict)


class Citation(Record):
    """Where a quote stands: numbered from 1, with the exact words and a link that lands on them."""

    n: int
    url: str
    page_id: str
    title: str
    heading: str
    quote: str
    modified: date | None = None
    deep_link: str


class CardLine(Record):
    """One line of the service card, with the number of its citation."""

    text: str
    n: int


class Card(Record):
    """The service card: facts a resident needs to act. What no page says is None."""

    cost: CardLine | None = None
    bring: CardLine | None = None
    term: CardLine | None = None
    apply: CardLine | None = None
    digid: CardLine | None = None
    objection: CardLine | None = None


class Action(Record):
    """Something to click: a form, an appointment, a look-up, a phone number, another organisation."""

    kind: Literal["form", "appointment", "lookup", "phone", "link"]
    label: str
    url: str


class Choice(Record):
    """A page the resident may have meant: clicking it asks `question` with `page_id` pinned."""

    label: str
    question: str
    url: str
    page_id: str
    quote: str


class ContactBlock(Record):
    """The way to a person. `open_now` is computed for the moment of asking; None if the hours are unknown."""

    organisation: str
    phone: str = ""
    hours: str = ""
    open_now: bool | None = None
    today: str = ""
    form: str = ""
    address: str = ""
    page: str = ""


class Reply(Record):
    """The answer to one question, with everything needed to show and to check it."""

    status: Status
    text: str
    language: str = "nl"
    citations: tuple[Citation, ...] = ()
    card: Card = Card()
    actions: tuple[Action, ...] = ()
    choices: tuple[Choice, ...] = ()
    contact: ContactBlock
    generator: str = "fixed"
    generation: str = ""
    ai_generated: Literal[True] = True
    timings: dict[str, float] = Field(default_factory=dict)


class Step(Record):
    """A step of the conversation begins; `label` is what a waiting resident reads."""

    name: str
    label: str


class Sentence(Record):
    """A part of the answer that has passed the check."""

    text: str
    citations: tuple[Citation, ...] = ()


class Replaced(Record):
    """What was shown so far no longer holds; the reply that follows replaces it."""

    reason: str


class Done(Record):
    """The turn is over; `reply` is the whole of it."""

    reply: Reply


Event = Step | Sentence | Replaced | Done
