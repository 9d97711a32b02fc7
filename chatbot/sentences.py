"""The sentences, list items and rows of pages as subwords: what the best few pages are compared on, one by one.

A passage of eighty words holds some word for everything that is asked; a sentence that holds most of the question by
itself tells a page that answers it from one that is near it (figures: docs/decisions/0004).
"""

from collections import OrderedDict

import numpy as np

from chatbot.arrays import Floats, Rows
from chatbot.units import units_of
from corpus.index.generation import Generation
from corpus.language.encoder import StaticEncoder

# Pages kept as subwords: some 6 kB each, and reading one takes 1 ms.
MAX_KEPT = 3000
# A regulation of fifty pages is read up to here.
MAX_UNITS = 200


class Sentences:
    """Reads pages into the subwords of their units; the last few thousand stay in memory."""

    def __init__(self, generation: Generation, encoder: StaticEncoder, row_of: Rows) -> None:
        self._store, self._encoder, self._row_of = generation.store, encoder, row_of
        self._kept: OrderedDict[int, tuple[Rows, Rows]] = OrderedDict()

    def cover(self, page: int, similar: Floats, weights: Floats) -> float:
        """Return how much of a question the page's best unit says by itself, 0..1.

        `similar` has the cosines of subwords (rows as in `row_of`) with the question's; `weights` sum to 1.
        """
        ids, starts = self._read(page)
        if not len(ids):
            return 0.0
        return float((np.maximum.reduceat(similar[ids], starts, axis=0) @ weights).max())

    def _read(self, page: int) -> tuple[Rows, Rows]:
        """Return the rows of a page's subwords, unit after unit, and where each unit starts."""
        kept = self._kept.get(page)
        if kept is None:
            chunks = self._store.chunks_of_page(self._store.page_at(page).id)
            texts = [unit.text for unit in units_of(chunks)[:MAX_UNITS]]
            lists = [np.unique(self._row_of[ids]) for ids in self._encoder.token_ids(texts) if len(ids)]
            sizes = [len(rows) for rows in lists]
            kept = (
                np.concatenate(lists) if lists else np.zeros(0, np.int64),
                np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if lists else np.zeros(0, np.int64),
            )
            self._kept[page] = kept
            if len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return kept
