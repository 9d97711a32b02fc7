"""What the words, the letters and the vectors of the phrases say of each kind: the first stage of evals.fit_routes."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
BANK_WEIGHT, ORDINARY_WEIGHT, KIND_WEIGHT = 0.3, 2.0, 1.5
SHRINK = 0.2
SMOOTH, CLIP = 0.5, 4.0
# The linear softmax sees a part of the bank, each phrase weighing more: time, not quality, is what the rest costs.
BANK_SHARE = 0.35
GRAM_SCALE, VECTOR_SCALE = 3.0, 4.0
LINEAR_L2, LINEAR_STEPS = 0.15, 35


@dataclass(frozen=True)
class Texts:
    """All phrases: those of chatbot/routes first, then the bank's. `label` is the kind, or the number of kinds."""

    texts: list[str]
    label: Ints
    fold: Ints
    group: Ints
    bank: NDArray[np.bool_]
    meaning: Floats
    form: Floats
    topic: Floats

    @property
    def own(self) -> int:
        """Return how many phrases are not the bank's."""
        return int((~self.bank).sum())


@dataclass(frozen=True)
class Grams:
    """Texts by gram: a row of `table` per text, 1 in the columns of its grams; `size` is how many it has in all."""

    names: list[str]
    table: Any
    size: Floats

    def sums(self, weights: Floats, chosen: Ints) -> Floats:
        """Return the mean-like sum of some texts' weights; shape (chosen, kinds)."""
        return np.asarray((self.table[chosen] @ weights) / np.sqrt(self.size[chosen])[:, None], np.float32)


def both_of(data: Texts) -> Floats:
    """Return the vectors of meaning and of form side by side, at length one."""
    return np.asarray(np.c_[data.meaning, data.form] * np.sqrt(0.5), np.float32)


def read_grams(data: Texts, grams_of: Callable[[str], set[str]], least: int) -> Grams:
    """Index the grams that stand in at least `least` phrases of chatbot/routes."""
    from scipy import sparse

    found = [grams_of(text) for text in data.texts]
    counts = Counter(gram for grams in found[: data.own] for gram in grams)
    names = sorted(gram for gram, count in counts.items() if count >= least)
    column = {gram: at for at, gram in enumerate(names)}
    rows = [sorted(column[gram] for gram in grams if gram in column) for grams in found]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.array([at for row in rows for at in row], np.int64)
    table = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(found), len(names)))
    return Grams(names, table, np.array([max(len(grams), 1) for grams in found], np.float32))


def learn_grams(data: Texts, grams: Grams, train: NDArray[np.bool_], kinds: int) -> Floats:
    """Return the log odds of every gram for every kind against all else, clipped; shape (grams, kinds)."""
    turned, label = grams.table[train].T.tocsr(), data.label[train]
    weight = np.where(data.bank, BANK_WEIGHT, 1.0)[train].astype(np.float32)
    member = np.eye(kinds + 1, dtype=np.float32)[label]
    plain, counts = (turned @ member[:, :kinds]).T, (turned @ (member * weight[:, None])).T
    sizes = np.bincount(label, weights=weight, minlength=kinds + 1)
    rest = counts.sum(0) - counts[:kinds]
    odds = np.log((plain + SMOOTH / 10) / sizes[:kinds, None]) - np.log(
        (rest + SMOOTH) / (sizes.sum() - sizes[:kinds, None])
    )
    odds[:, counts.sum(0) == 0] = 0
    return np.asarray(np.clip(odds, -CLIP, CLIP).T, np.float32)


def learn_direction(data: Texts, train: NDArray[np.bool_], kinds: int) -> tuple[Floats, Floats]:
    """Return per kind the direction of its vectors away from all others' (a shrunken discriminant), and the centre."""
    both = both_of(data)[train]
    weight, label = np.where(data.bank, BANK_WEIGHT, 1.0)[train], data.label[train]
    centre = np.average(both, axis=0, weights=weight)
    spread = (both - centre) * np.sqrt(weight)[:, None]
    covariance = spread.T @ spread / weight.sum()
    covariance += SHRINK * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    means = np.stack([both[label == kind].mean(0) - centre for kind in range(kinds)])
    return np.linalg.solve(covariance, means.T).T.astype(np.float32), centre.astype(np.float32)


def weights_of(data: Texts, kinds: int) -> Floats:
    """Return how much every text counts: the many of the bank little, ordinary.txt most."""
    ordinary = np.where(data.bank, BANK_WEIGHT, ORDINARY_WEIGHT)
    return np.asarray(np.where(data.label < kinds, KIND_WEIGHT, ordinary), np.float32)


def linear_rows(data: Texts, grams: Sequence[Grams]) -> Any:
    """Return the sparse rows that the linear softmax reads: words, letters, both vectors and a constant."""
    from scipy import sparse

    constant = np.ones((len(data.texts), 1), np.float32)
    parts = [part.table.multiply(GRAM_SCALE / np.sqrt(part.size)[:, None]) for part in grams]
    return sparse.hstack([*parts, sparse.csr_matrix(both_of(data) * VECTOR_SCALE), constant]).tocsr().astype(np.float32)


def learn_linear(rows: Any, data: Texts, train: NDArray[np.bool_], kinds: int) -> Floats:
    """Return the weights of one softmax over all columns of `rows`, ordinary at 0; shape (columns, kinds).

    Unlike the log odds of learn_grams these know of each other: a word that two kinds share says little.
    """
    from scipy.optimize import minimize

    chosen = np.flatnonzero(train & (~data.bank | (np.random.default_rng(1).random(len(train)) < BANK_SHARE)))
    table, turned = rows[chosen], rows[chosen].T.tocsr()
    target = np.eye(kinds + 1, dtype=np.float32)[data.label[chosen]]
    weight = (weights_of(data, kinds) / np.where(data.bank, BANK_SHARE, 1.0))[chosen].astype(np.float32)[:, None]

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        now = values.reshape(-1, kinds + 1).astype(np.float32)
        scores = table @ now
        raised = np.exp(scores - scores.max(1, keepdims=True))
        shares = raised / raised.sum(1, keepdims=True)
        value = -(weight[:, 0] * np.log((shares * target).sum(1) + 1e-12)).sum() + LINEAR_L2 * (now**2).sum()
        slope = turned @ ((shares - target) * weight) + 2 * LINEAR_L2 * now
        return float(value), slope.astype(np.float64).ravel()

    start, options = np.zeros(rows.shape[1] * (kinds + 1)), {"maxiter": LINEAR_STEPS, "maxcor": 5}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(-1, kinds + 1)
    scale = np.ones(len(found))
    scale[: -1 - 2 * data.meaning.shape[1]] = GRAM_SCALE
    scale[-1 - 2 * data.meaning.shape[1] : -1] = VECTOR_SCALE
    return np.asarray((found[:, :kinds] - found[:, kinds:]) * scale[:, None], np.float32)
