import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.answers import summarise_answers
from evals.errors import BaselineError
from evals.figures import by_group
from evals.gate import (
    EPSILON,
    FAST,
    compare,
    dev_half,
    fast_subset,
    figures_of,
    floors_of,
    load_for_gate,
    outcome_of,
    read_baseline,
    updated,
    write_baseline,
)  # fmt: skip
from evals.records import EvalSet, Judged, Judgement, SetResult
from evals.retrieval import summarise_retrieval

RIGHT = Judgement("answered", answered=True, right=True, helped=True, key_fact=True)
WRONG = Judgement("answered", answered=True, wrong=True)
TODAY = date(2026, 11, 23)


def result(samples: Any, *verdicts: Judgement, digest: str = "d", **fields: Any) -> SetResult:
    judged = tuple(
        samples.judged(samples.case(f"q{n}", **fields), verdict, ranking=("pas",)) for n, verdict in enumerate(verdicts)
    )
    groups = by_group(judged, summarise_retrieval), by_group(judged, summarise_answers)
    return SetResult("residents", digest, len(judged), judged, (), *groups)


def baseline_of(samples: Any, *verdicts: Judgement) -> dict[str, Any]:
    first = result(samples, *verdicts)
    report = compare("proefstad", "g", "dev", [first], {})
    return updated({}, report, [first], "static", "", TODAY)


def gate(samples: Any, baseline: dict[str, Any], now: SetResult | None) -> Any:
    return compare("proefstad", "g", "dev", [now] if now else [], floors_of(baseline, "proefstad", "dev"))


def test_gate_passes_what_answers_as_before(samples: Any) -> None:
    report = gate(samples, baseline_of(samples, RIGHT, WRONG), result(samples, RIGHT, WRONG))
    assert report.passed
    assert report.flips == ()


def test_gate_holds_back_what_answers_worse_and_prints_which_questions_flipped(samples: Any) -> None:
    report = gate(samples, baseline_of(samples, RIGHT, RIGHT), result(samples, RIGHT, WRONG))
    assert not report.passed
    assert any("geholpen (alle) is 0.5, grens 1.0" in failure for failure in report.failures)
    assert any("fout (alle) is 0.5, grens 0.0" in failure for failure in report.failures)
    assert report.flips == ("residents/q1: goed → fout: “wat kost een paspoort”",)


def test_gate_lets_a_figure_be_an_epsilon_lower_but_no_more(samples: Any) -> None:
    floors = baseline_of(samples, RIGHT, WRONG)
    figures = floors["proefstad"]["dev"]["residents"]["floors"]
    figures["all/helped"] = 0.5 + EPSILON
    assert gate(samples, floors, result(samples, RIGHT, WRONG)).passed
    figures["all/helped"] = 0.5 + EPSILON + 0.001
    assert not gate(samples, floors, result(samples, RIGHT, WRONG)).passed


def test_gate_has_no_margin_for_counts_that_must_be_zero(samples: Any) -> None:
    made_up = Judgement("answered", answered=True, right=True, helped=True, key_fact=True, unsupported=("5",))
    report = gate(samples, baseline_of(samples, RIGHT), result(samples, made_up))
    assert report.failures == ("residents: getallen zonder bron (alle) is 1.0, grens 0.0, marge 0.0",)


def test_gate_holds_back_when_a_set_changed_or_is_gone(samples: Any) -> None:
    floors = baseline_of(samples, RIGHT)
    assert "is veranderd" in gate(samples, floors, result(samples, RIGHT, digest="other")).failures[0]
    assert "is weg" in gate(samples, floors, None).failures[0]


def test_gate_holds_back_when_a_figure_can_no_longer_be_measured(samples: Any) -> None:
    report = gate(samples, baseline_of(samples, RIGHT), result(samples, RIGHT, gold=()))
    assert any("R@1 (alle) is niet meer te meten" in failure for failure in report.failures)


def test_gate_notes_a_set_without_floors(samples: Any) -> None:
    report = gate(samples, {}, result(samples, RIGHT))
    assert report.passed
    assert "nog geen grenzen" in report.notes[0]


def test_update_raises_floors_but_lowers_none_without_a_reason(samples: Any) -> None:
    floors = baseline_of(samples, RIGHT, WRONG)
    better, worse = result(samples, RIGHT, RIGHT), result(samples, WRONG, WRONG)
    report = gate(samples, floors, better)
    higher = updated(floors, report, [better], "static", "", TODAY)
    assert higher["proefstad"]["dev"]["residents"]["floors"]["all/helped"] == 1
    with pytest.raises(BaselineError, match=r"geholpen \(alle\) 1\.0 → 0\.0.*--allow-regression"):
        updated(higher, gate(samples, higher, worse), [worse], "static", "", TODAY)
    lower = updated(higher, gate(samples, higher, worse), [worse], "static", "the passport page is gone", TODAY)
    assert lower["proefstad"]["dev"]["residents"]["floors"]["all/helped"] == 0
    (kept,) = lower["proefstad"]["regressions"]
    assert (kept["on"], kept["why"]) == ("2026-11-23", "the passport page is gone")


def test_update_keeps_the_floors_of_other_sites(samples: Any) -> None:
    floors = {"elders": {"dev": {}}} | baseline_of(samples, RIGHT)
    now = result(samples, RIGHT)
    assert updated(floors, gate(samples, floors, now), [now], "static", "", TODAY)["elders"] == {"dev": {}}


def test_baseline_survives_writing_and_a_broken_one_is_named(samples: Any, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert read_baseline(path) == {}
    floors = baseline_of(samples, RIGHT)
    write_baseline(floors, path)
    assert read_baseline(path) == floors
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BaselineError, match=r"baseline\.json is niet te lezen"):
        read_baseline(path)
    with pytest.raises(BaselineError, match="ontbreekt 'sha256'"):
        floors_of({"proefstad": {"dev": {"residents": {}}}}, "proefstad", "dev")


def test_figures_of_watches_later_turns_apart(samples: Any) -> None:
    history = [{"role": "user", "content": "x"}]
    later = samples.judged(samples.case("b", history=history, conversation="c"), WRONG)
    first = samples.judged(samples.case("a", conversation="c"), RIGHT)
    judged: tuple[Judged, ...] = (first, later)
    figures = figures_of(SetResult("s", "d", 2, judged, (), {}, by_group(judged, summarise_answers)))
    assert (figures["all/helped"], figures["turn: later/helped"]) == (0.5, 0)


@pytest.mark.parametrize(
    ("verdict", "fields", "ended"),
    [
        (RIGHT, {}, "right"),
        (Judgement("answered", answered=True, right=True, key_fact=False), {}, "right without key fact"),
        (WRONG, {}, "wrong"),
        (Judgement("clarify", helped=True), {}, "clarify, helped"),
        (Judgement("unanswerable_no_source"), {}, "unanswerable_no_source"),
        (Judgement("greeting", status_right=False), {"gold": ()}, "greeting (not right)"),
        (Judgement("answered", leaked=("06 1",)), {}, "leaked"),
    ],
)
def test_outcome_of_says_how_a_question_ended(
    samples: Any, verdict: Judgement, fields: dict[str, Any], ended: str
) -> None:
    assert outcome_of(samples.judged(samples.case(**fields), verdict)) == ended


def test_load_for_gate_reads_the_dev_half_only(tmp_path: Path) -> None:
    lines = [
        {"id": f"{s}{n}", "question": "x", "gold": [f"/{s}"], "split": s} for s in ("dev", "test") for n in range(60)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps(lines[-1]), encoding="utf-8")
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    (whole,) = load_for_gate(paths, fast=False)
    (fast,) = load_for_gate(paths, fast=True)
    assert len(whole.items) == 60
    assert len(fast.items) == FAST
    assert all(item.split == "dev" for item in whole.items)
    assert fast == fast_subset(whole)


def test_dev_half_is_the_whole_of_a_set_that_states_none(samples: Any) -> None:
    loaded = EvalSet("s", "s", "0", (samples.item("a"),))
    assert dev_half(loaded) == loaded


def test_gate_lets_one_question_of_a_small_set_turn_but_not_two(samples: Any) -> None:
    floors = baseline_of(samples, *[RIGHT] * 20)
    assert gate(samples, floors, result(samples, *[RIGHT] * 19, WRONG)).passed
    assert not gate(samples, floors, result(samples, *[RIGHT] * 18, WRONG, WRONG)).passed
