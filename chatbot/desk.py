"""`chatbot desk`: the staff desk. Light on purpose: what is heavy is imported once it is quiet."""

from chatbot.credentials import check_hash
from chatbot.errors import ServeError
from chatbot.hosting import Hosting, load_hosting
from chatbot.server import end_on_signals, make_quiet, run_server, take_port
from corpus.records import Audience
from corpus.sites import load_site


def serve_desk(site: str, host: str = "127.0.0.1", port: int = 7861) -> None:
    """Serve the staff desk until SIGINT or SIGTERM.

    Raises ServeError without user and password hash in the environment, or if the port is taken; CorpusError if the
    site is unknown or has no index.
    """
    end_on_signals()
    make_quiet()
    hosting = load_hosting()
    check_sign_in(hosting)
    found = load_site(site)
    with take_port(host, port) as sock:
        from chatbot.desk_app import build_desk
        from chatbot.search import search
        from chatbot.services import open_services

        staff = open_services(found, Audience.STAFF)
        search(found.organisation.name, staff)  # what the first search builds, no member of staff waits for
        run_server(build_desk(staff, open_services(found), hosting), sock)


def check_sign_in(hosting: Hosting) -> None:
    """Refuse to run without a way to sign in. Raises ServeError."""
    if not hosting.desk_user or not hosting.desk_password_hash:
        raise ServeError(
            "Zet VRAAGBAAK_DESK_USER en VRAAGBAAK_DESK_PASSWORD_HASH. Maak de laatste met: chatbot desk-password"
        )
    check_hash(hosting.desk_password_hash)
