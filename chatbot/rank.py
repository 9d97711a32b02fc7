"""Order candidate pages by one small linear model over raw features.

Weights, means and scales stand in ranker.json; `python -m evals.fit_ranker` makes it, listwise, by cross-validation.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from chatbot.arrays import Floats
from chatbot.errors import ChatbotError
from chatbot.retrieve import Candidates

WEIGHTS = Path(__file__).with_name("ranker.json")


@dataclass(frozen=True)
class Ranker:
    """A linear model over named, standardised features."""

    names: tuple[str, ...]
    weights: Floats
    means: Floats
    scales: Floats

    def scores(self, candidates: Candidates) -> Floats:
        """Score every candidate; shape (candidates,). Differences are log odds of being the page.

        Raises ChatbotError if the candidates carry other features than the model was fitted on.
        """
        if not len(candidates.pages):
            return np.zeros(0, np.float32)
        if candidates.names != self.names:
            raise ChatbotError(f"{WEIGHTS} past hier niet bij. Maak het opnieuw met: python -m evals.fit_ranker")
        return np.asarray(((candidates.features - self.means) / self.scales) @ self.weights, np.float32)


@lru_cache(maxsize=4)
def load_ranker(path: Path = WEIGHTS) -> Ranker:
    """Read the weights."""
    rows = json.loads(path.read_text(encoding="utf-8"))["features"]

    def column(key: str) -> Floats:
        return np.array([row[key] for row in rows.values()], np.float32)

    return Ranker(tuple(rows), column("weight"), column("mean"), column("scale"))
