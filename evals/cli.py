"""The `evals` command: measure a site's answers, and hold back a generation that answers worse."""

import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.terminal import Terminal

if TYPE_CHECKING:
    from evals.evaluate import Advance, Evaluation
    from evals.show import Table

app = Terminal(help="Meet hoe goed de antwoorden op een site zijn.")

SiteOption = Annotated[str, typer.Option("--site", help="Naam of bestand van de site.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Vragenset: een naam van deze site, of een JSONL-bestand. Leeg: alle sets van de site."),
]
GenerationOption = Annotated[
    str | None, typer.Option("--generation", help="Een andere generatie van de index dan de gepubliceerde.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Schrijf JSON in plaats van tabellen.")]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", exists=True, help="Bestand met regels pad, tab, id: welke pagina bij een id hoort."),
]
SplitOption = Annotated[str, typer.Option("--split", help="Welke helft: dev, test of all (alles).")]
SpansOption = Annotated[
    Path | None,
    typer.Option(
        "--spans",
        exists=True,
        help="Vragenset met de antwoordzinnen voor vragen die er met editor_question naar wijzen.",
    ),
]


def main() -> None:
    """Run the command; what goes wrong is one line on stderr and exit code 1."""
    from chatbot.errors import ChatbotError
    from corpus.errors import CorpusError
    from evals.errors import EvalError

    # Model loaders draw bars while they load, also where nobody looks; tqdm reads this once, when first imported.
    os.environ.setdefault("TQDM_DISABLE", "1")
    try:
        app.run("evals")
    except (EvalError, CorpusError, ChatbotError) as error:
        print(f"evals: {error}", file=sys.stderr)
        sys.exit(1)


@app.command()
def run(
    site: SiteOption,
    set_: SetOption = None,
    map_: MapOption = None,
    qrels: Annotated[
        Path | None, typer.Option("--qrels", exists=True, help="TREC-bestand (qrels) met andere juiste pagina's.")
    ] = None,
    spans: SpansOption = None,
    generation: GenerationOption = None,
    split: SplitOption = "all",
    limit: Annotated[int | None, typer.Option(min=1, help="Neem alleen de eerste vragen van elke set.")] = None,
    retrieval_only: Annotated[
        bool, typer.Option("--retrieval-only", help="Zoek alleen pagina's, geef geen antwoord.")
    ] = False,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Vergelijk ook met gewone zoekmachines (BM25 en naive RAG).")
    ] = False,
    records: Annotated[Path | None, typer.Option(help="Bestand voor één JSON-regel per vraag.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Stel de vragen uit een vragenset en toon de cijfers met hun marges."""
    from evals.run import run_sets
    from evals.show import as_json as plain
    from evals.show import records as lines

    _check_split(split)
    with _progress(not as_json) as advance:
        evaluation, pages = run_sets(
            site,
            set_ or [],
            generation=generation,
            split=split,
            limit=limit,
            map_file=map_,
            qrels_file=qrels,
            spans_file=spans,
            retrieval_only=retrieval_only,
            baselines=baselines,
            advance=advance,
        )
    if records:
        records.parent.mkdir(parents=True, exist_ok=True)
        records.write_text("\n".join(lines(evaluation, pages)) + "\n", encoding="utf-8")
    if as_json:
        print(json.dumps(plain(evaluation), ensure_ascii=False, indent=1))
    else:
        _print_evaluation(evaluation)


@app.command()
def gate(
    site: SiteOption,
    generation: GenerationOption = None,
    fast: Annotated[bool, typer.Option("--fast", help="Snel: een vast deel van elke set, met eigen grenzen.")] = False,
    update: Annotated[bool, typer.Option("--update", help="Leg deze cijfers vast als grenzen.")] = False,
    allow_regression: Annotated[
        str, typer.Option(metavar="REDEN", help="Waarom een grens slechter mag worden. Dit wordt bewaard.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Kwaliteitspoort: vergelijk de cijfers met de grenzen van de site."""
    from evals.run import run_gate

    with _progress(not as_json) as advance:
        report = run_gate(
            site, generation=generation, fast=fast, update=update, reason=allow_regression, advance=advance
        )
    if as_json:
        print(json.dumps(vars(report) | {"passed": report.passed}, ensure_ascii=False, indent=1))
    else:
        for flip in report.flips:
            print(f"anders  {flip}")
        for note in report.notes:
            print(f"let op  {note}")
        for failure in report.failures:
            print(f"FOUT    {failure}", file=sys.stderr)
        if report.figures:
            verdict = "goed" if report.passed else "tegengehouden"
            print(f"{verdict}: {report.site}, generatie {report.generation}, vragensets: {len(report.figures)}")
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def leakage(
    site: SiteOption = "voorbeeldstad",
    set_: SetOption = None,
    training: Annotated[
        list[Path] | None, typer.Option(exists=True, help="Nog een bestand met vragen uit de training.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Zoek vragen die al bekend zijn uit de bank of de training. Meer dan een tiende is te veel."""
    from evals.run import run_leakage

    found = run_leakage(site, set_ or [], training or [])
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        for line in found.lines():
            print(line)
    if found.failed:
        print(
            f"Meer dan een tiende is al bekend in: {', '.join(found.failed)}. Stel die vragen anders.", file=sys.stderr
        )
        raise typer.Exit(1)


@app.command()
def report(
    site: SiteOption,
    output: Annotated[Path, typer.Option(help="Map voor report.md en report.html.")],
    set_: SetOption = None,
    map_: MapOption = None,
    spans: SpansOption = None,
    generation: GenerationOption = None,
    split: SplitOption = "all",
    as_json: JsonOption = False,
) -> None:
    """Meet alles en maak een verslag: Markdown en een webpagina met grafieken."""
    from evals.report import write_report
    from evals.run import run_sets

    _check_split(split)
    with _progress(not as_json) as advance:
        evaluation, pages = run_sets(
            site,
            set_ or [],
            generation=generation,
            split=split,
            map_file=map_,
            spans_file=spans,
            baselines=True,
            advance=advance,
        )
    written = write_report(evaluation, pages, output)
    print(json.dumps([str(path) for path in written]) if as_json else "\n".join(map(str, written)))


@app.command()
def bench(
    site: SiteOption = "voorbeeldstad",
    chunks: Annotated[int, typer.Option(min=100, help="Aantal stukken tekst van de oefenindex.")] = 10_000,
    questions: Annotated[
        Path | None, typer.Option(exists=True, help="JSONL-bestand met vragen. Leeg: de vragensets van de site.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Meet hoe snel alles is en hoeveel geheugen de server gebruikt."""
    # One thread, as a question gets on a busy server; read by the libraries when first imported.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from evals.bench import run_bench

    measured = run_bench(site, chunks, questions)
    if as_json:
        print(json.dumps(measured, indent=1))
    else:
        _print_table((["meting", "waarde"], [[name, f"{value:g}"] for name, value in measured.items()]))


def _check_split(split: str) -> None:
    if split not in ("dev", "test", "all"):
        raise typer.BadParameter("kies dev, test of all", param_hint="--split")


def _progress(shown: bool) -> AbstractContextManager[Callable[[str, int], "Advance"]]:
    return _bars() if shown and sys.stderr.isatty() else _silence()


@contextmanager
def _silence() -> Any:
    yield lambda name, total: lambda done: None


@contextmanager
def _bars() -> Any:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:

        def start(name: str, total: int) -> "Advance":
            task = progress.add_task(name, total=total)
            return lambda done: progress.advance(task, done)

        yield start


def _print_evaluation(evaluation: "Evaluation") -> None:
    from evals.show import answer_table, extras, retrieval_table, status_table

    size = f"pagina's: {evaluation.pages}, stukken tekst: {evaluation.chunks}"
    print(f"{evaluation.site}, generatie {evaluation.generation}: {size}, encoder: {evaluation.encoder}")
    for result in evaluation.sets:
        print(f"\n== {result.name}: vragen: {result.items}, al bekend: {len(evaluation.leaks[result.name])}")
        if result.retrieval:
            _print_table(retrieval_table(result))
        if result.answers:
            _print_table(answer_table(result))
            _print_table(status_table(result))
        print(extras(result))
        for problem in result.problems:
            print(f"probleem  {problem}")
    for note in evaluation.notes:
        print(f"let op  {note}")
    print(f"tijd: {evaluation.seconds:.1f} seconden")


def _print_table(table: "Table") -> None:
    header, rows = table
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
