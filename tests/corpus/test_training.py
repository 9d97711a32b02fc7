"""Training: reads only what it was told to, gives the same bytes twice, learns what stands in the bank."""

import hashlib
import lzma
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.errors import BankError
from corpus.language.encoder import StaticEncoder
from corpus.language.topics import load_bank
from corpus.training.bags import Bags
from corpus.training.card import figures_table, write_card
from corpus.training.data import Source, Texts, TrainingError, read_texts
from corpus.training.dev_check import figures, page_scores, rank_of_gold
from corpus.training.export import write_model
from corpus.training.law import law_pairs, noise_pairs
from corpus.training.noise import SHORTEST, asked, slip, slips
from corpus.training.pairs import concept_law_pairs, concept_pairs, topic_pairs
from corpus.training.ranks import train_ranks, write_ranks
from corpus.training.teacher import Teacher, teach
from corpus.training.tokenizer import UNKNOWN, train_tokenizer
from corpus.training.train import STREAMS, Recipe, collect_pairs, train

SUBJECTS = ["paspoort", "afval", "parkeren", "bijstand", "huwelijk", "bouwen", "hond", "verhuizen", "school", "zorg"]
CONCEPTS = [
    ("paspoort, reisdocument", "pasport, boekje voor vakantie", "passport"),
    ("afval, huisvuil", "vuilnis, rotzooi, oude troep", "garbage, waste"),
    ("bijstand, bijstandsuitkering", "uitkering, geen geld", "welfare"),
]
TOPICS = """== paspoort aanvragen
terms: paspoort, reisdocument
passage: U vraagt een paspoort aan bij de balie. Neem uw oude reisdocument en een pasfoto mee naar de afspraak.
nl: mijn pas is bijna verlopen
nl: boekje voor vakantie nodig
en: my passport has expired

== afval aanbieden
passage: U zet de container met afval aan de weg. De ophaaldienst leegt de container met huisvuil op een vaste dag.
nl: wanneer komt de vuilniswagen
nl: rotzooi bij de weg
en: when is garbage collected
"""


def paragraph(subject: str, number: int) -> str:
    return (
        f"De aanvrager van {subject} nummer {number} levert bij het college alle gegevens over {subject} in. "
        f"Het college beslist binnen een redelijke termijn over {subject}; de aanvrager krijgt daarvan schriftelijk "
        f"bericht. Tegen het besluit over {subject} kan de aanvrager schriftelijk bezwaar maken bij het college."
    )


def write_bank(folder: Path) -> Path:
    for name in ("concepts", "topics", "phrases"):
        (folder / name).mkdir(parents=True)
    lines = [" | ".join(concept) for concept in CONCEPTS]
    (folder / "concepts" / "algemeen.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "topics" / "algemeen.txt").write_text(TOPICS, encoding="utf-8")
    phrases = {
        "tr": "pasaportumu yenilemek",
        "ar": "تجديد جواز السفر",
        "pl": "przedłużyć paszport",
        "uk": "продовжити їхній паспорт",
    }
    for language, phrase in phrases.items():
        (folder / "phrases" / f"{language}.txt").write_text(f"== paspoort aanvragen\n- {phrase}\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    law = [paragraph(subject, number) for number in range(40) for subject in SUBJECTS]
    law += [f"{subject}: hetgeen bij of krachtens de wet als {subject} is aangewezen" for subject in SUBJECTS]
    sentences = [(f"I need a {subject}.", f"Ik heb een {subject} nodig.") for subject in SUBJECTS]
    return Texts(law, sentences, load_bank(write_bank(tmp_path_factory.mktemp("bank"))))


def letters(batch: object) -> NDArray[np.float32]:
    """A teacher's place is taken by letter counts: texts of the same letters lie together."""
    assert isinstance(batch, list)
    rows = np.array([[text.lower().count(chr(97 + i)) for i in range(26)] for text in batch], dtype=np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1)


TEACHER = Teacher(letters, ["passport", "garbage", "welfare", "dog"])
SMALL = Recipe(seed=3, vocabulary=400, dimension=16, batch=64)


def write_xz(folder: Path, name: str, content: str) -> Source:
    (folder / name).write_bytes(lzma.compress(content.encode()))
    return Source(name, "a test", "none", hashlib.sha256((folder / name).read_bytes()).hexdigest())


def test_read_texts_reads_the_files_it_knows(tmp_path: Path) -> None:
    law = write_xz(tmp_path, "law.xz", "Artikel een\n\nArtikel twee\n")
    sentences = write_xz(tmp_path, "pairs.xz", "Hello.\tHallo.\nBye.\tDoei.\n")
    read = read_texts(tmp_path, write_bank(tmp_path / "bank"), law, sentences)
    assert read.law == ["Artikel een", "Artikel twee"]
    assert read.sentences == [("Hello.", "Hallo."), ("Bye.", "Doei.")]
    assert len(read.bank.concepts) == 3
    assert read.bank.topics[0].phrases["uk"] == ("продовжити їхній паспорт",)


def test_read_texts_refuses_another_file_of_the_same_name(tmp_path: Path) -> None:
    law = write_xz(tmp_path, "law.xz", "Artikel een\n")
    write_xz(tmp_path, "law.xz", "Artikel twee\n")
    with pytest.raises(TrainingError, match=r"law\.xz has sha256 .* expected"):
        read_texts(tmp_path, write_bank(tmp_path / "bank"), law, law)


def test_read_texts_names_the_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"dutch_law_paragraphs.*is missing.*--data"):
        read_texts(tmp_path, write_bank(tmp_path / "bank"))


def test_read_texts_refuses_a_folder_without_a_bank(tmp_path: Path) -> None:
    law = write_xz(tmp_path, "law.xz", "Artikel een\n")
    (tmp_path / "bank").mkdir()
    with pytest.raises(BankError, match="No bank files"):
        read_texts(tmp_path, tmp_path / "bank", law, law)


@given(st.text(max_size=30), st.integers())
def test_slip_changes_little_and_never_fails(word: str, seed: int) -> None:
    changed = slip(word, Random(seed))
    assert abs(len(changed) - len(word)) <= 2
    if len(word) < SHORTEST:
        assert changed == word


def test_slips_leaves_the_share_zero_as_typed_in_lower_case() -> None:
    assert slips("Nieuw Paspoort", 0.0, Random(0)) == "nieuw paspoort"
    assert slips("nieuw paspoort aanvragen", 1.0, Random(0)) != "nieuw paspoort aanvragen"


def test_asked_keeps_english_terms_free_of_dutch_questions() -> None:
    random = Random(0)
    typed = {asked("passport", random, english=True) for _ in range(200)}
    assert all("passport" in question for question in typed)
    assert len(typed) > 5


def test_law_pairs_join_headings_definitions_and_neighbours(texts: Texts) -> None:
    everything, headed = law_pairs(texts.law, Random(0))
    assert ("hond", "hetgeen bij of krachtens de wet als hond is aangewezen") in zip(
        headed.anchors, headed.positives, strict=True
    )
    assert len(everything) > len(headed) > 100
    assert len(noise_pairs(headed, Random(0), size=50)) == 50


def test_concept_pairs_lead_residents_words_to_official_ones(texts: Texts) -> None:
    pairs = concept_pairs(texts.bank.concepts, Random(0))
    official = {term for concept in texts.bank.concepts for term in concept.official}
    assert sum(positive in official for positive in pairs.positives) > len(pairs) / 2
    assert sorted(set(pairs.groups)) == [0, 1, 2]


def test_concept_law_pairs_lead_residents_words_to_law_that_uses_the_official_one(texts: Texts) -> None:
    pairs = concept_law_pairs(texts.bank.concepts, texts.law, Random(0))
    official = [concept.official for concept in texts.bank.concepts]
    assert len(pairs) > 50
    assert all(
        any(term in passage for term in official[group])
        for passage, group in zip(pairs.positives, pairs.groups, strict=True)
    )


def test_topic_pairs_hold_every_language_and_never_pair_a_phrase_with_itself(texts: Texts) -> None:
    pairs = topic_pairs(texts.bank.topics, Random(0))
    assert "تجديد جواز السفر" in pairs.anchors
    assert all(anchor != positive for anchor, positive in zip(pairs.anchors, pairs.positives, strict=True))


def test_tokenizer_spells_every_script_of_the_bank(texts: Texts) -> None:
    tokenizer = train_tokenizer(texts, 400, Random(0))
    for text in ("їжа", "سفر", "łódź", "ışık", "Één"):
        tokens = tokenizer.encode(text).tokens
        assert tokens
        assert UNKNOWN not in tokens
    assert tokenizer.get_vocab_size() <= 400


def test_bags_cut_a_window_and_drop_what_the_anchor_holds(texts: Texts) -> None:
    tokenizer = train_tokenizer(texts, 400, Random(0))
    random = np.random.default_rng(0)
    bags = Bags(tokenizer, ["paspoort afval", "college " * 50, ""], longest=30)
    batch = bags.batch(np.array([0, 1, 2]), random, window=5)
    assert np.bincount(batch.owners, minlength=3).max() <= 5
    assert batch.offsets.tolist() == [0, *np.cumsum(np.bincount(batch.owners, minlength=3))[:-1]]
    assert len(batch.without_shared(batch, np.array([False] * 3), 400).ids) == 0
    assert len(batch.without_shared(batch, np.array([True] * 3), 400).ids) == len(batch.ids)


def test_teach_gives_unit_vectors_of_the_asked_length() -> None:
    vectors = teach(TEACHER, ["passport", "garbage", "welfare office", "dogs"], 3)
    assert vectors.shape == (4, 3)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1] * 4, abs=1e-4)


def test_collect_pairs_fills_every_stream_of_the_recipe(texts: Texts) -> None:
    assert collect_pairs(texts, TEACHER.words, SMALL).keys() == STREAMS.keys()


def test_train_gives_the_same_bytes_twice_and_learns_the_bank(texts: Texts, tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        trained = train(texts, TEACHER, SMALL)
        write_model(folder, trained.tokenizer, trained.vectors)
    first, second = (StaticEncoder(folder, "test") for folder in folders)
    assert first.digest == second.digest
    question, right, wrong = first.encode(
        ["vuilnis", texts.bank.topics[1].passages[0], texts.bank.topics[0].passages[0]]
    )
    assert float(question @ right) > float(question @ wrong)


def test_card_names_every_input_with_its_digest(texts: Texts, tmp_path: Path) -> None:
    trained = train(texts, TEACHER, SMALL)
    write_model(tmp_path / "model", trained.tokenizer, trained.vectors)
    encoder = StaticEncoder(tmp_path / "model", "test")
    sourced = Texts(texts.law, texts.sentences, texts.bank, (Source("law.xz", "law", "public domain", "abc123"),))
    write_card(tmp_path / "card.md", encoder, tmp_path / "model", sourced, SMALL, trained, 1.0, figures_table({}, 110))
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    for expected in (
        "abc123",
        texts.bank.digest,
        encoder.digest,
        "CC BY 2.0 FR",
        "Apache-2.0",
        "Not measured",
        "Seed 3",
    ):
        assert expected in card


def test_train_ranks_merges_frequent_neighbours_first_and_is_read_back(texts: Texts, tmp_path: Path) -> None:
    ranks = train_ranks(texts, seed=0, size=400)
    assert ranks[:256] == [bytes([byte]) for byte in range(256)]
    assert len(set(ranks)) == len(ranks) == 400
    assert b" aanvrager" in ranks
    assert all(
        any(piece[:cut] in ranks and piece[cut:] in ranks for cut in range(1, len(piece))) for piece in ranks[256:]
    )
    write_ranks(tmp_path / "ranks", ranks)
    assert (tmp_path / "ranks").read_text().splitlines()[0] == "AA== 0"


def test_page_scores_take_the_best_chunk_of_each_page() -> None:
    chunks = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)
    scores = page_scores(chunks, np.array([0, 2]), np.array([[1, 0]], dtype=np.float32))
    assert scores.shape == (2, 1)
    assert scores[0, 0] > scores[1, 0]


def test_dev_check_ranks_the_gold_page_and_leaves_out_questions_without_one(texts: Texts) -> None:
    from corpus.language.encoder import load_encoder

    pages = [
        {"id": "a", "text": "U vraagt een paspoort aan bij de balie."},
        {"id": "b", "text": "Grofvuil laten ophalen."},
    ]
    questions = [
        {"question": "paspoort verlopen", "gold": ["a"]},
        {"question": "oude bank weg laten halen", "gold": ["b", "elsewhere"]},
        {"question": "iets anders", "gold": ["elsewhere"]},
    ]
    ranks = rank_of_gold(load_encoder(), pages, questions)
    assert ranks.tolist() == [0, 0, -1]
    assert figures(ranks) == {"n": 2, "R@1": 1.0, "R@5": 1.0, "MRR": 1.0}
