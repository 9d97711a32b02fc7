"""Subword ids per text, for late interaction: which of the encoder's tokens stand where."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Subwords:
    """Ragged lists of token ids; list i is ids[bounds[i]:bounds[i + 1]]."""

    def __init__(self, ids: NDArray[np.int32], bounds: NDArray[np.int64]) -> None:
        self.ids, self.bounds = ids, bounds

    @classmethod
    def of(cls, lists: Sequence[NDArray[np.int64]]) -> "Subwords":
        """Keep each list's unique ids."""
        unique = [np.unique(ids) for ids in lists]
        sizes = [len(ids) for ids in unique]
        flat = np.concatenate(unique).astype(np.int32) if unique else np.zeros(0, np.int32)
        return cls(flat, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))

    def gather(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the ids of some lists end to end, and each list's length."""
        starts, lengths = self.bounds[rows], self.bounds[rows + 1] - self.bounds[rows]
        offsets = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
        return self.ids[offsets + np.arange(int(lengths.sum()))], lengths

    def document_frequency(self, size: int) -> NDArray[np.int64]:
        """Count in how many lists each token stands; shape (size,)."""
        return np.bincount(self.ids, minlength=size)

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        np.savez(path, ids=self.ids, bounds=self.bounds)

    @classmethod
    def open(cls, path: Path) -> "Subwords":
        """Read what save wrote."""
        with np.load(path) as data:
            return cls(data["ids"], data["bounds"])
