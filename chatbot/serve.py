"""`chatbot serve`: the chat of one or more sites. Light on purpose: what is heavy is imported once it is quiet."""

from collections.abc import Sequence

from chatbot.hosting import load_hosting
from chatbot.server import end_on_signals, make_quiet, run_server, take_port
from corpus.sites import load_site


def serve(sites: Sequence[str], host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the chat until SIGINT or SIGTERM: the first site at /, each other one at /<its name>/.

    Raises ServeError if the port is taken or a setting is wrong, CorpusError if a site is unknown or has no index.
    """
    end_on_signals()
    make_quiet()
    hosting = load_hosting()
    found = [load_site(site) for site in sites]
    with take_port(host, port) as sock:
        from chatbot.chat_app import build_server
        from chatbot.services import open_services

        run_server(build_server([open_services(site, questions=hosting.questions) for site in found], hosting), sock)
