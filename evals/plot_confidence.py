"""Draw what the confidence is worth: `python -m evals.plot_confidence JOBS.toml FOLDER [--json]`.

Everything is out of fold: the page of a question was seen neither by the ranker that scores it nor by the
calibration. Writes reliability.svg and risk-coverage.svg (docs/decisions/0005), and prints their figures.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.confidence import load_parameters
from evals.curves import Bin, Point, bins_of, calibration_error, risk_of_ranks
from evals.errors import EvalError
from evals.fit_confidence import Example, auroc_of, collect, out_of_fold
from evals.fit_ranker import collect as collect_rankings
from evals.fit_ranker import rankers_by_fold
from evals.jobs import Job, read_jobs
from evals.plots import COLOURS, draw
from evals.show import nearest_points

LABELS = {
    "choice": "choice: the first page is right",
    "choice3": "choice of three: one of the first three is right",
    "presence": "presence: the site has an answer",
}


@dataclass(frozen=True)
class Measured:
    """Calibrated values of one figure, and whether what it promised came true."""

    values: tuple[float, ...]
    came_true: tuple[bool, ...]

    @property
    def bins(self) -> list[Bin]:
        """Return promise beside truth."""
        return bins_of(list(zip(self.values, self.came_true, strict=True)))

    @property
    def auroc(self) -> float | None:
        """Return the chance that a true one scores above one that is not; None when all came out alike."""
        return auroc_of(np.array(self.values), np.array(self.came_true))


def measure(jobs: Sequence[Job]) -> tuple[dict[str, Measured], list[Point]]:
    """Return the three figures out of fold, and risk against coverage by choice.

    Choice is measured on residents' questions, presence on those and the negatives.
    Raises EvalError if the jobs lack either.
    """
    rows, names = collect_rankings([job for job in jobs if not job.name.startswith("negatives")])
    examples = collect(jobs, rankers_by_fold(rows, names))
    residents = [e for e in examples if e.present and e.name.startswith("resident")]
    negatives = [e for e in examples if not e.present]
    if not residents or not negatives:
        raise EvalError("The jobs need names that start with 'resident' and with 'negatives'.")
    asked = [*residents, *negatives]
    measured = {
        "choice": _measure([e.choice for e in residents], [e.top for e in residents], residents),
        "choice3": _measure([e.choice for e in residents], [e.top3 for e in residents], residents),
        "presence": _measure([e.presence for e in asked], [e.present for e in asked], asked),
    }
    ranks = [1 if e.top else 2 if e.top3 else 0 for e in residents]
    return measured, risk_of_ranks(list(zip(measured["choice"].values, ranks, strict=True)))


def _measure(features: Sequence[Any], truth: Sequence[bool], examples: Sequence[Example]) -> Measured:
    values = out_of_fold(np.array(features), np.array(truth), np.array([e.fold for e in examples]))
    return Measured(tuple(map(float, values)), tuple(truth))


def plot_reliability(measured: Mapping[str, Measured]) -> str:
    """Plot what came true against what was promised, a line per figure."""

    def paint(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="#999999", linestyle="--", linewidth=1, label="perfect")
        for at, (name, one) in enumerate(measured.items()):
            style = {"color": COLOURS[(0, 3, 2)[at]], "marker": "os^"[at], "markersize": 4, "label": LABELS[name]}
            axes.plot([b.confidence for b in one.bins], [b.right for b in one.bins], **style)
        _frame(axes, "calibrated confidence (eight groups of equal size)", "share that came true")
        axes.legend(frameon=False, loc="upper left", fontsize=8)

    return draw(paint, width=5.4, height=4.4)


def plot_risk(points: Sequence[Point], answer_from: float) -> str:
    """Plot risk against coverage: of one answer, of three choices, and of an answer if sure and choices else."""

    def paint(axes: Any) -> None:
        coverage = [point.coverage for point in points]
        lines = {
            "one answer: the first page is wrong": ([p.risk for p in points], 0),
            "three choices: none of them is right": ([p.risk_of_three for p in points], 3),
            "all questions: an answer if sure, else three choices": ([1 - p.helped_by_clarifying for p in points], 2),
        }
        for label, (values, colour) in lines.items():
            axes.plot(coverage, values, color=COLOURS[colour], label=label, linewidth=1.4)
        now = next((p.coverage for p in reversed(points) if p.threshold >= answer_from), None)
        if now is not None:
            axes.axvline(now, color="#777777", linestyle=":", linewidth=1, label=f"answers from choice {answer_from}")
        _frame(axes, "share of questions answered, surest first", "share that goes wrong")
        axes.set_ylim(0, max(0.1, 1.1 * max(p.risk for p in points)))
        axes.legend(frameon=False, loc="upper left", fontsize=8)

    return draw(paint, width=6.4, height=3.8)


def _frame(axes: Any, across: str, up: str) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    axes.grid(color="#dddddd")


def as_plain(measured: Mapping[str, Measured], points: Sequence[Point]) -> dict[str, Any]:
    """Return all figures as plain data."""
    figures = {
        name: {
            "n": len(one.values),
            "base": round(sum(one.came_true) / len(one.came_true), 4),
            "AUROC": None if one.auroc is None else round(one.auroc, 4),
            "calibration_error": round(calibration_error(one.bins), 4),
            "bins": [vars(b) for b in one.bins],
        }
        for name, one in measured.items()
    }
    return figures | {"risk_coverage": [vars(point) for point in nearest_points(points)]}


def as_markdown(plain: Mapping[str, Any]) -> str:
    """Return the figures as two tables."""
    lines = ["| figure | n | true | AUROC | calibration error |", "|---|---|---|---|---|"]
    for name, row in ((name, row) for name, row in plain.items() if name in LABELS):
        area = "–" if row["AUROC"] is None else f"{row['AUROC']:.2f}"
        lines.append(f"| {LABELS[name]} | {row['n']} | {row['base']:.2f} | {area} | {row['calibration_error']:.3f} |")
    lines += [
        "",
        "| coverage | from choice | one answer wrong | none of three right | all questions |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {p['coverage']:.2f} | {p['threshold']:.2f} | {p['risk']:.3f} | {p['risk_of_three']:.3f} "
        f"| {1 - p['helped_by_clarifying']:.3f} |"
        for p in plain["risk_coverage"]
    ]
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("folder", type=Path, help="where the plots go, such as docs/figures")
    parser.add_argument("--json", action="store_true", help="print JSON in place of Markdown")
    arguments = parser.parse_args()
    measured, points = measure(read_jobs(arguments.jobs))
    arguments.folder.mkdir(parents=True, exist_ok=True)
    drawings = {
        "reliability": plot_reliability(measured),
        "risk-coverage": plot_risk(points, load_parameters().answer_from),
    }
    for name, svg in drawings.items():
        (arguments.folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    plain = as_plain(measured, points)
    print(json.dumps(plain, indent=1) if arguments.json else as_markdown(plain))  # noqa: T201  a script's output


if __name__ == "__main__":
    main()
