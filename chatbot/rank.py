"""Order candidate pages by one small linear model over raw features, the best few once more by their best sentence.

Weights, means and scales stand in ranker.json; `python -m evals.fit_ranker` makes it, listwise, by cross-validation.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from chatbot.arrays import Floats, Rows
from chatbot.errors import ChatbotError
from chatbot.retrieve import Candidates, Retriever

WEIGHTS = Path(__file__).with_name("ranker.json")
# Pages whose sentences are read: right pages further behind are rarely first for it. A page costs .03 ms, and 1.5 ms
# the first time (Voorbeeldstad, 2026-12-01).
REFINED = 5


@dataclass(frozen=True)
class Ranker:
    """A linear model over named, standardised features; `sentence` is the weight of a page's best sentence."""

    names: tuple[str, ...]
    weights: Floats
    means: Floats
    scales: Floats
    sentence: float = 0.0

    def scores(self, candidates: Candidates) -> Floats:
        """Score every candidate; shape (candidates,). Differences are log odds of being the page.

        Raises ChatbotError if the candidates carry other features than the model was fitted on.
        """
        if not len(candidates.pages):
            return np.zeros(0, np.float32)
        if candidates.names != self.names:
            raise ChatbotError(f"{WEIGHTS} past hier niet bij. Maak het opnieuw met: python -m evals.fit_ranker")
        return np.asarray(((candidates.features - self.means) / self.scales) @ self.weights, np.float32)

    def rank(self, candidates: Candidates, retriever: Retriever) -> Floats:
        """Score every candidate, the best few by their best sentence too; shape (candidates,)."""
        return refine(self.scores(candidates), partial(retriever.best_sentences, candidates), self.sentence)


def refine(scores: Floats, said: Callable[[Rows], Floats], weight: float) -> Floats:
    """Raise the best few scores by what their best sentence says beyond the least of these; the others stay.

    `said` tells, for the places of some scores, how much of the question their best sentence says.
    """
    if not len(scores) or not weight:
        return scores
    best = np.argsort(-scores, kind="stable")[:REFINED]
    covers = said(best)
    refined = scores.copy()
    refined[best] += weight * (covers - covers.min())
    return refined


@lru_cache(maxsize=4)
def load_ranker(path: Path = WEIGHTS) -> Ranker:
    """Read the weights."""
    data = json.loads(path.read_text(encoding="utf-8"))
    rows = data["features"]

    def column(key: str) -> Floats:
        return np.array([row[key] for row in rows.values()], np.float32)

    return Ranker(tuple(rows), column("weight"), column("mean"), column("scale"), data["sentence"])
