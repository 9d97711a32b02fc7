"""Search a question within its conversation: alone, and with what was said before, as much as it leans on that.

How much a question leans on what was said is a small logistic model of its wording and of what the searches find;
weights stand in follow_up.json, `python -m evals.fit_follow_up` makes them (docs/decisions/0008-follow-ups.md).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from chatbot.rank import Ranker
from chatbot.records import Hit
from chatbot.rephrase import FORM_NAMES, WEIGHTS, Conversation, form_features, read_form
from chatbot.search import Found, find
from chatbot.services import OpenIndex

DEPTH = 20
NAMES = (*FORM_NAMES, "choice", "presence", "top_share", "said_on_page", "nothing_on_page", "same_page")


@dataclass(frozen=True)
class Weights:
    """How much each search counts for a question that leans; logistic weights of leaning, and of the choice of page."""

    said_twice: float
    with_all: float
    before: float
    lean: tuple[float, ...]
    intercept: float
    choice: tuple[float, ...]


@dataclass(frozen=True)
class Searches:
    """The four searches of a follow-up: alone, with what was said (once, and twice), and what was said alone.

    Said twice, it holds its own against a long follow-up that has many words of another page.
    """

    alone: Found
    said_twice: Found
    with_all: Found
    before: Found


@dataclass(frozen=True)
class FollowUp:
    """What was found, the text to read the page with, and how much the question leans on the conversation, 0..1."""

    found: Found
    standalone: str
    leans: float


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Read the weights."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    lean = tuple(data["lean"][name] for name in NAMES)
    return Weights(**data["mixture"], lean=lean, intercept=data["intercept"], choice=tuple(data["choice"]))


def find_in_conversation(
    text: str, conversation: Conversation, index: OpenIndex, ranker: Ranker, today: date, k: int
) -> FollowUp:
    """Return the best k pages for a question in its conversation."""
    if not conversation.topic:
        return FollowUp(find(text, index, ranker, today, k), text, 0.0)
    weights = load_weights()
    searches = search_all_ways(text, conversation, index, ranker, today)
    features = lean_features(text, searches, index)
    lean = leaning(np.dot(weights.lean, features) + weights.intercept)
    scores = mix(searches, lean, weights)
    hits = _merge(searches, scores)[:k]
    inside, outside = searches.with_all.confidence.presence, searches.alone.confidence.presence
    presence = lean * inside + (1 - lean) * outside
    judged = index.judge.rejudge(presence, np.array([hit.score for hit in hits], np.float32), weights.choice)
    standalone = f"{conversation.topic} {text}" if lean >= 0.5 else text
    topics = searches.alone.topics if standalone == text else index.retriever.topic_scores(standalone)
    return FollowUp(Found(hits, judged, topics), standalone, lean)


def search_all_ways(text: str, conversation: Conversation, index: OpenIndex, ranker: Ranker, today: date) -> Searches:
    """Run the four searches; equal texts are searched once."""
    texts = (text, f"{conversation.said} {conversation.said} {text}", f"{conversation.said} {text}", conversation.said)
    found = {wanted: find(wanted, index, ranker, today, DEPTH) for wanted in dict.fromkeys(texts)}
    return Searches(*(found[wanted] for wanted in texts))


def leaning(log_odds: float) -> float:
    """Return the chance that a question leans on its conversation."""
    return float(1 / (1 + np.exp(-log_odds)))


def lean_features(text: str, searches: Searches, index: OpenIndex) -> list[float]:
    """Describe a question in its conversation; in the order of NAMES."""
    form = read_form(text)
    alone, before = searches.alone.hits, searches.before.hits
    said = _said_on(before[0], form.own, index) if before else 0.0
    return [
        *form_features(form, index.retriever.is_subject),
        searches.alone.confidence.choice,
        searches.alone.confidence.presence,
        max(log_shares(alone).values(), default=0.0),
        said,
        float(bool(form.own) and said == 0.0),
        float(bool(alone and before) and alone[0].page.id == before[0].page.id),
    ]


def _said_on(hit: Hit, words: tuple[str, ...], index: OpenIndex) -> float:
    """Return the idf share of a question's own words that stand on the page of the conversation so far."""
    generation = index.generation
    idf = {word: generation.lexical.idf(word) for word in words}
    chunks = index.retriever.readings.of(hit.page.id).chunks
    there = {word for chunk in chunks for word in generation.vocabulary.analyze(chunk.text)}
    return sum(value for word, value in idf.items() if word in there) / (sum(idf.values()) + 1e-6)


def mix(searches: Searches, lean: float, weights: Weights) -> dict[str, float]:
    """Return a score per page: its log shares in the four searches, weighed by how much the question leans."""
    parts = (
        (1 - lean, searches.alone),
        (lean * weights.said_twice, searches.said_twice),
        (lean * weights.with_all, searches.with_all),
        (lean * weights.before, searches.before),
    )
    shares = [(weight, log_shares(found.hits)) for weight, found in parts]
    pages = dict.fromkeys(page for _, share in shares for page in share)
    return {
        page: sum(weight * share.get(page, min(share.values(), default=0.0) - 1) for weight, share in shares)
        for page in pages
    }


def log_shares(hits: list[Hit]) -> dict[str, float]:
    """Return the log softmax of the hits' scores, by page."""
    if not hits:
        return {}
    scores = np.array([hit.score for hit in hits])
    total = float(np.log(np.exp(scores - scores.max()).sum()) + scores.max())
    return {hit.page.id: hit.score - total for hit in hits}


def _merge(searches: Searches, scores: Mapping[str, float]) -> list[Hit]:
    """Return each page's hit of the first search that has it, by the mixed scores."""
    ordered = (searches.with_all, searches.alone, searches.said_twice, searches.before)
    hits: dict[str, Hit] = {}
    for found in ordered:
        for hit in found.hits:
            hits.setdefault(hit.page.id, hit)
    weighed = [hit.model_copy(update={"score": round(scores[page], 4)}) for page, hit in hits.items()]
    return sorted(weighed, key=lambda hit: -hit.score)
