from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.figures import by_group, count, groups_of, keep, middle, ratio
from evals.records import Figure


def test_ratio_is_the_mean_with_an_interval_around_it() -> None:
    figure = ratio([1, 0, 1, 1])
    assert figure is not None
    assert (figure.value, figure.n) == (0.75, 4)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < 0.75 < figure.high


def test_ratio_gives_the_same_interval_every_time() -> None:
    values = [n % 3 == 0 for n in range(100)]
    assert ratio(values) == ratio(values)


def test_ratio_of_a_hundred_halves_has_the_binomial_interval() -> None:
    figure = ratio([n % 2 for n in range(100)])
    assert figure is not None
    assert figure.low == pytest.approx(0.40, abs=0.02)
    assert figure.high == pytest.approx(0.60, abs=0.02)


def test_ratio_divides_by_the_denominators() -> None:
    figure = ratio([1, 0, 2], [1, 2, 2])
    assert figure is not None
    assert (figure.value, figure.n) == (0.6, 5)


def test_ratio_does_not_apply_without_anything_to_divide_by() -> None:
    assert ratio([]) is None
    assert ratio([0, 0], [0, 0]) is None


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_ratio_lies_within_its_interval(values: list[bool]) -> None:
    figure = ratio(values)
    assert figure is not None
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_count_and_middle_are_plain() -> None:
    assert count([0, 2, 1]) == Figure(3, 3)
    assert middle([9, 1, 5]) == Figure(5, 3)
    assert middle([]) is None
    assert keep({"a": None, "b": Figure(1, 1)}) == {"b": Figure(1, 1)}


def test_groups_of_names_half_style_topic_turn_and_stratum(samples: Any) -> None:
    history = [{"role": "user", "content": "x"}]
    case = samples.case(style="kort", split="dev", topic="burgerzaken", history=history, seen=True)
    assert groups_of(case) == [
        "all", "split: dev", "style: kort", "topic: burgerzaken", "turn: later", "turn: 2", "stratum: seen",
    ]  # fmt: skip


def test_by_group_leaves_out_groups_that_repeat_the_whole(samples: Any) -> None:
    rows = [samples.judged(samples.case("a", style="kort")), samples.judged(samples.case("b", style="formeel"))]
    table = by_group(rows, lambda members: {"n": count(1 for _ in members)})
    assert {group: figures["n"].value for group, figures in table.items()} == {
        "all": 2, "style: formeel": 1, "style: kort": 1,
    }  # fmt: skip
