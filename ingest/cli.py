"""ingest: from a website to a published index, from the command line."""

import json
import logging
import os
import signal
import sys
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.terminal import Terminal

if TYPE_CHECKING:
    from corpus.sites import Site

app = Terminal(help="Lees de website van een gemeente en publiceer die als index voor de chatbot.")
SiteOption = Annotated[str, typer.Option("--site", help="Naam of bestand van de site.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Schrijf JSON.")]


@app.command()
def init(
    name: Annotated[str, typer.Argument(metavar="NAAM", help="Korte naam, zoals proefstad.")],
    url: Annotated[str, typer.Argument(metavar="ADRES", help="Adres van de website.")],
    output: Annotated[
        Path | None, typer.Option(help="Bestand dat u maakt. Zonder deze optie: NAAM.toml in deze map.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Maak een eerste sitebestand."""
    from ingest.setup import write_site_file

    path = write_site_file(name, url, output)
    given = name if output is None else str(path)
    _show({"path": str(path)}, f"{path} is gemaakt. Lees nu de website met: ingest sync --site {given}", as_json)


@app.command()
def sync(
    site: SiteOption,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Proef: lees en vergelijk alleen. Maak en publiceer niets.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Publiceer ook als er veel pagina's verdwijnen.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Gebruik de opgeslagen pagina's, zonder internet.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Werk een site bij: lees de website, maak de index, controleer die en publiceer."""
    from ingest.progress import Progress
    from ingest.report import show_report
    from ingest.sync import sync as run

    with Progress(quiet=as_json) as progress:
        report = run(_load(site), site, dry_run=dry_run, yes=yes, offline=offline, progress=progress)
    _show(report.model_dump(mode="json"), show_report(report), as_json)


@app.command()
def status(site: SiteOption, as_json: JsonOption = False) -> None:
    """Toon wat gepubliceerd is, en wat u hebt gepauzeerd of uitgesloten."""
    from ingest.status import show_status
    from ingest.status import status as read

    found = read(_load(site))
    _show(found.model_dump(mode="json"), show_status(found), as_json)


@app.command()
def generations(site: SiteOption, as_json: JsonOption = False) -> None:
    """Toon de generaties die u kunt publiceren."""
    from ingest.status import generations as read
    from ingest.status import show_generations

    found = read(_load(site))
    _show([line.model_dump(mode="json") for line in found], show_generations(found), as_json)


@app.command()
def rollback(
    site: SiteOption,
    generation: Annotated[
        str | None, typer.Argument(metavar="GENERATIE", help="Generatie die u terug wilt. Leeg: de vorige.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Zet een eerdere generatie terug."""
    from ingest.status import rollback as run

    chosen = run(_load(site), generation)
    _show({"generation": chosen}, f"Generatie {chosen} is gepubliceerd.", as_json)


@app.command()
def diff(
    site: SiteOption,
    old: Annotated[
        str | None, typer.Argument(metavar="OUD", help="Oude generatie. Leeg: de generatie voor de nieuwe.")
    ] = None,
    new: Annotated[
        str | None, typer.Argument(metavar="NIEUW", help="Nieuwe generatie. Leeg: de gepubliceerde.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Toon de veranderde regels.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Toon het verschil tussen twee generaties."""
    from ingest.diff import diff as compare
    from ingest.diff import show_diff

    found = compare(_load(site), old, new, with_text=text)
    _show(found.model_dump(mode="json"), show_diff(found), as_json)


@app.command()
def lint(site: SiteOption, as_json: JsonOption = False) -> None:
    """Toon pagina's die u beter kunt nakijken."""
    from ingest.lint import lint as check
    from ingest.lint import show_findings

    loaded = _load(site)
    found = check(loaded, loaded.today or date.today())
    _show([finding.model_dump() for finding in found], show_findings(found), as_json)


@app.command()
def exclude(
    site: SiteOption,
    url: Annotated[str, typer.Argument(metavar="ADRES", help="Adres of patroon, zoals /oud/*.")],
    reason: Annotated[str, typer.Option(help="Reden. Die komt in het verslag.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Sluit de pagina niet meer uit.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Sluit een pagina uit van alle volgende generaties."""
    from corpus.state import State
    from ingest.errors import IngestError

    loaded = _load(site)
    state = State(loaded.home / "state.db")
    if not undo:
        state.exclude(url, reason)
    elif not state.include(url):
        raise IngestError(f"'{url}' is niet uitgesloten. Bekijk wat wel is uitgesloten: ingest status --site {site}")
    now = "niet meer uitgesloten" if undo else "uitgesloten"
    done = f"{url} is {now}. Werk de site bij met: ingest sync --site {site}"
    _show({"url": url, "excluded": not undo}, done, as_json)


@app.command()
def pause(
    site: SiteOption,
    words: Annotated[
        str, typer.Argument(metavar="ONDERWERP", help="Onderwerp, zoals 'hondenbelasting'. Leeg: pauzeer alles.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Reden. Die ziet u terug bij status.")] = "",
    end: Annotated[int | None, typer.Option("--end", help="Stop de pauze met dit nummer (zie status).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Geef per direct geen antwoord meer over een onderwerp."""
    from corpus.state import State
    from ingest.errors import IngestError

    loaded = _load(site)
    state = State(loaded.home / "state.db")
    if end is None:
        number = state.pause(words, reason)
        _show(
            {"id": number, "words": words},
            f"{words or 'Alles'} is gepauzeerd. Stop de pauze met: ingest pause --site {site} --end {number}",
            as_json,
        )
    elif state.resume(end):
        _show({"id": end, "ended": True}, f"Pauze {end} is gestopt.", as_json)
    else:
        raise IngestError(f"Pauze {end} bestaat niet. Bekijk welke er zijn: ingest status --site {site}")


@app.command()
def purge(
    site: SiteOption,
    days: Annotated[int, typer.Option(min=0, help="Verwijder wat ouder is dan dit aantal dagen.")] = 28,
    as_json: JsonOption = False,
) -> None:
    """Verwijder oude reacties en gemaskeerde vragen, en toon het bewijs."""
    from corpus.state import State

    state = State(_load(site).home / "state.db")
    gone = state.purge(days)
    when, _, proof = state.audit()[0]
    _show(
        {**gone, "at": when, "proof": proof}, f"Verwijderd {proof}. Dit staat in het logboek met tijd {when}.", as_json
    )


def _load(site: str) -> "Site":
    from corpus.sites import load_site

    return load_site(site)


def _show(data: Any, text: str, as_json: bool) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1) if as_json else text)


class _Stopped(SystemExit):
    """A signal asked us to end. A SystemExit, because asyncio and typer let nothing else through as it is."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stopped(130)


def main() -> None:
    """Run the command line; errors are one line on stderr.

    Exit status: 0 done, 1 failed, 2 wrong use, 3 a person has to decide, 130 stopped.
    """
    from corpus.errors import CorpusError
    from ingest.errors import HeldBack, IngestError

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for library in ("pypdf", "trafilatura"):
        # What they grumble about in English, the report says in Dutch as the reason of a page.
        logging.getLogger(library).setLevel(logging.ERROR)
    # Explicitly: a shell starts background jobs with SIGINT ignored, and Python leaves it so.
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        app.run("ingest")
    except HeldBack as error:
        print(f"ingest: {error}", file=sys.stderr)
        sys.exit(3)
    except (IngestError, CorpusError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        sys.exit(1)
    except _Stopped:
        print(
            "ingest: gestopt. Wat al gelezen is, blijft bewaard. De volgende keer gaat ingest sync daar verder.",
            file=sys.stderr,
            flush=True,
        )
        # A plain exit would wait for the threads that write the index, which the next sync throws away.
        os._exit(130)


if __name__ == "__main__":
    main()
