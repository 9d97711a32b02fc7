"""The chat window, in Gradio: which components there are, and which act of `Talk` each one starts.

The only file that imports gradio. The transcript is our own HTML, not gr.Chatbot: an answer is more than a message
(card, sources, actions), and vraagbaak.js lets a screen reader speak each sentence once. gr.Markdown shows it, because
gr.HTML compiles templates with eval and so would need a weaker Content-Security-Policy. render.py escapes everything
it is given, which is why Markdown need not clean it again.
"""

import logging
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fastapi import FastAPI

from chatbot.front import QUESTION_LIMIT, Front
from chatbot.ui.page import page_title
from chatbot.ui.session import Session
from chatbot.ui.talk import MAX_CHOICES, MAX_EXAMPLES, Talk, View

# Gradio handles at most 40 events at once unless this is raised before queue(). Measured with 100 chats of 4 s each
# on 2 cores: 8 chats a second with 40, 16 with 200.
MAX_THREADS = 200
COMMENT_LIMIT = 1000
PRIVATELY = {"show_progress": "hidden", "api_visibility": "private"}
LOG = logging.getLogger(__name__)


def mount_window(app: FastAPI, front: Front, path: str) -> None:
    """Mount the chat window of one site on the server, without Gradio's footer, run history, API page and sharing."""
    import gradio as gr

    window = Window(gr, front)
    gr.mount_gradio_app(
        app,
        window.blocks,
        path=path,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        max_file_size=1,
    )


class Window:
    """The components of one chat window. `parts` maps the names that `Talk` uses to them."""

    def __init__(self, gr: Any, front: Front) -> None:
        self.gr = gr
        self.talk = Talk(front)
        self.parts: dict[str, Any] = {}
        title = page_title(front.organisation)
        with gr.Blocks(title=title, analytics_enabled=False, fill_width=True) as self.blocks:
            self.parts["session"] = gr.State(Session())
            self._html("header")
            with gr.Row(elem_id="vb-page"):
                with gr.Column(scale=3, elem_id="vb-chat", min_width=280):
                    self._build_conversation()
                    self._build_rating()
                    self._build_question()
                with gr.Column(scale=1, elem_id="vb-side", min_width=220):
                    self._html("contact")
                    with gr.Row(elem_id="vb-languages"):
                        self._button("dutch", "Nederlands")
                        self._button("english", "English")
            self._wire()
        self.blocks.max_threads = MAX_THREADS
        self.blocks.queue(default_concurrency_limit=None, api_open=False)

    def _build_conversation(self) -> None:
        self._html("intro")
        with self._group("examples"):
            self._html("examples_label")
            for n in range(MAX_EXAMPLES):
                self._button(f"example_{n}", css="vb-suggestion")
        self._html("past")
        self._html("current")
        self._html("status")
        with self._group("choices"):
            self._html("choices_label")
            for n in range(MAX_CHOICES):
                self._button(f"choice_{n}", css="vb-suggestion")

    def _build_rating(self) -> None:
        with self._group("rating"):
            self._html("rating_label")
            self._button("up")
            self._button("down")
        with self._group("commenting"):
            self._textbox("comment", lines=2, max_length=COMMENT_LIMIT)
            self._button("send")

    def _build_question(self) -> None:
        with self.gr.Column(elem_id="vb-ask-form"):
            self._html("nearby")
            self._textbox("question", lines=1, max_lines=6, max_length=QUESTION_LIMIT)
            with self.gr.Row(elem_id="vb-buttons"):
                self._button("ask", css="vb-primary", variant="primary")
                self._button("stop")
                self._button("restart")

    def _html(self, name: str) -> None:
        part = self.gr.Markdown("", elem_id=f"vb-{name}", sanitize_html=False, latex_delimiters=[], container=False)
        self.parts[name] = part

    def _button(self, name: str, value: str = "", css: str = "vb-quiet", **options: Any) -> None:
        self.parts[name] = self.gr.Button(value, elem_id=f"vb-{name}", elem_classes=css, **options)

    def _textbox(self, name: str, **options: Any) -> None:
        self.parts[name] = self.gr.Textbox(elem_id=f"vb-{name}", **options)

    def _group(self, name: str) -> Any:
        self.parts[name] = self.gr.Column(elem_id=f"vb-{name}", visible=False)
        return self.parts[name]

    def _wire(self) -> None:
        """Connect every component to its act. Private endpoints: programs use api.py."""
        parts, talk = self.parts, self.talk
        question, comment = [parts["question"]], [parts["comment"]]
        asking = [self._on([parts["ask"].click, parts["question"].submit], self._asking(talk.ask), question)]
        for n in range(MAX_EXAMPLES):
            asking.append(self._on([parts[f"example_{n}"].click], self._asking(partial(talk.example, n))))
        for n in range(MAX_CHOICES):
            asking.append(self._on([parts[f"choice_{n}"].click], self._asking(partial(talk.choice, n))))
        self._on([self.blocks.load], self._acting(talk.start))
        for name, act in (("stop", talk.stop), ("restart", talk.restart)):
            # First the end of what runs, then the view: else a late sentence could be drawn over it.
            ended = parts[name].click(None, cancels=asking, **PRIVATELY)
            ended.then(self._acting(act), [parts["session"]], self._outputs(), **PRIVATELY)
        self._on([parts["up"].click], self._acting(partial(talk.thumb, True)))
        self._on([parts["down"].click], self._acting(partial(talk.thumb, False)))
        self._on([parts["send"].click, parts["comment"].submit], self._acting(talk.comment), comment)
        self._on([parts["dutch"].click], self._acting(partial(talk.language, "nl")))
        self._on([parts["english"].click], self._acting(partial(talk.language, "en")))

    def _on(self, triggers: list[Any], act: Callable[..., Any], inputs: list[Any] | None = None) -> Any:
        return self.gr.on(triggers, act, [*(inputs or []), self.parts["session"]], self._outputs(), **PRIVATELY)

    def _outputs(self) -> list[Any]:
        return [part for name, part in self.parts.items() if name not in ("dutch", "english")]

    def _acting(self, act: Callable[..., View]) -> Callable[..., dict[Any, Any]]:
        """Wrap an act with one outcome; the session is the last of its values."""

        def run(*values: Any) -> dict[Any, Any]:
            try:
                return self._updates(act(*values))
            except Exception as error:  # noqa: BLE001  the edge of the window: a resident never sees a traceback
                return self._failed(error, values[-1])

        return run

    def _asking(self, ask: Callable[..., Iterator[View]]) -> Callable[..., Iterator[dict[Any, Any]]]:
        """Wrap an act that streams and needs to know the client."""

        def run(request: Any, *values: Any) -> Iterator[dict[Any, Any]]:
            try:
                for view in ask(*values, client=request.client.host if request.client else ""):
                    yield self._updates(view)
            except Exception as error:  # noqa: BLE001  the edge of the window: a resident never sees a traceback
                yield self._failed(error, values[-1])

        # Gradio hands over the request to a parameter with this annotation, which a lazy import cannot write above.
        run.__annotations__["request"] = self.gr.Request
        return run

    def _failed(self, error: Exception, session: Session) -> dict[Any, Any]:
        # Only the place: the message could quote what the resident typed.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        LOG.error("The chat window failed: %s in %s, line %s", type(error).__name__, frame.filename, frame.lineno)
        return self._updates(self.talk.fail(session))

    def _updates(self, view: View) -> dict[Any, Any]:
        return {
            self.parts[name]: change if name == "session" else self.gr.update(**change) for name, change in view.items()
        }
