"""What every request goes through, over real HTTP on loopback."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from chatbot.shield import LARGEST_BODY, Shield
from chatbot.throttle import Throttle
from chatbot.ui.page import patch_page

GRADIO_PAGE = (
    '<!doctype html><html\n\tlang="en"\n><head><meta property="og:image" content="https://cdn.example/x.jpg" />'
    '<meta name="twitter:card" content="x" /><script>a()</script><link rel="manifest" href="/manifest.json" />'
    '<script type="module" src="./a.js"></script></head><body style="x"><gradio-app></gradio-app></body></html>'
)


@contextlib.contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an app on a free port of this machine."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen()  # a request that comes before the server thread runs waits, instead of being refused
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def make_shield(pace: int = 1000, frames: str = "'none'") -> Shield:
    app = FastAPI()

    @app.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(GRADIO_PAGE)

    @app.get("/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse((f"{n}\n" for n in range(3)), media_type="text/event-stream")

    @app.post("/v1/size")
    async def size(request: Request) -> int:
        return len(await request.body())

    def patch(html: str, nonce: str, path: str) -> str:
        return patch_page(html, nonce=nonce, organisation="Gemeente <Proefdorp>", theme="proefdorp-theme")

    allowed = re.compile(r"/|/stream|/v1/.*")
    return Shield(app, allowed=allowed, frames=frames, pace=Throttle(pace), patch_page=patch)


@pytest.fixture
def address() -> Iterator[str]:
    with running(make_shield()) as found:
        yield found


def test_shield_makes_gradios_page_dutch_and_free_of_other_hosts(address: str) -> None:
    html = httpx.get(address).text
    assert 'lang="nl"' in html
    assert "<title>Stel uw vraag - Gemeente &lt;Proefdorp&gt;</title>" in html
    assert 'class="proefdorp-theme"' in html
    assert "https://" not in html
    assert "manifest" not in html


def test_shield_gives_every_script_the_nonce_of_this_response(address: str) -> None:
    answers = [httpx.get(address) for _ in range(2)]
    nonces = [re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[0] for answer in answers]
    assert nonces[0] != nonces[1]
    for answer, nonce in zip(answers, nonces, strict=True):
        assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"')


def test_shield_sends_security_headers_with_everything(address: str) -> None:
    for path in ("/", "/stream", "/geheim"):
        headers = httpx.get(address + path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "unsafe-eval" not in headers["content-security-policy"]


def test_shield_lets_the_operator_say_who_may_frame_the_chat() -> None:
    with running(make_shield(frames="https://www.proefdorp.example")) as address:
        headers = httpx.get(address).headers
    assert "frame-ancestors https://www.proefdorp.example" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


def test_shield_hides_what_is_not_on_its_list(address: str) -> None:
    answer = httpx.get(address + "/docs")
    assert answer.status_code == 404
    assert answer.text == "Deze pagina bestaat niet."


def test_shield_refuses_a_large_body_whether_it_says_so_or_not(address: str) -> None:
    assert httpx.post(address + "/v1/size", content=b"a" * 1000).json() == 1000
    assert httpx.post(address + "/v1/size", content=b"a" * (LARGEST_BODY + 1)).status_code == 413
    chunks = (b"a" * 100_000 for _ in range(7))
    with contextlib.suppress(httpx.TransportError):
        assert httpx.post(address + "/v1/size", content=chunks).status_code >= 400


def test_shield_slows_down_a_client_and_says_when_to_come_back() -> None:
    with running(make_shield(pace=2)) as address:
        answers = [httpx.post(address + "/v1/size", content=b"") for _ in range(3)]
        assert httpx.get(address).status_code == 200
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "60"
    assert answers[2].headers["content-type"].startswith("application/problem+json")


def test_shield_passes_streams_on_piece_by_piece(address: str) -> None:
    with httpx.stream("GET", address + "/stream") as answer:
        assert list(answer.iter_lines()) == ["0", "1", "2"]


def test_throttle_tells_clients_apart_and_keeps_no_address() -> None:
    throttle = Throttle(1)
    assert throttle.allows("10.0.0.1")
    assert not throttle.allows("10.0.0.1")
    assert throttle.allows("10.0.0.2")
    assert "10.0.0" not in repr(vars(throttle._limiter.storage))
