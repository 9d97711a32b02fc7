"""chatbot.llm: a language model behind the check, played by a real server that lies and stalls."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from chatbot.answer import Extractive
from chatbot.converse import ask
from chatbot.llm import ModelAnswerer, ModelSettings, as_langchain_retriever, build_answerer
from chatbot.records import Question, Reply
from chatbot.services import Services, open_services
from corpus.sites import Site

MONDAY = datetime(2026, 11, 23, 10, 0)
QUESTION = "wat kost een rijbewijs"


class FakeModel(ThreadingHTTPServer):
    """Speaks /v1/chat/completions as a stream; says `script`, after `delay` seconds, and keeps what it was asked."""

    daemon_threads = True
    script = ""
    delay = 0.0
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), FakeHandler)
        self.asked: list[dict[str, Any]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class FakeHandler(BaseHTTPRequestHandler):
    server: FakeModel

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(body)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        if self.server.status != 200:
            return
        time.sleep(self.server.delay)
        for part in (self.server.script, ""):
            finish = None if part else "stop"
            choice = {"index": 0, "delta": {"role": "assistant", "content": part}, "finish_reason": finish}
            chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def model() -> Iterator[FakeModel]:
    server = FakeModel()
    yield server
    server.shutdown()
    server.server_close()


def answer_with(model: FakeModel, site: Site, script: str, *, timeout: float = 10) -> tuple[Reply, ModelAnswerer]:
    model.script = script
    services: Services = open_services(site)
    answerer = ModelAnswerer(
        ModelSettings(base_url=model.url, model="proef", api_key=SecretStr("geheim"), timeout=timeout)
    )
    services.answerer = answerer
    return ask(Question(text=QUESTION), services, now=MONDAY), answerer


def passage_of(model: FakeModel, words: str) -> int:
    """Return the number under which the model was given a passage."""
    prompt = model.asked[-1]["messages"][-1]["content"]
    parts = prompt.split("\n\n")
    return next(int(part.split("[")[1].split("]")[0]) for part in parts if words in part)


def test_a_true_answer_is_shown_with_its_citation(model: FakeModel, tiny_site: Site) -> None:
    answer_with(model, tiny_site, "onzin")
    number = passage_of(model, "48,90")
    reply, answerer = answer_with(model, tiny_site, f"U betaalt € 48,90 voor een rijbewijs. [{number}]")
    assert reply.generator == "llm:proef"
    assert reply.text == "U betaalt € 48,90 voor een rijbewijs. [1]"
    assert reply.citations[0].quote == "Een rijbewijs kost € 48,90."
    assert not answerer.fallbacks


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("Een rijbewijs kost € 12,00. [2]", "a fact is not in the cited passage"),
        ("Een rijbewijs kost € 48,90. [9]", "a line cites no passage that was given"),
        ("Een rijbewijs kost € 48,90.", "a line cites no passage that was given"),
        ("Een rijbewijs is gratis. [2]", "a line says more than the cited passage"),
        (
            "De burgemeester brengt het rijbewijs persoonlijk thuis met taart. [2]",
            "a line says more than the cited passage",
        ),
        ("Bel 14 0000 voor een rijbewijs. [2]", "a fact is not in the cited passage"),
        ("GEEN ANTWOORD", "a line cites no passage that was given"),
        ("", "no answer"),
    ],
)
def test_a_lie_or_nonsense_is_replaced_by_the_quoted_answer_and_counted(
    model: FakeModel, tiny_site: Site, script: str, reason: str
) -> None:
    reply, answerer = answer_with(model, tiny_site, script)
    assert reply.generator == "extractive"
    assert "€ 48,90" in reply.text
    assert answerer.fallbacks == {reason: 1}


def test_a_stalling_model_is_not_waited_for(model: FakeModel, tiny_site: Site) -> None:
    model.delay = 30.0
    started = time.monotonic()
    reply, _ = answer_with(model, tiny_site, "te laat", timeout=0.5)
    assert reply.generator == "extractive"
    assert time.monotonic() - started < 25  # far under the delay, far over what a busy machine needs


def test_a_broken_or_absent_model_falls_back(model: FakeModel, tiny_site: Site) -> None:
    model.status = 500
    assert answer_with(model, tiny_site, "")[0].generator == "extractive"


def test_an_invented_link_never_reaches_the_resident(model: FakeModel, tiny_site: Site) -> None:
    answer_with(model, tiny_site, "onzin")
    number = passage_of(model, "48,90")
    reply, _ = answer_with(
        model, tiny_site, f"Een rijbewijs kost € 48,90, zie [hier](https://kwaad.example). [{number}]"
    )
    assert "kwaad" not in reply.model_dump_json()


def test_the_model_sees_masked_text_only(model: FakeModel, tiny_site: Site) -> None:
    services = open_services(tiny_site)
    services.answerer = ModelAnswerer(ModelSettings(base_url=model.url, timeout=5))
    ask(Question(text="wat kost een rijbewijs, mail naar jan@post.example"), services, now=MONDAY)
    assert "jan@post.example" not in json.dumps(model.asked)
    assert "[e-mailadres]" in json.dumps(model.asked)


def test_without_a_base_url_no_model_is_used() -> None:
    assert isinstance(build_answerer(ModelSettings(base_url="")), Extractive)


def test_the_retriever_works_in_a_langchain_chain(services: Services) -> None:
    documents = as_langchain_retriever(services, k=3).invoke("wat kost een rijbewijs")
    assert documents[0].metadata["title"] == "Rijbewijs verlengen"
    assert len(documents) == 3
