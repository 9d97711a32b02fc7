"""ingest.embed: no text is embedded twice by the same encoder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.embed import embed, forget


class Counting:
    """An encoder that counts what it encodes; a vector is the length of the text."""

    id = "counting"
    dimension = 2
    max_tokens: int | None = None

    def __init__(self, digest: str = "d1") -> None:
        self.digest = digest
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.encoded += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_embed_encodes_a_text_once(tmp_path: Path) -> None:
    encoder = Counting()
    first, missed = embed(["a", "bb", "a"], encoder, tmp_path, "b1")
    assert (first.tolist(), missed) == ([[1, 1], [2, 1], [1, 1]], 2)
    again, missed = embed(["bb", "ccc"], encoder, tmp_path, "b2")
    assert (again.tolist(), missed) == ([[2, 1], [3, 1]], 1)
    assert sorted(encoder.encoded) == ["a", "bb", "ccc"]


def test_embed_encodes_anew_with_another_encoder(tmp_path: Path) -> None:
    embed(["a"], Counting("d1"), tmp_path, "b1")
    assert embed(["a"], Counting("d2"), tmp_path, "b1")[1] == 1


def test_forget_keeps_what_some_builds_used(tmp_path: Path) -> None:
    encoder = Counting()
    embed(["oud", "beide"], encoder, tmp_path, "b1")
    embed(["beide", "nieuw"], encoder, tmp_path, "b2")
    assert forget(tmp_path, ["b2"]) == 1
    assert embed(["oud", "beide", "nieuw"], encoder, tmp_path, "b3")[1] == 1


def test_embed_makes_a_damaged_cache_anew(tmp_path: Path) -> None:
    (tmp_path / "embeddings.sqlite").write_bytes(b"this is no database" * 100)
    assert embed(["a"], Counting(), tmp_path, "b1")[1] == 1


def test_embed_tells_how_far_it_is(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    embed([str(n) for n in range(3000)], Counting(), tmp_path, "b1", lambda done, known: seen.append((done, known)))
    assert seen == [(2048, 3000), (3000, 3000)]


def test_embed_of_nothing_is_empty(tmp_path: Path) -> None:
    assert embed([], Counting(), tmp_path, "b1")[0].shape == (0, 2)
