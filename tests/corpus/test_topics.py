"""corpus.language.topics: reading the bank, and naming what is wrong in it."""

import re
from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import BankError
from corpus.language.topics import load_bank

TOPIC = (
    "== paspoort aanvragen\nterms: paspoort, reisdocument\n"
    "passage: Een paspoort vraagt u aan.\nnl: nieuwe pas regelen\n"
)


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_load_bank_reads_concepts_topics_and_phrases_in_other_languages(tmp_path: Path) -> None:
    bank = load_bank(
        write(
            tmp_path,
            {
                "concepts/reisdocumenten.txt": "# uitleg\npaspoort, reisdocument | pas, boekje | passport\n",
                "topics/reisdocumenten.txt": TOPIC,
                "phrases/tr.txt": "== paspoort aanvragen\n- yeni pasaport\n",
                "most_asked.txt": "paspoort aanvragen\n",
            },
        )
    )
    assert bank.concepts[0].lay == ("pas", "boekje")
    assert bank.topics[0].phrases == {"nl": ("nieuwe pas regelen",), "tr": ("yeni pasaport",)}
    assert bank.most_asked == ("paspoort aanvragen",)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"concepts/x.txt": "paspoort | pas\n"}, r"concepts/x\.txt:1: .*three fields; found 2"),
        ({"topics/x.txt": "nl: los\n"}, r"topics/x\.txt:1: expected '== topic name'"),
        ({"topics/x.txt": TOPIC + "kleur: rood\n"}, r"topics/x\.txt:5: key 'kleur' is unknown"),
        ({"topics/x.txt": "== leeg\nterms: a\n"}, r"topics/x\.txt:1: .*needs a 'passage:'"),
        ({"topics/x.txt": TOPIC, "topics/y.txt": TOPIC}, r"topics/y\.txt:1: .*stands also at topics/x\.txt:1"),
        ({"topics/x.txt": TOPIC, "phrases/tr.txt": "== weg\n- a\n"}, r"phrases/tr\.txt:1: no topic is named 'weg'"),
        ({"topics/x.txt": TOPIC, "most_asked.txt": "weg\n"}, r"most_asked\.txt:1: no topic is named 'weg'"),
    ],
)
def test_a_broken_line_is_named_by_file_and_line(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(BankError, match=message):
        load_bank(write(tmp_path, files))


def test_an_empty_folder_says_what_to_restore(tmp_path: Path) -> None:
    with pytest.raises(BankError, match="No bank files"):
        load_bank(tmp_path)


def test_the_shipped_bank_is_whole() -> None:
    bank = load_bank()
    assert len({topic.name for topic in bank.topics}) == len(bank.topics)
    assert all(concept.official and concept.lay for concept in bank.concepts)


def test_the_shipped_bank_says_each_thing_once() -> None:
    bank = load_bank()
    leading = Counter(concept.official[0].casefold() for concept in bank.concepts)
    assert not [term for term, lines in leading.items() if lines > 1]
    lay = Counter(term for concept in bank.concepts for term in {word.casefold() for word in concept.lay})
    assert not [term for term, lines in lay.items() if lines > 3]  # such a word would claim everything
    phrases = Counter(phrase.casefold().strip(" ?.!") for topic in bank.topics for phrase in topic.phrases["nl"])
    assert not [phrase for phrase, topics in phrases.items() if topics > 1]


def test_the_shipped_bank_is_deep_where_residents_ask_most() -> None:
    bank = load_bank()
    topics = {topic.name: topic for topic in bank.topics}
    assert len(bank.concepts) >= 3500
    assert len(topics) >= 1500
    assert not [name for name in bank.most_asked[:500] if len(topics[name].phrases["nl"]) < 16]
    assert not [topic.name for topic in bank.topics if len(topic.phrases["nl"]) < 6]


def test_no_passage_of_the_shipped_bank_holds_what_could_be_taken_for_an_answer() -> None:
    months = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    facts = re.compile(
        rf"€|\d euro\b|\b(?:19|20)\d\d\b|\b0\d{{2,3}}[- ]?\d{{6,7}}\b|\b0[89]00\b|\b11[23]\b|\d (?:{months})\b"
    )
    assert not [topic.name for topic in load_bank().topics for text in topic.passages if facts.search(text)]
