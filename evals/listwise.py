"""Fit small linear models: listwise softmax over the candidates of a question, and logistic ones. Home of scipy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Ranking:
    """The candidates of one question: a feature row each, which of them are right, and the question's weight.

    `sentences` is what the best sentence of each says of the question, for the second look at the best few.
    """

    features: Floats
    right: NDArray[np.bool_]
    weight: float = 1.0
    sentences: Floats | None = None


@dataclass(frozen=True)
class Linear:
    """A fitted model over standardised features."""

    weights: Floats
    means: Floats
    scales: Floats

    def scores(self, features: Floats) -> Floats:
        """Score candidates."""
        return np.asarray(((features - self.means) / self.scales) @ self.weights)


def fit_listwise(
    rankings: Sequence[Ranking], *, l2: float | Floats = 1e-2, prior: Floats | None = None, standardise: bool = True
) -> Linear:
    """Minimise -log of the right candidates' softmax share, weighted, plus l2 x squared distance to the prior.

    Rankings without a right candidate are left out. Deterministic: the loss is convex enough to start at the prior.
    """
    from scipy.optimize import minimize

    usable = [ranking for ranking in rankings if ranking.right.any()]
    stacked = np.concatenate([ranking.features for ranking in usable])
    means = stacked.mean(0) if standardise else np.zeros(stacked.shape[1])
    scales = stacked.std(0) + 1e-6 if standardise else np.ones(stacked.shape[1])
    rows = (stacked - means) / scales
    sizes = np.array([len(ranking.features) for ranking in usable])
    starts = np.r_[0, np.cumsum(sizes)[:-1]]
    right = np.concatenate([ranking.right for ranking in usable])
    weight = np.array([ranking.weight for ranking in usable])
    weight = weight / weight.sum()
    origin = np.zeros(rows.shape[1]) if prior is None else prior

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
        raised = np.exp(scores - top)
        total = np.add.reduceat(raised, starts)
        hit = np.add.reduceat(np.where(right, raised, 0.0), starts) + 1e-300
        value = -(weight * np.log(hit / total)).sum() + (l2 * (weights - origin) ** 2).sum()
        share, target = raised / np.repeat(total, sizes), np.where(right, raised, 0.0) / np.repeat(hit, sizes)
        gradient = rows.T @ (np.repeat(weight, sizes) * (share - target)) + 2 * l2 * (weights - origin)
        return float(value), gradient

    found = minimize(loss, origin, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return Linear(np.asarray(found.x), means, scales)


def fit_logistic(
    features: Floats, labels: NDArray[np.bool_], *, l2: float = 1e-3, weights: Floats | None = None
) -> Floats:
    """Return logistic weights on raw features, the intercept last."""
    from scipy.optimize import minimize

    rows = np.column_stack([features, np.ones(len(features))])
    share = np.ones(len(rows)) if weights is None else weights
    share = share / share.sum()
    sign = np.where(labels, 1.0, -1.0)

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = sign * (rows @ values)
        value = (share * np.logaddexp(0, -margin)).sum() + l2 * (values[:-1] ** 2).sum()
        slope = -sign * share / (1 + np.exp(np.clip(margin, -500, 500)))
        return float(value), rows.T @ slope + 2 * l2 * np.r_[values[:-1], 0.0]

    return np.asarray(minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x)
