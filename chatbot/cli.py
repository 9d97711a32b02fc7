"""chatbot: ask, search, serve and desk from the command line."""

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.terminal import Terminal

if TYPE_CHECKING:
    from chatbot.services import Services

app = Terminal(help="Beantwoord vragen van inwoners met wat de website zegt.")
SiteOption = Annotated[str, typer.Option("--site", help="Naam of bestand van de site.")]
AudienceOption = Annotated[str, typer.Option(help="resident of staff.")]
BatchOption = Annotated[
    Path | None, typer.Option(help="Bestand met een JSON-regel per vraag: {id, question, history?, page_id?}.")
]
GenerationOption = Annotated[str | None, typer.Option(help="Een andere generatie van de index dan de gepubliceerde.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Schrijf JSON.")]


@app.command()
def ask(
    site: SiteOption,
    question: Annotated[str | None, typer.Argument(metavar="VRAAG", help="De vraag.")] = None,
    audience: AudienceOption = "resident",
    history: Annotated[Path | None, typer.Option(help="JSON-bestand met eerdere beurten: [{role, content}].")] = None,
    batch: BatchOption = None,
    generation: GenerationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Beantwoord een vraag, of een bestand met vragen."""
    from chatbot import batches

    services = _open(site, audience, generation, question, batch)
    if batch is not None:
        raise typer.Exit(batches.run(batch, lambda item: {"reply": batches.answer(item, services)}, _print_line))
    reply = batches.answer({"question": question, "history": batches.read_history(history)}, services)
    print(json.dumps(reply, ensure_ascii=False, indent=2) if as_json else batches.show_reply(reply))


@app.command()
def search(
    site: SiteOption,
    question: Annotated[str | None, typer.Argument(metavar="VRAAG", help="De vraag.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="Hoeveel pagina's.")] = 10,
    audience: AudienceOption = "resident",
    batch: BatchOption = None,
    generation: GenerationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Zoek pagina's bij een vraag: de beste passage van elke pagina."""
    from chatbot import batches

    services = _open(site, audience, generation, question, batch)
    if batch is not None:
        raise typer.Exit(batches.run(batch, lambda item: {"hits": batches.hits(item, services, k)}, _print_line))
    found = batches.hits({"question": question}, services, k)
    print(json.dumps(found, ensure_ascii=False, indent=2) if as_json else batches.show_hits(found))


def _open(site: str, audience: str, generation: str | None, question: str | None, batch: Path | None) -> "Services":
    """Open the services, after checking that there is exactly one thing to do."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("geef één van deze twee: een vraag of --batch")
    if audience not in ("resident", "staff"):
        raise typer.BadParameter("kies resident of staff", param_hint="--audience")
    from chatbot.services import open_services
    from corpus.records import Audience
    from corpus.sites import load_site

    return open_services(load_site(site), Audience(audience), generation)


def _print_line(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


@app.command()
def serve(
    site: Annotated[list[str], typer.Option("--site", help="Naam of bestand van de site; mag vaker.")],
    host: Annotated[str, typer.Option(help="Adres om op te luisteren.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Poort.")] = 7860,
) -> None:
    """Toon de chat voor inwoners."""
    from chatbot.serve import serve as run

    run(site, host, port)


@app.command()
def desk(
    site: SiteOption,
    host: Annotated[str, typer.Option(help="Adres om op te luisteren.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Poort.")] = 7861,
) -> None:
    """Toon het zoekscherm voor medewerkers."""
    from chatbot.desk import serve_desk

    serve_desk(site, host, port)


@app.command("desk-password")
def desk_password() -> None:
    """Maak de waarde voor VRAAGBAAK_DESK_PASSWORD_HASH."""
    from chatbot.credentials import hash_password

    print(hash_password(typer.prompt("Wachtwoord", hide_input=True, confirmation_prompt=True)))


def main() -> None:
    """Run the command line; errors are one line on stderr."""
    from chatbot.errors import ChatbotError
    from corpus.errors import CorpusError

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app.run("chatbot")
    except (ChatbotError, CorpusError) as error:
        print(f"chatbot: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
