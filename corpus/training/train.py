"""The training loop: one source a step, in-batch softmax, Adam."""

import logging
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.training.bags import Bags
from corpus.training.data import Texts
from corpus.training.law import law_pairs, noise_pairs
from corpus.training.pairs import (
    NO_GROUP,
    Pairs,
    bank_teacher_pairs,
    concept_law_pairs,
    concept_pairs,
    teacher_pairs,
    topic_pairs,
)
from corpus.training.teacher import Teacher, teach
from corpus.training.tokenizer import PAD, UNKNOWN, train_tokenizer

log = logging.getLogger(__name__)

ANCHOR_TOKENS, PASSAGE_TOKENS = 64, 200


@dataclass(frozen=True)
class Stream:
    """How one source is trained on. `unshared` hides words that anchor and passage share, in half of the rows."""

    passes: float
    dropout: float = 0.0
    window: int = 0
    unshared: bool = False
    taught: bool = False


# Passes and the numbers in Recipe were chosen on the dev sets: docs/decisions/0003-static-encoder.md.
STREAMS: Mapping[str, Stream] = {
    "law": Stream(1, window=96, unshared=True),
    "noise": Stream(1, window=96),
    "concepts": Stream(4, dropout=0.15),
    "concepts in law": Stream(3, dropout=0.15),
    "topics": Stream(6, dropout=0.15),
    "dutch sentences": Stream(8, taught=True),
    "english sentences": Stream(4, taught=True),
    "english words": Stream(4, taught=True),
    "concepts to English": Stream(8, taught=True),
    "English phrases": Stream(8, taught=True),
}


@dataclass(frozen=True)
class Recipe:
    """Everything a run depends on beside its input."""

    seed: int = 0
    vocabulary: int = 32_000
    dimension: int = 320
    batch: int = 1024
    rate: float = 0.02
    warm_up: float = 0.05
    scale: float = 12.0
    streams: Mapping[str, Stream] = field(default_factory=lambda: STREAMS)


@dataclass(frozen=True)
class Trained:
    """What a run made: a tokenizer, a row per subword, and how it went."""

    tokenizer: Any
    vectors: NDArray[np.float32]
    pairs: Mapping[str, int]
    steps: int
    losses: Mapping[str, float]


@dataclass
class _Material:
    stream: Stream
    anchors: Bags
    positives: Bags | None
    groups: NDArray[np.int64]
    targets: NDArray[np.int64]


def train(texts: Texts, teacher: Teacher, recipe: Recipe) -> Trained:
    """Train a tokenizer and a vector per subword. The same input, recipe and thread count give the same bytes."""
    tokenizer = train_tokenizer(texts, recipe.vocabulary, Random(recipe.seed))
    log.info("tokenizer: %d subwords", tokenizer.get_vocab_size())
    pairs = collect_pairs(texts, teacher.words, recipe)
    asked = list(dict.fromkeys(t for name, p in pairs.items() if recipe.streams[name].taught for t in p.positives))
    targets = teach(teacher, asked, recipe.dimension) if asked else np.zeros((0, recipe.dimension), np.float32)
    log.info("teacher: %d texts", len(asked))
    numbers = {text: number for number, text in enumerate(asked)}
    material = {name: _prepare(recipe.streams[name], found, tokenizer, numbers) for name, found in pairs.items()}
    log.info("pairs: %s", {name: len(found) for name, found in pairs.items()})
    loop = _Loop(tokenizer, targets, recipe)
    steps = loop.run(material)
    sizes = {name: len(found) for name, found in pairs.items()}
    return Trained(tokenizer, loop.vectors(), sizes, steps, loop.losses())


def collect_pairs(texts: Texts, words: Sequence[str], recipe: Recipe) -> dict[str, Pairs]:
    """Return the pairs of every stream of the recipe; empty streams are left out."""
    random = Random(recipe.seed + 1)
    bank = texts.bank
    law, headed = law_pairs(texts.law, random)
    pairs = {
        "law": law,
        "noise": noise_pairs(headed, random),
        "concepts": concept_pairs(bank.concepts, random),
        "concepts in law": concept_law_pairs(bank.concepts, texts.law, random),
        "topics": topic_pairs(bank.topics, random),
        **teacher_pairs(texts.sentences, words),
        **bank_teacher_pairs(bank.concepts, bank.topics, random),
    }
    return {name: found for name, found in pairs.items() if name in recipe.streams and len(found)}


def _prepare(stream: Stream, pairs: Pairs, tokenizer: Any, numbers: Mapping[str, int]) -> _Material:
    anchors = Bags(tokenizer, pairs.anchors, ANCHOR_TOKENS)
    groups = np.array(pairs.groups, dtype=np.int64)
    if stream.taught:
        return _Material(stream, anchors, None, groups, np.array([numbers[text] for text in pairs.positives]))
    return _Material(stream, anchors, Bags(tokenizer, pairs.positives, PASSAGE_TOKENS), groups, np.zeros(0, np.int64))


class _Loop:
    """The weights and their optimiser."""

    def __init__(self, tokenizer: Any, targets: NDArray[np.float32], recipe: Recipe) -> None:
        import torch

        torch.manual_seed(recipe.seed)
        self.torch, self.recipe, self.targets = torch, recipe, torch.from_numpy(targets)
        self.silent = [tokenizer.token_to_id(PAD), tokenizer.token_to_id(UNKNOWN)]
        self.random = np.random.default_rng(recipe.seed)
        self.size = tokenizer.get_vocab_size()
        self.weights = torch.nn.EmbeddingBag(self.size, recipe.dimension, mode="mean")
        torch.nn.init.normal_(self.weights.weight, std=recipe.dimension**-0.5)
        self.optimizer = torch.optim.Adam(self.weights.parameters(), lr=recipe.rate, fused=True)
        self.seen: defaultdict[str, list[float]] = defaultdict(list)

    def run(self, material: Mapping[str, _Material]) -> int:
        """Train on all streams, mixed; return the number of steps."""
        batch = self.recipe.batch
        plan = [n for n, m in material.items() for _ in range(max(1, round(len(m.anchors) * m.stream.passes / batch)))]
        self.random.shuffle(plan)
        queues = {name: _Queue(len(found.anchors), batch, self.random) for name, found in material.items()}
        started = time.monotonic()
        for step, name in enumerate(plan):
            rate = min(1.0, (step + 1) / (self.recipe.warm_up * len(plan))) * max(0.02, 1 - step / len(plan))
            for group in self.optimizer.param_groups:
                group["lr"] = self.recipe.rate * rate
            self.seen[name].append(self._step(material[name], queues[name].take()))
            if step % 200 == 199:
                log.info("step %d of %d, %.0f s, %s", step + 1, len(plan), time.monotonic() - started, self.losses())
        return len(plan)

    def losses(self) -> dict[str, float]:
        """Return the mean loss of the last steps of each stream."""
        return {name: round(float(np.mean(values[-50:])), 2) for name, values in self.seen.items()}

    def vectors(self) -> NDArray[np.float32]:
        """Return the trained rows; padding and unknown words say nothing."""
        rows: NDArray[np.float32] = self.weights.weight.detach().numpy().copy()
        rows[self.silent] = 0
        return rows

    def _step(self, material: _Material, rows: NDArray[np.int64]) -> float:
        anchors = material.anchors.batch(rows, self.random, material.stream.dropout)
        queries = self._pool(anchors)
        if material.positives is None:
            loss = self._distil(queries, material.targets[rows])
        else:
            passages = material.positives.batch(rows, self.random, window=material.stream.window)
            if material.stream.unshared:
                passages = passages.without_shared(anchors, self.random.random(len(rows)) < 0.5, self.size)
            loss = self._contrast(queries, self._pool(passages), material.groups[rows])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def _pool(self, batch: Any) -> Any:
        torch = self.torch
        pooled = self.weights(torch.from_numpy(batch.ids), torch.from_numpy(batch.offsets))
        return torch.nn.functional.normalize(pooled, dim=1)

    def _distil(self, queries: Any, rows: NDArray[np.int64]) -> Any:
        """Pull each text to its teacher vector, and nearer to it than to the others in the batch."""
        torch, numbers = self.torch, self.torch.from_numpy(rows)
        targets = self.targets[numbers]
        same = (numbers[:, None] == numbers[None, :]).fill_diagonal_(False)
        scores = (self.recipe.scale * queries @ targets.T).masked_fill(same, -1e4)
        ranked = torch.nn.functional.cross_entropy(scores, torch.arange(len(rows)))
        return ranked + 2 * (1 - (queries * targets).sum(1)).mean()

    def _contrast(self, queries: Any, passages: Any, groups: NDArray[np.int64]) -> Any:
        """Rank each anchor's passage first, and, at half weight, each passage's anchor."""
        torch, numbers = self.torch, self.torch.from_numpy(groups)
        same = ((numbers[:, None] == numbers[None, :]) & (numbers != NO_GROUP)).fill_diagonal_(False)
        scores = (self.recipe.scale * queries @ passages.T).masked_fill(same, -1e4)
        gold = torch.arange(len(groups))
        return torch.nn.functional.cross_entropy(scores, gold) + 0.5 * torch.nn.functional.cross_entropy(scores.T, gold)


class _Queue:
    """Hands out rows in random order, each once before any comes twice."""

    def __init__(self, size: int, batch: int, random: np.random.Generator) -> None:
        self.size, self.batch, self.random = size, min(batch, size), random
        self.order, self.at = random.permutation(size), 0

    def take(self) -> NDArray[np.int64]:
        """Return the next rows."""
        if self.at + self.batch > self.size:
            self.order, self.at = self.random.permutation(self.size), 0
        rows = self.order[self.at : self.at + self.batch]
        self.at += self.batch
        return rows
