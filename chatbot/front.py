"""One site as residents meet it: what the chat window and the API share."""

import copy
from collections.abc import Iterator
from functools import lru_cache

from chatbot import converse
from chatbot.answer import Extractive
from chatbot.canned import sentence
from chatbot.personal_data import mask_personal_data
from chatbot.records import ContactBlock, Event, Question, Reply, Status
from chatbot.services import Services
from chatbot.throttle import Throttle
from chatbot.ui.texts import Language, load_texts

QUESTION_LIMIT = converse.MAX_QUESTION
SHOWN_EXAMPLES = 5


class Front:
    """A site's services, and what a window or program may do with them."""

    def __init__(self, services: Services, throttle: Throttle) -> None:
        self.services = services
        self.organisation = services.site.organisation.name
        self._throttle = throttle
        self._working = lru_cache(maxsize=4)(self._find_working)

    def allows(self, client: str) -> bool:
        """Count a question of a client, and tell whether it may be asked."""
        return self._throttle.allows(client)

    def stream(self, question: Question) -> Iterator[Event]:
        """Answer a question as a stream that ends in Done; closing it cancels the turn."""
        return converse.stream(question, self.services)

    def contact(self, language: str = "nl") -> ContactBlock:
        """Return the way to a person, as it is now."""
        return self.services.contact_block(self.services.now(), language)

    def apology(self, language: str) -> str:
        """Return what is said when the window itself fails."""
        return sentence(Status.INTERNAL, language, organisation=self.organisation)

    def examples(self, language: Language) -> list[str]:
        """Return example questions that this site really answers; found once per generation."""
        return self._working(language, self.services.index.id)

    def rate(self, reply: Reply, helpful: bool) -> int:
        """Keep a thumb for a reply, and return its number. Raises StateError if nothing can be kept."""
        pages = tuple(dict.fromkeys(citation.page_id for citation in reply.citations))
        return self.keep(helpful, "", reply.status, pages, reply.generation)

    def keep(self, helpful: bool, comment: str, status: Status, page_ids: tuple[str, ...], generation: str) -> int:
        """Keep a thumb and a comment, personal data masked, and return its number. Raises StateError."""
        return self.services.state.add_feedback(
            helpful=helpful,
            comment=mask_personal_data(comment),
            status=status,
            page_ids=page_ids,
            generation=generation,
        )

    def explain(self, number: int, comment: str) -> None:
        """Add a comment to a thumb, personal data masked. Raises StateError if nothing can be kept."""
        self.services.state.explain_feedback(number, mask_personal_data(comment))

    def _find_working(self, language: Language, _generation: str) -> list[str]:
        """Try the example questions as nobody: not kept for the editors, and without a language model."""
        nobody = copy.copy(self.services)
        nobody.questions = "none"
        nobody.answerer = Extractive()
        working: list[str] = []
        for text in load_texts(language).examples():
            if len(working) < SHOWN_EXAMPLES and converse.ask(Question(text=text), nobody).status == Status.ANSWERED:
                working.append(text)
        return working
