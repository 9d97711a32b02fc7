from typing import Any

from chatbot.records import Status
from evals.readability import flesch_douma, summarise_readability
from evals.records import Judgement

EASY = "U haalt uw pas op bij de balie. Neem uw oude pas mee. Dat kost niets."
HARD = (
    "Onverminderd het bepaalde in de verordening kunnen burgemeester en wethouders ontheffing verlenen van bepalingen."
)


def test_flesch_douma_tells_easy_dutch_from_hard() -> None:
    easy, hard = flesch_douma([EASY]), flesch_douma([HARD])
    assert easy is not None
    assert hard is not None
    assert easy.value > 80 > 30 > hard.value


def test_flesch_douma_says_nothing_of_a_few_words() -> None:
    assert flesch_douma(["Zie pagina."]) is None


def test_summarise_readability_keeps_our_words_and_quotes_apart_and_leaves_english_out(samples: Any) -> None:
    dutch = samples.judged(samples.case("a"), Judgement("answered", frame=EASY, quotes=(HARD,)), reply=samples.reply())
    english = samples.judged(
        samples.case("b"), Judgement("answered", frame=HARD), reply=samples.reply(Status.ANSWERED, "x", language="en")
    )
    figures = summarise_readability([dutch, english])
    assert figures["flesch_frame"].value > figures["flesch_quotes"].value
    assert figures["flesch_frame"].n == 1
