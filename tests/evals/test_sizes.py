from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.language.topics import load_bank
from corpus.records import Page
from evals.errors import EvalError
from evals.jobs import read_jobs
from evals.sizes import as_json, as_markdown, deal, filler_pages, measure, near

QUESTIONS = (
    ("wat kost een paspoort", "/burgerzaken/paspoort"),
    ("wat kost een rijbewijs", "/burgerzaken/rijbewijs"),
    ("grofvuil laten ophalen", "/afval/grofvuil"),
    ("parkeervergunning voor bewoners", "/verkeer/parkeervergunning"),
)


def jobs_of(town: Any, folder: Path) -> Any:
    asked = [{"id": f"q{n}", "question": q, "gold": [page]} for n, (q, page) in enumerate(QUESTIONS)]
    none = [{"id": f"n{n}", "question": "hoe bak ik een cake", "category": "offtopic"} for n in range(4)]
    sets = {"resident": town.write_set("sized", *asked), "negatives": town.write_set("sized-none", *none)}
    rows = (f'[[jobs]]\nname = "{name}"\nsite = "{town.file}"\nset = "{path}"\n' for name, path in sets.items())
    path = folder / "jobs.toml"
    path.write_text("\n".join(rows), encoding="utf-8")
    return read_jobs(path)


def test_deal_gives_every_page_once_to_sites_of_about_one_size() -> None:
    pages = [Page(id=f"p{n}", url=f"https://proefstad.example/{n}", title="") for n in range(83)]
    dealt = deal(pages, 40)
    assert sorted(map(len, dealt)) == [41, 42]
    assert {page.id for group in dealt for page in group} == {page.id for page in pages}
    assert [len(group) for group in deal(pages, 400)] == [83]


def test_near_takes_the_nearest_of_each_and_all_that_are_near() -> None:
    similar = np.array([[0.1, 0.2, 0.3, 0.0, 0.25], [0.7, 0.9, 0.65, 0.1, 0.2]], np.float32)
    assert near(similar).tolist() == [True, True, True, False, True]


def test_filler_leaves_out_what_the_bank_says_about_the_questions(town: Any, tmp_path: Path) -> None:
    resident, negatives = jobs_of(town, tmp_path)
    bank = load_bank()
    same = replace(bank.topics[0], name="grofvuil laten ophalen", passages=("Maak een afspraak voor uw grof afval.",))
    filler = filler_pages(
        resident.services, replace(bank, topics=(same, *bank.topics)), resident.cases, negatives.cases
    )
    titles = {page.title for page in filler}
    assert "Grofvuil laten ophalen" not in titles
    assert len(titles & {f"{topic.name[:1].upper()}{topic.name[1:]}" for topic in bank.topics}) > 100
    assert len({page.id for page in filler}) == len(filler)


def test_measure_asks_the_same_questions_at_every_size(town: Any, tmp_path: Path) -> None:
    found = measure(jobs_of(town, tmp_path), [2, 4, 12], load_bank())
    assert [(size.pages, size.sites, size.filler) for size in found] == [(2, 2, 0), (4, 1, 0), (12, 1, 8)]
    assert all(size.figures["R@1"].n == size.figures["answered"].n == 4 for size in found)
    assert all(size.figures["not_answered"].n == size.by_category["offtopic"].n == 4 for size in found)
    assert all(size.figures["R@1"].value == 1 for size in found)
    text = as_markdown(found)
    assert "| figure | 2 pages × 2 sites | 4 pages | 12 pages |" in text
    assert "| of which from the bank | 0 | 0 | 8 |" in text
    assert "easier" in text
    assert as_json(found)["sizes"][2]["R@1"] == {"value": 1, "low": 1, "high": 1, "n": 4}


def test_measure_refuses_jobs_without_a_question_that_has_a_page(town: Any, tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="No job"):
        measure(jobs_of(town, tmp_path)[1:], [4], load_bank())
