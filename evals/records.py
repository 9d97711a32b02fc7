"""What an evaluation reads (items), asks (cases), gets back (outcomes) and concludes (judgements, figures)."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chatbot.records import Reply, Status, Turn


class Item(BaseModel):
    """One line of a set. Unknown fields are kept and shown in the records.

    `where` is file:line. `personal_values` are the literal personal data in the question, which no reply may hold.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    gold: tuple[str, ...] = ()
    also_ok: tuple[str, ...] = ()
    answer_span: str = ""
    key_fact: str = ""
    status: tuple[Status, ...] = ()
    style: str = ""
    split: Literal["dev", "test", ""] = ""
    history: tuple[Turn, ...] = ()
    unanswerable: bool = False
    category: str = ""
    personal_values: tuple[str, ...] = ()
    conversation: str = ""
    where: str = ""

    @property
    def turn(self) -> int:
        """Return which turn of its conversation this is, from 1."""
        return 1 + sum(turn.role == "user" for turn in self.history)

    @property
    def span(self) -> str:
        """Return the literal text a right answer must hold: the answer span, else the key fact."""
        return self.answer_span or self.key_fact


@dataclass(frozen=True)
class EvalSet:
    """A set as read from its file. `digest` is the sha256 of the file."""

    name: str
    path: str
    digest: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Case:
    """An item against one index: `gold` and `also_ok` are page ids of it, `missing` the gold that has no page.

    An empty `expected` means: any status but the `forbidden` ones.
    """

    item: Item
    gold: frozenset[str] = frozenset()
    missing: tuple[str, ...] = ()
    also_ok: frozenset[str] = frozenset()
    expected: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    topic: str = ""
    seen: bool = False

    @property
    def has_gold(self) -> bool:
        """Tell whether some page should answer this, also when that page is not in the index."""
        return bool(self.gold or self.missing)


@dataclass(frozen=True)
class Outcome:
    """What the system made of a case: page ids, best first, and how sure it is of the choice and the presence."""

    case: Case
    ranking: tuple[str, ...] = ()
    choice: float | None = None
    presence: float | None = None
    reply: Reply | None = None
    clicked: Reply | None = None
    search_ms: float = 0.0
    answer_ms: float = 0.0


@dataclass(frozen=True)
class Judgement:
    """The verdict on one reply, by the definitions in docs/evaluation.md. None: the question does not apply."""

    status: str
    answered: bool = False
    right: bool = False
    wrong: bool = False
    helped: bool = False
    false_refusal: bool = False
    key_fact: bool | None = None
    status_right: bool | None = None
    cited: int = 0
    cited_right: int = 0
    unsupported: tuple[str, ...] = ()
    misquotes: tuple[str, ...] = ()
    leaked: tuple[str, ...] = ()
    words: int = 0
    frame: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval over `n` items; the interval is None where none is given."""

    value: float
    n: int
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        spread = "" if self.low is None or self.high is None else f" [{self.low:.2f}–{self.high:.2f}]"
        return f"{self.value:.3f}{spread}"


@dataclass(frozen=True)
class Judged:
    """An outcome with its verdict."""

    outcome: Outcome
    verdict: Judgement

    @property
    def case(self) -> Case:
        """Return the case."""
        return self.outcome.case


@dataclass(frozen=True)
class SetResult:
    """All figures of one set. The tables are keyed by group ("all", "style: kort", …), then by figure."""

    name: str
    digest: str
    items: int
    judged: tuple[Judged, ...]
    problems: tuple[str, ...]
    retrieval: dict[str, dict[str, Figure]]
    answers: dict[str, dict[str, Figure]] = field(default_factory=dict)
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    baselines: dict[str, dict[str, dict[str, Figure]]] = field(default_factory=dict)
    latency: dict[str, float] = field(default_factory=dict)
    readability: dict[str, Figure] = field(default_factory=dict)
