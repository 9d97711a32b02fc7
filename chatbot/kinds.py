"""Tell by meaning what needs no search: how much a question is like the example phrases of each kind.

The phrases stand in chatbot/routes/<kind>.txt, ordinary questions in ordinary.txt; docs/decisions/0007 says why and how
well. `python -m evals.fit_routes --write` makes routes.json (weights, thresholds, figures) and learned.npz (what words
and meaning say about a kind).
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from chatbot.arrays import Floats, Rows
from chatbot.patterns import first_match
from corpus.index.bank import CompiledBank
from corpus.language.encoder import StaticEncoder
from corpus.language.words import stem, tokenize

ROUTES = Path(__file__).parent / "routes"
WEIGHTS, LEARNED = ROUTES / "routes.json", ROUTES / "learned.npz"
ORDINARY = "ordinary"
MIXED_TOPICS = "mixed_topics"
# What each kind is judged on, in the order of the weights in routes.json. `form_…` weighs every subword alike, so that
# `ik`, `mijn` and `hoe` count; the encoder's own vectors hardly hear them.
FEATURES = (
    "nearest",
    "nearest_three",
    "nearest_ordinary",
    "form_nearest",
    "form_nearest_three",
    "form_nearest_ordinary",
    "nearest_topic",
    "length",
    "words",
    "letters",
    "direction",
    "linear",
    "rule",
)
# Kinds that end alike are judged together: whether it is greeting or about_me matters to nobody.
OUTCOMES = {
    "crisis": ("crisis_suicide", "crisis_violence", "crisis_emergency", "crisis_gas", "crisis_power"),
    "injection": ("injection",),
    "person": ("person",),
    "greeting": ("greeting", "about_me"),
    "abuse": ("abuse",),
    "case_status": ("case_status",),
    "opinion": ("opinion",),
    "formal_message": ("formal_message",),
    "lookup": ("lookup",),
    "legal_verdict": ("legal_verdict",),
    "off_topic": ("off_topic",),
}
NEAREST = 3
# A longer question says no more by its length.
MAX_WORDS = 40
# One word tells a subject ("ratten", "kanker", "stroom"), two or three often a complaint: there the rules alone decide.
# Of 12,445 single words of titles and bank meaning would settle 276, 80 of them as abuse; of 17,336 pairs 44 as abuse.
LEAST_WORDS, LEAST_ABUSE = 2, 4
# Longer text is pasted, and its letters take time: the rules read all of it, meaning its first part.
MAX_READ = 1500


def read_phrases(name: str) -> list[str]:
    """Read one file of chatbot/routes: a phrase a line, # for comments."""
    lines = (ROUTES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def kind_names() -> list[str]:
    """Return the kinds in order: every file of phrases but ordinary.txt and mixed_topics.txt."""
    return sorted(path.stem for path in ROUTES.glob("*.txt") if path.stem not in (ORDINARY, MIXED_TOPICS))


def word_grams(text: str) -> set[str]:
    """Return words, stems and pairs of words, the ends of the text and a question mark among them."""
    words = tokenize(text)
    row = ["^", *words, *("?" for _ in range(text.rstrip().endswith("?"))), *("!" for _ in range("!" in text))]
    return {*row, *(f"s:{stem(word)}" for word in words), *(f"{a} {b}" for a, b in pairwise(row))}


def letter_grams(text: str) -> set[str]:
    """Return the runs of three to five letters: they hear what a typo or an inflection hides."""
    row = f" {' '.join(tokenize(text))} "
    return {f"c:{row[at : at + size]}" for size in (3, 4, 5) for at in range(len(row) - size + 1)}


def vectors_of(texts: Sequence[str], encoder: StaticEncoder) -> tuple[Floats, Floats]:
    """Return the encoder's unit vectors and the unit vectors of form, each of shape (texts, d)."""
    form = np.zeros((len(texts), encoder.dimension), np.float32)
    for row, ids in enumerate(encoder.token_ids(texts)):
        if len(ids):
            form[row] = encoder.token_vectors[ids].sum(0)
    form /= np.maximum(np.linalg.norm(form, axis=1, keepdims=True), 1e-9)
    return encoder.encode(texts, query=True), form


def topic_sums(bank: CompiledBank) -> tuple[Floats, Rows]:
    """Return the sum of each ordinary topic's phrase vectors, and every phrase's row in it (-1: a mixed topic)."""
    mixed = read_phrases(MIXED_TOPICS)
    kept = [at for at, name in enumerate(bank.topics.names) if not any(part in name.lower() for part in mixed)]
    row = np.full(len(bank.topics.names), -1)
    row[kept] = np.arange(len(kept))
    owners = np.asarray(row[bank.topics.owners], np.int64)
    starts = np.flatnonzero(np.r_[True, bank.topics.owners[1:] != bank.topics.owners[:-1]])
    sums = np.asarray(np.add.reduceat(bank.phrase_vectors, starts, axis=0)[kept], np.float32)
    return sums, owners


def unit(rows: Floats) -> Floats:
    """Return rows at length one."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)


def dot(rows: Floats, vector: Floats) -> Floats:
    """Return the product of every row with a vector, on this thread: `@` wakes more, which a busy machine waits for."""
    return np.asarray(np.einsum("ij,j->i", rows, vector), np.float32)


def best_of(scores: Floats) -> Floats:
    """Return the best score of each row and the mean of its best three; shape (rows, 2)."""
    top = np.partition(scores, scores.shape[1] - NEAREST, axis=1)[:, -NEAREST:]
    return np.stack([top.max(1), top.mean(1)], axis=1)


def rule_of(text: str, kinds: Sequence[str]) -> Floats:
    """Return 1 for the kinds that a rule of patterns.toml names; shape (kinds,)."""
    crisis = first_match("crisis", text)
    said = {f"crisis_{crisis}", "injection" if first_match("injection", text) else "", first_match("route", text)}
    return np.array([kind in said for kind in kinds], np.float32)


def length_of(text: str) -> float:
    """Return how long a question is, in doublings of words."""
    return float(np.log1p(min(len(tokenize(text)), MAX_WORDS)))


class KindReader:
    """Reads questions; built once per process from the phrases, the bank and what was learned."""

    def __init__(self, encoder: StaticEncoder, bank: CompiledBank) -> None:
        self.kinds = kind_names()
        data: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
        self._weights = np.array([[data["weights"][kind][name] for name in FEATURES] for kind in self.kinds])
        self._bias = np.array([data["weights"][kind]["bias"] for kind in self.kinds])
        self.thresholds: dict[str, float] = data["thresholds"]
        self._encoder = encoder
        phrases = [read_phrases(name) for name in (*self.kinds, ORDINARY)]
        self._owners = np.repeat(np.arange(len(phrases)), [len(texts) for texts in phrases])
        self._starts = np.searchsorted(self._owners, np.arange(len(phrases)))
        self._meaning, self._form = vectors_of([text for texts in phrases for text in texts], encoder)
        self._topics = unit(topic_sums(bank)[0])
        with np.load(LEARNED) as learned:
            self._rows = {str(gram): at for at, gram in enumerate(learned["grams"])}
            odds = learned["gram_weights"].astype(np.float32) / float(learned["scale"])
            linear = learned["linear_grams"].astype(np.float32) / float(learned["linear_scale"])
            self._grams = np.concatenate([odds, linear], axis=1)  # side by side: looked up once
            self._linear_vectors = learned["linear_vectors"].astype(np.float32)
            self._linear_bias = learned["linear_bias"].astype(np.float32)
            self._direction = learned["direction"].astype(np.float32)
            self._centre = learned["centre"].astype(np.float32)
        self._last: tuple[int | None, dict[str, float]] = (None, {})

    def read(self, text: str) -> dict[str, float]:
        """Return how likely a question is of each kind, 0..1; what is left is the chance that it is ordinary."""
        scores = (self._weights * self.features(text[:MAX_READ])).sum(1) + self._bias
        top = max(0.0, float(scores.max()))
        raised = np.exp(scores - top)
        shares = raised / (raised.sum() + np.exp(-top))
        return {kind: float(share) for kind, share in zip(self.kinds, shares, strict=True)}

    def chance(self, text: str, outcome: str) -> float:
        """Return how likely a question has an outcome, 0..1, sure enough to settle it or not."""
        chances = self._read_once(text)
        return sum(chances[kind] for kind in OUTCOMES[outcome])

    def outcome(self, text: str) -> tuple[str, str]:
        """Return the outcome that a question is sure enough to have, with its likeliest kind; ("", "") if ordinary."""
        said = len(tokenize(text))
        if said < LEAST_WORDS:
            return "", ""
        chances = self._read_once(text)
        sums = {name: sum(chances[kind] for kind in kinds) for name, kinds in OUTCOMES.items()}
        best = max(sums, key=lambda name: sums[name])
        if sums[best] < self.thresholds[best] or (best == "abuse" and said < LEAST_ABUSE):
            return "", ""
        return best, max(OUTCOMES[best], key=lambda kind: chances[kind])

    def _read_once(self, text: str) -> dict[str, float]:
        # Guard, route and decide ask about the same text in one turn; its hash stands for it, so no question is kept.
        known, chances = self._last
        if known != hash(text):
            chances = self.read(text)
            self._last = (hash(text), chances)
        return chances

    def features(self, text: str) -> Floats:
        """Return what the text shows of each kind; shape (kinds, FEATURES)."""
        meaning, form = vectors_of([text], self._encoder)
        near, near_form = self._nearest(meaning[0], self._meaning), self._nearest(form[0], self._form)
        both = np.r_[meaning[0], form[0]] * np.float32(np.sqrt(0.5))
        size = len(self.kinds)
        words, letters = self._sum(word_grams(text)), self._sum(letter_grams(text))
        heard = words[size:] + letters[size:]
        return np.stack(
            [
                near[:size, 0],
                near[:size, 1],
                np.full(size, near[size, 0]),
                near_form[:size, 0],
                near_form[:size, 1],
                np.full(size, near_form[size, 0]),
                np.full(size, dot(self._topics, meaning[0]).max()),
                np.full(size, length_of(text)),
                words[:size],
                letters[:size],
                dot(self._direction, both - self._centre),
                heard + dot(self._linear_vectors, both) + self._linear_bias,
                rule_of(text, self.kinds),
            ],
            axis=1,
        ).astype(np.float32)

    def _nearest(self, vector: Floats, phrases: Floats) -> Floats:
        """Return the nearest phrase of every kind and of ordinary, and the mean of three; shape (kinds + 1, 2)."""
        scores, best = dot(phrases, vector), []
        for _ in range(NEAREST):
            best.append(np.maximum.reduceat(scores, self._starts))
            scores = np.where(scores == best[-1][self._owners], np.float32(-1), scores)
        return np.stack([best[0], np.mean(best, axis=0)], axis=1)

    def _sum(self, grams: set[str]) -> Floats:
        rows = [self._rows[gram] for gram in grams if gram in self._rows]
        return np.asarray(self._grams[rows].sum(0) / np.sqrt(max(len(grams), 1)), np.float32)
