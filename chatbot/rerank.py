"""Put the best pages in the order of a cross-encoder, where the site file names one (`reranker`)."""

import numpy as np

from chatbot.records import Hit
from corpus.language.encoder import Reranker

# A cross-encoder takes some 20 ms a passage on one core; beyond the tenth page nothing is shown.
RERANKED = 10


def rerank(question: str, hits: list[Hit], reranker: Reranker) -> list[Hit]:
    """Return the hits with the best ten in the reranker's order.

    The scores stay where they were: they are what confidence was fitted on, and a cross-encoder's have another scale.
    """
    best, rest = hits[:RERANKED], hits[RERANKED:]
    if len(best) < 2:
        return hits
    passages = [". ".join([hit.page.title, *hit.chunk.heading_path[1:], hit.chunk.text]) for hit in best]
    order = np.argsort(-reranker.scores(question, passages), kind="stable")
    moved = [best[int(at)].model_copy(update={"score": hit.score}) for at, hit in zip(order, best, strict=True)]
    return [*moved, *rest]
