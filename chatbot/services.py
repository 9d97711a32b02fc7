"""What a conversation needs, built once per process: site, open index, retriever, contact desk, clock."""

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from chatbot.answer import Answerer
from chatbot.clock import now_for
from chatbot.confidence import Judge, load_parameters, with_overrides
from chatbot.contact import ContactDesk
from chatbot.kinds import KindReader
from chatbot.llm import build_answerer
from chatbot.personal_data import mask_personal_data
from chatbot.rank import Ranker, load_ranker
from chatbot.records import ContactBlock, Question, Reply, Status
from chatbot.retrieve import Retriever
from corpus.index.bank import open_bank
from corpus.index.generation import Generation, Paths, open_generation, read_current, static_encoder
from corpus.language.encoder import Encoder, Reranker, load_encoder, load_reranker
from corpus.records import Audience
from corpus.sites import Site
from corpus.state import State

MAX_KEPT = 500
NEVER_KEPT = frozenset({Status.PERSONAL_DATA, Status.CRISIS, Status.INJECTION, Status.ABUSE})


@dataclass(frozen=True)
class OpenIndex:
    """One open generation and all that is derived from it; a turn keeps the one it began with."""

    generation: Generation
    retriever: Retriever
    judge: Judge
    contact: ContactDesk
    reranker: Reranker | None = None

    @property
    def id(self) -> str:
        """Return the generation's id."""
        return self.generation.manifest.id


class Services:
    """The services of one site for one audience. `index` swaps when a new generation is published."""

    def __init__(
        self, site: Site, audience: Audience, generation_id: str | None = None, questions: str = "none"
    ) -> None:
        self.site, self.audience = site, audience
        self.paths = Paths(site.home)
        self.state = State(self.paths.state)
        self.questions = questions
        self._pinned = generation_id
        self._lock = threading.Lock()
        self._index = self._open(generation_id)

    @cached_property
    def ranker(self) -> Ranker:
        """Return the page ranker."""
        return load_ranker()

    @cached_property
    def kinds(self) -> KindReader:
        """Return the reader of what needs no search."""
        return KindReader(static_encoder(self.encoder), self._index.retriever.bank)

    @cached_property
    def encoder(self) -> Encoder:
        """Return the site's encoder, loaded once."""
        return load_encoder(None if self.site.encoder == "vraagbaak-static" else self.site.encoder)

    @cached_property
    def reranker(self) -> Reranker | None:
        """Return the site's cross-encoder, if it names one."""
        return load_reranker(self.site.reranker)

    def _open(self, generation_id: str | None) -> OpenIndex:
        generation = open_generation(self.paths, self.audience, self.encoder, generation_id)
        retriever = Retriever(generation, open_bank(static_encoder(self.encoder)), self.site)
        judge = Judge(retriever, with_overrides(load_parameters(), self.site.thresholds))
        return OpenIndex(generation, retriever, judge, ContactDesk(self.site, generation.store), self.reranker)

    @property
    def index(self) -> OpenIndex:
        """Return the open index, swapped first if another generation has been published since.

        A turn takes it once and keeps it; the old one lives as long as a turn holds it.
        """
        current = self._pinned or read_current(self.paths)
        if current and current != self._index.id:
            with self._lock:
                if current != self._index.id:
                    self._index = self._open(current)
        return self._index

    @cached_property
    def answerer(self) -> Answerer:
        """Return who drafts answers: a language model if one is configured, else quoting."""
        return build_answerer()

    def contact_block(self, now: datetime, language: str) -> ContactBlock:
        """Return the way to a person from whatever is open."""
        return self._index.contact.block(now, language)

    def keep(self, question: Question, reply: Reply) -> None:
        """Keep the masked question for the editors' report, unless the operator switched that off.

        A question that holds personal data, or comes from somebody in need, is not kept at all.
        """
        if self.questions == "none" or reply.status in NEVER_KEPT or self._pinned:
            return
        pages = tuple(dict.fromkeys(citation.page_id for citation in reply.citations))
        self.state.add_question(mask_personal_data(question.text)[:MAX_KEPT], str(reply.status), pages)

    def report_conflict(self, pages: tuple[str, str], quotes: tuple[str, str]) -> None:
        """Tell the editors that two pages disagree; only a served site does, not a trial on the command line."""
        if self.questions != "none":
            self.state.add_conflict(pages, quotes)

    def now(self) -> datetime:
        """Return the moment of asking, on the site's pinned day if it has one."""
        return now_for(self.site)


def open_services(
    site: Site, audience: Audience = Audience.RESIDENT, generation: str | None = None, questions: str = "none"
) -> Services:
    """Open the published generation of a site, or the one named. `questions` "masked" keeps them for editors.

    Raises NothingPublished, GenerationError or EncoderError.
    """
    return Services(site, audience, generation, questions)
