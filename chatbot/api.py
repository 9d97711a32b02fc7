"""The JSON API for other programs: ask, rate. Stateless: a client sends the history along, the server keeps none.

Follows the Dutch API Design Rules: /v1, problem+json, 400 for invalid input, API-Version on every response, no
question in a URL, 404 for a slash too many.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as RoutingError

from chatbot import converse
from chatbot.front import QUESTION_LIMIT, Front
from chatbot.problems import API_VERSION, MEDIA_TYPE, problem_body
from chatbot.records import Event, Question, Reply, Status, Turn

HISTORY_LIMIT = 40
COMMENT_LIMIT = 2000


class Input(BaseModel):
    """What a client sends; unknown keys are an error."""

    model_config = ConfigDict(extra="forbid")


class Asked(Input):
    """A question with the earlier turns; `pagina` pins the page of a choice."""

    vraag: str = Field(min_length=1, max_length=QUESTION_LIMIT)
    geschiedenis: tuple[Turn, ...] = Field((), max_length=HISTORY_LIMIT)
    pagina: str | None = Field(None, max_length=64)


class Rated(Input):
    """A thumb for a reply: its status, generation and pages, and an explanation if there is one."""

    nuttig: bool
    toelichting: str = Field("", max_length=COMMENT_LIMIT)
    status: Status
    paginas: tuple[str, ...] = Field((), max_length=20)
    generatie: str = Field("", max_length=64)


def build_api(front: Front) -> FastAPI:
    """Return the API of one site, to be mounted at /v1."""
    api = FastAPI(
        title=f"Vraagbaak {front.organisation}",
        version=API_VERSION,
        description="Stel een vraag over producten en beleid van de gemeente. Elk antwoord noemt zijn bronnen.",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        contact={"name": front.organisation, "url": front.contact().page or None},
    )
    _handle_errors(api)

    @api.post("/vragen", response_model=Reply, summary="Stel een vraag")
    def ask(asked: Asked, request: Request) -> Any:
        """Answer a question: one JSON reply, or events if the client accepts text/event-stream."""
        _admit(front, request)
        question = Question(text=asked.vraag, history=asked.geschiedenis, page_id=asked.pagina)
        if "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(_events(front.stream(question)), media_type="text/event-stream")
        return converse.ask(question, front.services)

    @api.post("/beoordelingen", status_code=204, summary="Beoordeel een antwoord")
    def rate(rated: Rated, request: Request) -> Response:
        """Keep a thumb; personal data in the explanation are masked first."""
        _admit(front, request)
        front.keep(rated.nuttig, rated.toelichting, rated.status, rated.paginas, rated.generatie)
        return Response(status_code=204)

    return api


def problem(status: int, detail: str) -> Response:
    """Return an error as problem+json."""
    headers = {"Retry-After": "60"} if status == 429 else {}
    return Response(problem_body(status, detail), status, headers, media_type=MEDIA_TYPE)


def _admit(front: Front, request: Request) -> None:
    if not front.allows(request.client.host if request.client else ""):
        raise HTTPException(429, "U stelt te veel vragen achter elkaar. Wacht een minuut.")


def _handle_errors(api: FastAPI) -> None:
    @api.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        # Never the input itself: it is somebody's question.
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:] if isinstance(part, str)) or "body"
        return problem(400, f"Het veld '{where}' klopt niet ({first['type']}).")

    @api.exception_handler(RoutingError)
    async def refused(_request: Request, error: RoutingError) -> Response:
        details = {404: "Dit adres bestaat niet.", 405: "Gebruik POST."}
        answer = problem(error.status_code, details.get(error.status_code, str(error.detail)))
        answer.headers.update(error.headers or {})
        return answer

    @api.exception_handler(Exception)
    async def failed(_request: Request, _error: Exception) -> Response:
        return problem(500, "Het verzoek kon niet worden verwerkt. Probeer het later opnieuw.")


async def _events(events: Iterator[Event]) -> AsyncIterator[str]:
    """Send what a conversation yields as server-sent events, named after its records.

    The conversation runs in a thread; when the client hangs up, it is closed as soon as that thread is back.
    """
    loop = asyncio.get_running_loop()
    step: asyncio.Future[Event | None] | None = None
    try:
        while True:
            step = loop.run_in_executor(None, next, events, None)
            event = await step
            if event is None:
                return
            yield f"event: {type(event).__name__.lower()}\ndata: {event.model_dump_json()}\n\n"
    finally:
        _close(events, step)


def _close(events: Iterator[Event], step: "asyncio.Future[Event | None] | None") -> None:
    close = getattr(events, "close", lambda: None)
    if step is not None and not step.done():
        step.add_done_callback(lambda _done: close())
    else:
        close()
