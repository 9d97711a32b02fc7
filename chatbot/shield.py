"""What every request to a server of ours goes through: allowed paths, size, pace and security headers."""

import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chatbot.problems import API_VERSION, MEDIA_TYPE, problem_body
from chatbot.throttle import Throttle

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
PatchPage = Callable[[str, str, str], str]

# A question of 8,000 characters with its history stays far below this.
LARGEST_BODY = 512_000
COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STATIC = re.compile(r"/(?:assets|static|ui)/[^?]*$")


class Shield:
    """Pure ASGI, so that streams pass through untouched.

    `allowed` matches the paths that exist for the outside. Gradio offers many more (uploads, files, proxies, flags,
    its code editor): those are 404 here, whatever version of Gradio is below. `patch_page(html, nonce, path)` rewrites
    HTML pages; None leaves them as they are.
    """

    def __init__(
        self, app: App, *, allowed: re.Pattern[str], frames: str, pace: Throttle, patch_page: PatchPage | None = None
    ) -> None:
        self.app, self.allowed, self.frames, self.pace, self.patch_page = app, allowed, frames, pace, patch_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is refused, pass on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        reply = Reply(self, scope, send)
        if not self.allowed.fullmatch(scope["path"]):
            await reply.refuse(404, "Deze pagina bestaat niet.")
        elif scope["method"] == "POST" and not self.pace.allows(scope["client"][0] if scope.get("client") else ""):
            await reply.refuse(429, "Te veel verzoeken achter elkaar. Wacht een minuut.")
        elif _announced(scope) > LARGEST_BODY:
            await reply.refuse(413, "Het verzoek is te groot.")
        else:
            await self.app(scope, _limited(receive), reply.send)


class Reply:
    """One response on its way out: headers added, a page rewritten."""

    def __init__(self, shield: Shield, scope: Scope, send: Send) -> None:
        self.shield, self.scope, self.to_client = shield, scope, send
        self.nonce = secrets.token_urlsafe(16)
        self.is_api = "/v1/" in scope["path"]
        self.held: Message | None = None
        self.page = b""

    async def refuse(self, status: int, text: str) -> None:
        """Answer with one sentence: problem+json for programs, plain text for people."""
        kind, body = (MEDIA_TYPE, problem_body(status, text)) if self.is_api else ("text/plain", text.encode())
        headers = [
            (b"content-type", f"{kind}; charset=utf-8".encode()),
            (b"content-length", str(len(body)).encode()),
            *([(b"retry-after", b"60")] if status == 429 else []),
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def send(self, message: Message) -> None:
        """Pass on a part of the response; an HTML page is held back until it is whole."""
        if message["type"] == "http.response.start":
            message["headers"] = self._with_security(message["headers"])
            if self.shield.patch_page and _is_html(message["headers"]) and message["status"] == 200:
                self.held = message
                return
        elif self.held is not None:
            self.page += message.get("body", b"")
            if message.get("more_body"):
                return
            await self._send_page(self.held)
            return
        await self.to_client(message)

    async def _send_page(self, start: Message) -> None:
        body = self.page
        if self.shield.patch_page and body:  # a HEAD request has none
            body = self.shield.patch_page(body.decode("utf-8"), self.nonce, self.scope["path"]).encode("utf-8")
            start["headers"] = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
            start["headers"].append((b"content-length", str(len(body)).encode()))
        await self.to_client(start)
        await self.to_client({"type": "http.response.body", "body": body})

    def _with_security(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        added = dict(COMMON_HEADERS)
        added["Content-Security-Policy"] = self._policy(_is_html(headers))
        if self.shield.frames == "'none'":
            added["X-Frame-Options"] = "DENY"
        if self.scope.get("scheme") == "https":
            added["Strict-Transport-Security"] = "max-age=31536000"
        if self.is_api:
            added["API-Version"] = API_VERSION
        if self.scope["path"].endswith("/v1/openapi.json"):
            added["Access-Control-Allow-Origin"] = "*"
        if not STATIC.search(self.scope["path"]):
            added["Cache-Control"] = "no-store"
        names = {name.lower().encode() for name in added}
        kept = [(name, value) for name, value in headers if name.lower() not in names]
        return kept + [(name.encode(), value.encode()) for name, value in added.items()]

    def _policy(self, is_page: bool) -> str:
        if not is_page:
            return "default-src 'none'; frame-ancestors 'none'"
        # Gradio's own components set style attributes, hence unsafe-inline for style; scripts need the nonce.
        return (
            f"default-src 'self'; script-src 'self' 'nonce-{self.nonce}'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
            f"frame-ancestors {self.shield.frames}"
        )


def _announced(scope: Scope) -> int:
    value = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
    return int(value) if value.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    """Cut off a body that is larger than it said: the rest of it reads as a client that hung up."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > LARGEST_BODY else message

    return limited


def _is_html(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)
