from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from evals.curves import risk_of_ranks
from evals.errors import EvalError
from evals.jobs import read_jobs
from evals.plot_confidence import Measured, as_markdown, as_plain, measure, plot_reliability, plot_risk

PAGES = {
    "burgerzaken/paspoort": ("wat kost een paspoort", "paspoort voor mijn kind", "pasfoto meenemen", "oud paspoort"),
    "burgerzaken/rijbewijs": ("rijbewijs verlengen", "hoe lang duurt een rijbewijs", "nieuw rijbewijs", "rijbewijs"),
    "afval/grofvuil": ("grofvuil ophalen", "wat kost grof afval", "bank wegdoen", "afspraak voor grofvuil"),
    "verkeer/parkeervergunning": (
        "parkeren bij mijn huis", "bewoner met auto", "vergunning parkeren", "parkeren in de straat",
    ),
}  # fmt: skip
NEGATIVES = ("hoe bak ik een cake", "wie won de wedstrijd", "wat is de hoofdstad van peru", "mooie vakantie gehad")


def jobs_file(town: Any, folder: Path, *, negatives: bool) -> Path:
    items = [
        {"id": f"{path}-{n}", "question": question, "gold": [f"/{path}"]}
        for path, questions in PAGES.items()
        for n, question in enumerate(questions)
    ]
    sets = {"resident": town.write_set("plot-resident", *items)}
    if negatives:
        none = ({"id": f"n{n}", "question": q, "unanswerable": True} for n, q in enumerate(NEGATIVES))
        sets["negatives"] = town.write_set("plot-negatives", *none)
    rows = (f'[[jobs]]\nname = "{name} town"\nsite = "{town.file}"\nset = "{path}"\n' for name, path in sets.items())
    path = folder / "jobs.toml"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_measure_judges_choice_on_residents_and_presence_on_negatives_too(town: Any, tmp_path: Path) -> None:
    measured, points = measure(read_jobs(jobs_file(town, tmp_path, negatives=True)))
    assert {name: len(one.values) for name, one in measured.items()} == {"choice": 16, "choice3": 16, "presence": 20}
    assert sum(measured["presence"].came_true) == 16
    assert measured["presence"].auroc > 0.8
    assert points[-1].coverage == 1
    assert measured["choice3"].auroc is None
    text = as_markdown(as_plain(measured, points))
    assert "| presence: the site has an answer | 20 | 0.80 |" in text
    assert "| 1.00 |" in text


def test_measure_says_which_jobs_it_needs(town: Any, tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="negatives"):
        measure(read_jobs(jobs_file(town, tmp_path, negatives=False)))


def test_plots_are_small_svg_files_that_say_the_same_for_the_same_figures() -> None:
    rng = np.random.default_rng(1)
    values = tuple(rng.random(300).tolist())
    one = Measured(values, tuple(bool(v > rng.random()) for v in values))
    points = risk_of_ranks([(value, int(rng.integers(0, 3))) for value in values])
    for svg in (plot_reliability({"choice": one, "presence": one}), plot_risk(points, 0.6)):
        assert ElementTree.fromstring(svg).tag.endswith("svg")
        assert len(svg) < 60_000
    assert plot_risk(points, 0.6) == plot_risk(points, 0.6)
    assert "answers from choice 0.6" in plot_risk(points, 0.6)
