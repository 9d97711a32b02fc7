"""Training pairs from law text alone: what stands together means something together."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random

from corpus.training.noise import ASKED_IN_DUTCH, slips
from corpus.training.pairs import Pairs

DEFINITION = re.compile(r"(?:[a-z]{1,2}\.|\d+[.°]|[-–•])?\s*([^\W\d_][\w -]{3,50}):\s+(\S.{30,500})")
SENTENCE_END = re.compile(r"(?<=[.;:?])\s+(?=\w)")
WORD = re.compile(r"[^\W_]+")
COUNTED = 200_000  # paragraphs are shuffled: enough to know how rare a word is
LONGEST = 130  # words of a passage; training looks at 96 tokens of it


def law_pairs(law: Sequence[str], random: Random) -> tuple[Pairs, Pairs]:
    """Return (heading, sentence or crop → passage) and, apart, the pairs that begin with a heading.

    Kinds: a term and its definition; a made-up heading of informative words and its paragraph; a sentence and the
    rest of its paragraph; two neighbouring crops.
    """
    rarity = _rarity(law[:COUNTED])
    everything, headed = Pairs(), Pairs()
    for paragraph in law:
        for heading, passage in _headed(paragraph, rarity, random):
            everything.add(heading, passage)
            headed.add(heading, passage)
        for anchor, passage in _apart(paragraph, random):
            everything.add(anchor, passage)
    return everything, headed


def noise_pairs(headed: Pairs, random: Random, size: int = 220_000) -> Pairs:
    """Return headings as residents type them → the same passages."""
    pairs = Pairs()
    for row in random.sample(range(len(headed)), min(size, len(headed))):
        typed = slips(" ".join(headed.anchors[row].split()[:14]), random.choice((0.0, 0.1, 0.25, 0.4)), random)
        if random.random() < 0.6:
            typed = random.choice(ASKED_IN_DUTCH).format(typed)
        pairs.add(typed, headed.positives[row])
    return pairs


def _rarity(law: Sequence[str]) -> dict[str, float]:
    """Return idf of each word worth standing in a heading: four letters, seen in three paragraphs."""
    counts: Counter[str] = Counter()
    for paragraph in law:
        counts.update(set(WORD.findall(paragraph.lower())))
    return {
        word: math.log(len(law) / (1 + count))
        for word, count in counts.items()
        if count >= 3 and len(word) >= 4 and not word.isdigit()
    }


def _headed(paragraph: str, rarity: dict[str, float], random: Random) -> Iterator[tuple[str, str]]:
    definition = DEFINITION.fullmatch(paragraph)
    if definition:
        yield definition[1], definition[2]
    words = paragraph.split()
    if len(words) >= 12 and random.random() < 0.55:
        heading = _heading(WORD.findall(paragraph.lower()), rarity, random)
        if heading:
            yield heading, " ".join(words[:LONGEST])


def _heading(words: Sequence[str], rarity: dict[str, float], random: Random) -> str:
    """Pick one to five informative words, in their order; chance keeps it from being the same rare words only."""
    weights = [(rarity[word] * random.uniform(0.5, 1.2), at) for at, word in enumerate(words) if word in rarity]
    picked = sorted(at for _, at in sorted(weights, reverse=True)[: random.randint(1, 5)])
    return " ".join(words[at] for at in picked)


def _apart(paragraph: str, random: Random) -> Iterator[tuple[str, str]]:
    words = paragraph.split()
    if len(words) < 30:
        return
    sentences = [part for part in SENTENCE_END.split(paragraph) if len(part.split()) >= 5]
    if len(sentences) >= 3:
        at = random.randrange(len(sentences))
        if len(sentences[at].split()) <= 40:
            yield sentences[at], " ".join(" ".join(sentences[:at] + sentences[at + 1 :]).split()[:LONGEST])
    if len(words) >= 36 and random.random() < 0.4:
        cut = random.randint(12, len(words) - 12)
        yield " ".join(words[max(0, cut - random.randint(8, 40)) : cut]), " ".join(words[cut : cut + LONGEST])
