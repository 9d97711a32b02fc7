"""From text to vectors: the shipped static encoder, or any sentence-transformers model in its place.

The static encoder runs on tokenizers and numpy alone; sentence-transformers takes seconds to import and is used
for other models only.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.dutch import technical
from corpus.errors import EncoderError

SHIPPED = "vraagbaak-static"
MODEL_FOLDER = Path(__file__).parent / "model"
WEIGHTS = "embedding.weight"
# Texts pooled at a time: their gathered rows (150 tokens of 1 kB each) should stay in the processor's cache.
BATCH = 64


class Encoder(Protocol):
    """Turns texts into unit vectors. `id` and `digest` are recorded in the manifest of what it encoded."""

    @property
    def id(self) -> str:
        """Return the name that loads it."""

    @property
    def digest(self) -> str:
        """Return sha256 over the model's files: the same digest gives the same vectors."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    @property
    def max_tokens(self) -> int | None:
        """Return how many tokens of a text count; None: all."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Return unit rows, shape (len(texts), dimension); `query` tells questions from passages.

        A text without a letter or digit may give a zero row.
        """


class StaticEncoder:
    """The mean of a text's subword vectors, at unit length."""

    max_tokens: int | None = None

    def __init__(self, folder: Path, name: str) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self.id = name
        self.digest = _digest(folder)
        weights = _static_part(folder) or folder
        try:
            self._rows = load_file(weights / "model.safetensors")[WEIGHTS].astype(np.float32)
            self._tokenizer: Any = Tokenizer.from_file(str(weights / "tokenizer.json"))
        except Exception as error:  # tokenizers raises bare Exception on a broken file
            raise EncoderError(
                f"De encoder in {folder} is niet te lezen ({technical(error)}). Zet de map terug zoals die was."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        if self._tokenizer.get_vocab_size() != len(self._rows):
            raise EncoderError(
                f"De encoder in {folder} heeft {self._tokenizer.get_vocab_size()} tokens en {len(self._rows)} "
                "vectoren. Neem tokenizer.json en model.safetensors van dezelfde training."
            )

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._rows.shape[1])

    @cached_property
    def token_norms(self) -> NDArray[np.float32]:
        """Return the length of each token's vector before it was made a unit: how much the token weighs; shape (V,)."""
        return _lengths(self._rows)[:, 0]

    @cached_property
    def token_vectors(self) -> NDArray[np.float32]:
        """Return a unit row per token, shape (V, dimension); padding and unknown are zero rows."""
        return self._rows / _lengths(self._rows)

    def token_ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return each text's tokens in order, as rows of token_vectors."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Return unit rows; questions and passages alike. A text without a known token gives a zero row."""
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), BATCH):
            self._pool(self.token_ids(texts[start : start + BATCH]), vectors[start : start + BATCH])
        vectors /= _lengths(vectors)
        return vectors

    def encode_tokens(self, ids: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the rows that encode gives, for texts whose tokens are at hand; tokenising is most of the work."""
        vectors = np.zeros((len(ids), self.dimension), np.float32)
        self._pool(ids, vectors)
        vectors /= _lengths(vectors)
        return vectors

    def _pool(self, ids: Sequence[NDArray[np.int64]], out: NDArray[np.float32]) -> None:
        """Write the sum of each text's vectors; the mean differs in length only."""
        for row, tokens in enumerate(ids):
            if len(tokens):
                out[row] = self._rows[tokens].sum(0)


def _lengths(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each row's length, shape (n, 1), never quite zero."""
    lengths: NDArray[np.float32] = np.sqrt(np.einsum("nd,nd->n", rows, rows))[:, None]
    return np.maximum(lengths, np.float32(1e-9))


class SentenceTransformerEncoder:
    """Any other sentence-transformers model, with its own prompts for questions and passages where it has them."""

    def __init__(self, folder: Path, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        self.id = name
        self.digest = _digest(folder)
        try:
            self._model: Any = SentenceTransformer(str(folder), local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise EncoderError(
                f"{folder} is geen sentence-transformers-model ({technical(error)}). Kies een ander."
            ) from error
        limit = self._model.max_seq_length
        self.max_tokens: int | None = int(limit) if limit and limit != float("inf") else None

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Return unit rows, shape (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        encode = self._model.encode_query if query else self._model.encode_document
        rows = encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(rows, dtype=np.float32)


def load_encoder(name_or_path: str | None = None) -> Encoder:
    """Return the shipped encoder, or the sentence-transformers model with this folder or cached hub name.

    Raises EncoderError when there is no such model on this machine.
    """
    if name_or_path in (None, SHIPPED):
        return _shipped()
    name = str(name_or_path)
    folder = _folder_of(name)
    if _static_part(folder) is not None:
        return StaticEncoder(folder, name)
    return SentenceTransformerEncoder(folder, name)


@lru_cache(maxsize=1)
def _shipped() -> StaticEncoder:
    return StaticEncoder(MODEL_FOLDER, SHIPPED)


def _folder_of(name: str) -> Path:
    # The network is used only where the operator set HF_HUB_OFFLINE=0; without this, a missing model retries for 46 s.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    return Path(name) if Path(name).is_dir() else _cached(name)


def _cached(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    offline = os.environ["HF_HUB_OFFLINE"] not in ("0", "false", "False", "no", "off", "")
    try:
        return Path(snapshot_download(name, local_files_only=offline))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError) as error:
        raise EncoderError(
            f"Encoder '{name}' is geen map en staat niet op deze computer. Geef de map van een model, zet "
            f"HF_HUB_OFFLINE=0 om het één keer op te halen, of laat 'encoder' weg voor {SHIPPED}."
        ) from error


def _static_part(folder: Path) -> Path | None:
    """Return the folder with weights and tokenizer of a static model; None for any other model."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if kinds not in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]):
        return None
    part = folder / str(modules[0].get("path", ""))
    return part if _has_weights(part / "model.safetensors") else None


def _has_weights(path: Path) -> bool:
    """Tell our layout from other static layouts (model2vec), which sentence-transformers reads for us."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return WEIGHTS.encode() in file.read(4096)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


class Reranker(Protocol):
    """Judges how well passages answer a question, reading both together."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return a score per passage, higher is better; only their order is used."""


class CrossEncoderReranker:
    """A cross-encoder of sentence-transformers."""

    def __init__(self, folder: Path, name: str) -> None:
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(str(folder), local_files_only=True, device="cpu")
        except (OSError, ValueError, KeyError) as error:
            raise EncoderError(
                f"{folder} is geen cross-encoder ({error}). Noem een andere, of laat '{name}' weg."
            ) from error

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return a score per passage."""
        pairs = [(question, passage) for passage in passages]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), np.float32)


def load_reranker(name_or_path: str) -> Reranker | None:
    """Return the cross-encoder with this folder or cached hub name; None for an empty name.

    Raises EncoderError when there is no such model on this machine.
    """
    if not name_or_path:
        return None
    return CrossEncoderReranker(_folder_of(name_or_path), name_or_path)
