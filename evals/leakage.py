"""Find test questions that the bank or the training data gives away.

A question is flagged when its stemmed content words overlap those of a known phrase at Jaccard >= .6 with at least
two words shared, or when the two share four content words in a row. Flagged items stay in the set, as stratum `seen`.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import corpus
from corpus.dutch import why_unusable
from corpus.language.topics import Bank
from corpus.language.words import analyze
from evals.errors import SetError
from evals.records import EvalSet

JACCARD = 0.6
SHARED = 2
GRAM = 4
MOST_SEEN = 0.10
TRAINING = Path(corpus.__file__).parent / "training"


@dataclass(frozen=True)
class Phrase:
    """A phrase the system was made with, and where it stands (file:line)."""

    text: str
    where: str


@dataclass(frozen=True)
class Leak:
    """A test question that resembles a known phrase; `jaccard` is 0 when only four words in a row gave it away."""

    item_id: str
    question: str
    phrase: Phrase
    jaccard: float

    def __str__(self) -> str:
        how = f"Jaccard {self.jaccard:.2f}" if self.jaccard else f"{GRAM} woorden op rij"
        return f"{self.item_id}: “{self.question}” ~ “{self.phrase.text}” ({self.phrase.where}; {how})"


class Known:
    """An inverted index of known phrases by stem and by four stems in a row."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self.phrases = list(phrases)
        stems = [analyze(phrase.text) for phrase in self.phrases]
        self._sizes = [len(set(words)) for words in stems]
        self._by_stem: dict[str, list[int]] = defaultdict(list)
        self._by_gram: dict[tuple[str, ...], int] = {}
        for at, words in enumerate(stems):
            for word in set(words):
                self._by_stem[word].append(at)
            for gram in _grams(words):
                self._by_gram.setdefault(gram, at)

    def nearest(self, question: str) -> tuple[Phrase, float] | None:
        """Return the known phrase that gives a question away, and their Jaccard (0: only words in a row), or None."""
        words = analyze(question)
        size = len(set(words))
        shared = Counter(at for word in set(words) for at in self._by_stem.get(word, ()))
        overlaps = ((count / (size + self._sizes[at] - count), at) for at, count in shared.items() if count >= SHARED)
        jaccard, at = max(overlaps, default=(0.0, -1))
        if jaccard >= JACCARD:
            return self.phrases[at], jaccard
        run = next((self._by_gram[gram] for gram in _grams(words) if gram in self._by_gram), None)
        return None if run is None else (self.phrases[run], 0.0)


def _grams(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return (tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1))


def known_phrases(bank: Bank, training: Iterable[Path] = (), shipped: Path = TRAINING) -> list[Phrase]:
    """Collect the bank's phrases, and the questions of the training files that ship and of any others.

    Raises SetError if a training file cannot be read.
    """
    phrases = [Phrase(text, topic.source) for topic in bank.topics for text in topic.all_phrases]
    for path in (*sorted(shipped.rglob("*.jsonl")), *training):
        phrases += _training_questions(path)
    return phrases


def _training_questions(path: Path) -> list[Phrase]:
    """Read the `question` of every line; a line without one is an error, for it would hide a leak."""
    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"{path} is niet te lezen: {why_unusable(error)}.") from error
    for number, line in enumerate(lines, 1):
        try:
            found.append(Phrase(str(json.loads(line)["question"]), f"{path.name}:{number}"))
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise SetError(f"{path}:{number}: zet op elke regel {{...}} met een 'question'.") from error
    return found


def find_leaks(loaded: EvalSet, known: Known) -> list[Leak]:
    """Return the items of a set that a known phrase gives away, in the set's order."""
    leaks = []
    for item in loaded.items:
        near = known.nearest(item.question)
        if near is not None:
            leaks.append(Leak(item.id, item.question, *near))
    return leaks


def too_many(loaded: EvalSet, leaks: Sequence[Leak]) -> bool:
    """Tell whether more than a tenth of a set is given away."""
    return len(leaks) > MOST_SEEN * len(loaded.items)
