"""Fit how a question leans on its conversation: `python -m evals.fit_follow_up JOBS.toml [--write]`.

Jobs hold conversations. A job named `alone…` holds questions that stand alone, with or without a page; each gets the
history of another conversation of its site, as a resident who changes the subject. Folds by conversation and by page.
Prints R@1 of follow-ups, new subjects and questions alone, and the share taken to lean, out of fold; --write replaces
chatbot/follow_up.json. How a turn goes on by its wording alone is fitted first, on the same questions.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from chatbot.confidence import choice_features
from chatbot.follow_up import NAMES, Searches, lean_features, leaning, log_shares, search_all_ways
from chatbot.records import Turn
from chatbot.rephrase import FORM_NAMES, WEIGHTS, form_features, read_conversation, read_form
from evals.jobs import Job, read_jobs
from evals.listwise import Linear, Ranking, fit_listwise, fit_logistic
from evals.split import FOLDS, fold_of

Floats = NDArray[np.float64]
FOLLOW_UP, ALONE = "followup", "alone"
MISSING = -1.0
# Log odds from which a turn goes on: of 1,219 questions .80 of the follow-ups and .07 of those that stand alone
# (2026-12-01, out of fold; a mistaken turn that goes on keeps the old subject for all turns after it).
GOES_ON = 0.5
# As many pages as a turn works with (chatbot/converse.py).
HITS = 10


@dataclass(frozen=True)
class Example:
    """One question in its conversation: what was found in four ways, what tells whether it leans, what is right."""

    name: str
    style: str
    fold: int
    lean: Floats
    shares: Floats
    right: NDArray[np.bool_]
    weight: float


def fit_turns(jobs: Sequence[Job]) -> list[float]:
    """Return the weights of a turn that goes on, the intercept last; follow-ups and others count the same in all."""
    cases = [(job, case) for job in jobs for case in job.cases if job.name.startswith(ALONE) or case.item.history]
    features = [
        form_features(read_form(case.item.question), job.services.index.retriever.is_subject) for job, case in cases
    ]
    leans = np.array([case.item.style == FOLLOW_UP and not job.name.startswith(ALONE) for job, case in cases])
    weights = fit_logistic(np.array(features), leans, weights=np.where(leans, 1 / leans.sum(), 1 / (~leans).sum()))
    return [round(float(weight), 4) for weight in (*weights[:-1], weights[-1] - GOES_ON)]


def collect(jobs: Sequence[Job], turns: Sequence[float], seed: int = 0) -> list[Example]:
    """Return an example per later turn and per question alone, earlier turns read by the weights `turns`."""
    random = Random(seed)
    histories: dict[str, list[tuple[Turn, ...]]] = defaultdict(list)
    for job in jobs:
        histories[job.services.site.name] += [case.item.history for case in job.cases if case.item.history]
    examples = []
    for job in jobs:
        alone = job.name.startswith(ALONE)
        for case in (case for case in job.cases if alone or (case.gold and case.item.history)):
            history = random.choice(histories[job.services.site.name]) if alone else case.item.history
            index, text = job.services.index, case.item.question
            conversation = read_conversation(history, index.retriever.is_subject, turns)
            today = job.services.now().date()
            searches = search_all_ways(text, conversation, index, job.services.ranker, today)
            pages, shares = _table(searches)
            examples.append(
                Example(
                    job.name,
                    ALONE if alone else str(case.item.style),
                    fold_of(case.item.conversation or min(case.item.gold, default=case.item.id)),
                    np.array(lean_features(text, searches, index)),
                    shares,
                    np.array([page in case.gold for page in pages]),
                    job.weight,
                )
            )
    return examples


def _table(searches: Searches) -> tuple[list[str], Floats]:
    """Return the pages found, and their log share in each of the four searches; (pages, 4)."""
    columns = [
        log_shares(found.hits) for found in (searches.alone, searches.said_twice, searches.with_all, searches.before)
    ]
    pages = list(dict.fromkeys(page for column in columns for page in column))
    rows = [[column.get(page, min(column.values(), default=0.0) + MISSING) for column in columns] for page in pages]
    return pages, np.array(rows)


@dataclass(frozen=True)
class Model:
    """The logistic of leaning, and the listwise weights of the four searches."""

    lean: Floats
    mixture: Linear

    def scores(self, example: Example) -> Floats:
        """Score the pages of an example."""
        return self.mixture.scores(_mixed(example, leaning(example.lean @ self.lean[:-1] + self.lean[-1])))


def _mixed(example: Example, lean: float) -> Floats:
    return np.column_stack([(1 - lean) * example.shares[:, 0], *(lean * example.shares[:, 1:].T)])


def mixture_of(model: Model) -> dict[str, float]:
    """Return the weights of the other searches, that of the question alone being 1."""
    others = model.mixture.weights[1:] / model.mixture.weights[0]
    return {name: float(weight) for name, weight in zip(("said_twice", "with_all", "before"), others, strict=True)}


def choices_of(model: Model, examples: Sequence[Example]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return what tells whether the first page of a real turn is right, on the scores as served, and whether it is.

    Questions alone got another conversation's history: they teach when to lean, not how sure a follow-up is.
    """
    weights = np.array([1.0, *mixture_of(model).values()])
    features, right = [], []
    for example in (example for example in examples if len(example.right) and example.style != ALONE):
        scores = _mixed(example, leaning(example.lean @ model.lean[:-1] + model.lean[-1])) @ weights
        features.append(choice_features(np.asarray(np.sort(scores)[::-1][:HITS], np.float32), 1.0))
        right.append(bool(example.right[int(np.argmax(scores))]))
    return np.array(features, np.float64), np.array(right)


def fit(examples: Sequence[Example]) -> Model:
    """Fit leaning on what the turns are, then the mixture on which pages are right."""
    lean = fit_logistic(
        np.array([example.lean for example in examples]),
        np.array([example.style == FOLLOW_UP for example in examples]),
        weights=np.array([example.weight for example in examples]),
    )
    rankings = [
        Ranking(_mixed(e, leaning(e.lean @ lean[:-1] + lean[-1])), e.right, e.weight) for e in examples if len(e.right)
    ]
    prior = np.array([1.0, 0.5, 0.3, 0.2])
    return Model(lean, fit_listwise(rankings, l2=1e-3, prior=prior, standardise=False))


def cross_validate(examples: Sequence[Example]) -> dict[tuple[str, str], list[tuple[bool, bool, bool, bool]]]:
    """Return per (job, style): right alone, right out of fold, right among the first three, and taken to lean."""
    found: dict[tuple[str, str], list[tuple[bool, bool, bool, bool]]] = defaultdict(list)
    for fold in range(FOLDS):
        model = fit([example for example in examples if example.fold != fold])
        for example in examples:
            if example.fold == fold and len(example.right):
                order = np.argsort(-model.scores(example), kind="stable")
                alone = int(np.argmax(example.shares[:, 0]))
                right = example.right[order]
                leans = bool(example.lean @ model.lean[:-1] + model.lean[-1] > 0)
                found[example.name, example.style].append(
                    (bool(example.right[alone]), bool(right[0]), bool(right[:3].any()), leans)
                )
    return found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--write", action="store_true", help="replace chatbot/follow_up.json")
    arguments = parser.parse_args()
    jobs = read_jobs(arguments.jobs)
    turns = fit_turns(jobs)
    examples = collect(jobs, turns)
    figures = {}
    for (name, style), rows in sorted(cross_validate(examples).items()):
        alone, first, three, leans = (round(float(value), 3) for value in np.array(rows).mean(0))
        print(f"{name:28} {style:10} alone {alone}  R@1 {first}  R@3 {three}  leans {leans}  n {len(rows)}")  # noqa: T201
        figures[f"{name}: {style}"] = {"alone": alone, "R@1": first, "leans": leans, "questions": len(rows)}
    if arguments.write:
        model = fit(examples)
        data = {
            "out_of_fold": figures,
            "mixture": {name: round(weight, 3) for name, weight in mixture_of(model).items()},
            "choice": [round(float(weight), 4) for weight in fit_logistic(*choices_of(model, examples))],
            "turn": dict(zip((*FORM_NAMES, "intercept"), turns, strict=True)),
            "lean": {name: round(float(weight), 4) for name, weight in zip(NAMES, model.lean[:-1], strict=True)},
            "intercept": round(float(model.lean[-1]), 4),
        }
        WEIGHTS.write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
