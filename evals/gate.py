"""Hold a generation back that answers worse than the floors of its site.

evals/baseline.json has, per site and subset, the floors of every set with the set's digest, and how each question
ended then. A figure fails below its floor minus EPSILON; counts that must be 0 have no margin.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus.dutch import technical
from evals.errors import BaselineError
from evals.labels import key_label, outcome_label
from evals.load import choose_split, load_set
from evals.records import EvalSet, Figure, Judged, SetResult

BASELINE = Path(__file__).parent / "baseline.json"
# The system gives the same answers every time; the margin is for the last digits of other processors, which can turn a
# near tie. So it is .01, or one question where that is more; of fewer than MIN_ITEMS questions none may turn.
EPSILON = 0.01
MIN_ITEMS = 10
FAST = 40
HIGHER = (
    "R@1", "R@5", "answered", "helped", "key_fact", "citation_precision", "status_right", "not_answered",
)  # fmt: skip
LOWER = ("wrong", "false_refusals")
ZERO = ("unsupported_numbers", "misquotes", "leaked_values")
GROUPS = ("all", "turn: later")


@dataclass(frozen=True)
class Floors:
    """What a set reached: `figures` keyed `group/figure`, `outcomes` keyed by item."""

    digest: str
    figures: Mapping[str, float]
    outcomes: Mapping[str, str]


@dataclass(frozen=True)
class Report:
    """What the gate found. `failures` hold a generation back, `flips` say which questions ended otherwise."""

    site: str
    generation: str
    subset: str
    failures: tuple[str, ...] = ()
    flips: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Tell whether the generation may be published."""
        return not self.failures


def dev_half(loaded: EvalSet) -> EvalSet:
    """Return what the gate may look at: the dev half (perhaps empty), or the whole of a set that states no halves."""
    splits = {item.split for item in loaded.items}
    if splits == {"test"}:
        return replace(loaded, items=())
    return loaded if splits == {""} else choose_split(loaded, "dev")


def fast_subset(loaded: EvalSet) -> EvalSet:
    """Return the first items of a set in the order of their ids' sha256: the same ones every time."""
    chosen = sorted(loaded.items, key=lambda item: hashlib.sha256(item.id.encode()).digest())[:FAST]
    kept = {item.id for item in chosen}
    return replace(loaded, items=tuple(item for item in loaded.items if item.id in kept))


def figures_of(result: SetResult) -> dict[str, float]:
    """Return the figures of a set that the gate watches, keyed `group/figure`."""
    return {key: round(figure.value, 4) for key, figure in _watched(result).items()}


def _watched(result: SetResult) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for group in GROUPS:
        row = result.retrieval.get(group, {}) | result.answers.get(group, {})
        found |= {f"{group}/{name}": row[name] for name in (*HIGHER, *LOWER, *ZERO) if name in row}
    return found


def outcome_of(one: Judged) -> str:
    """Say in a word or two how a question ended."""
    verdict = one.verdict
    if verdict.leaked:
        return "leaked"
    if verdict.status_right is not None:
        return verdict.status if verdict.status_right else f"{verdict.status} (not right)"
    if not one.case.has_gold:
        return verdict.status
    if verdict.right:
        return "right without key fact" if verdict.key_fact is False else "right"
    return "wrong" if verdict.wrong else f"{verdict.status}, helped" if verdict.helped else verdict.status


def read_baseline(path: Path = BASELINE) -> dict[str, Any]:
    """Read the whole baseline; {} if there is none yet.

    Raises BaselineError if it is broken.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise BaselineError(f"{path} is niet te lezen ({technical(error)}). Zet het bestand terug uit git.") from error
    if not isinstance(data, dict):
        raise BaselineError(f"{path} klopt niet: er staan geen sites in. Zet het bestand terug uit git.")
    return data


def floors_of(baseline: Mapping[str, Any], site: str, subset: str) -> dict[str, Floors]:
    """Return the floors of a site's sets.

    Raises BaselineError naming what is missing.
    """
    sets = baseline.get(site, {}).get(subset, {})
    try:
        return {name: Floors(row["sha256"], row["floors"], row["outcomes"]) for name, row in sets.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise BaselineError(
            f"Bij de grenzen van {site} ({subset}) ontbreekt {error}. Leg ze opnieuw vast met: evals gate --update"
        ) from error


def compare(
    site: str, generation: str, subset: str, results: Sequence[SetResult], floors: Mapping[str, Floors]
) -> Report:
    """Hold results against floors. A set that changed, or is gone, has no valid floors and fails."""
    failures, flips, notes = [], [], []
    by_name = {result.name: result for result in results}
    for name, floor in floors.items():
        result = by_name.get(name)
        if result is None:
            failures.append(
                f"{name}: deze vragenset is weg. Zet hem terug, of leg nieuwe grenzen vast met: evals gate --update"
            )
        elif result.digest != floor.digest:
            failures.append(f"{name}: deze vragenset is veranderd. Leg nieuwe grenzen vast met: evals gate --update")
        else:
            failures += [f"{name}: {line}" for line in _below(result, floor.figures)]
            flips += [f"{name}/{line}" for line in _flips(result, floor.outcomes)]
    notes += [
        f"{name}: nog geen grenzen. Leg ze vast met: evals gate --update" for name in by_name if name not in floors
    ]
    figures = {result.name: figures_of(result) for result in results}
    return Report(site, generation, subset, tuple(failures), tuple(flips), tuple(notes), figures)


def _below(result: SetResult, floors: Mapping[str, float]) -> Iterator[str]:
    figures, watched = figures_of(result), _watched(result)
    for key, floor in floors.items():
        value = figures.get(key)
        if value is None:
            yield f"{key_label(key)} is niet meer te meten; de grens is {floor}"
        elif worse_by(key, value, floor) > _margin(key, watched[key].n) + 1e-9:
            yield f"{key_label(key)} is {value}, grens {floor}, marge {_margin(key, watched[key].n)}"


def worse_by(key: str, value: float, floor: float) -> float:
    """Return how much a figure is on the wrong side of its floor; negative when it is better."""
    return floor - value if key.split("/")[1] in HIGHER else value - floor


def _margin(key: str, items: int) -> float:
    """Return by how much a figure over so many items may be worse than its floor, rounded up to the floors' digits."""
    if key.split("/")[1] in ZERO:
        return 0.0
    return max(EPSILON, round(1 / items + 5e-5, 4)) if items >= MIN_ITEMS else EPSILON


def _flips(result: SetResult, outcomes: Mapping[str, str]) -> Iterator[str]:
    for one in result.judged:
        before, now = outcomes.get(one.case.item.id), outcome_of(one)
        if before is not None and before != now:
            yield f"{one.case.item.id}: {outcome_label(before)} → {outcome_label(now)}: “{one.case.item.question}”"


def updated(
    baseline: Mapping[str, Any], report: Report, results: Sequence[SetResult], encoder: str, reason: str, today: date
) -> dict[str, Any]:
    """Return the baseline with this run's floors. A floor only goes down with a reason, which is kept.

    Raises BaselineError naming the figures that would go down.
    """
    old = floors_of(baseline, report.site, report.subset)
    # What is kept, and what a person reads of it.
    lowered: dict[str, str] = {}
    sets = {}
    for result in results:
        before = old[result.name].figures if result.name in old else {}
        now = figures_of(result)
        down = [key for key in now if key in before and worse_by(key, now[key], before[key]) > 0]
        for key in down:
            change = f"{before[key]} → {now[key]}"
            lowered[f"{result.name}: {key} {change}"] = f"{result.name}: {key_label(key)} {change}"
        sets[result.name] = {
            "sha256": result.digest,
            "items": result.items,
            "floors": now,
            "outcomes": {one.case.item.id: outcome_of(one) for one in result.judged},
        }
    lowered |= {f"{name}: the set is gone": f"{name}: de vragenset is weg" for name in old if name not in sets}
    if lowered and not reason:
        raise BaselineError(
            f"Deze grenzen worden slechter: {'; '.join(lowered.values())}. Mag dat? Geef dan --allow-regression REDEN."
        )
    site = dict(baseline.get(report.site, {})) | {"encoder": encoder, report.subset: sets}
    if lowered:
        kept = list(site.get("regressions", []))
        site["regressions"] = [
            *kept,
            {"on": today.isoformat(), "why": reason, "subset": report.subset, "what": list(lowered)},
        ]
    return dict(baseline) | {report.site: site}


def write_baseline(baseline: Mapping[str, Any], path: Path = BASELINE) -> None:
    """Write the baseline, an outcome a line, so that a diff shows which questions moved."""
    path.write_text(json.dumps(baseline, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def load_for_gate(paths: Sequence[Path], fast: bool) -> list[EvalSet]:
    """Load the dev halves of sets, or their fast subsets; a set that is for reporting only is left out.

    Raises SetError.
    """
    halves = [dev_half(load_set(path)) for path in paths]
    return [fast_subset(half) if fast else half for half in halves if half.items]
