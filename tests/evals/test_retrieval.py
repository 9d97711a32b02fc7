from math import log2
from typing import Any

import pytest

from evals.retrieval import gold_of, measure, rank_of, summarise_retrieval


def test_measure_scores_by_hand() -> None:
    scores = measure({"a": ["x", "g"], "b": ["g", "x"]}, {"a": ["g"], "b": ["g"]})
    assert scores["R@1"] == {"a": 0, "b": 1}
    assert scores["R@5"] == {"a": 1, "b": 1}
    assert scores["RR@10"] == {"a": 0.5, "b": 1}
    assert scores["nDCG@10"] == pytest.approx({"a": 1 / log2(3), "b": 1})


def test_measure_counts_any_gold_page_as_a_hit_and_recall_as_the_share_of_all() -> None:
    scores = measure({"a": ["g2", "x"]}, {"a": ["g1", "g2"]})
    assert (scores["R@1"]["a"], scores["R@5"]["a"], scores["Recall@5"]["a"]) == (1, 1, 0.5)


def test_measure_keeps_our_order_also_where_page_ids_sort_otherwise() -> None:
    assert measure({"a": ["zz", "aa"]}, {"a": ["zz"]})["R@1"]["a"] == 1
    assert measure({"a": ["aa", "zz"]}, {"a": ["aa"]})["R@1"]["a"] == 1


def test_measure_counts_a_question_without_a_ranking_as_a_miss() -> None:
    assert measure({"b": ["g"]}, {"a": ["g"], "b": ["g"]})["R@5"] == {"a": 0, "b": 1}


def test_measure_looks_no_further_than_ten() -> None:
    assert measure({"a": [*(f"x{n}" for n in range(10)), "g"]}, {"a": ["g"]})["RR@10"]["a"] == 0


def test_summarise_keeps_gold_that_is_not_in_the_index_as_a_miss(samples: Any) -> None:
    rows = [
        samples.judged(samples.case("a", gold=("g",)), ranking=("g",)),
        samples.judged(samples.case("b", gold=(), missing=("/weg",)), ranking=("x",)),
        samples.judged(samples.case("c", gold=()), ranking=("x",)),
    ]
    figure = summarise_retrieval(rows)["R@1"]
    assert (figure.value, figure.n) == (0.5, 2)


def test_summarise_says_nothing_without_gold(samples: Any) -> None:
    assert summarise_retrieval([samples.judged(samples.case(gold=()))]) == {}


def test_rank_of_is_the_first_gold_page(samples: Any) -> None:
    case = samples.case(gold=("g", "h"), missing=("/weg",))
    assert rank_of(case, ["x", "h", "g"]) == 2
    assert rank_of(case, ["x"]) is None
    assert gold_of(case) == ("g", "h", "missing:/weg")
