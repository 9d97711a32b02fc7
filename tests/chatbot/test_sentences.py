"""chatbot.sentences and the second look of chatbot.rank: the best sentence of the best few pages."""

import numpy as np

from chatbot.rank import REFINED, refine
from chatbot.services import Services


def test_the_page_with_the_sentence_that_says_it_covers_most(services: Services) -> None:
    retriever = services.index.retriever
    found = retriever.candidates("wat kost een rijbewijs met spoed")
    covers = retriever.best_sentences(found, np.arange(len(found.pages)))
    best = int(found.pages[int(np.argmax(covers))])
    assert retriever.generation.store.page_at(best).title == "Rijbewijs verlengen"
    assert ((covers >= 0) & (covers <= 1.001)).all()


def test_a_question_without_subwords_covers_nothing(services: Services) -> None:
    retriever = services.index.retriever
    found = retriever.candidates("")
    assert not retriever.best_sentences(found, np.arange(len(found.pages))).any()


def test_a_second_look_moves_the_best_few_only() -> None:
    scores = np.arange(REFINED + 2, dtype=np.float32)[::-1].copy()
    refined = refine(scores, lambda best: np.arange(len(best), dtype=np.float32), 10.0)
    assert int(np.argmax(refined)) == REFINED - 1
    assert refined[0] == scores[0]
    assert (refined[REFINED:] == scores[REFINED:]).all()
