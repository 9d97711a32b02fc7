"""The state of one turn: what each step adds, and what settles it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from chatbot.answer import Line
from chatbot.arrays import Floats
from chatbot.card import CardLines
from chatbot.confidence import Confidence
from chatbot.records import Action, Choice, Hit, Question, Status
from chatbot.rephrase import Conversation
from chatbot.services import OpenIndex, Services
from corpus.records import Page


@dataclass
class Turn:
    """One turn on its way through the steps. A step that sets `status` settles it: later steps don't run."""

    question: Question
    services: Services
    index: OpenIndex
    now: datetime
    text: str = ""
    language: str = "nl"
    rule: str = ""
    status: Status | None = None
    detail: str = ""
    conversation: Conversation = field(default_factory=Conversation)
    standalone: str = ""
    hits: list[Hit] = field(default_factory=list)
    confidence: Confidence | None = None
    topics: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    lines: list[Line] = field(default_factory=list)
    conflict: bool = False
    card: CardLines = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    generator: str = "fixed"
    verdict_asked: bool = False

    @property
    def organisation(self) -> str:
        """Return the municipality's display name."""
        return self.services.site.organisation.name

    @property
    def search_text(self) -> str:
        """Return the question that stands on its own."""
        return self.standalone or self.text

    @property
    def page(self) -> Page | None:
        """Return the page of the best hit."""
        return self.hits[0].page if self.hits else None

    def settle(self, status: Status, detail: str = "", actions: Iterable[Action] = ()) -> None:
        """End the turn with a status; `detail` picks a variant of its sentence or names another organisation."""
        self.status, self.detail = status, detail
        self.actions += actions
