"""What the confidence is worth: risk against coverage, reliability, and how well presence tells absent from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from evals.records import Judged
from evals.retrieval import rank_of

CHOICES = 3
BINS = 8


@dataclass(frozen=True)
class Point:
    """The system at one threshold on `choice`: it answers the share `coverage` of the items with gold.

    `risk`: share of these whose first page is not gold. `risk_of_three`: none of their first three pages is.
    `helped` and `helped_by_clarifying`: share of all items answered rightly, without and with the three choices
    that the items below the threshold get.
    """

    threshold: float
    coverage: float
    risk: float
    risk_of_three: float
    helped: float
    helped_by_clarifying: float


@dataclass(frozen=True)
class Bin:
    """Items of about equal confidence: what was promised, and what came true."""

    confidence: float
    right: float
    n: int


def _scored(judged: Sequence[Judged]) -> list[tuple[float, int]]:
    """Return (choice, rank of the gold page; 0 when it was not found) of the items with gold."""
    return [
        (one.outcome.choice, rank_of(one.case, one.outcome.ranking) or 0)
        for one in judged
        if one.case.has_gold and one.outcome.choice is not None
    ]


def risk_coverage(judged: Sequence[Judged]) -> list[Point]:
    """Return a point per distinct confidence, lowest coverage first; [] when no confidence is known."""
    return risk_of_ranks(_scored(judged))


def risk_of_ranks(scored: Sequence[tuple[float, int]]) -> list[Point]:
    """Return the same for (confidence, rank of the right page; 0 when it was not found)."""
    rows = sorted(scored, key=lambda row: -row[0])
    in_three = sum(0 < rank <= CHOICES for _, rank in rows)
    points, answered, right, three = [], 0, 0, 0
    for threshold, group in groupby(rows, key=lambda row: row[0]):
        for _, rank in group:
            answered += 1
            right += rank == 1
            three += 0 < rank <= CHOICES
        total = len(rows)
        helped, clarified = right / total, (right + in_three - three) / total
        risks = 1 - right / answered, 1 - three / answered
        points.append(Point(threshold, answered / total, *risks, helped, clarified))
    return points


def reliability(judged: Sequence[Judged], bins: int = BINS) -> list[Bin]:
    """Cut the items into bins of equal size by confidence, least sure first."""
    return bins_of([(confidence, rank == 1) for confidence, rank in _scored(judged)], bins)


def bins_of(scored: Sequence[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """Return the same for (confidence, whether it came true)."""
    rows = sorted(scored, key=lambda row: row[0])
    bins = min(bins, len(rows))
    cuts = [rows[len(rows) * n // bins : len(rows) * (n + 1) // bins] for n in range(bins)]
    return [Bin(sum(c for c, _ in cut) / len(cut), sum(true for _, true in cut) / len(cut), len(cut)) for cut in cuts]


def calibration_error(table: Sequence[Bin]) -> float:
    """Return the mean distance between promise and truth over the bins, weighted by size (ECE)."""
    return sum(abs(b.confidence - b.right) * b.n for b in table) / (sum(b.n for b in table) or 1)


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the chance that a positive scores above a negative, ties counting half; None without either."""
    if not positives or not negatives:
        return None
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    return wins / (len(positives) * len(negatives))
