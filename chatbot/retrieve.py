"""Find candidate pages for a question and describe each by raw features; rank.py orders them.

Three kinds of evidence: the words of the question (BM25, plain and with the bank's official words), its meaning
(cosine with chunks and pages, late interaction of token vectors), and its topic (the bank's topics, of the question
and of each page). What helped and what did not, with figures: docs/decisions/0004-retrieval.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chatbot.arrays import Floats, Rows, centred, quiet_matmul, softmax
from chatbot.languages import ANSWERED, detect_language
from chatbot.reading import Readings
from chatbot.sentences import Sentences
from chatbot.titles import Titles
from corpus.index.bank import CompiledBank
from corpus.index.generation import Generation, static_encoder
from corpus.index.subwords import Subwords, ranges
from corpus.language.spelling import Speller
from corpus.language.words import analyze
from corpus.sites import Site

CANDIDATES_PER_LIST = 30
# A question of 8,000 characters must not cost more than one of 80: the rarest words stand for it.
MAX_WORDS = 48
MAX_SUBWORDS = 64


@dataclass(frozen=True)
class QuestionView:
    """A question as the index sees it: words, expansions, vector, subwords and topics. `text` has its typos mended."""

    text: str
    words: dict[str, float]
    by_topic: dict[str, float]
    by_concept: dict[str, float]
    vector: Floats
    subwords: Rows
    topics: Floats
    matched: str


@dataclass(frozen=True)
class Candidates:
    """Candidate pages with a feature row each. `chunks` is the best chunk row of each page.

    `similar` has the cosines of the site's subwords (rows) with the question's, `idf` what each of those weighs.
    `nearest` has the mean cosine of the three nearest pages, and that of the nearest chunk.
    """

    pages: Rows
    chunks: Rows
    features: Floats
    names: tuple[str, ...]
    question: QuestionView
    similar: Floats
    idf: Floats
    nearest: Floats


class Retriever:
    """An open generation with everything that features need, computed once."""

    def __init__(self, generation: Generation, bank: CompiledBank, site: Site) -> None:
        self.generation, self.bank = generation, bank
        self.encoder = static_encoder(generation.encoder)
        self._synonyms = [
            (analyze(lay), [w for term in terms for w in analyze(term)]) for lay, terms in site.synonyms.items()
        ]
        owners = generation.store.chunk_pages
        self.page_rows: Rows = np.unique(owners)
        self._starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(owners) else np.zeros(0, np.int64)
        self._ends = np.r_[self._starts[1:], len(owners)] if len(owners) else np.zeros(0, np.int64)
        self._at = {int(row): at for at, row in enumerate(self.page_rows)}

    # ---- what is computed once per generation

    @cached_property
    def vectors(self) -> Floats:
        """Return the chunk vectors in memory, (chunks, d)."""
        return np.array(self.generation.vectors)

    @cached_property
    def page_vectors(self) -> Floats:
        """Return the unit mean vector of each page, (pages, d)."""
        sums = np.add.reduceat(self.vectors, self._starts, axis=0)
        return np.asarray(sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9), np.float32)

    @cached_property
    def _static_page_vectors(self) -> Floats:
        if self.encoder is self.generation.encoder:
            return self.page_vectors
        texts = [
            " ".join(c.text for c in self.generation.store.chunks_of_page(i)) for i in self.generation.store.page_ids
        ]
        return self.encoder.encode(texts)[self.page_rows]

    @cached_property
    def _page_topics(self) -> Floats:
        return 0.6 * self.bank.page_topics(self._static_page_vectors) + 0.4 * self.titles.topics

    @cached_property
    def titles(self) -> Titles:
        """Return the titles of the pages, in the order of page_rows."""
        store = self.generation.store
        texts = [store.page_at(int(row)).title for row in self.page_rows]
        return Titles(texts, self.generation.vocabulary, self.encoder, self.bank)

    @cached_property
    def topic_support(self) -> Floats:
        """Return, for every topic of the bank, how well the best page of the site fits it; (topics,)."""
        return np.asarray(self._page_topics.max(0), np.float32)

    @cached_property
    def _page_topic_views(self) -> tuple[Floats, Floats, Floats]:
        topics = self._page_topics
        return softmax(topics, 20), softmax(topics, 12), centred(topics)

    @cached_property
    def subword_idf(self) -> Floats:
        """Return the idf of every token of the encoder over this site's chunks."""
        size = len(self.encoder.token_vectors)
        seen = self.generation.subwords.document_frequency(size)
        return np.log(1 + len(self.vectors) / (seen + 1)).astype(np.float32)

    def is_subject(self, word: str) -> bool:
        """Tell whether a stem stands in the title of a page."""
        return word in self.titles.subjects

    @cached_property
    def _used_rows(self) -> tuple[Rows, Rows]:
        """Return the tokens that occur on this site, and the row of every token of the encoder among those.

        A site uses a third of the encoder's tokens or fewer, so comparing a question with these alone saves most of
        the time of late interaction. Tokens that do not occur share a last row, of zeros.
        """
        used = np.union1d(self.generation.subwords.ids, self.generation.titles.ids).astype(np.int64)
        row_of = np.full(len(self.encoder.token_vectors), len(used), np.int64)
        row_of[used] = np.arange(len(used))
        return used, row_of

    @cached_property
    def _used_subwords(self) -> tuple[Floats, Subwords, Subwords]:
        """Return the vectors of the tokens that occur on this site, and chunks and titles as rows of those."""
        used, row_of = self._used_rows
        vectors = np.concatenate([self.encoder.token_vectors[used], np.zeros((1, self.encoder.dimension), np.float32)])
        rows = row_of.astype(np.int32)
        chunks, titles = self.generation.subwords, self.generation.titles
        return vectors, Subwords(rows[chunks.ids], chunks.bounds), Subwords(rows[titles.ids], titles.bounds)

    @cached_property
    def _sentences(self) -> Sentences:
        return Sentences(self.readings, self.generation.store.page_ids, self._used_rows[1])

    @cached_property
    def readings(self) -> Readings:
        """Return the reader of whole pages."""
        return Readings(self.generation, self.encoder)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(self.generation.vocabulary, self.bank.common_words, self.bank.dictionary)

    # ---- one question

    def view(self, text: str) -> QuestionView:
        """Describe a question: its words, what the bank makes of them, its vector and its topics."""
        text = self.mend(text)
        stems = self.generation.vocabulary.analyze(text)
        lexical = self.generation.lexical
        rarest = sorted(dict.fromkeys(stems), key=lambda word: -lexical.idf(word))[:MAX_WORDS]
        words = dict.fromkeys(rarest, 1.0)
        said = sorted(dict.fromkeys(analyze(text)), key=lambda word: -self.bank.topics.phrases.idf(word))[:MAX_WORDS]
        topics, concepts = self.bank.topics.match(said), self.bank.concepts.match(said)
        by_concept = self.bank.concepts.expand(concepts) | self._editor_words(set(said))
        own, theirs = self.encoder.encode([text]), self.generation.encoder
        vector = own[0] if self.encoder is theirs else theirs.encode([text], query=True)[0]
        subwords = self.encoder.token_ids([text])[0]
        if len(subwords) > MAX_SUBWORDS:
            subwords = subwords[np.argsort(-self.subword_idf[subwords], kind="stable")[:MAX_SUBWORDS]]
        names = [self.bank.topics.names[entry] for entry in list(topics)[:2]]
        names += [self.bank.concepts.names[entry] for entry in list(concepts)[:2]]
        scores = self.bank.question_topics(own)[0]
        return QuestionView(
            text,
            words,
            self.bank.topics.expand(topics),
            by_concept,
            vector,
            np.asarray(subwords, np.int64),
            scores,
            ", ".join(names),
        )

    def mend(self, text: str) -> str:
        """Return a question with its typos mended, if it is in a language that is answered."""
        language = detect_language(text)
        return self._speller.mend_text(text, language) if language in ANSWERED else text

    def topic_scores(self, text: str) -> Floats:
        """Return how near a question is to every topic of the bank; (topics,)."""
        return np.asarray(self.bank.question_topics(self.encoder.encode([self.mend(text)]))[0], np.float32)

    def official_words(self, text: str) -> dict[str, float]:
        """Return the official words that the bank's topics and concepts expect in an answer, with weights."""
        said = list(dict.fromkeys(analyze(text)))[:MAX_WORDS]
        by_topic = self.bank.topics.expand(self.bank.topics.match(said))
        by_concept = self.bank.concepts.expand(self.bank.concepts.match(said))
        return {
            word: by_topic.get(word, 0.0) + by_concept.get(word, 0.0) for word in by_topic.keys() | by_concept.keys()
        }

    def _editor_words(self, said: Collection[str]) -> dict[str, float]:
        """Return the official words of the site file's synonym table that the question calls for."""
        found = [terms for lay, terms in self._synonyms if lay and all(word in said for word in lay)]
        return {word: 1.0 for terms in found for word in terms}

    @quiet_matmul
    def candidates(self, text: str) -> Candidates:
        """Return the pages worth ranking, some hundred at most, each with its features."""
        question = self.view(text)
        if not len(self._starts):
            empty = np.zeros(0, np.int64)
            none = np.zeros((0, 0), np.float32)
            return Candidates(empty, empty, none, (), question, none, np.zeros(0, np.float32), np.zeros(2, np.float32))
        lexical = self.generation.lexical
        plain_chunks, dense_chunks = lexical.scores(question.words), self.vectors @ question.vector
        plain, dense = self._per_page(plain_chunks), self._per_page(dense_chunks)
        topic = self._per_page(lexical.scores(question.by_topic))
        concept = self._per_page(lexical.scores(question.by_concept))
        page = self.page_vectors @ question.vector
        nearest = nearest_of(page[None, :], dense_chunks[None, :])[0]
        lists = (plain, topic, concept, dense, page)
        pages = np.unique(
            np.concatenate([_top(scores, CANDIDATES_PER_LIST) for scores in lists] + [self._nearest(question)])
        )
        similar, idf = self._compare_subwords(question)
        late, chunk_late = self._late_interaction(question, pages, similar, idf)
        columns = _relative(plain, topic, concept, dense, page, pages)
        columns |= self._word_shares(question, plain, pages)
        columns |= {f"late_{name}": values for name, values in late.items()}
        columns |= {f"late_{name}_gap": values - values.max() for name, values in late.items()}
        columns |= self._topic_agreement(question, pages)
        columns |= self.titles.topic_features(question.topics, pages) | self.titles.aspect_features(
            question.text, pages
        )
        fits = plain_chunks / (plain_chunks.max() + 1e-9) + dense_chunks
        chunks = self._best_chunks(pages, fits, chunk_late)
        features = np.stack([np.asarray(values, np.float32) for values in columns.values()], axis=1)
        return Candidates(self.page_rows[pages], chunks, features, tuple(columns), question, similar, idf, nearest)

    def best_sentences(self, candidates: Candidates, places: Rows) -> Floats:
        """Return, for some of the candidates, how much of the question their best sentence says by itself, 0..1."""
        if not len(candidates.idf):
            return np.zeros(len(places), np.float32)
        pages = candidates.pages[places]
        covers = [self._sentences.cover(int(page), candidates.similar, candidates.idf) for page in pages]
        return np.array(covers, np.float32)

    def _per_page(self, scores: Floats) -> Floats:
        return np.maximum.reduceat(scores, self._starts)

    def _nearest(self, question: QuestionView) -> Rows:
        """Return pages of the nearest chunks by the vector index."""
        rows = self.generation.nearest.nearest(question.vector, CANDIDATES_PER_LIST)
        owners = self.generation.store.chunk_pages[rows]
        return np.array([self._at[int(row)] for row in owners], np.int64)

    def _word_shares(self, question: QuestionView, plain: Floats, pages: Rows) -> dict[str, Floats]:
        """Return how much of what the question's words could score is scored, and the share of unknown words."""
        idf = {word: self.generation.lexical.idf(word) for word in question.words}
        reach = sum(value for word, value in idf.items() if word in self.generation.lexical) + 1e-6
        unknown = float(np.mean([word not in self.generation.lexical for word in idf])) if idf else 1.0
        return {
            "plain_of_reach": plain[pages] / reach,
            "plain_known": plain[pages] / (plain.max() + 1e-9) * (1 - unknown),
            **self.titles.word_features(idf, pages),
        }

    def _compare_subwords(self, question: QuestionView) -> tuple[Floats, Floats]:
        """Return the cosines of the site's subwords with the question's, and what each of those weighs by its idf."""
        by_idf = self.subword_idf[question.subwords]
        similar = self._used_subwords[0] @ self.encoder.token_vectors[question.subwords].T
        return similar, by_idf / (by_idf.sum() + 1e-9)

    def _late_interaction(
        self, question: QuestionView, pages: Rows, similar: Floats, by_idf: Floats
    ) -> tuple[dict[str, Floats], Floats]:
        """Sum, over the question's subwords, the best cosine among a chunk's, a page's and a title's subwords.

        Also returns the score of every chunk of those pages, in order.
        """
        zero = np.zeros(len(pages), np.float32)
        rows = ranges(self._starts[pages], self._ends[pages] - self._starts[pages])
        if not len(question.subwords):
            return {"chunk": zero, "page": zero, "page_norm": zero, "title": zero}, np.zeros(len(rows), np.float32)
        _, chunk_subwords, title_subwords = self._used_subwords
        by_norm = self.encoder.token_norms[question.subwords]
        by_norm = by_norm / (by_norm.sum() + 1e-9)
        ids, lengths = chunk_subwords.gather(rows)
        best = _segment_max(similar[ids], lengths)
        starts = np.r_[0, np.cumsum(self._ends[pages] - self._starts[pages])[:-1]]
        page_best = np.maximum.reduceat(best, starts, axis=0)
        title_ids, title_lengths = title_subwords.gather(self.page_rows[pages])
        title_best = _segment_max(similar[title_ids], title_lengths)
        chunk = best @ by_idf
        late = {
            "chunk": np.maximum.reduceat(chunk, starts),
            "page": page_best @ by_idf,
            "page_norm": page_best @ by_norm,
            "title": title_best @ by_idf,
        }
        return late, chunk

    def _topic_agreement(self, question: QuestionView, pages: Rows) -> dict[str, Floats]:
        """Compare the question's topics with each page's: as log dot products and as correlation."""
        sharp, soft, centre = self._page_topic_views
        scores = question.topics[None, :]
        agree = {
            "topic_sharp": np.log(1e-4 + sharp[pages] @ softmax(scores, 20)[0]),
            "topic_soft": np.log(1e-4 + soft[pages] @ softmax(scores, 40)[0]),
            "topic_correlation": centre[pages] @ centred(scores)[0],
        }
        return agree | {f"{name}_gap": values - values.max() for name, values in agree.items()}

    def _best_chunks(self, pages: Rows, fits: Floats, late: Floats) -> Rows:
        """Return the chunk of each page that fits best: words, meaning and late interaction, each on its own scale.

        `fits` has words and meaning for every chunk of the site, `late` the rest for those of the pages alone.
        """
        lengths = self._ends[pages] - self._starts[pages]
        rows = ranges(self._starts[pages], lengths)
        fits, begins = fits[rows] + late, np.r_[0, np.cumsum(lengths)[:-1]]
        best = np.flatnonzero(fits == np.repeat(np.maximum.reduceat(fits, begins), lengths))
        return np.asarray(rows[best[np.searchsorted(best, begins)]], np.int64)


def _top(scores: Floats, count: int) -> Rows:
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(-scores, count)[:count]


def nearest_of(pages: Floats, chunks: Floats) -> Floats:
    """Return the mean of the three best cosines with pages, and the best with a chunk; rows are questions."""
    best = np.sort(pages, axis=1)[:, -3:]
    return np.stack([best.mean(1), chunks.max(1)], axis=1).astype(np.float32)


def _segment_max(values: Floats, lengths: Rows) -> Floats:
    """Take the maximum over consecutive runs of rows; an empty run gives 0."""
    out = np.zeros((len(lengths), values.shape[1]), np.float32)
    filled = np.flatnonzero(lengths)
    if len(filled):
        starts = np.r_[0, np.cumsum(lengths)[:-1]][filled]
        out[filled] = np.maximum.reduceat(values, starts, axis=0)
    return out


def _relative(
    plain: Floats, topic: Floats, concept: Floats, dense: Floats, page: Floats, pages: Rows
) -> dict[str, Floats]:
    """Return each score relative to the best page and to the spread over all pages."""

    def to_best(scores: Floats) -> Floats:
        return np.asarray(scores[pages] / (scores.max() + 1e-9))

    def standard(scores: Floats) -> Floats:
        return np.asarray((scores[pages] - scores.mean()) / (scores.std() + 1e-9))

    return {
        "plain": to_best(plain),
        "by_topic": to_best(topic),
        "by_concept": to_best(concept),
        "plain_z": standard(plain),
        "by_topic_z": standard(topic),
        "by_concept_z": standard(concept),
        "dense": dense[pages],
        "dense_z": standard(dense),
        "dense_gap": dense[pages] - dense.max(),
        "page": page[pages],
        "page_z": standard(page),
        "plain_and_dense": to_best(plain) * standard(dense) / 6,
    }
