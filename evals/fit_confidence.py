"""Fit choice and presence: `python -m evals.fit_confidence JOBS.toml [--write]`.

Choice is fitted on the jobs named `resident…`; presence on every question that has a page, weighed by its job, against
negatives of the same length: the jobs named `negatives…`, which no page of their site answers. Folds by page. Prints
AUROC out of fold and the risk at some coverages; --write replaces the weights in chatbot/confidence.json and leaves the
thresholds alone.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.confidence import PARAMETERS, Judge, choice_features, load_parameters
from chatbot.rank import Ranker
from chatbot.search import weigh
from evals.curves import auroc
from evals.jobs import Job, read_jobs
from evals.listwise import fit_logistic
from evals.split import FOLDS, fold_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One question: features of choice and presence, and what turned out to be true."""

    name: str
    fold: int
    choice: Floats
    presence: Floats
    top: bool
    top3: bool
    present: bool
    weight: float


def collect(jobs: Sequence[Job], rankers: Sequence[Ranker] = ()) -> list[Example]:
    """Return an example per question, by the ranker as shipped, or by that of the question's fold in `rankers`."""
    temperature = load_parameters().temperature
    examples = []
    for job in jobs:
        index = job.services.index
        judge = Judge(index.retriever, load_parameters())
        negative = job.name.startswith("negatives")
        for case in job.cases:
            if not negative and not case.gold:
                continue
            fold = fold_of(min(case.item.gold, default=case.item.id))
            ranker = rankers[fold] if rankers else job.services.ranker
            candidates = index.retriever.candidates(case.item.question)
            scores = weigh(case.item.question, candidates, ranker, index, job.services.now().date())
            order = np.argsort(-scores, kind="stable")
            hit = [index.generation.store.page_ids[int(candidates.pages[at])] in case.gold for at in order[:3]]
            examples.append(
                Example(
                    job.name,
                    fold,
                    choice_features(scores, temperature).astype(np.float64),
                    judge.presence_features(candidates, scores).astype(np.float64),
                    bool(hit[:1] and hit[0]),
                    any(hit),
                    not negative,
                    job.weight,
                )
            )
    return examples


def auroc_of(values: Floats, labels: NDArray[np.bool_]) -> float | None:
    """Return the chance that a true one scores above one that is not; None when all came out alike."""
    return auroc(values[labels].tolist(), values[~labels].tolist())


def out_of_fold(
    features: Floats, labels: NDArray[np.bool_], folds: NDArray[np.int64], weight: Floats | None = None
) -> Floats:
    """Return the logistic probability of every row by a model that did not see its fold."""
    values = np.zeros(len(features))
    for fold in range(FOLDS):
        seen = folds != fold
        weights = fit_logistic(features[seen], labels[seen], weights=None if weight is None else weight[seen])
        rows = folds == fold
        values[rows] = 1 / (1 + np.exp(-(features[rows] @ weights[:-1] + weights[-1])))
    return values


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--write", action="store_true", help="replace the weights in chatbot/confidence.json")
    arguments = parser.parse_args()
    examples = collect(read_jobs(arguments.jobs))
    resident = [e for e in examples if e.present and e.name.startswith("resident")]
    folds = np.array([e.fold for e in resident])
    choice = np.array([e.choice for e in resident])
    weights: dict[str, list[float]] = {}
    for name, labels in (("choice", [e.top for e in resident]), ("choice3", [e.top3 for e in resident])):
        truth = np.array(labels)
        values = out_of_fold(choice, truth, folds)
        print(f"{name}: AUROC {auroc_of(values, truth) or 0:.3f}, base {truth.mean():.3f}")  # noqa: T201
        order = np.argsort(-values)
        for share in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
            kept = order[: int(len(order) * share)]
            print(f"  coverage {share}: wrong {1 - truth[kept].mean():.3f} from {values[kept].min():.2f}")  # noqa: T201
        weights[name] = fit_logistic(choice, truth).tolist()
    presence, present = np.array([e.presence for e in examples]), np.array([e.present for e in examples])
    weight = np.array([e.weight for e in examples])
    values = out_of_fold(presence, present, np.array([e.fold for e in examples]), weight)
    print(f"presence: AUROC {auroc_of(values, present) or 0:.3f}")  # noqa: T201
    for name in sorted({e.name for e in examples}):
        rows = np.array([e.name == name for e in examples])
        quantiles = " ".join(f"{value:.2f}" for value in np.quantile(values[rows], [0.05, 0.1, 0.25, 0.5, 0.75, 0.9]))
        print(f"  {name:28} p5 p10 p25 p50 p75 p90: {quantiles}")  # noqa: T201
    weights["presence"] = fit_logistic(presence, present, weights=weight).tolist()
    if arguments.write:
        data = json.loads(PARAMETERS.read_text(encoding="utf-8"))
        data["weights"] = {name: [round(value, 4) for value in row] for name, row in weights.items()}
        PARAMETERS.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
