"""Word scores: BM25 over any texts, with a weight per query word. Home of bm25s."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75


class Lexical:
    """An open BM25 index. Scores are sums of idf x saturated frequency, so a word's idf is the most it can add."""

    def __init__(
        self,
        data: NDArray[np.float32],
        indices: NDArray[np.int32],
        indptr: NDArray[np.int64],
        vocabulary: Mapping[str, int],
        documents: int,
    ) -> None:
        self.documents = documents
        # A memory map of numpy's own class costs more to slice than to read; as plain arrays they stay mapped.
        self._data, self._indices, self._indptr = np.asarray(data), np.asarray(indices), indptr
        self._vocabulary = vocabulary

    def __contains__(self, word: str) -> bool:
        return word in self._vocabulary

    def idf(self, word: str) -> float:
        """Return Lucene's idf; a word that stands nowhere gets the highest."""
        at = self._vocabulary.get(word)
        found = 0 if at is None else int(self._indptr[at + 1] - self._indptr[at])
        return float(np.log(1 + (self.documents - found + 0.5) / (found + 0.5)))

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """Score every document for weighted words; shape (documents,)."""
        total = np.zeros(self.documents, np.float32)
        for word, weight in weights.items():
            at = self._vocabulary.get(word)
            if at is None:
                continue
            span = slice(self._indptr[at], self._indptr[at + 1])
            total[self._indices[span]] += np.float32(weight) * self._data[span]
        return total

    def save(self, folder: Path) -> None:
        """Write the index to a folder that exists."""
        np.save(folder / "data.npy", self._data)
        np.save(folder / "indices.npy", self._indices)
        np.save(folder / "indptr.npy", self._indptr)
        text = json.dumps({"documents": self.documents, "words": list(self._vocabulary)}, ensure_ascii=False)
        (folder / "words.json").write_text(text, encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> "Lexical":
        """Open a saved index, its postings memory-mapped."""
        head = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(
            np.load(folder / "data.npy", mmap_mode="r"),
            np.load(folder / "indices.npy", mmap_mode="r"),
            np.load(folder / "indptr.npy"),
            {word: at for at, word in enumerate(head["words"])},
            int(head["documents"]),
        )


def build_lexical(documents: Sequence[Sequence[str]], *, b: float = B) -> Lexical:
    """Index analyzed documents with BM25 (Lucene's variant); an empty document scores 0."""
    if not any(documents):
        return Lexical(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int64), {}, len(documents))
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it logs every build at debug, to stderr

    words = {word: at for at, word in enumerate(_unique(documents))}
    ids = [[words[word] for word in document] for document in documents]
    model = bm25s.BM25(k1=K1, b=b, method="lucene")
    model.index((ids, words), create_empty_token=False, show_progress=False)
    scores = model.scores
    return Lexical(
        np.asarray(scores["data"], np.float32),
        np.asarray(scores["indices"], np.int32),
        np.asarray(scores["indptr"], np.int64),
        words,
        len(documents),
    )


def _unique(documents: Iterable[Iterable[str]]) -> dict[str, None]:
    return dict.fromkeys(word for document in documents for word in document)
