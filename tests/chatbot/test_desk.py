"""The staff desk as a process, over real HTTP."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

PASSWORD = "geheim-van-proefdorp"
CANARY = "KANARIE-7731"
CHATBOT = Path(sys.executable).parent / "chatbot"


@pytest.fixture
def staff(desk: Any) -> httpx.Client:
    """Return a client that is signed in."""
    client = httpx.Client(base_url=desk.address)
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 303, answer.text
    return client


def sign_in(client: httpx.Client, password: str, user: str = "balie", **headers: str) -> httpx.Response:
    return client.post("/aanmelden", data={"gebruiker": user, "wachtwoord": password}, headers=headers)


def test_without_signing_in_there_is_only_the_way_in(desk: Any) -> None:
    client = httpx.Client(base_url=desk.address)
    start = client.get("/")
    assert start.status_code == 303
    assert start.headers["location"] == "/aanmelden"
    assert "Wachtwoord" in client.get("/aanmelden").text
    for path in ("/api/zoek", "/api/antwoord"):
        answer = client.post(path, json={"vraag": "paspoort"})
        assert answer.status_code == 401
        assert CANARY not in answer.text


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(staff: httpx.Client, desk: Any) -> None:
    cookie = sign_in(httpx.Client(base_url=desk.address), PASSWORD).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    page = staff.get("/")
    assert page.status_code == 200
    assert "Wat wil de inwoner weten?" in page.text


def test_search_finds_internal_notes_and_says_that_they_are(staff: httpx.Client) -> None:
    hits = staff.post("/api/zoek", json={"vraag": "boze bellers doorverbinden paspoort"}).json()["treffers"]
    note = next(hit for hit in hits if CANARY in hit["tekst"])
    assert note["intern"] is True
    open_page = next(hit for hit in hits if hit["titel"] == "Paspoort aanvragen")
    assert open_page["intern"] is False
    assert open_page["datum"] == "2026-09-14"
    assert open_page["redenen"]["Woorden uit de vraag"] > 0


def test_the_draft_answer_holds_nothing_internal(staff: httpx.Client) -> None:
    for question in ("Met welk toestel verbind ik boze bellers door?", "Wat is KANARIE-7731?", "Memo boze bellers"):
        assert CANARY not in staff.post("/api/antwoord", json={"vraag": question}).json()["text"].replace(question, "")


def test_the_draft_answer_is_what_a_resident_gets(staff: httpx.Client, chat: Any) -> None:
    question = {"vraag": "Wat kost een paspoort?"}
    drafted = staff.post("/api/antwoord", json=question).json()
    assert drafted["text"] == httpx.post(chat.address + "/v1/vragen", json=question).json()["text"]
    assert drafted["citations"][0]["title"] == "Paspoort aanvragen"


def test_an_empty_search_finds_nothing(staff: httpx.Client) -> None:
    assert staff.post("/api/zoek", json={"vraag": "  "}).json()["treffers"] == []


def test_a_request_from_another_site_is_refused(staff: httpx.Client) -> None:
    elsewhere = {"origin": "https://kwaad.example"}
    assert staff.post("/api/zoek", json={"vraag": "paspoort"}, headers=elsewhere).status_code == 403
    hidden = {"sec-fetch-site": "cross-site"}
    assert staff.post("/api/zoek", json={"vraag": "paspoort"}, headers=hidden).status_code == 403


def test_a_search_is_never_part_of_an_address(staff: httpx.Client) -> None:
    assert staff.get("/api/zoek", params={"vraag": "paspoort"}).status_code == 405


def test_bad_input_is_400_and_does_not_come_back(staff: httpx.Client) -> None:
    answer = staff.post("/api/zoek", json={"vraag": ["Jansen"]})
    assert answer.status_code == 400
    assert "Jansen" not in answer.text


def test_signing_out_ends_it(staff: httpx.Client) -> None:
    staff.post("/afmelden")
    assert staff.get("/").status_code == 303


def test_a_wrong_password_is_refused_and_guessing_is_slowed_down(
    town: Any, start_command: Any, free_port: Any, password_hash: str
) -> None:
    environment = town.environment | {"VRAAGBAAK_DESK_USER": "balie", "VRAAGBAAK_DESK_PASSWORD_HASH": password_hash}
    own = start_command("chatbot", "desk", "--site", str(town.file), port=free_port(), environment=environment)
    client = httpx.Client(base_url=own.address)
    answers = [sign_in(client, "geraden-wachtwoord", user) for user in ("balie", "beheer", "balie", "balie", "balie")]
    assert {answer.status_code for answer in answers} == {401}
    assert "horen niet bij elkaar" in answers[0].text
    assert sign_in(client, PASSWORD).status_code == 429
    assert own.end() < 5
    assert own.process.returncode == 0


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "VRAAGBAAK_DESK_USER"),
        ({"VRAAGBAAK_DESK_USER": "balie"}, "VRAAGBAAK_DESK_PASSWORD_HASH"),
        (
            {"VRAAGBAAK_DESK_USER": "balie", "VRAAGBAAK_DESK_PASSWORD_HASH": "geheim"},
            "VRAAGBAAK_DESK_PASSWORD_HASH klopt niet",
        ),
    ],
)
def test_the_desk_refuses_to_start_without_a_way_to_sign_in(town: Any, settings: dict[str, str], said: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("VRAAGBAAK_DESK")}
    done = subprocess.run(
        [str(CHATBOT), "desk", "--site", str(town.file), "--port", "1"],
        env=clean | town.environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
