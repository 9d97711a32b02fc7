"""Fit the page ranker: `python -m evals.fit_ranker JOBS.toml [--write]`.

Folds go by gold page over all sets together, so no figure is measured on a page whose questions were fitted on.
Prints out-of-fold R@1 and R@5 per set; --write fits on everything and replaces chatbot/ranker.json.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from chatbot.rank import WEIGHTS, Ranker
from chatbot.retrieve import Candidates
from evals.jobs import Job, read_jobs
from evals.listwise import Linear, Ranking, fit_listwise
from evals.split import FOLDS, fold_of

# 1e-3 and 3e-3 differ by .01 on every dev set; the stronger one gives the higher MRR (docs/decisions/0004).
L2 = 3e-3
Row = tuple[str, int, Ranking]


def collect(jobs: Sequence[Job]) -> tuple[list[Row], tuple[str, ...]]:
    """Return (set, fold, ranking) of every question that has gold in its index, and the feature names."""
    rows: list[Row] = []
    names: tuple[str, ...] = ()
    for job in jobs:
        index = job.services.index
        for case in (case for case in job.cases if case.gold):
            candidates: Candidates = index.retriever.candidates(case.item.question)
            ids = [index.generation.store.page_ids[int(row)] for row in candidates.pages]
            right = np.array([page in case.gold for page in ids])
            fold = fold_of(min(case.item.gold))
            rows.append((job.name, fold, Ranking(candidates.features.astype(np.float64), right, job.weight)))
            names = candidates.names
    return rows, names


def hits_out_of_fold(rows: Sequence[Row], l2: float = L2) -> list[tuple[bool, bool]]:
    """Return (right page first, right page in five) of every row, by a model that did not see its fold."""
    hits = [(False, False)] * len(rows)
    for fold in range(FOLDS):
        model = fit_listwise([ranking for _, f, ranking in rows if f != fold], l2=l2)
        for at, (_, f, ranking) in enumerate(rows):
            if f == fold:
                hits[at] = _hit(model, ranking)
    return hits


def rankers_by_fold(rows: Sequence[Row], names: tuple[str, ...], l2: float = L2) -> list[Ranker]:
    """Return, for each fold, the ranker that did not see it."""
    models = [fit_listwise([ranking for _, f, ranking in rows if f != fold], l2=l2) for fold in range(FOLDS)]
    columns = ((np.asarray(c, np.float32) for c in (m.weights, m.means, m.scales)) for m in models)
    return [Ranker(names, *three) for three in columns]


def cross_validate(rows: Sequence[Row], l2: float = L2) -> dict[str, tuple[float, float, int]]:
    """Return out-of-fold (R@1, R@5, questions) per set."""
    hits: dict[str, list[tuple[bool, bool]]] = {}
    for (name, *_), hit in zip(rows, hits_out_of_fold(rows, l2), strict=True):
        hits.setdefault(name, []).append(hit)
    return {
        name: (float(np.mean([one for one, _ in found])), float(np.mean([five for _, five in found])), len(found))
        for name, found in hits.items()
    }


def _hit(model: Linear, ranking: Ranking) -> tuple[bool, bool]:
    order = np.argsort(-model.scores(ranking.features), kind="stable")
    found = ranking.right[order]
    return bool(found[:1].any()), bool(found[:5].any())


def write(
    rows: Sequence[Row], names: Sequence[str], figures: dict[str, tuple[float, float, int]], path: Path = WEIGHTS
) -> None:
    """Fit on everything and write the weights, with the out-of-fold figures they come with."""
    model = fit_listwise([ranking for _, _, ranking in rows], l2=L2)
    features = {
        name: {"weight": round(float(w), 4), "mean": round(float(m), 5), "scale": round(float(s), 5)}
        for name, w, m, s in zip(names, model.weights, model.means, model.scales, strict=True)
    }
    fitted = {
        name: {"R@1": round(one, 3), "R@5": round(five, 3), "questions": n} for name, (one, five, n) in figures.items()
    }
    path.write_text(json.dumps({"out_of_fold": fitted, "features": features}, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--write", action="store_true", help="replace chatbot/ranker.json")
    arguments = parser.parse_args()
    rows, names = collect(read_jobs(arguments.jobs))
    figures = cross_validate(rows)
    for name, (one, five, count) in figures.items():
        print(f"{name:24} R@1 {one:.3f}  R@5 {five:.3f}  n {count}")  # noqa: T201  a script's output
    if arguments.write:
        write(rows, names, figures)


if __name__ == "__main__":
    main()
