"""Evaluations of a real index, through the commands."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evals.errors import NothingToMeasure
from evals.gate import Report
from evals.records import Figure
from evals.run import run_gate, run_leakage, run_sets

PASSPORT, LICENCE, WASTE = "/burgerzaken/paspoort", "/burgerzaken/rijbewijs", "https://proefstad.example/afval/grofvuil"
ITEMS = (
    {"id": "pas", "question": "wat kost een paspoort", "gold": [PASSPORT], "answer_span": "€ 83,87", "style": "kort"},
    {"id": "auto", "question": "hoe lang duurt een nieuw rijbewijs", "gold": [LICENCE], "answer_span": "5 werkdagen"},
    {"id": "bank", "question": "grofvuil laten ophalen", "gold": [WASTE]},
)


def silent(name: str, total: int) -> Any:
    return lambda done: None


def command(town: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"VRAAGBAAK_HOME": str(town.home)}
    return subprocess.run(
        [sys.executable, "-m", "evals.cli", *arguments], capture_output=True, text=True, env=env, check=False
    )


def test_run_finds_the_gold_pages_of_a_real_index_and_judges_the_answers(town: Any) -> None:
    path = town.write_set("good", *ITEMS)
    evaluation, _ = run_sets(str(town.file), [str(path)], baselines=False, advance=silent)
    (result,) = evaluation.sets
    assert evaluation.pages == 4
    assert result.retrieval["all"]["R@1"].value == 1
    assert result.answers["all"]["right"].value + result.answers["all"]["clarified"].value == 1
    assert result.answers["all"]["unsupported_numbers"] == Figure(0, 3)
    assert result.problems == ()


def test_run_cannot_look_good_with_the_wrong_gold(town: Any) -> None:
    swapped = [{**item, "gold": ["/verkeer/parkeervergunning"]} for item in ITEMS]
    evaluation, _ = run_sets(str(town.file), [str(town.write_set("swapped", *swapped))], advance=silent)
    figures = evaluation.sets[0].answers["all"]
    assert evaluation.sets[0].retrieval["all"]["R@1"].value == 0
    assert figures["right"].value == 0
    assert figures["wrong"].value == figures["answered"].value


def test_run_prints_figures_as_json_and_writes_a_record_per_question(town: Any, tmp_path: Path) -> None:
    path, records = town.write_set("good", *ITEMS), tmp_path / "deep" / "records.jsonl"
    done = command(town, "run", "--site", str(town.file), "--set", str(path), "--records", str(records), "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)["sets"]["good"]
    assert figures["retrieval"]["all"]["R@1"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}
    rows = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["pas", "auto", "bank"]
    assert rows[0]["ranking"][0]["url"] == "https://proefstad.example/burgerzaken/paspoort"
    assert rows[0]["reply"]["status"] == rows[0]["verdict"]["status"]


def test_run_ranks_without_answering_on_demand(town: Any) -> None:
    path = town.write_set("good", *ITEMS)
    evaluation, _ = run_sets(str(town.file), [str(path)], retrieval_only=True, advance=silent)
    assert evaluation.sets[0].retrieval["all"]["R@1"].n == 3
    assert evaluation.sets[0].answers == {}


def test_run_asks_a_follow_up_with_its_history(town: Any) -> None:
    turns = [
        {"question": "ik wil een paspoort aanvragen", "gold": ["/burgerzaken/paspoort"]},
        {"question": "en wat kost dat?", "gold": ["/burgerzaken/paspoort"]},
    ]
    path = town.write_set("talk", {"id": "c", "turns": turns})
    evaluation, _ = run_sets(str(town.file), [str(path)], advance=silent)
    assert evaluation.sets[0].retrieval["turn: later"]["R@1"].value == 1


def test_run_keeps_no_question_for_the_editors(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus.index.generation import Paths
    from corpus.state import State

    monkeypatch.setenv("VRAAGBAAK_QUESTIONS", "masked")
    run_sets(str(town.file), [str(town.write_set("good", *ITEMS))], advance=silent)
    assert State(Paths(town.home / "proefstad").state).frequent_questions(1) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "a"', "bad.jsonl:1: geen JSON"),
        ('{"id": "a", "question": "x", "gold": ["/bestaat-niet"]}', "Geen enkele juiste pagina"),
        ("", "staan geen vragen"),
    ],
)
def test_run_names_a_bad_set_in_one_line(town: Any, tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "bad.jsonl").write_text(line, encoding="utf-8")
    done = command(town, "run", "--site", str(town.file), "--set", str(tmp_path / "bad.jsonl"))
    assert done.returncode == 1
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_run_refuses_a_split_that_does_not_exist(town: Any) -> None:
    assert command(town, "run", "--site", str(town.file), "--split", "train").returncode == 2


def test_gate_passes_a_site_without_sets_with_a_note(town: Any) -> None:
    done = command(town, "gate", "--site", str(town.file), "--json")
    assert done.returncode == 0, done.stderr
    assert "heeft geen vragensets" in json.loads(done.stdout)["notes"][0]


def gated(town: Any, folder: Path, **options: Any) -> Report:
    """Run the gate with one set and a baseline of the test's own."""
    (folder / "proefstad").mkdir(exist_ok=True)
    shutil.copy(town.write_set("good", *ITEMS), folder / "proefstad")
    return run_gate(str(town.file), sets=folder, baseline_path=folder / "baseline.json", advance=silent, **options)


def test_gate_passes_an_unchanged_index_and_holds_back_one_that_lost_a_page(town: Any, tmp_path: Path) -> None:
    assert "nog geen grenzen" in gated(town, tmp_path).notes[0]
    gated(town, tmp_path, update=True)
    assert gated(town, tmp_path).passed
    poorer = town.build({path: page for path, page in town.content.items() if path != "burgerzaken/rijbewijs"})
    report = gated(town, tmp_path, generation=poorer)
    assert not report.passed
    assert any(failure.startswith("good: R@1 (alle) is 0.6667, grens 1.0") for failure in report.failures)
    assert [flip.split(":")[0] for flip in report.flips] == ["good/auto"]


def test_gate_cannot_pass_on_an_empty_index(town: Any, tmp_path: Path) -> None:
    gated(town, tmp_path, update=True)
    with pytest.raises(NothingToMeasure, match="geen pagina's"):
        gated(town, tmp_path, generation=town.build({}))


def test_leakage_catches_a_copy_of_a_bank_phrase_and_fails_when_there_are_many(town: Any) -> None:
    from corpus.language.topics import load_bank

    phrases = [phrase for topic in load_bank().topics for phrase in topic.phrases["nl"] if len(phrase.split()) > 5]
    copies = [{"id": str(n), "question": phrase} for n, phrase in enumerate(phrases[:3])]
    path = town.write_set("copies", *copies)
    assert run_leakage(str(town.file), [str(path)], []).failed == ("copies",)
    done = command(town, "leakage", "--site", str(town.file), "--set", str(path))
    assert done.returncode == 1
    assert "Stel die vragen anders" in done.stderr


def test_report_is_one_page_that_needs_nothing_from_elsewhere(town: Any, tmp_path: Path) -> None:
    path = town.write_set("good", *ITEMS)
    done = command(town, "report", "--site", str(town.file), "--set", str(path), "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert 'src="http' not in page
    assert "<script" not in page
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| good | bm25 | 3 |" in text
    assert all(
        (tmp_path / line[4:].split("](")[1].rstrip(")")).is_file()
        for line in text.splitlines()
        if line.startswith("![")
    )


def test_help_loads_nothing_heavy() -> None:
    heavy = "numpy", "chromadb", "torch", "matplotlib", "pydantic"
    code = f"import sys; import evals.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
