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

if TYPE_CHECKING:
    from corpus.sites import Site

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Crawl a municipal website and publish it as an index."
)
SiteOption = Annotated[str, typer.Option("--site", help="Name or file of the site.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command()
def init(
    name: Annotated[str, typer.Argument(help="Short name, such as proefstad.")],
    url: Annotated[str, typer.Argument(help="Address of the website.")],
    output: Annotated[Path | None, typer.Option(help="File to write; ./NAME.toml if not given.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a first site file."""
    from ingest.setup import write_site_file

    path = write_site_file(name, url, output)
    given = name if output is None else str(path)
    _show({"path": str(path)}, f"{path} is written. Next: ingest sync --site {given}", as_json)


@app.command()
def sync(
    site: SiteOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Crawl and compare; build and publish nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Also publish when many pages went.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Read the saved pages again, without the network.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Crawl a site, build its index, check it and publish it."""
    from ingest.progress import Progress
    from ingest.report import show_report
    from ingest.sync import sync as run

    with Progress(quiet=as_json) as progress:
        report = run(_load(site), site, dry_run=dry_run, yes=yes, offline=offline, progress=progress)
    _show(report.model_dump(mode="json"), show_report(report), as_json)


@app.command()
def status(site: SiteOption, as_json: JsonOption = False) -> None:
    """Show what is published and what is in force."""
    from ingest.status import show_status
    from ingest.status import status as read

    found = read(_load(site))
    _show(found.model_dump(mode="json"), show_status(found), as_json)


@app.command()
def generations(site: SiteOption, as_json: JsonOption = False) -> None:
    """List the generations that can be published."""
    from ingest.status import generations as read
    from ingest.status import show_generations

    found = read(_load(site))
    _show([line.model_dump(mode="json") for line in found], show_generations(found), as_json)


@app.command()
def rollback(
    site: SiteOption,
    generation: Annotated[str | None, typer.Argument(help="Generation to go back to; else the one before.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Publish an earlier generation."""
    from ingest.status import rollback as run

    chosen = run(_load(site), generation)
    _show({"generation": chosen}, f"Generation {chosen} is published.", as_json)


@app.command()
def diff(
    site: SiteOption,
    old: Annotated[str | None, typer.Argument(help="Older generation; else the one before the newer.")] = None,
    new: Annotated[str | None, typer.Argument(help="Newer generation; else the published one.")] = None,
    text: Annotated[bool, typer.Option("--text", help="Show the changed lines.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what differs between two generations."""
    from ingest.diff import diff as compare
    from ingest.diff import show_diff

    found = compare(_load(site), old, new, with_text=text)
    _show(found.model_dump(mode="json"), show_diff(found), as_json)


@app.command()
def lint(site: SiteOption, as_json: JsonOption = False) -> None:
    """List pages that an editor should look at."""
    from ingest.lint import lint as check
    from ingest.lint import show_findings

    loaded = _load(site)
    found = check(loaded, loaded.today or date.today())
    _show([finding.model_dump() for finding in found], show_findings(found), as_json)


@app.command()
def exclude(
    site: SiteOption,
    url: Annotated[str, typer.Argument(help="Address or pattern, such as /oud/*.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever reads the report.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the exclusion back.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Keep a page out of every next generation."""
    from corpus.state import State
    from ingest.errors import IngestError

    loaded = _load(site)
    state = State(loaded.home / "state.db")
    if not undo:
        state.exclude(url, reason)
    elif not state.include(url):
        raise IngestError(f"'{url}' is not excluded. See what is: ingest status --site {site}")
    done = f"{url} is {'no longer excluded' if undo else 'excluded'} from the next sync on: ingest sync --site {site}"
    _show({"url": url, "excluded": not undo}, done, as_json)


@app.command()
def pause(
    site: SiteOption,
    words: Annotated[str, typer.Argument(help="Subject, such as 'hondenbelasting'; nothing pauses everything.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for whoever reads the status.")] = "",
    end: Annotated[int | None, typer.Option("--end", help="End the pause with this number (see status).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Stop answering about a subject, at once."""
    from corpus.state import State
    from ingest.errors import IngestError

    loaded = _load(site)
    state = State(loaded.home / "state.db")
    if end is None:
        number = state.pause(words, reason)
        _show(
            {"id": number, "words": words}, f"{words or 'Everything'} is paused. End it with: --end {number}", as_json
        )
    elif state.resume(end):
        _show({"id": end, "ended": True}, f"Pause {end} has ended.", as_json)
    else:
        raise IngestError(f"There is no pause {end}. See what is paused: ingest status --site {site}")


@app.command()
def purge(
    site: SiteOption,
    days: Annotated[int, typer.Option(min=0, help="Delete what is older than so many days.")] = 28,
    as_json: JsonOption = False,
) -> None:
    """Delete old feedback and masked questions, and show the proof."""
    from corpus.state import State

    state = State(_load(site).home / "state.db")
    gone = state.purge(days)
    when, _, proof = state.audit()[0]
    _show({**gone, "at": when, "proof": proof}, f"Deleted {proof}. Written to the audit trail at {when}.", as_json)


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
    # Explicitly: a shell starts background jobs with SIGINT ignored, and Python leaves it so.
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        app()
    except HeldBack as error:
        print(f"ingest: {error}", file=sys.stderr)
        sys.exit(3)
    except (IngestError, CorpusError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        sys.exit(1)
    except _Stopped:
        print(
            "ingest: stopped. What was fetched is kept; the next sync goes on from there.", file=sys.stderr, flush=True
        )
        # A plain exit would wait for the threads that write the index, which the next sync throws away.
        os._exit(130)


if __name__ == "__main__":
    main()
