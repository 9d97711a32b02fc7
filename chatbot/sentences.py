"""The sentences, list items and rows of pages as subwords: what the best few pages are compared on, one by one.

A passage of eighty words holds some word for everything that is asked; a sentence that holds most of the question by
itself tells a page that answers it from one that is near it (figures: docs/decisions/0004).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from chatbot.arrays import Floats, Rows, quiet_matmul
from chatbot.reading import Readings
from corpus.index.subwords import Subwords

# Pages kept as subwords: 1.2 kB each on Voorbeeldstad; reading one takes 1 to 1.5 ms (2026-12-01).
MAX_KEPT = 3000
# A regulation of fifty pages is read up to here.
MAX_UNITS = 200


class Sentences:
    """Reads pages into the subwords of their units; the last few thousand stay in memory."""

    def __init__(self, readings: Readings, page_ids: Sequence[str], row_of: Rows) -> None:
        self._readings, self._page_ids, self._row_of = readings, page_ids, row_of
        self._subwords = lru_cache(maxsize=MAX_KEPT)(self._read)

    @quiet_matmul
    def cover(self, page: int, similar: Floats, weights: Floats) -> float:
        """Return how much of a question the page's best unit says by itself, 0..1.

        `similar` has the cosines of subwords (rows as in `row_of`) with the question's; `weights` sum to 1.
        """
        units = self._subwords(page)
        if not len(units.ids):
            return 0.0
        return float((np.maximum.reduceat(similar[units.ids], units.bounds[:-1], axis=0) @ weights).max())

    def _read(self, page: int) -> Subwords:
        """Return the rows of the subwords of every unit of a page that has any."""
        tokens = self._readings.of(self._page_ids[page]).tokens[:MAX_UNITS]
        return Subwords.end_to_end([self._row_of[ids] for ids in tokens if len(ids)])
