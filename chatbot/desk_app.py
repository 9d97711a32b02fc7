"""The staff desk: search while typing, behind a sign-in. A process of its own, never the residents' one.

It opens both indexes: the staff one to search (internal notes too), the public one for the draft answer, so that a
draft never holds anything a resident may not read.
"""

import re
import secrets
import time
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from chatbot import converse
from chatbot.credentials import SESSION_SECONDS, Signer, check_password
from chatbot.explain import explain_hit
from chatbot.hosting import Hosting
from chatbot.personal_data import mask_personal_data, strip_hidden
from chatbot.records import Question
from chatbot.search import search
from chatbot.services import Services
from chatbot.shield import Shield
from chatbot.throttle import Throttle
from chatbot.ui.page import STATIC

TEMPLATES = Path(__file__).parent / "ui" / "templates"
COOKIE = "vraagbaak_desk"
DESK_PATHS = re.compile(r"/|/aanmelden|/afmelden|/healthz|/api/(?:zoek|antwoord)|/ui/[\w.-]+")
SHOWN_HITS = 8
# Searching while typing sends about two requests a second; a sign-in that is guessed, many more than these.
REQUESTS_PER_MINUTE = 600
WRONG_SIGN_INS_PER_MINUTE = 5


class Sought(BaseModel):
    """What a member of staff typed."""

    model_config = ConfigDict(extra="forbid")
    vraag: str = Field(max_length=converse.MAX_QUESTION)


def build_desk(staff: Services, resident: Services, hosting: Hosting) -> Shield:
    """Return the desk as one ASGI app: `staff` is searched, `resident` drafts answers and keeps no question."""
    resident.questions = "none"
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    signer = Signer(hosting.desk_secret.encode() or secrets.token_bytes(32))
    pages = Pages(staff.site.organisation.name)

    def user_of(request: Request) -> str | None:
        user = signer.read(request.cookies.get(COOKIE, ""))
        return user if user == hosting.desk_user else None

    def require_user(request: Request) -> None:
        if user_of(request) is None:
            raise HTTPException(401, "Meld u opnieuw aan.")
        if not is_same_origin(request):
            raise HTTPException(403, "Dit verzoek komt van een andere website.")

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/")
    def start(request: Request) -> Response:
        user = user_of(request)
        return RedirectResponse("/aanmelden", 303) if user is None else pages.show("desk", user=user)

    @app.post("/api/zoek", dependencies=[Depends(require_user)])
    def find(sought: Sought) -> dict[str, Any]:
        began = time.perf_counter()
        text = mask_personal_data(strip_hidden(sought.vraag)).strip()
        hits = search(text, staff, SHOWN_HITS) if text else []
        found = [explain_hit(hit) for hit in hits]
        return {"treffers": found, "ms": round((time.perf_counter() - began) * 1000, 1), "generatie": staff.index.id}

    @app.post("/api/antwoord", dependencies=[Depends(require_user)])
    def draft(sought: Sought) -> dict[str, Any]:
        reply = converse.ask(Question(text=sought.vraag.strip()), resident)
        return reply.model_dump(mode="json", include={"status", "text", "citations", "generator"})

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, _error: RequestValidationError) -> Response:
        return Response('{"detail": "Het verzoek klopt niet."}', 400, media_type="application/json")

    _add_sign_in(app, hosting, signer, pages)
    app.mount("/ui", StaticFiles(directory=STATIC))
    return Shield(app, allowed=DESK_PATHS, frames="'none'", pace=Throttle(REQUESTS_PER_MINUTE))


def _add_sign_in(app: FastAPI, hosting: Hosting, signer: Signer, pages: "Pages") -> None:
    tries = Throttle(WRONG_SIGN_INS_PER_MINUTE)

    @app.get("/aanmelden")
    def form() -> Response:
        return pages.show("sign_in", problem="")

    @app.post("/aanmelden")
    async def sign_in(request: Request) -> Response:
        if not is_same_origin(request):
            raise HTTPException(403, "Dit verzoek komt van een andere website.")
        client = request.client.host if request.client else ""
        if not tries.has_room(client):
            return pages.show("sign_in", 429, problem="U hebt te vaak een fout wachtwoord gebruikt. Wacht een minuut.")
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        user, password = fields.get("gebruiker", [""])[0], fields.get("wachtwoord", [""])[0]
        # Both are always checked, so that the time it takes says nothing about the name.
        fits = await run_in_threadpool(check_password, password, hosting.desk_password_hash)
        if not (secrets.compare_digest(user.encode(), hosting.desk_user.encode()) and fits):
            tries.allows(client)  # only what fails is counted
            return pages.show("sign_in", 401, problem="Deze naam en dit wachtwoord horen niet bij elkaar.")
        answer = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, signer.sign(user), SESSION_SECONDS, httponly=True, samesite="strict", secure=secure)
        return answer

    @app.post("/afmelden")
    def sign_out() -> Response:
        answer = RedirectResponse("/aanmelden", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer


class Pages:
    """The two pages of the desk, from templates; every value is escaped."""

    def __init__(self, organisation: str) -> None:
        self._organisation = organisation
        self._templates = {
            name: Template((TEMPLATES / f"{name}.html").read_text(encoding="utf-8")) for name in ("desk", "sign_in")
        }

    def show(self, name: str, status: int = 200, **values: str) -> HTMLResponse:
        """Return a page with its values filled in."""
        filled = {key: escape(value) for key, value in {"organisation": self._organisation, **values}.items()}
        return HTMLResponse(self._templates[name].substitute(filled), status)


def is_same_origin(request: Request) -> bool:
    """Tell whether a request comes from our own pages; browsers say so in Origin, programs say nothing."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
