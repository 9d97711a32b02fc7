from typing import Any

import pytest

from evals.curves import auroc, calibration_error, reliability, risk_coverage


def test_risk_coverage_by_hand(samples: Any) -> None:
    def row(name: str, choice: float, *ranking: str) -> Any:
        return samples.judged(samples.case(name, gold=("g",)), choice=choice, ranking=ranking)

    rows = [row("a", 0.9, "g"), row("b", 0.8, "x", "g"), row("c", 0.3, "g"), row("d", 0.1, "x", "y", "z", "g")]
    points = risk_coverage(rows)
    assert [(p.threshold, p.coverage) for p in points] == [(0.9, 0.25), (0.8, 0.5), (0.3, 0.75), (0.1, 1)]
    assert [p.risk for p in points] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert [p.risk_of_three for p in points] == pytest.approx([0, 0, 0, 1 / 4])
    assert [p.helped for p in points] == [0.25, 0.25, 0.5, 0.5]
    assert [p.helped_by_clarifying for p in points] == [0.75, 0.5, 0.5, 0.5]


def test_risk_coverage_takes_equal_confidences_together(samples: Any) -> None:
    rows = [samples.judged(samples.case(n, gold=("g",)), choice=0.5, ranking=(n,)) for n in ("g", "x")]
    assert [(p.coverage, p.risk) for p in risk_coverage(rows)] == [(1, 0.5)]


def test_risk_coverage_ignores_items_without_gold_or_confidence(samples: Any) -> None:
    rows = [samples.judged(samples.case(gold=()), choice=0.5), samples.judged(samples.case(), ranking=("pas",))]
    assert risk_coverage(rows) == []
    assert reliability(rows) == []


def test_reliability_sets_promise_beside_truth(samples: Any) -> None:
    rows = [
        samples.judged(samples.case(str(n), gold=("g",)), choice=n / 10, ranking=("g" if n >= 5 else "x",))
        for n in range(10)
    ]
    low, high = reliability(rows, bins=2)
    assert (low.right, high.right) == (0, 1)
    assert (low.confidence, high.confidence) == pytest.approx((0.2, 0.7))
    assert calibration_error([low, high]) == pytest.approx(0.25)


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    assert auroc([3, 1], [2, 1]) == pytest.approx(2.5 / 4)
    assert auroc([], [1]) is None
