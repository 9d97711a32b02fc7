"""Pages as units, words, tokens and vectors: what choosing an answer needs of a page, read once for many questions."""

from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from chatbot.arrays import Floats, Rows
from chatbot.units import Unit, units_of
from corpus.index.generation import Generation
from corpus.language.encoder import StaticEncoder
from corpus.language.vocabulary import Vocabulary
from corpus.records import Chunk

# Pages kept: 0.16 MB each once one has been answered from (400 national pages of 19 units, 2026-12-01).
MAX_KEPT = 256


class Passages:
    """The passages of a page that have units: as words, tokens and vectors."""

    def __init__(self, chunks: Sequence[Chunk], vocabulary: Vocabulary, encoder: StaticEncoder) -> None:
        texts = [" ".join([*chunk.heading_path, chunk.table_header, chunk.text]) for chunk in chunks]
        self.row_of = {chunk.id: row for row, chunk in enumerate(chunks)}
        self.words = [frozenset(vocabulary.analyze(text)) for text in texts]
        self.tokens = encoder.token_ids(texts)
        self.vectors = encoder.encode_tokens(self.tokens)


class Reading:
    """Some passages of a page, read; every part is made when it is first asked for. Rows are units, in order."""

    def __init__(self, title: str, chunks: Sequence[Chunk], vocabulary: Vocabulary, encoder: StaticEncoder) -> None:
        self.title, self.chunks = title, list(chunks)
        self._vocabulary, self._encoder = vocabulary, encoder

    @cached_property
    def units(self) -> list[Unit]:
        """Return the units in reading order."""
        return units_of(self.chunks)

    @cached_property
    def tokens(self) -> list[Rows]:
        """Return the tokens of each unit."""
        return self._encoder.token_ids([unit.text for unit in self.units])

    @cached_property
    def context_tokens(self) -> list[Rows]:
        """Return the tokens of what stands around each unit."""
        return self._encoder.token_ids([unit.context for unit in self.units])

    @cached_property
    def title_tokens(self) -> Rows:
        """Return the tokens of the page's title."""
        return self._encoder.token_ids([self.title])[0]

    @cached_property
    def vectors(self) -> Floats:
        """Return the unit vectors of the units; (units, d)."""
        return self._encoder.encode_tokens(self.tokens)

    @cached_property
    def context_vectors(self) -> Floats:
        """Return the unit vectors of what stands around each; (units, d)."""
        return self._encoder.encode_tokens(self.context_tokens)

    @cached_property
    def whole_vectors(self) -> Floats:
        """Return the unit vectors of the units with what stands around them; (units, d)."""
        pairs = zip(self.context_tokens, self.tokens, strict=True)
        return self._encoder.encode_tokens([np.concatenate(pair) for pair in pairs])

    @cached_property
    def words(self) -> list[frozenset[str]]:
        """Return the stems of each unit."""
        return [frozenset(self._vocabulary.analyze(unit.text)) for unit in self.units]

    @cached_property
    def context_words(self) -> list[frozenset[str]]:
        """Return the stems of what stands around each unit."""
        return [frozenset(self._vocabulary.analyze(unit.context)) for unit in self.units]

    @cached_property
    def label_words(self) -> list[frozenset[str]]:
        """Return the stems of each row's first cell; nothing for other units."""
        return [frozenset(self._vocabulary.analyze(unit.cells[0]) if unit.cells else ()) for unit in self.units]

    @cached_property
    def passages(self) -> Passages:
        """Return the passages that have units."""
        chunks = list({unit.chunk.id: unit.chunk for unit in self.units}.values())
        return Passages(chunks, self._vocabulary, self._encoder)


class Readings:
    """Reads the pages of a generation; the last few hundred stay in memory."""

    def __init__(self, generation: Generation, encoder: StaticEncoder) -> None:
        self._generation, self._encoder = generation, encoder
        self.of = lru_cache(maxsize=MAX_KEPT)(self._read)

    def _read(self, page_id: str) -> Reading:
        store = self._generation.store
        page = store.page(page_id)
        return self.part(page.title if page else "", store.chunks_of_page(page_id))

    def part(self, title: str, chunks: Sequence[Chunk]) -> Reading:
        """Read some passages of a page."""
        return Reading(title, chunks, self._generation.vocabulary, self._encoder)
