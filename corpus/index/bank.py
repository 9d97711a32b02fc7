"""The bank compiled for question time: which topics and concepts a question means, and their official words.

Compiled once per bank and encoder into $VRAAGBAAK_HOME/bank/, opened by every process after that.
"""

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.index.lexical import Lexical, build_lexical
from corpus.language.dictionary import Dictionary, compile_dictionary
from corpus.language.encoder import StaticEncoder
from corpus.language.topics import Bank, load_bank
from corpus.language.words import analyze, tokenize
from corpus.sites import home

FORMAT = 2
# Phrases are short, so length says little: b = .3 (facts of the prototype, docs/decisions/0004).
PHRASE_B = 0.3
OFFICIAL_WORDS = 40
COMMON_PHRASE_WORD = 3


@dataclass(frozen=True)
class Layer:
    """One layer of the bank: phrases that point to entries, and the official words of each entry."""

    names: list[str]
    owners: NDArray[np.int64]
    phrases: Lexical
    official: list[dict[str, float]]

    def match(self, words: Iterable[str], entries: int = 5) -> dict[int, float]:
        """Return the entries whose phrases fit the words best, with scores that sum to 1.

        An entry's score is the sum of its best three phrases among the best forty.
        """
        scores = self.phrases.scores(dict.fromkeys(words, 1.0))
        if not scores.size:
            return {}
        top = np.argpartition(-scores, min(40, scores.size - 1))[:40]
        found: dict[int, list[float]] = {}
        for row in top[np.argsort(-scores[top], kind="stable")]:
            if scores[row] > 0:
                found.setdefault(int(self.owners[row]), []).append(float(scores[row]))
        sums = {entry: sum(values[:3]) for entry, values in found.items()}
        best = sorted(sums, key=lambda entry: (-sums[entry], entry))[:entries]
        total = sum(sums[entry] for entry in best) or 1.0
        return {entry: sums[entry] / total for entry in best}

    def expand(self, match: dict[int, float], limit: int = OFFICIAL_WORDS) -> dict[str, float]:
        """Return the official words of matched entries, weights up to 1."""
        weights: Counter[str] = Counter()
        for entry, share in match.items():
            for word, weight in self.official[entry].items():
                weights[word] += share * weight  # type: ignore[assignment]  # Counter of floats
        top = weights.most_common(limit)
        return {word: weight / top[0][1] for word, weight in top} if top else {}


class CompiledBank:
    """The open bank: topics, concepts, and the vectors of phrases and passages."""

    def __init__(self, folder: Path) -> None:
        head = json.loads((folder / "bank.json").read_text(encoding="utf-8"))
        self.digest: str = head["digest"]
        self.common_words = frozenset(head["common_words"])
        self.topics = _open_layer(folder / "topics", head["topics"])
        self.concepts = _open_layer(folder / "concepts", head["concepts"])
        self._folder, self._arrays = folder, folder / "vectors.npz"

    @cached_property
    def _vectors(self) -> dict[str, NDArray[np.float32]]:
        with np.load(self._arrays) as data:
            return {name: data[name].astype(np.float32) for name in ("phrases", "passages")}

    @cached_property
    def dictionary(self) -> Dictionary:
        """Return how common words are."""
        return Dictionary(self._folder / "dictionary.npz")

    @property
    def phrase_vectors(self) -> NDArray[np.float32]:
        """Return unit vectors of all topic phrases, (phrases, d)."""
        return self._vectors["phrases"]

    @cached_property
    def passage_owners(self) -> NDArray[np.int64]:
        """Return the topic of every passage."""
        with np.load(self._arrays) as data:
            return np.asarray(data["passage_owners"], np.int64)

    def question_topics(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score every topic for some texts by their nearest phrase; (texts, topics)."""
        return _best_per_owner(vectors @ self.phrase_vectors.T, self.topics.owners, len(self.topics.names))

    def page_topics(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score every topic for some page vectors by its nearest passage; (pages, topics)."""
        return _best_per_owner(vectors @ self._vectors["passages"].T, self.passage_owners, len(self.topics.names))


def _best_per_owner(scores: NDArray[np.float32], owners: NDArray[np.int64], size: int) -> NDArray[np.float32]:
    """Take the best score per owner; owners are sorted and every owner has at least one column."""
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    best = np.full((len(scores), size), -1.0, np.float32)
    best[:, owners[starts]] = np.maximum.reduceat(scores, starts, axis=1)
    return best


def open_bank(encoder: StaticEncoder, bank: Bank | None = None) -> CompiledBank:
    """Open the compiled bank, compiling it first where this bank and encoder have not met before."""
    bank = bank or load_bank()
    folder = home() / "bank" / f"{FORMAT}-{bank.digest}-{encoder.digest[:16]}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="compiling-", dir=folder.parent))
        try:
            _compile(bank, encoder, draft)
            os.replace(draft, folder)
        except OSError:
            if not folder.is_dir():  # another process may have compiled it meanwhile
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return CompiledBank(folder)


def _compile(bank: Bank, encoder: StaticEncoder, folder: Path) -> None:
    phrases = [[*topic.all_phrases, topic.name] for topic in bank.topics]
    passages = [[f"{topic.name} {passage}" for passage in topic.passages] for topic in bank.topics]
    official = [[topic.name] * 3 + [", ".join(topic.terms), *topic.passages] for topic in bank.topics]
    _save_layer(folder / "topics", phrases, official)
    said = [[*concept.official, *concept.lay, *concept.english] for concept in bank.concepts]
    _save_layer(folder / "concepts", said, [list(concept.official) for concept in bank.concepts])
    np.savez(
        folder / "vectors.npz",
        phrases=encoder.encode([text for texts in phrases for text in texts]).astype(np.float16),
        passages=encoder.encode([text for texts in passages for text in texts]).astype(np.float16),
        passage_owners=np.repeat(np.arange(len(passages)), [len(texts) for texts in passages]),
    )
    compile_dictionary(folder / "dictionary.npz")
    words = Counter(word for texts in phrases for text in texts for word in set(tokenize(text)))
    said_by_bank = {word for texts in (*official, *said) for text in texts for word in tokenize(text)}
    common = {word for word, count in words.items() if count >= COMMON_PHRASE_WORD}
    head = {
        "digest": bank.digest,
        "topics": [topic.name for topic in bank.topics],
        "concepts": [concept.official[0] for concept in bank.concepts],
        "common_words": sorted(common | said_by_bank),
    }
    (folder / "bank.json").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")


def _save_layer(folder: Path, phrases: Sequence[Sequence[str]], official: Sequence[Sequence[str]]) -> None:
    folder.mkdir()
    build_lexical([analyze(text) for texts in phrases for text in texts], b=PHRASE_B).save(folder)
    np.save(folder / "owners.npy", np.repeat(np.arange(len(phrases)), [len(texts) for texts in phrases]))
    counts = [Counter(word for text in texts for word in analyze(text)) for texts in official]
    spread = Counter(word for words in counts for word in words)
    weights = [_weigh(words, spread, len(counts)) for words in counts]
    (folder / "official.json").write_text(json.dumps(weights, ensure_ascii=False), encoding="utf-8")


def _weigh(words: Counter[str], spread: Counter[str], entries: int) -> dict[str, float]:
    """Weigh an entry's official words by tf x idf, the best forty."""
    total = sum(words.values()) or 1
    scored = {word: count / total * float(np.log(1 + entries / spread[word])) for word, count in words.items()}
    best = sorted(scored, key=lambda word: (-scored[word], word))[:OFFICIAL_WORDS]
    return {word: round(scored[word], 5) for word in best}


def _open_layer(folder: Path, names: list[str]) -> Layer:
    official = json.loads((folder / "official.json").read_text(encoding="utf-8"))
    return Layer(names, np.load(folder / "owners.npy"), Lexical.open(folder), official)
