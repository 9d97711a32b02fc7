"""What happens in the chat window, without Gradio: every act of a resident gives views, name → properties."""

import logging
import time
from collections.abc import Iterator
from typing import Any, cast, get_args

from chatbot.front import QUESTION_LIMIT, Front
from chatbot.languages import detect_language
from chatbot.personal_data import mask_personal_data, strip_hidden
from chatbot.records import Citation, Done, Question, Replaced, Reply, Sentence, Status, Step
from chatbot.ui.render import render_parts, render_reply, render_turn
from chatbot.ui.session import Session, Shown
from chatbot.ui.surround import contact_link, render_apology, render_contact, render_disclosure, render_header
from chatbot.ui.texts import Language, Texts, load_texts
from corpus.errors import StateError

View = dict[str, Any]
MAX_CHOICES = 3
MAX_EXAMPLES = 5
LOG = logging.getLogger(__name__)
# A browser takes in a few drawings a second; every one more costs the server an event (it manages about 50 a second).
DRAW_SECONDS = 0.1
LABELS = {"examples_label": "examples", "choices_label": "choices", "rating_label": "helpful"}
BUTTONS = {"ask": "ask", "stop": "stop", "restart": "restart", "send": "send", "up": "yes", "down": "no"}
UNRATED = (Status.GREETING, Status.CLARIFY, Status.CRISIS)


class Talk:
    """One chat window in words: a view names components of app.py and what changes in them.

    A view also holds the `session`, which the window keeps for the next act.
    """

    def __init__(self, front: Front) -> None:
        self.front = front

    def start(self, session: Session) -> View:
        """Show the conversation as the session has it: at load, after a restart, in another language."""
        texts = load_texts(session.language)
        contact = self.front.contact(session.language)
        labels = {name: {"value": f"<p>{texts[key]}</p>"} for name, key in LABELS.items()}
        buttons = {name: {"value": texts[key]} for name, key in BUTTONS.items()}
        view: View = {
            "session": session,
            "header": {"value": render_header(self.front.organisation, texts, session.language)},
            "contact": {"value": render_contact(contact, texts)},
            "nearby": {"value": contact_link(texts)},
            "intro": {"value": render_disclosure(contact, texts)},
            "question": {"label": texts["question"], "placeholder": texts["placeholder"]},
            "comment": {"label": texts["comment"], "info": texts["comment_hint"], "value": ""},
            **labels,
            **buttons,
        }
        rest = self._rest(session)
        return view | {name: view[name] | rest[name] if name in view else rest[name] for name in rest}

    def ask(self, text: str, session: Session, client: str, page_id: str | None = None) -> Iterator[View]:
        """Answer a question: first the question itself, then steps and sentences, then the whole reply."""
        texts = load_texts(session.language)
        text = text.strip()
        if problem := self._problem(text, client, session):
            yield {"status": {"value": f"<p>{problem}</p>"}, "session": session}
            return
        number, language = session.asked + 1, detect_language(text)
        shown = mask_personal_data(strip_hidden(text))  # neither shown again, nor kept, nor sent on as history
        yield self._opened(shown, number, session)
        reply, notice, drawn = None, "", 0.0
        parts: list[tuple[str, tuple[Citation, ...]]] = []
        for event in self.front.stream(Question(text=text, history=session.history(), page_id=page_id)):
            match event:
                case Step():
                    yield {"status": {"value": _waiting(event.label)}}
                    continue
                case Sentence():
                    parts.append((event.text, event.citations))
                case Replaced():
                    notice = texts["replaced"] if parts else ""
                    parts = []
                case Done():
                    reply = event.reply
                    continue
            if time.monotonic() - drawn < DRAW_SECONDS:
                continue
            drawn = time.monotonic()
            body = render_parts(parts, number, texts, notice)
            yield {"current": {"value": render_turn(number, shown, body, texts, language, "busy")}}
        if reply is not None:
            done = session.answered(number, shown, reply, notice)
            yield {"session": done, **self._rest(done), "status": {"value": f'<p class="vb-sr">{texts["ready"]}</p>'}}

    def example(self, number: int, session: Session, client: str) -> Iterator[View]:
        """Ask one of the example questions."""
        return self.ask(self.front.examples(session.language)[number], session, client)

    def choice(self, number: int, session: Session, client: str) -> Iterator[View]:
        """Ask the question of a choice, with its page pinned."""
        choice = session.choices()[number]
        return self.ask(choice.question, session, client, choice.page_id)

    def stop(self, session: Session) -> View:
        """End a running answer; the question leaves no trace in the session."""
        return {**self._rest(session), "status": {"value": f"<p>{load_texts(session.language)['stopped']}</p>"}}

    def restart(self, session: Session) -> View:
        """Forget the conversation, keep the language."""
        fresh = Session(language=session.language)
        said = load_texts(session.language)["restarted"]
        return {**self.start(fresh), "question": {"value": ""}, "status": {"value": f"<p>{said}</p>"}}

    def language(self, language: Language, session: Session) -> View:
        """Show window and conversation in another language; answers given stay as they are."""
        return self.start(session.model_copy(update={"language": language}))

    def thumb(self, helpful: bool, session: Session) -> View:
        """Keep a thumb for the last reply, and offer to explain it."""
        if not session.shown or session.rating is not None:
            return {"session": session}
        said = load_texts(session.language)["thanks"]
        try:
            rating = self.front.rate(session.shown[-1].reply, helpful)
        except StateError as error:
            return self._not_kept(session, error)
        return {
            "session": session.model_copy(update={"rating": rating}),
            "rating": {"visible": False},
            "commenting": {"visible": True},
            "status": {"value": f"<p>{said}</p>"},
        }

    def comment(self, text: str, session: Session) -> View:
        """Add an explanation to the thumb; personal data in it are masked before they are kept."""
        if session.rating is not None and text.strip():
            try:
                self.front.explain(session.rating, text.strip())
            except StateError as error:
                return self._not_kept(session, error)
        said = load_texts(session.language)["thanks_comment" if text.strip() else "thanks"]
        return {"commenting": {"visible": False}, "comment": {"value": ""}, "status": {"value": f"<p>{said}</p>"}}

    def fail(self, session: Session) -> View:
        """Apologise, with a way to a person, when the window itself has failed."""
        texts = load_texts(session.language)
        said = render_apology(self.front.apology(session.language), self.front.contact(session.language), texts)
        return {"status": {"value": said}, "ask": {"visible": True}, "stop": {"visible": False}}

    def _not_kept(self, session: Session, error: StateError) -> View:
        LOG.error("%s", error)
        return {"status": {"value": f"<p>{load_texts(session.language)['not_kept']}</p>"}}

    def _problem(self, text: str, client: str, session: Session) -> str:
        """Return why this cannot be asked now, or an empty string."""
        texts = load_texts(session.language)
        if not text:
            return texts["empty"]
        if len(text) > QUESTION_LIMIT:
            return texts.fill("too_long", limit=QUESTION_LIMIT)
        return "" if self.front.allows(client) else texts["too_many"]

    def _opened(self, text: str, number: int, session: Session) -> View:
        """Show the question at once, with the earlier turns above it."""
        texts = load_texts(session.language)
        return {
            "question": {"value": ""},
            "past": {"value": self._turns(session, session.shown)},
            "current": {"value": render_turn(number, text, "", texts, session.language, "busy")},
            "status": {"value": _waiting(texts["searching"])},
            "ask": {"visible": False},
            "stop": {"visible": True},
            **{name: {"visible": False} for name in ("examples", "choices", "rating", "commenting")},
        }

    def _rest(self, session: Session) -> View:
        """Show a window in which nothing runs."""
        last = session.shown[-1].reply if session.shown else None
        view: View = {
            "past": {"value": self._turns(session, session.shown[:-1])},
            "current": {"value": self._turns(session, session.shown[-1:])},
            "status": {"value": ""},
            "ask": {"visible": True},
            "stop": {"visible": False},
            "examples": {"visible": last is None},
            "choices": {"visible": bool(last and last.choices)},
            "rating": {"visible": last is not None and last.status not in UNRATED and session.rating is None},
            "commenting": {"visible": False},
        }
        asked = self.front.examples(session.language) if last is None else []
        labels = [f"{choice.label}\n{choice.quote}".strip() for choice in last.choices] if last else []
        for n in range(MAX_EXAMPLES):
            view[f"example_{n}"] = {"value": asked[n] if n < len(asked) else "", "visible": n < len(asked)}
        for n in range(MAX_CHOICES):
            view[f"choice_{n}"] = {"value": labels[n] if n < len(labels) else "", "visible": n < len(labels)}
        return view

    def _turns(self, session: Session, shown: tuple[Shown, ...]) -> str:
        texts = load_texts(session.language)
        older = f'<p class="vb-older">{texts["older"]}</p>' if shown and shown[0].number > 1 and len(shown) > 1 else ""
        return older + "".join(
            render_turn(
                turn.number,
                turn.question,
                render_reply(turn.reply, turn.number, _texts_of(turn.reply, texts), turn.notice),
                _texts_of(turn.reply, texts),
                turn.reply.language,
            )
            for turn in shown
        )


def _texts_of(reply: Reply, texts: Texts) -> Texts:
    """Return the labels around a reply in its own language, where the window speaks it."""
    return load_texts(cast(Language, reply.language)) if reply.language in get_args(Language) else texts


def _waiting(label: str) -> str:
    return f'<p class="vb-waiting">{label}<span class="vb-dots" aria-hidden="true"></span></p>'
