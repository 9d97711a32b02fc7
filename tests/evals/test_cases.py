from typing import Any

import pytest

from corpus.records import Chunk, Page, page_id
from evals.cases import Pages, make_cases, mark_seen, read_categories
from evals.errors import NothingToMeasure
from evals.records import EvalSet, Item

SITE = "http://127.0.0.1:8802/"
PASSPORT = page_id(f"{SITE}burgerzaken/paspoort", SITE)


def pages(*paths: str) -> Pages:
    found = [Page(id=page_id(SITE + path, SITE), url=SITE + path, title="Paspoort") for path in paths]
    text = "Een paspoort kost € 83,87.\nDe prijs geldt in 2026."

    def chunks(page: str) -> list[Chunk]:
        parts = text.splitlines()
        return [
            Chunk(id=f"{page}{n}", page_id=page, position=n, heading_path=("Kosten",), text=part, tokens=5)
            for n, part in enumerate(parts)
        ]

    return Pages({page.id: page for page in found}, SITE, chunks)


def a_set(*items: Item) -> EvalSet:
    return EvalSet("s", "s.jsonl", "0", items)


@pytest.mark.parametrize(
    "reference",
    [
        PASSPORT,
        "/burgerzaken/paspoort",
        "/burgerzaken/paspoort/",
        "http://127.0.0.1:8802/burgerzaken/paspoort",
        "https://127.0.0.1:9999/burgerzaken/paspoort",
    ],
)
def test_find_knows_a_page_by_id_path_and_url_whatever_scheme_and_port(reference: str) -> None:
    assert pages("burgerzaken/paspoort").find(reference) == PASSPORT


@pytest.mark.parametrize("reference", ["/paspoort", "https://elders.example/burgerzaken/paspoort", "ro:1"])
def test_find_does_not_guess(reference: str) -> None:
    assert pages("burgerzaken/paspoort").find(reference) is None


def test_make_cases_translates_gold_by_the_map(samples: Any) -> None:
    cases, problems = make_cases(
        a_set(samples.item(gold=("ro:1",))), pages("burgerzaken/paspoort"), {"ro:1": "/burgerzaken/paspoort"}
    )
    assert cases[0].gold == {PASSPORT}
    assert cases[0].topic == "burgerzaken"
    assert problems == []


def test_make_cases_counts_gold_without_a_page_as_a_miss_and_names_it(samples: Any) -> None:
    items = samples.item("a", gold=("/burgerzaken/paspoort",)), samples.item("b", gold=("/weg",), also_ok=("/ook-weg",))
    cases, problems = make_cases(a_set(*items), pages("burgerzaken/paspoort"))
    assert cases[1].has_gold
    assert cases[1].missing == ("/weg",)
    assert problems == [
        "set.jsonl:b: de juiste pagina /weg staat niet in de index; telt als niet gevonden",
        "set.jsonl:b: de pagina /ook-weg (also_ok) staat niet in de index",
    ]


def test_make_cases_names_a_span_that_is_not_on_the_page(samples: Any) -> None:
    gold = ("/burgerzaken/paspoort",)
    good = samples.item("a", gold=gold, answer_span="€ 83,87. De prijs")
    bad = samples.item("b", gold=gold, answer_span="€ 90,00")
    _, problems = make_cases(a_set(good, bad), pages("burgerzaken/paspoort"))
    assert problems == ["set.jsonl:b: de zin '€ 90,00' staat niet op de juiste pagina"]


def test_make_cases_refuses_an_empty_index(samples: Any) -> None:
    with pytest.raises(NothingToMeasure, match="geen pagina's"):
        make_cases(a_set(samples.item(gold=("/p",))), pages())


def test_make_cases_refuses_an_index_without_any_gold_page(samples: Any) -> None:
    with pytest.raises(NothingToMeasure, match=r"/p in set.jsonl:q.*--map"):
        make_cases(a_set(samples.item(gold=("/p",))), pages("burgerzaken/paspoort"))


def test_make_cases_takes_gold_from_qrels_and_spans_from_the_editors_question(samples: Any) -> None:
    one = samples.item(gold=("/x",), editor_question="Wat kost het?")
    (case,), _ = make_cases(
        a_set(one), pages("burgerzaken/paspoort"), None, {"q": ("/burgerzaken/paspoort",)}, {"Wat kost het?": "€ 83,87"}
    )
    assert case.gold == {PASSPORT}
    assert case.item.span == "€ 83,87"


def test_make_cases_takes_the_right_statuses_from_item_category_or_unanswerable(samples: Any) -> None:
    items = (
        samples.item("a", category="opinion"),
        samples.item("b", category="opinion", status=("greeting",)),
        samples.item("c", unanswerable=True),
        samples.item("d", category="opnion"),
    )
    cases, problems = make_cases(a_set(*items), pages("burgerzaken/paspoort"))
    assert [sorted(case.expected) for case in cases[:2]] == [["refused_opinion"], ["greeting"]]
    assert cases[2].forbidden == {"answered", "partial"}
    assert problems == ["set.jsonl:d: de soort 'opnion' bestaat niet; deze vraag wordt gesteld maar niet beoordeeld"]


def test_make_cases_asks_for_the_personal_values(samples: Any) -> None:
    _, problems = make_cases(a_set(samples.item(category="personal_mask")), pages("burgerzaken/paspoort"))
    assert "personal_values" in problems[0]


def test_mark_seen_marks_only_what_was_flagged(samples: Any) -> None:
    cases = mark_seen([samples.case("a"), samples.case("b")], ["b"])
    assert [case.seen for case in cases] == [False, True]


def test_read_categories_gives_every_category_a_right_status() -> None:
    assert all(expected or forbidden for expected, forbidden in read_categories().values())
