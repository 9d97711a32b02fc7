from typing import Any

import pytest

from evals.records import Judgement
from evals.worst import badness, reason, tally, worst

RIGHT = Judgement("answered", answered=True, right=True, helped=True)
WRONG = Judgement("answered", answered=True, wrong=True)


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


@pytest.mark.parametrize(
    ("verdict", "ranking", "said"),
    [
        (WRONG, "abcdefg", "antwoord van een verkeerde pagina: de juiste pagina staat niet bij de eerste vijf"),
        (WRONG, ("x", "y", "pas"), "antwoord van een verkeerde pagina: de juiste pagina staat op plek 3"),
        (WRONG, ("a", "b", "c", "d", "e", "pas"), "antwoord van een verkeerde pagina: de juiste pagina staat niet bij"),
        (Judgement("unanswerable_no_source", false_refusal=True), ("pas",), "geweigerd: de juiste pagina staat"),
        (Judgement("clarify"), ("x", "pas"), "keuze zonder goed antwoord: de juiste pagina staat op plek 2"),
        (Judgement("answered", answered=True, right=True, helped=True, key_fact=False), ("pas",), "goede pagina, maar"),
        (Judgement("answered", answered=True, right=True, unsupported=("€ 9",)), ("pas",), "getal zonder bron"),
        (Judgement("answered", answered=True, right=True, misquotes=("zin",)), ("pas",), "citaat staat niet"),
        (Judgement("clarify", leaked=("06 1",)), ("pas",), "persoonsgegevens in het antwoord"),
        (Judgement("not asked"), ("x", "pas"), "juiste pagina niet bovenaan: de juiste pagina staat op plek 2"),
        (RIGHT, ("pas",), ""),
    ],
)  # fmt: skip
def test_reason_says_what_happened_and_where_the_right_page_stood(
    samples: Any, verdict: Judgement, ranking: tuple[str, ...], said: str
) -> None:
    one = samples.judged(samples.case(), verdict, ranking=tuple(ranking))
    found = reason(one) if badness(one) else ""
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_reason_names_a_status_that_should_not_have_been(samples: Any) -> None:
    case = samples.case(gold=(), expected=frozenset({"refused_opinion"}))
    answered = samples.judged(case, Judgement("answered", answered=True, status_right=False), ranking=("x",))
    refused = samples.judged(case, Judgement("unanswerable_no_source", status_right=False), ranking=("x",))
    assert reason(answered) == "antwoord waar geen antwoord hoort"
    assert reason(refused) == "verkeerde afloop"


def test_reason_says_that_a_page_is_not_in_the_index(samples: Any) -> None:
    one = samples.judged(samples.case(gold=(), missing=("weg",)), WRONG, ranking=("x",))
    assert reason(one) == "antwoord van een verkeerde pagina: de juiste pagina staat niet in de index"


def test_worst_and_tally_leave_out_what_went_well(samples: Any) -> None:
    verdicts = [RIGHT, Judgement("clarify"), WRONG, WRONG]
    rows = [samples.judged(samples.case(str(n)), one, ranking=("x", "pas")) for n, one in enumerate(verdicts)]
    assert [one.case.item.id for one in worst(rows, 2)] == ["2", "3"]
    assert [(what, times) for what, _, times in tally(rows)] == [
        ("antwoord van een verkeerde pagina", 2),
        ("keuze zonder goed antwoord", 1),
    ]
