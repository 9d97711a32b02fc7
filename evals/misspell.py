"""What do typos cost, and what does mending give back? `python -m evals.misspell JOBS.toml [--json]`.

Asks the questions of the jobs as they are, misspelt, and misspelt with mending off. The ranker is as shipped, so where
it was fitted on the same questions the figures flatter; what counts is the difference between the three.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from unittest.mock import patch

import numpy as np

from chatbot.search import find
from corpus.language.words import STOP_WORDS
from evals.jobs import Job, read_jobs

SEEDS = (1, 2)
# The share of longer words that are misspelt.
SHARE = 0.35
WORD = re.compile(r"[a-z]{5,}")
# How Dutch is misspelt by ear; half of the slips are these, half are of the fingers.
BY_EAR = [
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"en$", "e"),
        (r"dt?$", "t"),
        (r"t$", "d"),
        (r"ij", "ei"),
        (r"ei", "ij"),
        (r"ou", "au"),
        (r"au", "ou"),
        (r"z", "s"),
        (r"v", "f"),
        (r"c(?=[aou])", "k"),
        (r"([bdfgklmnprst])\1", r"\1"),
        (r"(?<=[aeiou])([bdfklmnprst])(?=[aeiou])", r"\1\1"),
        (r"aa", "a"),
        (r"ee", "e"),
        (r"oo", "o"),
        (r"tie", "sie"),
        (r"sch", "sg"),
        (r"ch", "g"),
    )
]


@dataclass(frozen=True)
class Row:
    """Shares of questions: the right page first, among five, and presence so low that the answer is a refusal."""

    set: str
    asked: str
    first: float
    five: float
    refused: float


def misspell(text: str, seed: int) -> str:
    """Return a question in lower case with about a third of its longer words misspelt; the same for the same seed."""
    rng = random.Random(f"{seed} {text}")

    def slip(match: re.Match[str]) -> str:
        return _slip(match[0], rng) if match[0] not in STOP_WORDS and rng.random() < SHARE else match[0]

    return WORD.sub(slip, text.lower())


def _slip(word: str, rng: random.Random) -> str:
    places = [(match, spelling) for pattern, spelling in BY_EAR for match in pattern.finditer(word)]
    if places and rng.random() < 0.5:
        match, spelling = rng.choice(places)
        return word[: match.start()] + match.expand(spelling) + word[match.end() :]
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at] + word[at:],
        )
    )


def measure(jobs: Sequence[Job]) -> Iterator[Row]:
    """Yield three rows per job that has questions with a page."""
    for job in jobs:
        questions = [(case.item.question, case.gold) for case in job.cases if case.gold]
        if not questions:
            continue
        wrong = [(misspell(question, seed), gold) for seed in SEEDS for question, gold in questions]
        yield _row(job, "as it is", questions)
        yield _row(job, "misspelt", wrong)
        with patch.object(job.services.index.retriever, "mend", new=str):
            yield _row(job, "misspelt, not mended", wrong)


def _row(job: Job, asked: str, questions: Sequence[tuple[str, frozenset[str]]]) -> Row:
    index, today = job.services.index, job.services.now().date()
    first, five, refused = [], [], []
    for question, gold in questions:
        found = find(question, index, job.services.ranker, today, 5)
        pages = [hit.page.id for hit in found.hits]
        first.append(bool(gold & set(pages[:1])))
        five.append(bool(gold & set(pages)))
        refused.append(found.confidence.presence < index.judge.parameters.absent_below)
    return Row(job.name, asked, *(round(float(np.mean(values)), 3) for values in (first, five, refused)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--json", action="store_true", help="write JSON")
    arguments = parser.parse_args()
    rows = list(measure(read_jobs(arguments.jobs)))
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))  # noqa: T201
        return
    for row in rows:
        print(f"{row.set:24} {row.asked:22} R@1 {row.first:.3f}  R@5 {row.five:.3f}  refused {row.refused:.3f}")  # noqa: T201


if __name__ == "__main__":
    main()
