"""`chatbot serve` as a process: starting, stopping, what it offers and what not."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

CHATBOT = Path(sys.executable).parent / "chatbot"
CANARY = "KANARIE-7731"


def run(*arguments: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(CHATBOT), *arguments], env=os.environ | environment, capture_output=True, text=True, timeout=60
    )


def test_the_chat_answers_at_the_root_without_a_redirect(chat: Any) -> None:
    answer = httpx.get(chat.address + "/")
    assert answer.status_code == 200
    assert "Gemeente Proefdorp" in answer.text
    assert 'lang="nl"' in answer.text
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/vibe-edit/",
        "/gradio_api/call/ask",
        "/gradio_api/runs",
        "/gradio_api/info",
        "/flag",
        "/monitoring",
        "/login",
        "/docs",
        "/openapi.json",
        "/ui/../serve.py",
        "/ui/%2e%2e/texts.toml",
    ],
)
def test_what_gradio_offers_beside_the_chat_does_not_exist(chat: Any, path: str) -> None:
    assert httpx.get(chat.address + path).status_code == 404
    assert httpx.post(chat.address + path, files={"files": b"x"}).status_code == 404


def test_nothing_on_the_page_points_to_another_host(chat: Any) -> None:
    html = httpx.get(chat.address + "/").text
    for address in ("googleapis", "cdnjs", "huggingface.co", "raw.githubusercontent"):
        assert address not in html


def test_residents_never_get_what_is_for_staff(chat: Any) -> None:
    for question in ("Wat is KANARIE-7731?", "Met welk toestel verbind ik boze bellers door?", "Memo boze bellers"):
        assert CANARY not in httpx.post(chat.address + "/v1/vragen", json={"vraag": question}).text.replace(
            question, ""
        )


def test_a_port_in_use_is_one_clear_line(town: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--site", str(town.file), "--port", str(port), environment=town.environment)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        f"chatbot: Poort {port} op 127.0.0.1 is bezet. Stop wat die poort gebruikt, of kies een andere met --port."
    )
    assert len(done.stderr.strip().splitlines()) == 1


def test_one_site_twice_is_one_clear_line(town: Any, free_port: Any) -> None:
    twice = ("--site", str(town.file), "--site", str(town.file))
    done = run("serve", *twice, "--port", str(free_port()), environment=town.environment)
    assert "een andere naam" in done.stderr
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_site_without_index_is_one_line_that_names_the_cure(free_port: Any, tmp_path: Path) -> None:
    site = tmp_path / "leegdorp.toml"
    site.write_text('name = "leegdorp"\nurl = "http://127.0.0.1:8123/"\n[organisation]\nname = "Gemeente Leegdorp"\n')
    port = str(free_port())
    done = run("serve", "--site", str(site), "--port", port, environment={"VRAAGBAAK_HOME": str(tmp_path)})
    assert done.returncode == 1
    assert "ingest sync --site leegdorp" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_site_is_one_line(free_port: Any) -> None:
    done = run("serve", "--site", "nergenshuizen", "--port", str(free_port()), environment={})
    assert done.returncode == 1
    assert "nergenshuizen" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VRAAGBAAK_QUESTIONS_PER_MINUTE", "veel"),
        ("VRAAGBAAK_FRAME_ANCESTORS", "'none'; script-src *"),
        ("VRAAGBAAK_THEME_CSS", "/nergens/thema.css"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(town: Any, name: str, value: str) -> None:
    environment = town.environment | {name: value}
    done = run("serve", "--site", str(town.file), "--port", "1", environment=environment)
    assert done.returncode == 1
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_within_five_seconds_with_a_stream_open(
    town: Any, start_command: Any, free_port: Any, number: int
) -> None:
    arguments = ("chatbot", "serve", "--site", str(town.file))
    server = start_command(*arguments, port=free_port(), environment=town.environment, ignore_sigint=True)
    with httpx.stream("GET", f"{server.address}/gradio_api/heartbeat/test", timeout=20) as open_stream:
        assert open_stream.status_code == 200
        seconds = server.end(number)
    assert seconds < 5
    assert server.process.returncode == 0
    assert "Traceback" not in server.output()


def test_neither_questions_nor_addresses_are_logged(chat: Any) -> None:
    secret = "zonnebloemplantsoen"
    httpx.post(chat.address + "/v1/vragen", json={"vraag": f"Wat kost parkeren bij het {secret}?"})
    assert secret not in chat.output()
    assert "127.0.0.1" not in chat.output()


def test_two_sites_each_have_their_own_address(town: Any, start_command: Any, free_port: Any, tmp_path: Path) -> None:
    second = tmp_path / "buurdorp.toml"
    text = town.file.read_text().replace("proefdorp", "buurdorp").replace("Proefdorp", "Buurdorp")
    second.write_text(text)
    (town.home / "buurdorp").symlink_to(town.home / "proefdorp")
    server = start_command(
        "chatbot",
        "serve",
        "--site",
        str(town.file),
        "--site",
        str(second),
        port=free_port(),
        environment=town.environment,
    )
    assert "Gemeente Proefdorp" in httpx.get(server.address + "/").text
    other = httpx.get(server.address + "/buurdorp/")
    assert other.status_code == 200
    assert "Gemeente Buurdorp" in other.text
    assert httpx.get(server.address + "/buurdorp").status_code == 308
    reply = httpx.post(server.address + "/buurdorp/v1/vragen", json={"vraag": "Wat is het telefoonnummer?"}).json()
    assert reply["contact"]["organisation"] == "Gemeente Buurdorp"
    assert httpx.get(server.address + "/elders/").status_code == 404


def test_a_proxy_that_ends_tls_makes_the_chat_insist_on_it(chat: Any) -> None:
    assert "strict-transport-security" not in httpx.get(chat.address + "/").headers
    behind_tls = httpx.get(chat.address + "/", headers={"x-forwarded-proto": "https"})
    assert "max-age" in behind_tls.headers["strict-transport-security"]


def test_the_house_style_of_a_municipality_is_served_and_put_on_the_page(
    town: Any, start_command: Any, free_port: Any, tmp_path: Path
) -> None:
    theme = tmp_path / "proefdorp.css"
    theme.write_text(".proefdorp-theme { --basis-color-action-1-inverse-bg-default: #0a5c36; }")
    environment = town.environment | {"VRAAGBAAK_THEME_CSS": str(theme)}
    server = start_command("chatbot", "serve", "--site", str(town.file), port=free_port(), environment=environment)
    assert "#0a5c36" in httpx.get(server.address + "/ui/theme.css").text
    assert 'class="proefdorp-theme"' in httpx.get(server.address + "/").text
