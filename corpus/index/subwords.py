"""Subword ids per text, for late interaction: which of the encoder's tokens stand where."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the whole numbers of some ranges end to end: starts[0], starts[0] + 1, …, starts[1], …."""
    before = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


class Subwords:
    """Ragged lists of token ids; list i is ids[bounds[i]:bounds[i + 1]]."""

    def __init__(self, ids: NDArray[np.int32], bounds: NDArray[np.int64]) -> None:
        self.ids, self.bounds = ids, bounds

    @classmethod
    def of(cls, lists: Sequence[NDArray[np.int64]]) -> "Subwords":
        """Keep each list's unique ids."""
        return cls.end_to_end([np.unique(ids) for ids in lists])

    @classmethod
    def end_to_end(cls, lists: Sequence[NDArray[np.int64]]) -> "Subwords":
        """Keep lists as they are."""
        sizes = [len(ids) for ids in lists]
        flat = np.concatenate(lists).astype(np.int32) if lists else np.zeros(0, np.int32)
        return cls(flat, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64))

    def gather(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the ids of some lists end to end, and each list's length."""
        starts, lengths = self.bounds[rows], self.bounds[rows + 1] - self.bounds[rows]
        return self.ids[ranges(starts, lengths)], lengths

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
