"""Write the encoder as a sentence-transformers folder, without sentence-transformers."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.training.tokenizer import compact_json

MODULES = (
    ("", "sentence_transformers.models.StaticEmbedding"),
    ("1_Normalize", "sentence_transformers.models.Normalize"),
)
CONFIG = {
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def write_model(folder: Path, tokenizer: Any, vectors: NDArray[np.float32]) -> None:
    """Write weights (half precision), tokenizer and the two files that name the modules."""
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(save({"embedding.weight": vectors.astype(np.float16)}))
    (folder / "tokenizer.json").write_text(compact_json(tokenizer), encoding="utf-8")
    modules = [{"idx": i, "name": str(i), "path": path, "type": kind} for i, (path, kind) in enumerate(MODULES)]
    _write_json(folder / "modules.json", modules)
    _write_json(folder / "config_sentence_transformers.json", CONFIG)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
