from typing import Any

from evals.answers import summarise_answers
from evals.figures import by_group
from evals.records import Judgement, SetResult
from evals.retrieval import summarise_retrieval
from evals.show import answer_table, at_coverages, retrieval_table


def test_tables_show_every_system_per_group_and_no_empty_columns(samples: Any) -> None:
    rows = (
        samples.judged(samples.case(), Judgement("answered", answered=True, right=True, helped=True), ranking=("pas",)),
    )
    ours, answers = by_group(rows, summarise_retrieval), by_group(rows, summarise_answers)
    result = SetResult("s", "d", 1, rows, (), ours, answers, baselines={"bm25": ours})
    assert [row[:3] for row in retrieval_table(result)[1][:2]] == [["alle", "vraagbaak", "1"], ["alle", "bm25", "1"]]
    header, _ = answer_table(result)
    assert "geholpen" in header
    assert "gelekte gegevens" not in header
    assert "kern genoemd" not in header


def test_at_coverages_thins_the_curve(samples: Any) -> None:
    rows = [samples.judged(samples.case(str(n)), choice=n / 100, ranking=("pas",)) for n in range(1, 101)]
    assert [point.coverage for point in at_coverages(rows)] == [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
