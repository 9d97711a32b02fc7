from pathlib import Path
from typing import Any

from evals.report import write_report
from evals.run import run_sets


def silent(name: str, total: int) -> Any:
    return lambda done: None


def test_report_shows_systems_per_style_and_the_worst_questions_with_a_reason(town: Any, tmp_path: Path) -> None:
    questions = town.write_set(
        "residents",
        {"id": "a", "question": "wat kost een paspoort", "gold": ["/burgerzaken/paspoort"], "style": "short"},
        {"id": "b", "question": "Wat kost grofvuil?", "gold": ["/afval/grofvuil"], "style": "formal"},
        {"id": "c", "question": "wat kost een paspoort", "gold": ["/afval/grofvuil"], "style": "formal"},
        {"id": "d", "question": "hoe bak ik een cake", "unanswerable": True, "style": "short"},
    )
    evaluation, pages = run_sets(str(town.file), [str(questions)], baselines=True, advance=silent)
    markdown, page = (path.read_text(encoding="utf-8") for path in write_report(evaluation, pages, tmp_path / "out"))
    assert "## Slechtste vragen: residents" in markdown
    worst = next(line for line in markdown.splitlines() if line.startswith("| c |"))
    assert "antwoord van een verkeerde pagina: de juiste pagina staat op plek" in worst
    assert "| a |" not in markdown
    assert "| stijl: short | bm25 | 1 |" in markdown
    assert "![residents-style-systems](residents-style-systems.svg)" in markdown
    assert (tmp_path / "out" / "residents-style-systems.svg").is_file()
    assert "Slechtste vragen: residents" in page
    assert "src=" not in page
