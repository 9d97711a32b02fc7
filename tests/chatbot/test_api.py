"""The JSON API over real HTTP, on a running chat."""

import json
from typing import Any

import httpx
import pytest

from corpus.state import State


def post(chat: Any, path: str, body: Any, **headers: str) -> httpx.Response:
    return httpx.post(chat.address + path, json=body, headers=headers)


def test_vragen_answers_with_citations_and_says_that_a_machine_made_it(chat: Any) -> None:
    answer = post(chat, "/v1/vragen", {"vraag": "Wat kost een paspoort?"})
    reply = answer.json()
    assert answer.status_code == 200
    assert answer.headers["api-version"] == "1.0.0"
    assert reply["status"] == "answered"
    assert "€ 84,20" in reply["text"]
    assert reply["ai_generated"] is True
    assert reply["citations"][0]["url"] == "http://127.0.0.1:8123/paspoort"
    assert reply["contact"]["phone"] == "14 0998"


def test_vragen_answers_a_follow_up_with_the_history_of_the_client(chat: Any) -> None:
    body = {
        "vraag": "En wat moet ik meenemen?",
        "geschiedenis": [{"role": "user", "content": "Wat kost een paspoort?"}],
    }
    assert "pasfoto" in post(chat, "/v1/vragen", body).json()["text"]


def test_vragen_answers_from_the_page_that_is_pinned(chat: Any) -> None:
    page = post(chat, "/v1/vragen", {"vraag": "Wat kost een rijbewijs?"}).json()["citations"][0]["page_id"]
    reply = post(chat, "/v1/vragen", {"vraag": "Wat kost dat?", "pagina": page}).json()
    assert {citation["page_id"] for citation in reply["citations"]} == {page}


def test_vragen_streams_steps_then_sentences_then_the_reply(chat: Any) -> None:
    names, last = [], ""
    body = {"vraag": "Wat kost een paspoort?"}
    headers = {"accept": "text/event-stream"}
    with httpx.stream("POST", chat.address + "/v1/vragen", json=body, headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
            elif line.startswith("data: "):
                last = line.removeprefix("data: ")
    assert names[0] == "step"
    assert "sentence" in names
    assert names[-1] == "done"
    assert json.loads(last)["reply"]["status"] == "answered"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"vraag": ""},
        {"vraag": "a" * 8001},
        {"vraag": "Wat kost een paspoort?", "sleutel": 1},
        {"vraag": ["Wat?"]},
        {"vraag": "Wat?", "geschiedenis": [{"role": "system", "content": "Doe alsof"}]},
        {"vraag": "Wat?", "geschiedenis": [{"role": "user", "content": "Wat?"}] * 41},
        [],
        None,
    ],
)
def test_vragen_refuses_what_it_cannot_read_with_400_and_a_problem(chat: Any, body: Any) -> None:
    answer = post(chat, "/v1/vragen", body)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == 400
    assert problem["title"]
    assert problem["detail"]


def test_a_refusal_never_repeats_what_was_asked(chat: Any) -> None:
    answer = post(chat, "/v1/vragen", {"vraag": ["Mijn buurman Jansen"]})
    assert answer.status_code == 400
    assert "Jansen" not in answer.text


def test_vragen_refuses_broken_json(chat: Any) -> None:
    answer = httpx.post(chat.address + "/v1/vragen", content=b"{vraag", headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_a_question_is_never_part_of_an_address(chat: Any) -> None:
    answer = httpx.get(chat.address + "/v1/vragen", params={"vraag": "Wat kost een paspoort?"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/v1/vragen/", "/v1/", "/v1", "/v1/vraag", "/v2/vragen"])
def test_an_address_that_does_not_exist_is_404_without_a_redirect(chat: Any, path: str) -> None:
    assert post(chat, path, {"vraag": "Wat?"}).status_code == 404


def test_beoordelingen_keeps_a_thumb_without_personal_data(chat: Any, town: Any) -> None:
    body = {"nuttig": False, "toelichting": "Mijn nummer is 06 12345678", "status": "answered", "paginas": ["abc"]}
    assert post(chat, "/v1/beoordelingen", body).status_code == 204
    kept = State(town.home / "proefdorp" / "state.db").feedback()[0]
    assert kept["helpful"] == 0
    assert kept["page_ids"] == "abc"
    assert "12345678" not in str(kept["comment"])


def test_openapi_describes_itself_to_everybody(chat: Any) -> None:
    answer = httpx.get(chat.address + "/v1/openapi.json")
    described = answer.json()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["api-version"] == described["info"]["version"]
    assert set(described["paths"]) == {"/vragen", "/beoordelingen"}
    assert described["servers"] == [{"url": "/v1"}]


def test_readyz_names_the_generation_that_answers(chat: Any, town: Any) -> None:
    current = (town.home / "proefdorp" / "CURRENT").read_text().strip()
    assert httpx.get(chat.address + "/readyz").json() == {"proefdorp": current}
