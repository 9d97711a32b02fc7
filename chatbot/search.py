"""From a question to hits: candidate pages, ranked, one best chunk per page, duplicates collapsed."""

from chatbot.confidence import Confidence
from chatbot.rank import Ranker
from chatbot.records import Hit
from chatbot.services import OpenIndex, Services
from corpus.records import Chunk, Page

MAX_HITS = 50


def search(text: str, services: Services, k: int = 10) -> list[Hit]:
    """Return the best chunk of each of the k best pages."""
    return find(text, services.index, services.ranker, k)[0]


def find(text: str, index: OpenIndex, ranker: Ranker, k: int) -> tuple[list[Hit], Confidence]:
    """Return hits, best page first, and how sure we are of them."""
    candidates = index.retriever.candidates(text)
    scores = ranker.scores(candidates)
    confidence = index.judge.judge(candidates.question, scores)
    store = index.generation.store
    hits: list[Hit] = []
    seen: set[str] = set()
    for at in sorted(range(len(scores)), key=lambda i: (-scores[i], candidates.pages[i])):
        page, chunk = store.page_at(int(candidates.pages[at])), store.chunk(int(candidates.chunks[at]))
        key = fingerprint(page, chunk)
        if key in seen:
            continue
        seen.add(key)
        parts: dict[str, float | str] = {
            name: round(float(value), 4) for name, value in zip(candidates.names, candidates.features[at], strict=True)
        }
        parts["bank_match"] = candidates.question.matched
        hits.append(Hit(chunk=chunk, page=page, score=round(float(scores[at]), 4), parts=parts))
        if len(hits) == min(k, MAX_HITS):
            break
    return hits, confidence


def fingerprint(page: Page, chunk: Chunk) -> str:
    """Return what two copies of a page at two addresses share: title and the words of the passage."""
    return " ".join(f"{page.title} {chunk.text}".casefold().split())
