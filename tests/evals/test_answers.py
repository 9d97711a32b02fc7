from typing import Any

import pytest

from chatbot.records import Reply, Status
from evals.answers import choice_to_click, confusion, frame_of, judge, summarise_answers
from evals.records import Case, Judgement, Outcome

PAGES = {
    "pas": ["Een paspoort kost € 83,87.", "De aanvraag duurt 5 werkdagen."],
    "id": ["Een identiteitskaart kost € 78,10."],
}


def verdict(case: Case, reply: Reply, clicked: Reply | None = None) -> Judgement:
    return judge(Outcome(case, reply=reply, clicked=clicked), lambda page: PAGES.get(page, []))


def test_judge_calls_an_answer_from_the_gold_page_right(samples: Any) -> None:
    found = verdict(samples.case(), samples.reply(Status.ANSWERED, "Dat kost € 83,87. [1]", "pas", "id"))
    assert (found.answered, found.right, found.wrong, found.helped, found.false_refusal) == (
        True,
        True,
        False,
        True,
        False,
    )
    assert (found.cited, found.cited_right) == (2, 1)


def test_judge_goes_by_the_page_of_citation_one(samples: Any) -> None:
    found = verdict(samples.case(), samples.reply(Status.ANSWERED, "Dat kost € 78,10. [1]", "id", "pas"))
    assert (found.right, found.wrong) == (False, True)


@pytest.mark.parametrize(("pages", "answered"), [(("pas",), True), ((), False)])
def test_judge_counts_a_legal_verdict_as_an_answer_only_when_it_quotes(
    samples: Any, pages: tuple[str, ...], answered: bool
) -> None:
    assert verdict(samples.case(), samples.reply(Status.LEGAL_VERDICT, "De voorwaarden:", *pages)).answered == answered


def test_judge_calls_an_answer_without_a_gold_page_neither_right_nor_wrong(samples: Any) -> None:
    found = verdict(samples.case(gold=()), samples.reply(Status.ANSWERED, "Dat kost € 83,87. [1]", "pas"))
    assert (found.answered, found.right, found.wrong) == (True, False, False)


def test_judge_calls_an_answer_wrong_when_its_gold_page_is_not_in_the_index(samples: Any) -> None:
    case = samples.case(gold=(), missing=("/weg",))
    assert verdict(case, samples.reply(Status.ANSWERED, "Dat kost € 83,87. [1]", "pas")).wrong


def test_judge_helps_by_a_choice_that_leads_to_a_right_answer(samples: Any) -> None:
    asked = samples.reply(Status.CLARIFY, "Bedoelt u …?", choices=(samples.choice("id"), samples.choice("pas")))
    right = samples.reply(Status.ANSWERED, "Dat kost € 83,87. [1]", "pas")
    assert choice_to_click(samples.case(), asked) == "pas"
    assert verdict(samples.case(), asked, right).helped
    assert not verdict(samples.case(), asked, samples.reply(Status.NO_SOURCE, "Dat weet ik niet.")).helped
    assert not verdict(samples.case(), asked).helped
    assert not verdict(samples.case(), asked).false_refusal


def test_choice_to_click_is_none_without_gold_among_the_choices(samples: Any) -> None:
    assert choice_to_click(samples.case(), samples.reply(Status.CLARIFY, "?", choices=(samples.choice("id"),))) is None
    assert (
        choice_to_click(samples.case(), samples.reply(Status.ANSWERED, "x", choices=(samples.choice("pas"),))) is None
    )


def test_judge_finds_the_key_fact_in_text_or_card_whatever_the_markers(samples: Any) -> None:
    case = samples.case(answer_span="€ 83,87 en duurt 5 werkdagen")
    in_text = samples.reply(Status.ANSWERED, "Het kost € 83,87 [1] en duurt 5 werkdagen. [1]", "pas")
    in_card = samples.reply(
        Status.ANSWERED, "Zie de kaart. [1]", "pas", card=samples.card("€ 83,87 en duurt 5 werkdagen")
    )
    assert verdict(case, in_text).key_fact
    assert verdict(case, in_card).key_fact
    assert verdict(case, samples.reply(Status.ANSWERED, "Het kost € 83,87. [1]", "pas")).key_fact is False


def test_judge_asks_no_key_fact_of_an_answer_that_is_not_right(samples: Any) -> None:
    case = samples.case(answer_span="€ 83,87")
    assert verdict(case, samples.reply(Status.ANSWERED, "€ 83,87 [1]", "id")).key_fact is None


def test_judge_names_numbers_that_stand_in_no_quoted_passage(samples: Any) -> None:
    reply = samples.reply(Status.ANSWERED, "Het kost € 83,87 en duurt 5 of 15 dagen. [1]", "pas")
    assert verdict(samples.case(), reply).unsupported == ("5", "15")


def test_judge_names_a_quote_that_stands_on_no_cited_page(samples: Any) -> None:
    made_up = samples.citation(1, "pas", "Een paspoort kost € 99,00.")
    found = verdict(samples.case(), samples.reply(Status.ANSWERED, "€ 99,00 [1]", citations=(made_up,)))
    assert found.misquotes == ("Een paspoort kost € 99,00.",)
    assert found.unsupported == ("99,00",)


def test_judge_accepts_a_quote_across_two_passages(samples: Any) -> None:
    long = samples.citation(1, "pas", "€ 83,87. De aanvraag duurt 5 werkdagen")
    found = verdict(samples.case(), samples.reply(Status.ANSWERED, "5 werkdagen [1]", citations=(long,)))
    assert (found.misquotes, found.unsupported) == ((), ())


@pytest.mark.parametrize(
    ("fields", "status", "right"),
    [
        ({"expected": frozenset({"refused_opinion"})}, Status.OPINION, True),
        ({"expected": frozenset({"refused_opinion"})}, Status.NO_SOURCE, False),
        ({"forbidden": frozenset({"blocked_personal_data"})}, Status.NO_SOURCE, True),
        ({"forbidden": frozenset({"blocked_personal_data"})}, Status.PERSONAL_DATA, False),
        ({}, Status.NO_SOURCE, None),
    ],
)
def test_judge_compares_the_status_with_what_the_set_expects(
    samples: Any, fields: dict[str, frozenset[str]], status: Status, right: bool | None
) -> None:
    assert verdict(samples.case(gold=(), **fields), samples.reply(status, "Nee.")).status_right is right


def test_judge_wants_the_gold_page_among_the_choices_of_an_expected_clarification(samples: Any) -> None:
    case = samples.case(expected=frozenset({"clarify"}))
    assert verdict(case, samples.reply(Status.CLARIFY, "?", choices=(samples.choice("pas"),))).status_right
    assert not verdict(case, samples.reply(Status.CLARIFY, "?", choices=(samples.choice("id"),))).status_right


def test_judge_finds_a_personal_value_anywhere_in_the_reply_whatever_its_spacing(samples: Any) -> None:
    case = samples.case(personal_values=("12-abc-3", "06 12345678"))
    asked = samples.reply(Status.CLARIFY, "Bedoelt u …?", choices=(samples.choice("pas"),))
    echo = samples.reply(Status.ANSWERED, "Uw kenteken is 12ABC3. [1]", "pas")
    assert verdict(case, asked, echo).leaked == ("12-abc-3",)
    assert verdict(case, asked).leaked == ()


def test_frame_of_leaves_only_our_own_words() -> None:
    text = "Dit staat op de pagina Paspoort. Een paspoort kost € 83,87. [1]\n- Neem uw pas mee [2]\nBel de balie."
    quotes = ["Goed om te weten. Een paspoort kost € 83,87. Dat is veel.", "neem uw pas mee"]
    assert frame_of(text, quotes) == "Dit staat op de pagina Paspoort. Bel de balie."


def test_summarise_counts_wrong_as_a_share_of_all_items_with_gold(samples: Any) -> None:
    gold, none = samples.case(), samples.case(gold=(), category="opinion")
    rows = [
        samples.judged(gold, Judgement("answered", answered=True, right=True, helped=True, key_fact=True, words=10)),
        samples.judged(gold, Judgement("answered", answered=True, wrong=True, unsupported=("5",), words=20)),
        samples.judged(gold, Judgement("clarify", helped=True)),
        samples.judged(gold, Judgement("unanswerable_no_source", false_refusal=True)),
        samples.judged(none, Judgement("refused_opinion", status_right=True)),
        samples.judged(none, Judgement("answered", answered=True, status_right=False, words=60)),
    ]
    values = {name: (figure.value, figure.n) for name, figure in summarise_answers(rows).items()}
    assert values == {
        "answered": (0.5, 4), "right": (0.25, 4), "wrong": (0.25, 4), "clarified": (0.25, 4), "helped": (0.5, 4),
        "false_refusals": (0.25, 4), "key_fact": (1, 1), "unsupported_numbers": (1, 6), "misquotes": (0, 6),
        "status_right": (0.5, 2), "not_answered": (0.5, 2), "clarified_without_gold": (0, 2), "words": (20, 3),
    }  # fmt: skip


def test_confusion_counts_statuses_by_what_was_expected(samples: Any) -> None:
    rows = [
        samples.judged(samples.case("a", gold=(), category="opinion"), Judgement("refused_opinion")),
        samples.judged(samples.case("b", gold=(), category="opinion"), Judgement("answered")),
        samples.judged(samples.case("c"), Judgement("answered")),
    ]
    assert confusion(rows) == {"gold page": {"answered": 1}, "opinion": {"refused_opinion": 1, "answered": 1}}
