"""The `evals` command: measure a site's answers, and hold back a generation that answers worse."""

import json
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from evals.evaluate import Advance, Evaluation
    from evals.show import Table

app = typer.Typer(help="Measure how well a site is answered.", no_args_is_help=True, add_completion=False)

SiteOption = Annotated[str, typer.Option("--site", help="Site file: a path, or the name of one here or of the demo.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="A set of the site by name, or any JSONL by path. Default: all of the site."),
]
GenerationOption = Annotated[
    str | None, typer.Option("--generation", help="Another generation than the published one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
MapOption = Annotated[
    Path | None, typer.Option("--map", exists=True, help="path<TAB>id lines that translate page ids.")
]
SpansOption = Annotated[
    Path | None,
    typer.Option(
        "--spans", exists=True, help="A set whose spans apply to items that name its question as editor_question."
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
        app()
    except (EvalError, CorpusError, ChatbotError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


@app.command()
def run(
    site: SiteOption,
    set_: SetOption = None,
    map_: MapOption = None,
    qrels: Annotated[Path | None, typer.Option("--qrels", exists=True, help="TREC qrels that replace gold.")] = None,
    spans: SpansOption = None,
    generation: GenerationOption = None,
    split: Annotated[str, typer.Option(help="dev, test or all.")] = "all",
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first items of each set.")] = None,
    retrieval_only: Annotated[bool, typer.Option("--retrieval-only", help="Rank pages, but answer nothing.")] = False,
    baselines: Annotated[bool, typer.Option("--baselines", help="Also rank by plain BM25 and by naive RAG.")] = False,
    records: Annotated[Path | None, typer.Option(help="Write a JSON line per question here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run sets of questions and print the figures with their 95 % intervals."""
    from evals.run import run_sets
    from evals.show import as_json as plain
    from evals.show import records as lines

    if split not in ("dev", "test", "all"):
        raise typer.BadParameter("must be dev, test or all", param_hint="--split")
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
    fast: Annotated[
        bool, typer.Option("--fast", help="Only a fixed subset of each set, against its own floors.")
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="Make these figures the floors.")] = False,
    allow_regression: Annotated[str, typer.Option(metavar="REASON", help="Why a floor may go down; is kept.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Compare with the floors of the site; exit 1 when a figure is below its floor minus epsilon."""
    from evals.run import run_gate

    with _progress(not as_json) as advance:
        report = run_gate(
            site, generation=generation, fast=fast, update=update, reason=allow_regression, advance=advance
        )
    if as_json:
        print(json.dumps(vars(report) | {"passed": report.passed}, ensure_ascii=False, indent=1))
    else:
        for flip in report.flips:
            print(f"flipped  {flip}")
        for note in report.notes:
            print(f"note     {note}")
        for failure in report.failures:
            print(f"FAILED   {failure}", file=sys.stderr)
        if report.figures:
            verdict = "passed" if report.passed else "held back"
            print(f"{verdict}: {report.site} {report.generation}, {len(report.figures)} set(s)")
    if not report.passed:
        raise typer.Exit(1)


@app.command()
def leakage(
    site: SiteOption = "voorbeeldstad",
    set_: SetOption = None,
    training: Annotated[
        list[Path] | None, typer.Option(exists=True, help="Further questions the system was fitted on.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Flag questions that the bank or the training data gives away; exit 1 when a set has more than a tenth."""
    from evals.run import run_leakage

    found = run_leakage(site, set_ or [], training or [])
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        for line in found.lines():
            print(line)
    if found.failed:
        print(
            f"More than a tenth is given away in: {', '.join(found.failed)}. Reword those questions.", file=sys.stderr
        )
        raise typer.Exit(1)


@app.command()
def report(
    site: SiteOption,
    output: Annotated[Path, typer.Option(help="Folder for report.md and report.html.")],
    set_: SetOption = None,
    map_: MapOption = None,
    spans: SpansOption = None,
    generation: GenerationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run everything with the baselines and write it as Markdown and as one HTML page with plots."""
    from evals.report import write_report
    from evals.run import run_sets

    with _progress(not as_json) as advance:
        evaluation, pages = run_sets(
            site, set_ or [], generation=generation, map_file=map_, spans_file=spans, baselines=True, advance=advance
        )
    written = write_report(evaluation, pages, output)
    print(json.dumps([str(path) for path in written]) if as_json else "\n".join(map(str, written)))


@app.command()
def bench(
    site: SiteOption = "voorbeeldstad",
    chunks: Annotated[int, typer.Option(min=100, help="Size of the synthetic index.")] = 10_000,
    questions: Annotated[
        Path | None, typer.Option(exists=True, help="JSONL whose questions are timed. Default: the site's sets.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Time cold starts, questions and indexing, and weigh the server."""
    # One thread, as a question gets on a busy server; read by the libraries when first imported.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from evals.bench import run_bench

    measured = run_bench(site, chunks, questions)
    if as_json:
        print(json.dumps(measured, indent=1))
    else:
        _print_table((["figure", "value"], [[name, f"{value:g}"] for name, value in measured.items()]))


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
    from evals.show import answer_table, retrieval_table, status_table

    size = f"{evaluation.pages} pages, {evaluation.chunks} chunks"
    print(f"{evaluation.site} {evaluation.generation}: {size}, {evaluation.encoder}")
    for result in evaluation.sets:
        print(f"\n== {result.name}: {result.items} items, {len(evaluation.leaks[result.name])} seen")
        if result.retrieval:
            _print_table(retrieval_table(result))
        if result.answers:
            _print_table(answer_table(result))
            _print_table(status_table(result))
        extra = result.latency | {name: round(figure.value, 1) for name, figure in result.readability.items()}
        print(", ".join(f"{name} {value}" for name, value in extra.items()))
        for problem in result.problems:
            print(f"problem  {problem}")
    for note in evaluation.notes:
        print(f"note     {note}")
    print(f"{evaluation.seconds:.1f} s")


def _print_table(table: "Table") -> None:
    header, rows = table
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
