"""evals.labels: what a person reads has no name of a program in it."""

import re
from typing import Any

import pytest

from chatbot.records import Status
from corpus.dutch import ending
from evals.answers import summarise_answers
from evals.gate import HIGHER, LOWER, ZERO
from evals.labels import figure_label, group_label, key_label, outcome_label
from evals.records import Judgement
from evals.retrieval import NAMES


@pytest.mark.parametrize("status", ["not asked", *map(str, Status)])
def test_every_status_has_a_name(status: str) -> None:
    assert ending(status) != status


def test_every_figure_has_a_name_but_those_that_are_called_the_same_everywhere(samples: Any) -> None:
    verdict = Judgement("answered", answered=True, right=True, helped=True, key_fact=True, status_right=True)
    rows = [samples.judged(samples.case(), verdict), samples.judged(samples.case(gold=(), personal_values=("x",)))]
    figures = {*summarise_answers(rows), *HIGHER, *LOWER, *ZERO} - set(NAMES)
    assert [name for name in figures if figure_label(name) == name] == []
    assert figure_label("nDCG@10") == "nDCG@10"
    assert figure_label("search_p95_ms") == "zoeken p95 (ms)"


def test_groups_keep_their_value() -> None:
    assert group_label("all") == "alle"
    assert group_label("style: short") == "stijl: short"
    assert group_label("turn: later") == "latere beurten"
    assert key_label("turn: later/helped") == "geholpen (latere beurten)"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("right", "goed"),
        ("clarify, helped", "keuze gegeven, geholpen"),
        ("greeting (not right)", "begroeting (niet juist)"),
        ("partial, answered", "deels beantwoord, beantwoord"),
        ("opinion", "opinion"),
    ],
)
def test_outcome_label_reads_single_and_joined_outcomes(outcome: str, told: str) -> None:
    assert outcome_label(outcome) == told
    assert not re.search(r"_", told)
