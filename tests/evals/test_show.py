from typing import Any

from evals.answers import summarise_answers
from evals.figures import by_group
from evals.records import Judgement, SetResult
from evals.retrieval import summarise_retrieval
from evals.show import answer_table, at_coverages, badness, retrieval_table


def test_badness_puts_leaks_before_sure_wrong_answers_before_refusals_before_nothing_wrong(samples: Any) -> None:
    gold, none = samples.case(), samples.case(gold=(), expected=frozenset({"refused_opinion"}))
    rows = [
        samples.judged(gold, Judgement("answered", leaked=("06 1",))),
        samples.judged(none, Judgement("answered", answered=True, status_right=False), choice=0.9),
        samples.judged(gold, Judgement("answered", answered=True, wrong=True), choice=0.9),
        samples.judged(gold, Judgement("answered", answered=True, wrong=True), choice=0.2),
        samples.judged(gold, Judgement("unanswerable_no_source", false_refusal=True)),
        samples.judged(gold, Judgement("clarify")),
        samples.judged(gold, Judgement("answered", answered=True, right=True, helped=True, key_fact=False)),
        samples.judged(gold, Judgement("answered", answered=True, right=True, helped=True)),
    ]
    scores = [badness(row) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert scores[-2] > scores[-1] == 0


def test_badness_judges_a_run_without_answers_by_rank(samples: Any) -> None:
    missed, found = (samples.judged(samples.case(), Judgement("not asked"), ranking=(p,)) for p in ("x", "pas"))
    assert badness(missed) > badness(found) == 0


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
