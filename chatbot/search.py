"""From a question to hits: candidate pages, ranked, weighed, one best chunk per page, duplicates collapsed."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from chatbot.arrays import Floats
from chatbot.confidence import Confidence
from chatbot.freshness import handicap
from chatbot.languages import detect_language
from chatbot.rank import Ranker
from chatbot.records import Hit
from chatbot.rerank import RERANKED, rerank
from chatbot.retrieve import Candidates
from chatbot.services import OpenIndex, Services
from corpus.records import Chunk, Page

MAX_HITS = 50
# The handicaps together are under 7 log odds; a page below this rank is further behind than that (dev: rank 30 at -9).
WEIGHED = 30


@dataclass(frozen=True)
class Found:
    """What a search gave: hits, best page first, how sure we are of them, and how near each topic of the bank is."""

    hits: list[Hit]
    confidence: Confidence
    topics: Floats


def search(text: str, services: Services, k: int = 10) -> list[Hit]:
    """Return the best chunk of each of the k best pages."""
    return find(text, services.index, services.ranker, services.now().date(), k).hits


def find(text: str, index: OpenIndex, ranker: Ranker, today: date, k: int) -> Found:
    """Return the best k pages on a day, and the confidence that goes with them."""
    candidates = index.retriever.candidates(text)
    scores = weigh(text, candidates, ranker, index, today)
    confidence = index.judge.judge(candidates, scores)
    hits = _hits(candidates, scores, index, max(min(k, MAX_HITS), RERANKED if index.reranker else 0))
    hits = (rerank(text, hits, index.reranker) if index.reranker else hits)[:k]
    return Found(hits, confidence, candidates.question.topics)


def weigh(text: str, candidates: Candidates, ranker: Ranker, index: OpenIndex, today: date) -> Floats:
    """Return the ranker's scores, the best ones with the handicaps of pages of another year, kind, case or language."""
    language = detect_language(text)
    scores = ranker.rank(candidates, index.retriever)
    weighed = scores.copy()
    for at in np.argsort(-scores, kind="stable")[:WEIGHED]:
        page = index.generation.store.page_at(int(candidates.pages[at]))
        weighed[at] -= handicap(page, text, today, language)
    return weighed


def _hits(candidates: Candidates, scores: Floats, index: OpenIndex, k: int) -> list[Hit]:
    store = index.generation.store
    hits: list[Hit] = []
    seen: set[str] = set()
    for at in sorted(range(len(scores)), key=lambda i: (-scores[i], candidates.pages[i])):
        if len(hits) == k:
            break
        page, chunk = store.page_at(int(candidates.pages[at])), store.chunk(int(candidates.chunks[at]))
        key = fingerprint(page, chunk)
        if key in seen:
            continue
        seen.add(key)
        features = np.round(candidates.features[at].astype(np.float64), 4).tolist()
        parts: dict[str, float | str] = dict(zip(candidates.names, features, strict=True))
        parts["bank_match"] = candidates.question.matched
        hits.append(Hit(chunk=chunk, page=page, score=round(float(scores[at]), 4), parts=parts))
    return hits


def fingerprint(page: Page, chunk: Chunk) -> str:
    """Return what two copies of a page at two addresses share: title and the words of the passage."""
    return " ".join(f"{page.title} {chunk.text}".casefold().split())
