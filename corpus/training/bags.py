"""Texts as flat token ids, and batches of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

SLICE = 4000  # texts tokenized at a time


class Bags:
    """Token ids of many texts, end to end; text i is ids[bounds[i]:bounds[i + 1]]."""

    def __init__(self, tokenizer: Any, texts: Sequence[str], longest: int) -> None:
        ids: list[NDArray[np.int64]] = []
        for start in range(0, len(texts), SLICE):
            encodings = tokenizer.encode_batch_fast(list(texts[start : start + SLICE]), add_special_tokens=False)
            ids += [np.array(encoding.ids[:longest], dtype=np.int64) for encoding in encodings]
        self.bounds = np.concatenate([[0], np.cumsum([len(row) for row in ids])]).astype(np.int64)
        self.ids = np.concatenate(ids) if ids else np.zeros(0, np.int64)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.bounds) - 1

    def batch(
        self, rows: NDArray[np.int64], random: np.random.Generator, dropout: float = 0.0, window: int = 0
    ) -> "Batch":
        """Return the tokens of some texts; `window` keeps a run at a random place, `dropout` leaves tokens out."""
        starts = self.bounds[rows]
        lengths = self.bounds[rows + 1] - starts
        if window:
            starts = starts + (random.random(len(rows)) * np.maximum(0, lengths - window + 1)).astype(np.int64)
            lengths = np.minimum(lengths, window)
        owners = np.repeat(np.arange(len(rows)), lengths)
        places = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        batch = Batch(self.ids[np.repeat(starts, lengths) + places], owners, len(rows))
        return batch.keep(random.random(len(owners)) >= dropout) if dropout else batch


class Batch:
    """Token ids and, for each, the row it belongs to."""

    def __init__(self, ids: NDArray[np.int64], owners: NDArray[np.int64], size: int) -> None:
        self.ids, self.owners, self.size = ids, owners, size

    def keep(self, mask: NDArray[np.bool_]) -> "Batch":
        """Return the batch with only the tokens under the mask."""
        return Batch(self.ids[mask], self.owners[mask], self.size)

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Return where each row begins, as torch's EmbeddingBag wants it."""
        counts = np.bincount(self.owners, minlength=self.size)
        return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)

    def without_shared(self, other: "Batch", spared: NDArray[np.bool_], vocabulary: int) -> "Batch":
        """Leave out tokens that the same row of `other` holds too, except in spared rows."""
        shared = np.isin(self.owners * vocabulary + self.ids, other.owners * vocabulary + other.ids)
        return self.keep(~(shared & ~spared[self.owners]))
