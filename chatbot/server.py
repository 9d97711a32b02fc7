"""Run a web server: take the port, stop on SIGINT and SIGTERM, be gone within five seconds. The home of uvicorn."""

import contextlib
import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from chatbot.errors import ServeError
from corpus.dutch import why_unusable

# What runs may end for a second; then streams are cut, and at the last the process ends as it is. Five seconds is
# the promise; on a machine as busy as ours while testing, everything takes twice as long.
GRACE_SECONDS = 1
LAST_SECONDS = 2.5
# Nothing here calls home.
QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
# The operator may decide otherwise. Questions already run side by side, so threads inside numpy only get in each
# other's way: on 2 cores, 36 questions a second with one, 18 with two (4 clients, demo site).
DEFAULTS = {"HF_HUB_OFFLINE": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def take_port(host: str, port: int) -> socket.socket:
    """Bind a port before anything slow starts; nobody can connect until `run_server` listens.

    Raises ServeError in one line if it is taken, or not ours to take.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        sock = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, OverflowError) as error:
        raise _refusal(host, port, error) from error
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except (OSError, OverflowError) as error:
        sock.close()
        raise _refusal(host, port, error) from error
    return sock


def _refusal(host: str, port: int, error: Exception) -> ServeError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return ServeError(
            f"Poort {port} op {host} is bezet. Stop wat die poort gebruikt, of kies een andere met --port."
        )
    return ServeError(f"{host}:{port} is niet te gebruiken: {why_unusable(error)}. Kies een andere --host of --port.")


def end_on_signals() -> None:
    """End this process with exit code 0 on SIGINT and SIGTERM while it is still starting.

    Explicit, because a job that a script starts in the background inherits SIGINT as ignored.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def make_quiet() -> None:
    """Set what must be known before numpy, gradio, chromadb and langchain are imported."""
    os.environ.update(QUIET)
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


def run_server(app: Any, sock: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM. Raises ServeError if somebody took the port after all.

    Requests are not logged: a question is nobody's business, and neither is who asked it.
    """
    import uvicorn

    host, port = sock.getsockname()[:2]
    try:
        sock.listen(512)
    except OSError as error:
        raise _refusal(host, port, error) from error

    class Server(uvicorn.Server):
        """Ends with exit code 0, where uvicorn raises the signal again once it has stopped."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            if threading.current_thread() is threading.main_thread():
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, self.stop)
            yield

        def stop(self, _number: int, _frame: FrameType | None) -> None:
            self.should_exit = True
            # Streams that are cut off now are no errors, though uvicorn would log each with a traceback.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            # A thread that is busy with an answer must not keep the process alive.
            last = threading.Timer(LAST_SECONDS, os._exit, (0,))
            last.daemon = True
            last.start()

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=20,
    )
    Server(config).run(sockets=[sock])
