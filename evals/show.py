"""Turn an evaluation into JSON, tables and per-question records."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.dutch import ending
from evals.cases import Pages
from evals.curves import Point, calibration_error, reliability, risk_coverage
from evals.evaluate import Evaluation
from evals.labels import figure_label, group_label, outcome_label
from evals.records import Figure, Judged, SetResult
from evals.retrieval import NAMES, rank_of

Table = tuple[list[str], list[list[str]]]
ANSWER_COLUMNS = (
    "answered", "wrong", "helped", "false_refusals", "key_fact", "citation_precision", "status_right", "not_answered",
    "clarified_without_gold", "words",
)  # fmt: skip
COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Return everything but the single questions as plain data."""
    return {
        "site": evaluation.site,
        "generation": evaluation.generation,
        "encoder": evaluation.encoder,
        "pages": evaluation.pages,
        "chunks": evaluation.chunks,
        "seconds": round(evaluation.seconds, 2),
        "notes": list(evaluation.notes),
        "sets": {result.name: _set_json(result, evaluation) for result in evaluation.sets},
    }


def _set_json(result: SetResult, evaluation: Evaluation) -> dict[str, Any]:
    return {
        "sha256": result.digest,
        "items": result.items,
        "problems": list(result.problems),
        "seen": [leak.item_id for leak in evaluation.leaks[result.name]],
        "retrieval": figures_json(result.retrieval),
        "baselines": {name: figures_json(table) for name, table in result.baselines.items()},
        "answers": figures_json(result.answers),
        "statuses": result.confusion,
        "latency": result.latency,
        "readability": {name: round(figure.value, 1) for name, figure in result.readability.items()},
        "risk_coverage": [vars(point) for point in at_coverages(result.judged)],
        "reliability": [vars(one) for one in reliability(result.judged)],
        "calibration_error": calibration_error(reliability(result.judged)),
    }


def figures_json(table: Mapping[str, Mapping[str, Figure]]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """Return a table of figures as plain data, rounded to four places."""
    return {group: {name: figure_json(figure) for name, figure in row.items()} for group, row in table.items()}


def figure_json(figure: Figure) -> dict[str, float | int | None]:
    """Return one figure as plain data, rounded to four places."""
    values = {"value": figure.value, "low": figure.low, "high": figure.high}
    return {name: None if value is None else round(value, 4) for name, value in values.items()} | {"n": figure.n}


def at_coverages(judged: Sequence[Judged]) -> list[Point]:
    """Thin the risk–coverage curve to the points nearest to round coverages."""
    return nearest_points(risk_coverage(judged))


def nearest_points(points: Sequence[Point]) -> list[Point]:
    """Return the points nearest to round coverages; [] of none."""
    return [min(points, key=lambda point: abs(point.coverage - wanted)) for wanted in COVERAGES] if points else []


def retrieval_table(result: SetResult) -> Table:
    """Return the retrieval figures per group, each system's rows below ours."""
    rows = []
    for group in result.retrieval:
        systems = {"vraagbaak": result.retrieval} | result.baselines
        rows += [
            [group_label(group), name, str(_n(table[group])), *_cells(table[group], NAMES)]
            for name, table in systems.items()
        ]
    return ["groep", "systeem", "n", *NAMES], rows


def answer_table(result: SetResult) -> Table:
    """Return the answer figures per group, without the columns that apply to none; counts that must be 0 come last."""
    counts = ("unsupported_numbers", "misquotes", "leaked_values")
    known = {name for figures in result.answers.values() for name in figures}
    shown, zero = [name for name in ANSWER_COLUMNS if name in known], [name for name in counts if name in known]
    rows = [
        [group_label(group), *_cells(figures, shown), *(_count(figures.get(name)) for name in zero)]
        for group, figures in result.answers.items()
    ]
    return ["groep", *map(figure_label, (*shown, *zero))], rows


def status_table(result: SetResult) -> Table:
    """Return which statuses were given, by what was expected."""
    rows = [
        [outcome_label(row), ", ".join(f"{ending(status)} {n}" for status, n in cells.items())]
        for row, cells in result.confusion.items()
    ]
    return ["verwacht", "gekregen"], rows


def extras(result: SetResult) -> str:
    """Return times and reading ease on one line."""
    shown = result.latency | {name: round(figure.value, 1) for name, figure in result.readability.items()}
    return ", ".join(f"{figure_label(name)} {value}" for name, value in shown.items())


def _n(figures: Mapping[str, Figure]) -> int:
    return max((figure.n for figure in figures.values()), default=0)


def _cells(figures: Mapping[str, Figure], names: Sequence[str] | Mapping[str, str]) -> list[str]:
    return [str(figures[name]) if name in figures else "–" for name in names]


def _count(figure: Figure | None) -> str:
    return "–" if figure is None else str(int(figure.value))


def records(evaluation: Evaluation, pages: Pages) -> Iterator[str]:
    """Yield a JSON line per question with all there is to look into."""
    for result in evaluation.sets:
        for one in result.judged:
            yield json.dumps(_record(result.name, one, pages), ensure_ascii=False)


def _record(set_name: str, one: Judged, pages: Pages) -> dict[str, Any]:
    outcome, case, verdict = one.outcome, one.case, one.verdict
    ranking = [
        {"page_id": page, "url": pages.pages[page].url, "title": pages.pages[page].title} for page in outcome.ranking
    ]
    return {
        "set": set_name,
        **case.item.model_dump(mode="json", exclude_defaults=True),
        "gold_pages": [pages.pages[page].url for page in sorted(case.gold)],
        "gold_missing": list(case.missing),
        "expected": sorted(case.expected),
        "forbidden": sorted(case.forbidden),
        "seen": case.seen,
        "rank": rank_of(case, outcome.ranking),
        "choice": outcome.choice,
        "presence": outcome.presence,
        "ranking": ranking,
        "verdict": {key: value for key, value in vars(verdict).items() if key != "quotes"},
        "reply": outcome.reply.model_dump(mode="json", exclude={"contact"}) if outcome.reply else None,
        "clicked": outcome.clicked.model_dump(mode="json", exclude={"contact"}) if outcome.clicked else None,
        "search_ms": round(outcome.search_ms, 2),
        "answer_ms": round(outcome.answer_ms, 2),
    }
