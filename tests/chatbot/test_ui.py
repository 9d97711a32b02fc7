"""The window's components in Gradio, without a browser."""

import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from chatbot.front import Front
from chatbot.records import Action, Event, Question, Status
from chatbot.ui.app import Window
from chatbot.ui.render import render_reply
from chatbot.ui.session import Session
from chatbot.ui.texts import load_texts

SECRET = "zonnebloemplantsoen"
REQUEST = SimpleNamespace(client=SimpleNamespace(host="127.0.0.1"))


@pytest.fixture
def window(front: Front) -> Window:
    import gradio as gr

    return Window(gr, front)


def fail(question: Question) -> Iterator[Event]:
    raise RuntimeError(f"cannot read {question.text}")


def test_a_broken_answer_becomes_an_apology_with_a_way_to_a_person(
    window: Window, front: Front, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(front, "stream", fail)
    with caplog.at_level(logging.ERROR):
        updates = list(window._asking(window.talk.ask)(REQUEST, SECRET, Session()))
    shown = str(updates[-1][window.parts["status"]]["value"])
    assert "tel:140998" in shown
    assert "RuntimeError" not in shown
    assert "Traceback" not in shown
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_a_broken_button_becomes_an_apology_too(window: Window) -> None:
    def act(session: Session) -> Any:
        raise KeyError("kapot")

    updates = window._acting(act)(Session())
    assert "tel:140998" in str(updates[window.parts["status"]]["value"])


def test_no_part_of_the_window_is_an_endpoint_for_programs(window: Window) -> None:
    config = window.blocks.get_config_file()
    assert {dependency["api_visibility"] for dependency in config["dependencies"]} == {"private"}
    assert window.blocks.analytics_enabled is False


def test_an_address_that_could_run_something_is_never_a_link(front: Front) -> None:
    reply = front_reply(front)
    actions = (Action(kind="link", label="klik", url="javascript:alert(1)"),)
    citation = reply.citations[0].model_copy(update={"url": "javascript:alert(2)", "deep_link": "data:text/html,x"})
    html = render_reply(reply.model_copy(update={"actions": actions, "citations": (citation,)}), 1, load_texts("nl"))
    assert "javascript:" not in html
    assert "data:text" not in html
    assert citation.title in html


def front_reply(front: Front) -> Any:
    from chatbot.converse import ask

    reply = ask(Question(text="Wat kost een paspoort?"), front.services)
    assert reply.status == Status.ANSWERED
    return reply
