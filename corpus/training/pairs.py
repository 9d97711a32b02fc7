"""Training pairs from the bank, and what the English teacher is asked."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from corpus.language.topics import Concept, Topic
from corpus.training.noise import asked, slips

WORD = re.compile(r"[^\W_]+")
HITS = 40  # passages of law per concept
NO_GROUP = -1


@dataclass
class Pairs:
    """Anchors and what they should lie next to. Members of one group are never each other's negatives."""

    anchors: list[str] = field(default_factory=list)
    positives: list[str] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def add(self, anchor: str, positive: str, group: int = NO_GROUP) -> None:
        """Append one pair."""
        self.anchors.append(anchor)
        self.positives.append(positive)
        self.groups.append(group)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.anchors)


def concept_pairs(concepts: Sequence[Concept], random: Random) -> Pairs:
    """Return any term of a concept → its official terms, and one term of any kind."""
    pairs = Pairs()
    for group, concept in enumerate(concepts):
        terms = _terms(concept)
        for term, english in terms:
            official = [other for other in concept.official if other != term] or list(concept.official)
            others = [other for other, _ in terms if other != term] or official
            for positive in [*random.sample(official, min(3, len(official))), random.choice(others)]:
                pairs.add(asked(term, random, english), positive, group)
    return pairs


def concept_law_pairs(concepts: Sequence[Concept], law: Sequence[str], random: Random) -> Pairs:
    """Return residents' and English words → law text that uses the official term."""
    pairs = Pairs()
    for group, places in sorted(_places(concepts, law).items()):
        concept = concepts[group]
        terms = [(term, False) for term in concept.lay + concept.official[:2]]
        terms += [(term, True) for term in concept.english]
        for row, at in random.sample(places, min(HITS, len(places))):
            words = law[row].split()
            start = max(0, at - 60)
            term, english = random.choice(terms)
            pairs.add(asked(term, random, english), " ".join(words[start : start + 110]), group)
    return pairs


def topic_pairs(topics: Sequence[Topic], random: Random) -> Pairs:
    """Return a resident's phrase → windows of the topic's passages, another phrase, the topic's name."""
    pairs = Pairs()
    for group, topic in enumerate(topics):
        for language, phrases in topic.phrases.items():
            for phrase in phrases:
                # Other languages twice: a topic has many Dutch phrases and few of each other.
                for _ in range(1 if language == "nl" else 2):
                    for positive in _positives(topic, phrase, random):
                        pairs.add(_typed(phrase, language, random), positive, group)
        for term in (topic.name, topic.name, topic.name, *topic.terms):
            pairs.add(term, _window(random.choice(topic.passages), random), group)
    return pairs


def teacher_pairs(sentences: Sequence[tuple[str, str]], vocabulary: Sequence[str]) -> dict[str, Pairs]:
    """Return texts → the English text whose teacher vector they should get: Dutch and English sentences, words."""
    streams = {"dutch sentences": Pairs(), "english sentences": Pairs(), "english words": Pairs()}
    for english, dutch in sentences:
        streams["dutch sentences"].add(dutch, english)
    for english in dict.fromkeys(english for english, _ in sentences):
        streams["english sentences"].add(english, english)
    for word in vocabulary:
        streams["english words"].add(word, word)
    return streams


def bank_teacher_pairs(concepts: Sequence[Concept], topics: Sequence[Topic], random: Random) -> dict[str, Pairs]:
    """Return terms of a concept → its English terms, English phrases → themselves."""
    streams = {"concepts to English": Pairs(), "English phrases": Pairs()}
    for concept in concepts:
        for term, _ in _terms(concept) if concept.english else ():
            for _ in range(2):
                streams["concepts to English"].add(term, random.choice(concept.english))
    for topic in topics:
        for phrase in topic.phrases.get("en", ()):
            streams["English phrases"].add(phrase, phrase)
    return streams


def _terms(concept: Concept) -> list[tuple[str, bool]]:
    """Return (term, is English)."""
    dutch = [(term, False) for term in concept.official + concept.lay]
    return dutch + [(term, True) for term in concept.english]


def _places(concepts: Sequence[Concept], law: Sequence[str]) -> dict[int, list[tuple[int, int]]]:
    """Return per concept where its official terms stand: (paragraph, word), up to three times HITS."""
    by_first: defaultdict[str, list[tuple[list[str], int]]] = defaultdict(list)
    for group, concept in enumerate(concepts):
        for term in concept.official:
            words = WORD.findall(term.lower())
            if len(words) > 1 or (words and len(words[0]) >= 4):
                by_first[words[0]].append((words, group))
    places: defaultdict[int, dict[tuple[int, int], None]] = defaultdict(dict)
    for row, paragraph in enumerate(law):
        words = WORD.findall(paragraph.lower())
        if not 12 <= len(words) <= 200:
            continue
        for at, group in _matches(words, by_first):
            if len(places[group]) < 3 * HITS:
                places[group][row, at] = None
    return {group: list(found) for group, found in places.items()}


def _matches(words: list[str], by_first: dict[str, list[tuple[list[str], int]]]) -> Iterator[tuple[int, int]]:
    for at, word in enumerate(words):
        for term, group in by_first.get(word, ()):
            if words[at : at + len(term)] == term:
                yield at, group


def _positives(topic: Topic, phrase: str, random: Random) -> Iterator[str]:
    for _ in range(4):
        yield _window(random.choice(topic.passages), random)
    others = [other for other in topic.all_phrases if other != phrase]
    if others:
        yield random.choice(others)
    yield topic.name


def _window(passage: str, random: Random) -> str:
    """Return the passage, or a run of at least 35 words of it: pages are cut into chunks too."""
    words = passage.split()
    if len(words) < 50 or random.random() < 0.4:
        return passage
    size = random.randint(35, len(words))
    start = random.randint(0, len(words) - size)
    return " ".join(words[start : start + size])


def _typed(phrase: str, language: str, random: Random) -> str:
    if language != "nl" or random.random() < 0.55:
        return phrase
    return slips(phrase, random.choice((0.08, 0.2, 0.35)), random)
