"""Two questions of confidence, kept apart: choice (is the top page the right one), presence (is it here at all).

Choice transfers between sites as it is. Presence does not: what is nearest in meaning is standardised by what everyday
sentences that are no questions to a municipality score on the same index. How well the best page fits in words and
topics, and how much it stands out, transfer as they are (facts: docs/decisions/0005).
Weights and thresholds stand in confidence.json; `python -m evals.fit_confidence` makes the weights.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.arrays import Floats, softmax
from chatbot.retrieve import Candidates, Retriever, nearest_of
from corpus.sites import Thresholds

# Features of the best candidate that tell of presence as they are, without knowing the site.
FIT_OF_BEST = ("late_page", "topic_sharp")
PARAMETERS = Path(__file__).with_name("confidence.json")
NULL_SENTENCES = Path(__file__).with_name("null_sentences.txt")


@dataclass(frozen=True)
class Confidence:
    """Calibrated figures of one question, each 0..1: the top page, one of the top three, on this site at all."""

    choice: float
    choice3: float
    presence: float


@dataclass(frozen=True)
class Parameters:
    """Logistic weights and the thresholds of the decision, from confidence.json."""

    temperature: float
    choice: tuple[float, ...]
    choice3: tuple[float, ...]
    presence: tuple[float, ...]
    answer_from: float
    present_from: float
    absent_below: float


@lru_cache(maxsize=1)
def load_parameters() -> Parameters:
    """Read weights and thresholds."""
    data: dict[str, Any] = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    weights: dict[str, Any] = {name: tuple(values) for name, values in data["weights"].items()}
    return Parameters(temperature=data["temperature"], **weights, **data["thresholds"])


def with_overrides(parameters: Parameters, thresholds: Thresholds) -> Parameters:
    """Apply the site file's own thresholds."""
    values = vars(parameters).copy()
    if thresholds.choice is not None:
        values["answer_from"] = thresholds.choice
    if thresholds.presence is not None:
        values["present_from"] = thresholds.presence
        values["absent_below"] = min(values["absent_below"], thresholds.presence)
    return Parameters(**values)


def choice_features(scores: Floats, temperature: float) -> Floats:
    """Return (log share of the top page, log share of the top three, gap from rank 1 to 2, from 1 to 3)."""
    ordered = np.sort(scores)[::-1] / temperature
    shares = np.exp(ordered - ordered[0])
    total = shares.sum()
    padded = np.r_[ordered, [ordered[-1] - 4] * 3]
    gaps = padded[0] - padded[1], padded[0] - padded[2]
    return np.array([np.log(1 / total), np.log(shares[:3].sum() / total), *np.minimum(gaps, 6)], np.float32)


def _evidence(retriever: Retriever, nearest: Floats, topics: Floats) -> Floats:
    """Return nearest pages, nearest chunk, and how well the site's pages fit the questions' topics; (questions, 3)."""
    support = softmax(topics, 20) @ retriever.topic_support
    return np.column_stack([nearest, support]).astype(np.float32)


class Judge:
    """Turns ranker scores and presence features of one open index into calibrated figures."""

    def __init__(self, retriever: Retriever, parameters: Parameters) -> None:
        self.retriever, self.parameters = retriever, parameters

    def presence_features(self, candidates: Candidates, scores: Floats) -> Floats:
        """Return what tells of presence: nearness in units of this index's null distribution, fit of the best, choice.

        There must be candidates. Shape (9,).
        """
        best = candidates.features[int(np.argmax(scores))]
        fit = [best[candidates.names.index(name)] for name in FIT_OF_BEST]
        choice = choice_features(scores, self.parameters.temperature)
        return np.concatenate([self._standardised(candidates), fit, choice]).astype(np.float32)

    def _standardised(self, candidates: Candidates) -> Floats:
        mean, deviation = self._null
        topics = candidates.question.topics[None, :]
        evidence = _evidence(self.retriever, candidates.nearest[None, :], topics)[0]
        return np.asarray((evidence - mean) / deviation, np.float32)

    @cached_property
    def _null(self) -> tuple[Floats, Floats]:
        """Return mean and deviation of the evidence over sentences that are no questions to a municipality."""
        retriever, sentences = self.retriever, NULL_SENTENCES.read_text(encoding="utf-8").splitlines()
        topics = retriever.bank.question_topics(retriever.encoder.encode(sentences))
        vectors = retriever.generation.encoder.encode(sentences, query=True)
        nearest = nearest_of(vectors @ retriever.page_vectors.T, vectors @ retriever.vectors.T)
        evidence = _evidence(retriever, nearest, topics)
        return evidence.mean(0), evidence.std(0) + 1e-6

    def rejudge(self, presence: float, scores: Floats, choice: Sequence[float]) -> Confidence:
        """Return the figures of pages whose scores come from several searches, by logistic weights fitted on these."""
        if not len(scores):
            return Confidence(0.0, 0.0, presence)
        features = choice_features(scores, self.parameters.temperature)
        return Confidence(_logistic(choice, features), _logistic(self.parameters.choice3, features), presence)

    def judge(self, candidates: Candidates, scores: Floats) -> Confidence:
        """Return the three figures; all 0 when nothing was found."""
        if not len(scores):
            return Confidence(0.0, 0.0, 0.0)
        features = choice_features(scores, self.parameters.temperature)
        return Confidence(
            _logistic(self.parameters.choice, features),
            _logistic(self.parameters.choice3, features),
            _logistic(self.parameters.presence, self.presence_features(candidates, scores)),
        )


def _logistic(weights: Sequence[float], features: Floats) -> float:
    """Apply logistic weights, the intercept last."""
    value = float(np.dot(weights[:-1], features) + weights[-1])
    return float(1 / (1 + np.exp(-value)))
