"""How well an encoder alone finds the page: `python -m corpus.training.dev_check --pages FILE QUESTIONS…`.

Pages are JSON lines with id and text, questions JSON lines with question and gold (ids of pages). Titles stay out:
where the title is the editor's question, it would give the answer away.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.language.encoder import Encoder, load_encoder

CHUNK_WORDS = 110


def rank_of_gold(
    encoder: Encoder, pages: Sequence[Mapping[str, Any]], questions: Sequence[Mapping[str, Any]]
) -> NDArray[np.int64]:
    """Return for each question how many pages are ranked above its best gold page; -1 where no gold page is given."""
    chunks: list[str] = []
    starts: list[int] = []
    for page in pages:
        starts.append(len(chunks))
        words = str(page["text"]).split()
        chunks += [" ".join(words[at : at + CHUNK_WORDS]) for at in range(0, max(1, len(words)), CHUNK_WORDS)]
    scores = page_scores(
        encoder.encode(chunks), np.array(starts), encoder.encode([q["question"] for q in questions], query=True)
    )
    rows = {page["id"]: row for row, page in enumerate(pages)}
    ranks = np.full(len(questions), -1, np.int64)
    for number, question in enumerate(questions):
        gold = [rows[page_id] for page_id in question["gold"] if page_id in rows]
        if gold:
            ranks[number] = int((scores[:, number] > scores[gold, number].max()).sum())
    return ranks


def page_scores(
    chunks: NDArray[np.float32], starts: NDArray[np.int64], questions: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return page × question: the best chunk, each chunk moved towards the mean of its page."""
    sizes = np.diff(np.append(starts, len(chunks)))
    means = np.add.reduceat(chunks, starts, axis=0) / sizes[:, None]
    moved = chunks + np.repeat(means, sizes, axis=0)
    moved /= np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.asarray(np.maximum.reduceat(moved @ questions.T, starts, axis=0), dtype=np.float32)


def figures(ranks: NDArray[np.int64]) -> dict[str, float]:
    """Return R@1, R@5 and MRR over the questions that have a gold page."""
    found = ranks[ranks >= 0]
    return {
        "n": len(found),
        "R@1": round(float((found < 1).mean()), 3),
        "R@5": round(float((found < 5).mean()), 3),
        "MRR": round(float((1 / (found + 1)).mean()), 3),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print figures as JSON lines; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m corpus.training.dev_check")
    parser.add_argument("--encoder", help="folder or cached name; default: the shipped one")
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("questions", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    encoder, pages = load_encoder(options.encoder), read_lines(options.pages)
    for path in options.questions:
        result = figures(rank_of_gold(encoder, pages, read_lines(path)))
        sys.stdout.write(json.dumps({"set": path.stem, "encoder": encoder.id, **result}) + "\n")
    return 0


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
