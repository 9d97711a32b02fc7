"""Train the byte-pair ranks that corpus.language.tokens counts tokens with."""

import base64
import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from random import Random

from corpus.language.tokens import WORD
from corpus.training.data import Texts

SIZE = 8000
LAW_SHARE = 8_000  # paragraphs: about as much text as the sentences and the bank, so that no register decides alone

Pair = tuple[bytes, bytes]


def train_ranks(texts: Texts, seed: int, size: int = SIZE) -> list[bytes]:
    """Return `size` byte strings, most basic first: the 256 bytes, then each merge of two earlier ones."""
    law = Random(seed).sample(list(texts.law), min(LAW_SHARE, len(texts.law)))
    sentences = (sentence for pair in texts.sentences for sentence in pair)
    topics = (text for topic in texts.bank.topics for text in (topic.name, *topic.passages, *topic.all_phrases))
    counts: Counter[bytes] = Counter()
    for lines in (law, sentences, topics):
        for line in lines:
            counts.update(word.encode() for word in WORD.findall(line))
    return _Merger(counts).merge(size)


def write_ranks(path: Path, ranks: Iterable[bytes]) -> None:
    """Write tiktoken's own format: base64 of the bytes, a space, the rank."""
    lines = (f"{base64.b64encode(piece).decode()} {rank}\n" for rank, piece in enumerate(ranks))
    path.write_text("".join(lines), encoding="ascii")


class _Merger:
    """Merges the most frequent pair of neighbours, again and again.

    The heap holds outdated counts too; an entry is believed only when it still is the pair's count.
    """

    def __init__(self, counts: Mapping[bytes, int]) -> None:
        self.words = [[bytes([byte]) for byte in word] for word in counts]
        self.counts = list(counts.values())
        self.pairs: Counter[Pair] = Counter()
        self.places: defaultdict[Pair, set[int]] = defaultdict(set)
        for number, word in enumerate(self.words):
            for pair in pairwise(word):
                self.pairs[pair] += self.counts[number]
                self.places[pair].add(number)
        self.heap = [(-count, pair) for pair, count in self.pairs.items()]
        heapq.heapify(self.heap)

    def merge(self, size: int) -> list[bytes]:
        """Return the bytes and the merges, up to `size`; fewer when nothing stands twice."""
        ranks = {bytes([byte]): None for byte in range(256)}
        while len(ranks) < size and self.heap:
            count, pair = heapq.heappop(self.heap)
            if -count != self.pairs[pair] or count > -2:
                continue
            ranks[pair[0] + pair[1]] = None
            for number in sorted(self.places.pop(pair)):
                self._replace(number, pair)
        return list(ranks)

    def _replace(self, number: int, pair: Pair) -> None:
        before = self.words[number]
        after: list[bytes] = []
        for piece in before:
            if after and (after[-1], piece) == pair:
                after[-1] += piece
            else:
                after.append(piece)
        self.words[number] = after
        changed = Counter(pairwise(after))
        changed.subtract(pairwise(before))
        for changed_pair, difference in changed.items():
            if difference:
                self.pairs[changed_pair] += difference * self.counts[number]
                heapq.heappush(self.heap, (-self.pairs[changed_pair], changed_pair))
            if difference > 0:
                self.places[changed_pair].add(number)
