"""What the titles of a site's pages say, computed once per generation; compared with a question as features."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from chatbot.arrays import Floats, Rows, centred, softmax
from chatbot.aspects import read_aspects
from corpus.index.bank import CompiledBank
from corpus.language.encoder import StaticEncoder
from corpus.language.vocabulary import Vocabulary


class Titles:
    """The titles of all pages, in the order of the retriever's pages."""

    def __init__(
        self, titles: Sequence[str], vocabulary: Vocabulary, encoder: StaticEncoder, bank: CompiledBank
    ) -> None:
        self.titles = list(titles)
        self._vocabulary, self._encoder, self._bank = vocabulary, encoder, bank

    @cached_property
    def words(self) -> list[list[str]]:
        """Return the stems of each title."""
        return [self._vocabulary.analyze(title) for title in self.titles]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Return every stem that stands in a title."""
        return frozenset(word for words in self.words for word in words)

    @cached_property
    def topics(self) -> Floats:
        """Return how well each title fits each topic of the bank; (pages, topics)."""
        return self._bank.question_topics(self._encoder.encode(self.titles))

    @cached_property
    def topic_views(self) -> tuple[Floats, Floats]:
        """Return the topics as shares, and centred at unit length."""
        return softmax(self.topics, 20), centred(self.topics)

    @cached_property
    def _kinds(self) -> list[frozenset[str]]:
        return [read_aspects(title).kinds for title in self.titles]

    def word_features(self, idf: Mapping[str, float], pages: Rows) -> dict[str, Floats]:
        """Return how much of the question a title says, and how much of the title the question says."""
        total = sum(idf.values()) + 1e-6
        titles = [set(self.words[int(at)]) for at in pages]
        recall = np.array([sum(idf[word] for word in title & idf.keys()) / total for title in titles], np.float32)
        precision = np.array([len(title & idf.keys()) / (len(title) + 0.5) for title in titles], np.float32)
        return {"title_recall": recall, "title_precision": precision}

    def aspect_features(self, question: str, pages: Rows) -> dict[str, Floats]:
        """Compare what is asked (an amount, a term, a place …) with what the titles promise.

        Most titles promise nothing of the kind, and then all three are 0 but for a question's own.
        """
        asked = read_aspects(question).kinds
        promised = [self._kinds[int(at)] for at in pages]
        return {
            "aspect_shared": np.array([len(asked & kinds) for kinds in promised], np.float32),
            "aspect_of_title": np.array([len(kinds - asked) if asked else 0 for kinds in promised], np.float32),
            "aspect_of_question": np.array([len(asked - kinds) if kinds else 0 for kinds in promised], np.float32),
        }

    def topic_features(self, question: Floats, pages: Rows) -> dict[str, Floats]:
        """Compare the question's topics with each title's; `question` has shape (topics,)."""
        shares, centre = self.topic_views
        agree = {
            "title_topic": np.log(1e-4 + shares[pages] @ softmax(question[None, :], 20)[0]),
            "title_topic_correlation": centre[pages] @ centred(question[None, :])[0],
        }
        return agree | {f"{name}_gap": values - values.max() for name, values in agree.items()}
