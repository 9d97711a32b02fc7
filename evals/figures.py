"""Figures with 95 % intervals: bootstrap over the items, always with the same seed."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from statistics import median
from typing import Any

from evals.records import Case, Figure, Judged

SEED = 20261123
ROUNDS = 2000


@lru_cache(maxsize=64)
def _samples(size: int) -> Any:
    """Draw the resampled item numbers, (ROUNDS, size); shared by all figures over as many items."""
    import numpy as np

    return np.random.default_rng(SEED).integers(0, size, (ROUNDS, size))


def ratio(over: Sequence[float], under: Sequence[float] | None = None) -> Figure | None:
    """Return sum(over) / sum(under) with its percentile bootstrap interval; one value of each per item.

    Without `under` this is the mean. None where the denominator is 0: the figure does not apply.
    """
    import numpy as np

    top = np.asarray(over, float)
    bottom = np.ones(len(top)) if under is None else np.asarray(under, float)
    if not len(top) or not bottom.sum():
        return None
    rows = _samples(len(top))
    tops, bottoms = top[rows].sum(1), bottom[rows].sum(1)
    # A resample without any denominator says nothing; it can only occur where very few items count.
    shares = tops[bottoms > 0] / bottoms[bottoms > 0]
    low, high = np.percentile(shares, [2.5, 97.5])
    return Figure(float(top.sum() / bottom.sum()), round(float(bottom.sum())), float(low), float(high))


def count(values: Iterable[int]) -> Figure:
    """Return a plain sum; a count that must be 0 needs no interval."""
    kept = list(values)
    return Figure(float(sum(kept)), len(kept))


def middle(values: Iterable[float]) -> Figure | None:
    """Return the median, or None without values."""
    kept = list(values)
    return Figure(float(median(kept)), len(kept)) if kept else None


def keep(figures: dict[str, Figure | None]) -> dict[str, Figure]:
    """Leave out the figures that do not apply."""
    return {name: figure for name, figure in figures.items() if figure is not None}


def groups_of(case: Case) -> list[str]:
    """Return the groups a case counts in: everything, and its half, style, category, topic, turn and stratum."""
    item = case.item
    groups = ["all"]
    named = (("split", item.split), ("style", item.style), ("category", item.category), ("topic", case.topic))
    groups += [f"{name}: {value}" for name, value in named if value]
    if item.conversation or item.history:
        groups.append("turn: 1" if item.turn == 1 else "turn: later")
        groups.append(f"turn: {item.turn}") if item.turn > 1 else None
    groups.append("stratum: seen" if case.seen else "stratum: unseen")
    return groups


def by_group(
    judged: Sequence[Judged], summarise: Callable[[Sequence[Judged]], dict[str, Figure]]
) -> dict[str, dict[str, Figure]]:
    """Summarise every group, "all" first; groups that hold every item again are left out, except the strata."""
    members: dict[str, list[Judged]] = {}
    for one in judged:
        for group in groups_of(one.case):
            members.setdefault(group, []).append(one)
    total = len(judged)
    kept = {g: m for g, m in members.items() if g == "all" or len(m) < total or g.startswith(("split", "turn"))}
    return {group: figures for group in sorted(kept, key=_order) if (figures := summarise(kept[group]))}


def _order(group: str) -> tuple[int, str]:
    kinds = ("all", "split", "stratum", "style", "turn", "category", "topic")
    return kinds.index(group.split(":")[0]), group
