"""Fit the kinds of questions that need no search: `python -m evals.fit_routes [--write]`.

Two stages, five folds over groups of near-duplicate phrases. First what the words, the letters and the vectors of the
phrases say of each kind (evals/route_learning.py); then, on what those say of phrases they have not seen, one small
softmax over the kinds and `ordinary`. Ordinary are ordinary.txt and the phrases of the bank. Prints, per outcome, what
is found out of fold.
"""

import argparse
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.kinds import (
    FEATURES,
    LEARNED,
    ORDINARY,
    OUTCOMES,
    WEIGHTS,
    best_of,
    kind_names,
    length_of,
    letter_grams,
    read_phrases,
    rule_of,
    topic_sums,
    unit,
    vectors_of,
    word_grams,
)
from corpus.index.bank import open_bank
from corpus.language.encoder import StaticEncoder, load_encoder
from corpus.language.topics import load_bank
from evals.route_learning import (
    Floats,
    Grams,
    Ints,
    Texts,
    both_of,
    learn_direction,
    learn_grams,
    learn_linear,
    linear_rows,
    read_grams,
    weights_of,
)

FOLDS = 5
TWINS = 0.82  # cosine from which two phrases stay in one fold
L2 = 0.5
LEAST = {"words": 2, "letters": 4}
SCALE = 31  # a gram's log odds, at most 4, in one signed byte
# Per outcome: how precise against the phrases, and what share of the bank may fire. docs/decisions/0007 says why they
# differ: what a false alarm costs, and how much of what fires in the bank is of that kind after all.
LIMITS = {
    "crisis": (0.95, 0.006),
    "person": (0.93, 0.002),
    "greeting": (0.93, 0.002),
    "case_status": (0.90, 0.006),
    "opinion": (0.93, 0.002),
    "formal_message": (0.92, 0.003),
    "lookup": (0.93, 0.006),
    "legal_verdict": (0.93, 0.01),
}
STRICT = (0.95, 0.002)


def collect(kinds: Sequence[str], encoder: StaticEncoder) -> Texts:
    """Read and encode all phrases, and deal them over the folds."""
    files = [read_phrases(name) for name in (*kinds, ORDINARY)]
    own = [text for texts in files for text in texts]
    bank_data = load_bank()
    bank = open_bank(encoder, bank_data)
    sums, owners = topic_sums(bank)
    said = [text for topic in bank_data.topics for text in (*topic.all_phrases, topic.name)]
    other = {text for topic in bank_data.topics for key in topic.phrases.keys() - {"nl", "en"}
             for text in topic.phrases[key]}  # fmt: skip
    kept = [at for at, text in enumerate(said) if owners[at] >= 0 and text not in other]
    texts = own + [said[at] for at in kept]
    meaning, form = vectors_of(texts, encoder)
    topic = (meaning @ unit(sums).T).max(1)
    topic[len(own) :] = _topic_without_itself(meaning[len(own) :], sums, owners[kept])
    label = np.repeat(np.arange(len(files)), [len(part) for part in files])
    group = _groups(meaning[: len(own)])
    chance = np.random.default_rng(0)
    dealt = chance.integers(0, FOLDS, group.max() + 1)
    return Texts(
        texts,
        np.r_[label, np.full(len(kept), len(kinds))],
        np.r_[dealt[group], chance.integers(0, FOLDS, len(kept))],
        group,
        np.arange(len(texts)) >= len(own),
        meaning,
        form,
        topic,
    )


def _topic_without_itself(vectors: Floats, sums: Floats, owners: Ints) -> Floats:
    """Return each bank phrase's nearest topic, its own topic taken without it: else it always has one near."""
    scores = vectors @ unit(sums).T
    at = np.arange(len(vectors))
    scores[at, owners] = (unit(sums[owners] - vectors) * vectors).sum(1)
    return np.asarray(scores.max(1), np.float32)


def _groups(vectors: Floats) -> Ints:
    """Number the groups of phrases that are near-duplicates of each other."""
    from scipy.sparse.csgraph import connected_components

    return np.asarray(connected_components(vectors @ vectors.T > TWINS, directed=False)[1], np.int64)


def nearest(data: Texts, vectors: Floats, kinds: int) -> tuple[Floats, Floats]:
    """Return the nearest phrase of every kind and of ordinary.txt, and the mean of three, out of fold."""
    scores = vectors @ vectors[: data.own].T
    best = np.zeros((2, len(vectors), kinds + 1), np.float32)
    for fold in range(FOLDS):
        asked = data.fold == fold
        for kind in range(kinds + 1):
            known = (data.label[: data.own] == kind) & (data.fold[: data.own] != fold)
            best[:, asked, kind] = best_of(scores[np.ix_(asked, known)]).T
    return best[0], best[1]


def features_of(data: Texts, kinds: Sequence[str], grams: tuple[Grams, Grams], rows: Any) -> Floats:
    """Return the features of all texts out of fold, as chatbot.kinds makes them; shape (texts, kinds, FEATURES)."""
    size, (words, letters), both = len(kinds), grams, both_of(data)
    (one, three), (form_one, form_three) = nearest(data, data.meaning, size), nearest(data, data.form, size)
    said, spelt, direction, linear = (np.zeros((len(data.texts), size), np.float32) for _ in range(4))
    for fold in range(FOLDS):
        train, asked = data.fold != fold, np.flatnonzero(data.fold == fold)
        said[asked] = words.sums(learn_grams(data, words, train, size), asked)
        spelt[asked] = letters.sums(learn_grams(data, letters, train, size), asked)
        turn, centre = learn_direction(data, train, size)
        direction[asked] = (both[asked] - centre) @ turn.T
        linear[asked] = rows[asked] @ learn_linear(rows, data, train, size)

    def same(column: Floats) -> Floats:
        return np.repeat(column[:, None], size, axis=1)

    columns = {
        "nearest": one[:, :size],
        "nearest_three": three[:, :size],
        "nearest_ordinary": same(one[:, size]),
        "form_nearest": form_one[:, :size],
        "form_nearest_three": form_three[:, :size],
        "form_nearest_ordinary": same(form_one[:, size]),
        "nearest_topic": same(data.topic),
        "length": same(np.array([length_of(text) for text in data.texts], np.float32)),
        "words": said,
        "letters": spelt,
        "direction": direction,
        "linear": linear,
        "rule": np.array([rule_of(text, kinds) for text in data.texts], np.float32),
    }
    return np.stack([columns[name] for name in FEATURES], axis=2)


def fit(features: Floats, data: Texts, chosen: NDArray[np.bool_], kinds: int) -> tuple[Floats, Floats]:
    """Return weights (kinds, FEATURES) and biases of the softmax in which ordinary scores 0."""
    from scipy.optimize import minimize

    means, scales = features.mean(0), features.std(0) + 1e-3
    rows = np.concatenate([(features - means) / scales, np.ones((*features.shape[:2], 1), np.float32)], axis=2)[chosen]
    target = np.eye(kinds + 1, dtype=np.float32)[data.label[chosen]]
    weight = weights_of(data, kinds)[chosen]

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = values.reshape(kinds, -1).astype(np.float32)
        shares = softmax(np.einsum("nkf,kf->nk", rows, table))
        value = -(weight * np.log((shares * target).sum(1) + 1e-12)).sum() + L2 * (table[:, :-1] ** 2).sum()
        slope = np.einsum("nk,nkf->kf", ((shares - target) * weight[:, None])[:, :kinds], rows).astype(np.float64)
        slope[:, :-1] += 2 * L2 * table[:, :-1]
        return float(value), slope.ravel()

    start = np.zeros(kinds * rows.shape[2])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x.reshape(kinds, -1)
    weights = found[:, :-1] / scales
    return weights.astype(np.float32), (found[:, -1] - (weights * means).sum(1)).astype(np.float32)


def softmax(scores: Floats) -> Floats:
    """Return the share of every kind and, last, of ordinary, which scores 0."""
    full = np.concatenate([scores, np.zeros((len(scores), 1), scores.dtype)], axis=1)
    raised = np.exp(full - full.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True), np.float32)


def judge(
    chances: Floats, ruling: Floats, data: Texts, kinds: Sequence[str]
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Set the lowest threshold per outcome that is precise enough and rarely fires on the bank; return the figures."""
    names = list(OUTCOMES)
    outcome = np.array([next(at for at, name in enumerate(names) if kind in OUTCOMES[name]) for kind in kinds] + [-1])
    true = outcome[data.label]
    sums = np.stack([chances[:, :-1][:, outcome[:-1] == at].sum(1) for at in range(len(names))], axis=1)
    best = sums.argmax(1)
    thresholds, figures = {}, {}
    for at, name in enumerate(names):
        precise, limit = LIMITS.get(name, STRICT)
        for threshold in np.arange(0.3, 0.99, 0.01):
            fires = (best == at) & (sums[:, at] >= threshold)
            own = fires & ~data.bank
            precision = float((true[own] == at).mean()) if own.any() else 1.0
            if precision >= precise and fires[data.bank].mean() <= limit:
                break
        ruled = np.asarray(ruling[:, outcome[:-1] == at].any(1), np.bool_)
        thresholds[name] = round(float(threshold), 2)
        figures[name] = {
            "precision": round(precision, 3),
            "found": round(float(fires[true == at].mean()), 3),
            "found_by_rule": round(float(ruled[true == at].mean()), 3),
            "found_by_either": round(float((fires | ruled)[true == at].mean()), 3),
            "rule_precision": round(float((true[ruled & ~data.bank] == at).mean()), 3),
            "false_alarms_on_bank": round(float(fires[data.bank].mean()), 5),
            "false_alarms_on_ordinary": round(float(fires[~data.bank & (true < 0)].mean()), 4),
            "rule_false_alarms_on_bank": round(float(ruled[data.bank].mean()), 5),
            "phrases": int((true == at).sum()),
        }
    return thresholds, figures


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="replace chatbot/routes/routes.json and learned.npz")
    arguments = parser.parse_args()
    kinds, encoder = kind_names(), load_encoder()
    assert isinstance(encoder, StaticEncoder), "the shipped encoder is static"
    data = collect(kinds, encoder)
    grams = read_grams(data, word_grams, LEAST["words"]), read_grams(data, letter_grams, LEAST["letters"])
    rows = linear_rows(data, grams)
    features = features_of(data, kinds, grams, rows)
    chances = np.zeros((len(data.texts), len(kinds) + 1), np.float32)
    for fold in range(FOLDS):
        weights, bias = fit(features, data, data.fold != fold, len(kinds))
        asked = data.fold == fold
        chances[asked] = softmax((features[asked] * weights).sum(2) + bias)
    thresholds, figures = judge(chances, features[:, :, FEATURES.index("rule")], data, kinds)
    for name, row in figures.items():
        print(f"{name:15} from {thresholds[name]:.2f} {row}")  # noqa: T201  a script's output
    if arguments.write:
        write(data, features, kinds, grams, rows, thresholds, figures)


def write(
    data: Texts,
    features: Floats,
    kinds: Sequence[str],
    grams: tuple[Grams, Grams],
    rows: Any,
    thresholds: dict[str, float],
    figures: dict[str, dict[str, float]],
) -> None:
    """Fit on everything and replace what is shipped."""
    everything = np.ones(len(data.texts), bool)
    weights, bias = fit(features, data, everything, len(kinds))
    table = {
        kind: {name: round(float(value), 3) for name, value in zip(FEATURES, row, strict=True)}
        | {"bias": round(float(lift), 3)}
        for kind, row, lift in zip(kinds, weights, bias, strict=True)
    }
    content = {"out_of_fold": figures, "thresholds": thresholds, "weights": table}
    WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    direction, centre = learn_direction(data, everything, len(kinds))
    odds = np.concatenate([learn_grams(data, part, everything, len(kinds)) for part in grams])
    linear = learn_linear(rows, data, everything, len(kinds))
    heard = linear[: len(odds)]
    fine = 127 / np.abs(heard).max()
    np.savez_compressed(
        LEARNED,
        grams=np.array([name for part in grams for name in part.names]),
        gram_weights=np.round(odds * SCALE).astype(np.int8),
        scale=np.array(SCALE),
        linear_grams=np.round(heard * fine).astype(np.int8),
        linear_scale=np.array(fine),
        linear_vectors=linear[len(odds) : -1].T.astype(np.float16),
        linear_bias=linear[-1],
        direction=direction.astype(np.float16),
        centre=centre.astype(np.float16),
    )


if __name__ == "__main__":
    main()
