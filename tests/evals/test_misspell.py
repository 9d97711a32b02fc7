"""evals.misspell: the same questions with typos, and what mending gives back."""

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evals.jobs import read_jobs
from evals.misspell import measure, misspell


def test_it_misspells_the_same_way_for_the_same_seed() -> None:
    question = "wanneer halen ze de kerstbomen en het grofvuil bij verhuizingen op"
    assert misspell(question, 1) == misspell(question, 1)
    assert len({misspell(question, seed) for seed in range(8)}) > 4


@given(text=st.text(max_size=100), seed=st.integers(0, 9))
def test_it_keeps_the_number_of_words(text: str, seed: int) -> None:
    assert len(misspell(text, seed).split()) == len(text.lower().split())


def test_it_asks_a_set_as_it_is_and_misspelt_with_and_without_mending(town: Any, tmp_path: Path) -> None:
    asked = town.write_set(
        "spelt", {"id": "q", "question": "parkeervergunning", "gold": ["/verkeer/parkeervergunning"]}
    )
    jobs = tmp_path / "jobs.toml"
    jobs.write_text(f'[[jobs]]\nname = "resident"\nsite = "{town.file}"\nset = "{asked}"\n', encoding="utf-8")
    rows = list(measure(read_jobs(jobs)))
    assert [row.asked for row in rows] == ["as it is", "misspelt", "misspelt, not mended"]
    assert rows[0].first == 1.0
    assert all(row.first <= row.five for row in rows)
