from pathlib import Path
from typing import Any

import pytest

from corpus.language.topics import Bank, Topic
from evals.errors import SetError
from evals.leakage import Known, Phrase, find_leaks, known_phrases, too_many
from evals.records import EvalSet

TOPIC = Topic(
    "paspoort", "burgerzaken", ("paspoort",), ("U vraagt een paspoort aan.",),
    {"nl": ("mijn paspoort is gestolen op vakantie in Spanje", "hoe duur is een nieuw paspoort"),
     "tr": ("pasaport ne kadar",)},
    source="topics/burgerzaken.txt:1",
)  # fmt: skip
BANK = Bank((), (TOPIC,), (), "0")


def leaks_of(samples: Any, *questions: str) -> list[str]:
    items = tuple(samples.item(str(n), question) for n, question in enumerate(questions))
    return [leak.item_id for leak in find_leaks(EvalSet("s", "s", "0", items), Known(known_phrases(BANK)))]


@pytest.mark.parametrize(
    "question",
    [
        "hoe duur is een nieuw paspoort",
        "Hoe duur zou dat zijn, een nieuw paspoort?",
        "pasaport ne kadar",
        "help, gisteren is mijn paspoort gestolen op vakantie in Spanje en nu moet ik naar huis vliegen, wat nu",
    ],
)
def test_leakage_catches_a_planted_copy(samples: Any, question: str) -> None:
    assert leaks_of(samples, question) == ["0"]


@pytest.mark.parametrize(
    "question", ["wat kost een rijbewijs", "paspoort", "ik wil een nieuw reisdocument, wat ben ik kwijt"]
)
def test_leakage_lets_other_questions_pass(samples: Any, question: str) -> None:
    assert leaks_of(samples, question) == []


def test_leakage_says_which_phrase_gave_it_away(samples: Any) -> None:
    items = (samples.item("a", "hoe duur is een nieuw paspoort"),)
    (leak,) = find_leaks(EvalSet("s", "s", "0", items), Known(known_phrases(BANK)))
    assert "topics/burgerzaken.txt:1" in str(leak)
    assert leak.jaccard == 1


def test_leakage_reads_training_questions_too(tmp_path: Path) -> None:
    path = tmp_path / "deep.jsonl"
    path.write_text('{"question": "hoeveel kost een ligplaats voor mijn bootje"}\n', encoding="utf-8")
    question = Phrase("hoeveel kost een ligplaats voor mijn bootje", "deep.jsonl:1")
    assert question in known_phrases(BANK, [path])
    assert question in known_phrases(BANK, shipped=tmp_path)
    path.write_text('{"vraag": "x"}\n', encoding="utf-8")
    with pytest.raises(SetError, match=r"deep\.jsonl:1"):
        known_phrases(BANK, [path])


def test_too_many_is_more_than_a_tenth(samples: Any) -> None:
    loaded = EvalSet("s", "s", "0", tuple(samples.item(str(n)) for n in range(10)))
    leak = find_leaks(
        EvalSet("s", "s", "0", (samples.item("a", "hoe duur is een nieuw paspoort"),)), Known(known_phrases(BANK))
    )
    assert not too_many(loaded, leak)
    assert too_many(loaded, leak * 2)
