import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chatbot.rank import WEIGHTS
from evals.ablate import ALONE, PARTS, WHOLE, ablate, as_json, as_markdown, reduced, variants
from evals.errors import EvalError
from evals.fit_ranker import Row, collect
from evals.jobs import read_jobs
from evals.listwise import Ranking

NAMES = tuple(json.loads(WEIGHTS.read_text(encoding="utf-8"))["features"])


def rows_where(feature: str, questions: int = 40) -> list[Row]:
    """Questions with five candidates, in which the right one has the highest value of one feature, others noise."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(questions):
        features = rng.normal(size=(5, len(NAMES)))
        features[:, NAMES.index(feature)] = 0
        features[number % 5, NAMES.index(feature)] = 5
        rows.append(("set", number % 5, Ranking(features, np.arange(5) == number % 5)))
    return rows


def test_variants_know_every_feature_of_the_shipped_ranker() -> None:
    kept = variants(NAMES)
    assert set(kept) == {WHOLE, *PARTS, *(f"all but {name}" for name in ALONE)}
    assert [name for at, name in enumerate(NAMES) if all(kept[part][1][at] for part in PARTS)] == []


def test_variants_refuse_a_part_whose_features_have_other_names() -> None:
    with pytest.raises(EvalError, match="late interaction"):
        variants([name for name in NAMES if not name.startswith("late_")])


def test_reduced_keeps_the_best_thirty_of_the_lists_that_stay() -> None:
    features = np.zeros((80, len(NAMES)))
    features[:, NAMES.index("plain")] = np.arange(80)
    features[:, NAMES.index("dense")] = -np.arange(80)
    only_plain = np.array([name == "plain" for name in NAMES])
    kept = reduced(Ranking(features, np.arange(80) == 60, 2.0), NAMES, frozenset({"plain"}), only_plain)
    assert kept.features[:, 0].tolist() == list(range(50, 80))
    assert (kept.right.nonzero()[0].tolist(), kept.weight) == ([10], 2.0)
    both = reduced(Ranking(features, np.arange(80) == 60), NAMES, frozenset({"plain", "dense"}), only_plain)
    assert len(both.features) == 60


def test_ablate_finds_the_part_that_the_ranking_needs() -> None:
    found = ablate(rows_where("late_chunk"), NAMES)
    assert found[WHOLE]["set"].first.value > 0.9
    assert found["late interaction"]["set"].first.value < 0.5
    assert found["late interaction"]["set"].difference.value < -0.4
    assert found["late interaction"]["set"].difference.high < 0
    assert found["topic agreement"]["set"].first.value > 0.9
    assert found["late interaction"]["set"].first.n == 40


def test_ablate_measures_a_site_and_prints_every_part_for_every_set(town: Any, tmp_path: Path) -> None:
    questions = town.write_set(
        "ablate",
        {"id": "a", "question": "wat kost een paspoort", "gold": ["/burgerzaken/paspoort"]},
        {"id": "b", "question": "grofvuil ophalen", "gold": ["/afval/grofvuil"]},
        {"id": "c", "question": "rijbewijs verlengen", "gold": ["/burgerzaken/rijbewijs"]},
        {"id": "d", "question": "parkeren voor bewoners", "gold": ["/verkeer/parkeervergunning"]},
    )
    jobs = tmp_path / "jobs.toml"
    jobs.write_text(f'[[jobs]]\nname = "town"\nsite = "{town.file}"\nset = "{questions}"\n', encoding="utf-8")
    found = ablate(*collect(read_jobs(jobs)))
    text, plain = as_markdown(found), as_json(found)
    assert "**town** (n = 4)" in text
    assert all(f"| {name} |" in text and plain[name]["town"]["R@5"]["value"] == 1 for name in found)
    assert plain[WHOLE]["town"]["difference"] == {"value": 0, "low": 0, "high": 0, "n": 4}
