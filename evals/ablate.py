"""What is each part of the retrieval worth? `python -m evals.ablate JOBS.toml [--json]`.

Leaves out one part at a time, its candidate lists and its features, fits the ranker anew without it, out of fold as
`python -m evals.fit_ranker` does, and prints R@1 and R@5 per set with their 95 % intervals, and the difference from
the whole on the same questions.
"""

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.retrieve import CANDIDATES_PER_LIST
from evals.errors import EvalError
from evals.figures import ratio
from evals.fit_ranker import Row, collect, hits_out_of_fold
from evals.jobs import read_jobs
from evals.listwise import Ranking
from evals.records import Figure
from evals.show import figure_json

WHOLE = "nothing"
# A list of candidates goes by the feature that orders it: its pages are those with the highest values.
LISTS = ("plain", "by_topic", "by_concept", "dense", "page")
Masks = dict[str, tuple[frozenset[str], "re.Pattern[str]"]]


def _part(lists: str, features: str) -> tuple[frozenset[str], "re.Pattern[str]"]:
    return frozenset(lists.split()), re.compile(features)


# What goes with each part: candidate lists, and features by name. A feature that needs two parts goes with either.
PARTS: Masks = {
    "BM25 of the question's words": _part("plain", "plain.*"),
    "bank topics in BM25": _part("by_topic", "by_topic.*"),
    "bank concepts in BM25": _part("by_concept", "by_concept.*"),
    "bank expansion": _part("by_topic by_concept", "by_(topic|concept).*"),
    "topic agreement": _part("", "(title_)?topic_.*"),
    "bank altogether": _part("by_topic by_concept", "by_(topic|concept).*|(title_)?topic_.*"),
    "cosine of the chunk": _part("dense", "dense.*|plain_and_dense"),
    "cosine of the page": _part("page", "page.*"),
    "late interaction": _part("", "late_.*"),
    "titles": _part("", "title_.*|late_title.*|aspect_.*"),
    "aspects of titles": _part("", "aspect_.*"),
}
# What stays, and nothing else does.
ALONE: Masks = {
    "BM25": _part("plain", "plain(_z|_of_reach|_known)?"),
    "BM25 and the bank's expansion": _part("plain by_topic by_concept", "plain(_z|_of_reach|_known)?|by_.*"),
    "cosines of chunk and page": _part("dense page", "dense.*|page.*"),
}


@dataclass(frozen=True)
class Result:
    """One set with one part left out; `difference` is R@1 less that of the whole, on the same questions."""

    first: Figure
    five: Figure
    difference: Figure


def variants(names: Sequence[str]) -> dict[str, tuple[frozenset[str], NDArray[np.bool_]]]:
    """Return, per variant, the lists that stay and which of the features do.

    Raises EvalError if a part has no feature: then it has another name today, and leaving it out would cost nothing.
    """
    kept: dict[str, tuple[frozenset[str], NDArray[np.bool_]]] = {
        WHOLE: (frozenset(LISTS), np.ones(len(names), np.bool_))
    }
    for part, (lists, pattern) in PARTS.items():
        gone = np.array([pattern.fullmatch(name) is not None for name in names])
        kept[part] = (frozenset(LISTS) - lists, ~gone)
    for part, (lists, pattern) in ALONE.items():
        kept[f"all but {part}"] = (lists, np.array([pattern.fullmatch(name) is not None for name in names]))
    for part, (_, columns) in kept.items():
        if (part != WHOLE and columns.all()) or not columns.any():
            raise EvalError(f"'{part}' fits no feature of the retriever, or all. Correct PARTS in evals/ablate.py.")
    return kept


def reduced(ranking: Ranking, names: Sequence[str], lists: frozenset[str], columns: NDArray[np.bool_]) -> Ranking:
    """Return a ranking with only the candidates of some lists, and only some features."""
    rows = np.arange(len(ranking.features))
    if lists != frozenset(LISTS):
        tops = [_top(ranking.features[:, names.index(one)]) for one in LISTS if one in lists]
        rows = np.unique(np.concatenate(tops))
    sentences = None if ranking.sentences is None else ranking.sentences[rows]
    features = ranking.features[np.ix_(rows, np.flatnonzero(columns))]
    return Ranking(features, ranking.right[rows], ranking.weight, sentences)


def _top(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.argsort(-values, kind="stable")[:CANDIDATES_PER_LIST]


def ablate(rows: Sequence[Row], names: Sequence[str]) -> dict[str, dict[str, Result]]:
    """Return {what is left out: {set: result}}, the whole first."""
    sets = list(dict.fromkeys(name for name, *_ in rows))
    found: dict[str, dict[str, Result]] = {}
    whole: list[tuple[bool, bool]] = []
    for variant, (lists, columns) in variants(names).items():
        hits = hits_out_of_fold([(name, fold, reduced(ranking, names, lists, columns)) for name, fold, ranking in rows])
        whole = whole or hits
        own = {name: [at for at, row in enumerate(rows) if row[0] == name] for name in sets}
        found[variant] = {
            name: _result([hits[at] for at in some], [whole[at] for at in some]) for name, some in own.items()
        }
    return found


def _result(hits: Sequence[tuple[bool, bool]], whole: Sequence[tuple[bool, bool]]) -> Result:
    first, five = ratio([one for one, _ in hits]), ratio([five for _, five in hits])
    difference = ratio([float(one) - float(before) for (one, _), (before, _) in zip(hits, whole, strict=True)])
    if first is None or five is None or difference is None:
        raise EvalError("A set without questions cannot be measured.")
    return Result(first, five, difference)


def as_markdown(found: Mapping[str, Mapping[str, Result]]) -> str:
    """Return a table per set."""
    lines: list[str] = []
    for name, whole in found[WHOLE].items():
        lines += [
            f"**{name}** (n = {whole.first.n})",
            "",
            "| left out | R@1 | R@5 | difference in R@1 |",
            "|---|---|---|---|",
        ]
        for variant, results in found.items():
            result = results[name]
            change = "" if variant == WHOLE else _signed(result.difference)
            lines.append(f"| {variant} | {_short(result.first)} | {_short(result.five)} | {change} |")
        lines.append("")
    return "\n".join(lines)


def _short(figure: Figure) -> str:
    return f"{figure.value:.2f} [{figure.low:.2f}–{figure.high:.2f}]"


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} [{figure.low:+.2f} – {figure.high:+.2f}]"


def as_json(found: Mapping[str, Mapping[str, Result]]) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        variant: {
            name: {
                "R@1": figure_json(result.first),
                "R@5": figure_json(result.five),
                "difference": figure_json(result.difference),
            }
            for name, result in results.items()
        }
        for variant, results in found.items()
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON in place of Markdown")
    arguments = parser.parse_args()
    found = ablate(*collect(read_jobs(arguments.jobs)))
    print(json.dumps(as_json(found), indent=1) if arguments.json else as_markdown(found))  # noqa: T201  its output


if __name__ == "__main__":
    main()
