"""How near the words of a question are to each unit of a page: late interaction of subwords, weighed in several ways.

What all units of a page share (its subject) tells nothing about which of them answers; what the question says beyond
the page's title, and what few units match, tells most. Which helped how much: docs/decisions/0006.
"""

import itertools
from collections.abc import Sequence

import numpy as np

from chatbot.arrays import Floats, Rows
from chatbot.reading import Reading
from chatbot.retrieve import MAX_SUBWORDS, Retriever
from chatbot.units import Unit

NAMES = tuple(
    """late late_own late_rare late_rare_in_context late_beyond_title late_beyond_title_in_context
    cosine_beyond_title cosine_beyond_title_in_context before after""".split()
)
# What the title says already still counts this much, so that a question of its words alone keeps a direction.
LEAST = 0.05


def best_cosines(asked: Floats, texts: Sequence[Rows], retriever: Retriever) -> Floats:
    """Return, for every text (as tokens) and token asked, the best cosine among its tokens; (texts, tokens asked)."""
    vectors = retriever.encoder.token_vectors
    found = np.zeros((len(texts), len(asked)), np.float32)
    for row, ids in enumerate(texts):
        if len(ids):
            found[row] = (vectors[ids] @ asked.T).max(0)
    return found


def asked_tokens(text: str, retriever: Retriever) -> tuple[Floats, Floats]:
    """Return the vectors of a question's first tokens and their idf on this site."""
    ids = retriever.encoder.token_ids([text])[0][:MAX_SUBWORDS]
    return retriever.encoder.token_vectors[ids], retriever.subword_idf[ids]


def nearness(text: str, reading: Reading, retriever: Retriever) -> Floats:
    """Return how near each unit is to the question, in the order of NAMES; shape (units, len(NAMES))."""
    vectors, idf = asked_tokens(text, retriever)
    if not len(idf):
        return np.zeros((len(reading.units), len(NAMES)), np.float32)
    alone = best_cosines(vectors, reading.tokens, retriever)
    context = np.maximum(alone, best_cosines(vectors, reading.context_tokens, retriever))
    beyond = idf * np.clip(1 - best_cosines(vectors, [reading.title_tokens], retriever)[0], LEAST, 1)
    total = float(idf.sum()) + 1e-9
    focus = (vectors * beyond[:, None]).sum(0)
    # "Wat kost een paspoort" says hardly more than its page's title: "kost" alone must not become the focus.
    focus = focus / (np.linalg.norm(focus) + 1e-9) * float(beyond.sum()) / total
    rare = alone @ (idf * np.clip(1 - alone.mean(0), 0, 1) / total)
    columns = [
        context @ (idf / total),
        alone @ (idf / total),
        rare,
        context @ (idf * np.clip(1 - context.mean(0), 0, 1) ** 2 / total),
        alone @ (beyond / total),
        context @ (beyond / total),
        reading.vectors @ focus,
        reading.whole_vectors @ focus,
        *_beside(rare, reading.units),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _beside(values: Floats, units: Sequence[Unit]) -> tuple[Floats, Floats]:
    """Return the value of the unit before, and of the one after, in the same chunk; 0 where there is none."""
    same = np.array([one.chunk is other.chunk for one, other in itertools.pairwise(units)], bool)
    before, after = np.zeros_like(values), np.zeros_like(values)
    before[1:][same], after[:-1][same] = values[:-1][same], values[1:][same]
    return before, after
