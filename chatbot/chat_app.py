"""The residents' server: chat windows and APIs of one or more sites. It opens public indexes only."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from chatbot.api import build_api
from chatbot.errors import ServeError
from chatbot.front import Front
from chatbot.hosting import Hosting
from chatbot.services import Services
from chatbot.shield import Shield
from chatbot.throttle import Throttle
from chatbot.ui.page import STATIC, patch_page
from corpus.errors import CorpusError

# How soon a newly published index is opened, so that no resident waits for it.
REFRESH_SECONDS = 2.0
# Every click in the window is a request; this is the pace of requests for each question that is allowed.
REQUESTS_PER_QUESTION = 10
TAKEN = {"v1", "ui", "assets", "static", "config", "healthz", "readyz"}
GRADIO_PATHS = (
    r"/(?:config|theme\.css|(?:assets|static|svelte)/[\w./-]+"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|startup-events|cancel|reset|app_id))?"
)
LOG = logging.getLogger(__name__)


def build_server(services: Sequence[Services], hosting: Hosting) -> Shield:
    """Return the whole server as one ASGI app. Raises ServeError if two sites have one name."""
    from chatbot.ui.app import mount_window

    throttle = Throttle(hosting.questions_per_minute)
    fronts = [Front(each, throttle) for each in services]
    first, *names = [front.services.site.name for front in fronts]
    if len({first, *names}) < len(fronts) or TAKEN & set(names):
        raise ServeError(
            f"Geef elke site een andere naam, en niet {', '.join(sorted(TAKEN))}. Nu: {first}, {', '.join(names)}."
        )
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=_freshness(fronts))
    _add_common(app, fronts, hosting)
    for front, name in zip(fronts[1:], names, strict=True):
        app.mount(f"/{name}/v1", build_api(front))
        mount_window(app, front, f"/{name}")
        app.add_api_route(f"/{name}", lambda name=name: RedirectResponse(f"/{name}/", 308), include_in_schema=False)
    app.mount("/v1", build_api(fronts[0]))
    mount_window(app, fronts[0], "/")
    site = f"(?:/(?:{'|'.join(names)}))?" if names else ""
    return Shield(
        app,
        allowed=re.compile(rf"{site}(?:{GRADIO_PATHS}|/v1/.*)|/(?:healthz|readyz|ui/[\w.]+|{'|'.join(names) or 'ui'})"),
        frames=hosting.frame_ancestors,
        pace=Throttle(hosting.questions_per_minute * REQUESTS_PER_QUESTION),
        patch_page=_page_patch(fronts, hosting.theme_class()),
    )


def _add_common(app: FastAPI, fronts: Sequence[Front], hosting: Hosting) -> None:
    theme = hosting.read_theme()

    @app.get("/healthz")
    def health() -> Any:
        return {"status": "ok"}

    @app.get("/readyz")
    def ready() -> Any:
        """Say which index answers; 503 while one cannot be opened."""
        try:
            return {front.services.site.name: front.services.index.id for front in fronts}
        except CorpusError:
            return JSONResponse({"status": "no index"}, 503)

    @app.get("/ui/theme.css")
    def theme_css() -> Response:
        return Response(theme, media_type="text/css")

    app.mount("/ui", StaticFiles(directory=STATIC))


def _page_patch(fronts: Sequence[Front], theme: str) -> Any:
    def patch(html: str, nonce: str, path: str) -> str:
        name = path.strip("/")
        front = next((front for front in fronts[1:] if front.services.site.name == name), fronts[0])
        return patch_page(html, nonce=nonce, organisation=front.organisation, theme=theme)

    return patch


def _freshness(fronts: Sequence[Front]) -> Any:
    """Open a new index in the background as soon as it is published, and find its working examples."""

    def refresh() -> None:
        for front in fronts:
            try:
                front.examples("nl")
                front.examples("en")
            except CorpusError as error:
                LOG.error("%s", error)

    async def keep_fresh() -> None:
        while True:
            await asyncio.to_thread(refresh)
            await asyncio.sleep(REFRESH_SECONDS)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(keep_fresh())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return lifespan
