"""The encoder: same vectors as sentence-transformers, without it; clear words when a model is absent."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import EncoderError
from corpus.language.encoder import MODEL_FOLDER, SHIPPED, StaticEncoder, load_encoder

SENTENCES = [
    "Ik wil mijn paspoort verlengen", "waar kan ik grofvuil brengen", "rij bewijs kwijt", "Mag ik een dakkapel?",
    "How do I register at my new address?", "bijzondere bijstand", "IDENTITEITSKAART", "één café naast het plein",
    "De gemeente beslist binnen acht weken op uw aanvraag.", "wat kost trouwen", "parkeervergunning voor mantelzorgers",
    "", " ", "…", "😀", "😀😀 afval 🚮", "12345", "€ 1.500,50", "a", "https://voorbeeld.example/pad?x=1",
    "كيف أجدد جواز سفري؟", "جواز السفر", "як продовжити паспорт", "Паспорт", "jak przedłużyć paszport", "łódź",
    "pasaportumu nasıl yenilerim", "İSTANBUL ışık", "地方政府", "Straße", "naïef", "n" * 100, "woord " * 1300,
    "x" * 8000, "Uw bezwaar\n\nmoet\tbinnen zes weken", "M/V/X", "self-service", "WOZ-waarde", "d’r", "'s avonds",
    "hond aanlijnen", "stoeptegel ligt los", "mijn moeder kan niet meer alleen wonen", "schulden", "geen geld",
    "verhuizen naar het buitenland", "vuurwerk overlast melden", "boom kappen", "kinderopvangtoeslag", "stemmen",
]  # fmt: skip


def write_tiny_transformer(folder: Path, prompts: dict[str, str] | None = None) -> Path:
    """A real transformer model, 32 wide, of random weights."""
    import torch
    from sentence_transformers import SentenceTransformer, models
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "het", "paspoort", "de", "kat"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64,
    )  # fmt: skip
    bert = folder.with_name("bert")
    BertModel(config).save_pretrained(bert)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(bert)
    parts = [models.Transformer(str(bert), max_seq_length=64), models.Pooling(32), models.Normalize()]
    SentenceTransformer(modules=parts, prompts=prompts or {}, device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder(MODEL_FOLDER, SHIPPED)


def test_static_encoder_gives_what_sentence_transformers_gives(encoder: StaticEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(MODEL_FOLDER), device="cpu").float().encode(SENTENCES)
    ours = encoder.encode(SENTENCES)
    assert len(SENTENCES) == 50
    assert ours.shape == (50, encoder.dimension)
    assert ours.dtype == np.float32
    empty = ~theirs.any(axis=1)
    assert not ours[empty].any()
    assert empty.sum() < 10
    assert (ours * theirs).sum(axis=1)[~empty].min() > 0.9999
    assert np.abs(ours - theirs).max() < 1e-3


def test_encode_gives_unit_rows_and_zero_rows_for_texts_without_words(encoder: StaticEncoder) -> None:
    lengths = np.linalg.norm(encoder.encode(["paspoort", "", "😀", "…"]), axis=1)
    assert lengths == pytest.approx([1, 0, 0, 0], abs=1e-5)


def test_encode_gives_no_rows_for_no_texts(encoder: StaticEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_encode_gives_the_same_row_whatever_stands_beside_it(encoder: StaticEncoder) -> None:
    together = encoder.encode(SENTENCES * 3)
    assert np.array_equal(together[:50], together[100:])
    assert np.array_equal(together[7], encoder.encode([SENTENCES[7]])[0])


def test_encode_ignores_case_accents_and_signs(encoder: StaticEncoder) -> None:
    plain, fancy = encoder.encode(["een cafe naast het plein", "Eén CAFÉ, naast het 'plein'!"])
    assert float(plain @ fancy) > 0.9999


@pytest.mark.parametrize("word", ["جواز", "паспорт", "paszport", "zameldowanie", "ikametgâh", "їжа", "łatwo", "ışık"])
def test_token_ids_spell_words_of_the_languages_that_residents_write(encoder: StaticEncoder, word: str) -> None:
    (ids,) = encoder.token_ids([word])
    assert len(ids) > 0
    assert encoder.token_norms[ids].min() > 1e-6, "an unknown word has a zero row"


def test_token_vectors_and_norms_add_up_to_the_text_vector(encoder: StaticEncoder) -> None:
    text = "een parkeervergunning aanvragen"
    (ids,) = encoder.token_ids([text])
    total = (encoder.token_vectors[ids] * encoder.token_norms[ids][:, None]).sum(axis=0)
    assert total / np.linalg.norm(total) == pytest.approx(encoder.encode([text])[0], abs=1e-5)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("pasport verlopen wat nu", "Een nieuw paspoort aanvragen", "Een evenement organiseren"),
        ("my passport is about to expire", "Een nieuw paspoort aanvragen", "Hondenbelasting betalen"),
        ("oude bank laten ophalen", "Grofvuil: grote meubels laten ophalen", "Gemeentelijke rekenkamer"),
    ],
)
def test_encode_puts_residents_words_next_to_official_words(
    encoder: StaticEncoder, question: str, near: str, far: str
) -> None:
    asked, right, wrong = encoder.encode([question, near, far])
    assert float(asked @ right) > float(asked @ wrong) + 0.1


def test_shipped_model_fits_in_a_repository() -> None:
    assert sum(path.stat().st_size for path in MODEL_FOLDER.rglob("*") if path.is_file()) <= 25_000_000


def test_load_encoder_returns_the_shipped_one_by_default() -> None:
    encoder = load_encoder()
    assert encoder.id == SHIPPED
    assert load_encoder(SHIPPED) is encoder
    assert len(encoder.digest) == 64


def test_load_encoder_reads_a_static_model_from_a_folder(tmp_path: Path, encoder: StaticEncoder) -> None:
    shutil.copytree(MODEL_FOLDER, tmp_path / "copy")
    copied = load_encoder(str(tmp_path / "copy"))
    assert isinstance(copied, StaticEncoder)
    assert copied.digest == encoder.digest


def test_digest_changes_when_a_weight_changes(tmp_path: Path, encoder: StaticEncoder) -> None:
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "copy")
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert StaticEncoder(folder, "copy").digest != encoder.digest


def test_load_encoder_names_the_folder_whose_files_are_broken(tmp_path: Path) -> None:
    folder = shutil.copytree(MODEL_FOLDER, tmp_path / "broken")
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(EncoderError, match=r"broken.*is niet te lezen"):
        load_encoder(str(folder))


def test_load_encoder_reads_another_sentence_transformers_model(tmp_path: Path) -> None:
    folder = write_tiny_transformer(tmp_path / "tiny")
    other = load_encoder(str(folder))
    rows = other.encode(["het paspoort", "de kat"])
    assert other.dimension == rows.shape[1] == 32
    assert other.max_tokens == 64
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert other.encode([]).shape == (0, 32)


def test_encode_uses_the_prompts_of_another_model_for_questions_and_passages(tmp_path: Path) -> None:
    other = load_encoder(str(write_tiny_transformer(tmp_path / "tiny", prompts={"query": "de ", "document": "kat "})))
    question, passage = other.encode(["het paspoort"], query=True)[0], other.encode(["het paspoort"])[0]
    assert float(question @ passage) < 0.999


def test_load_encoder_names_a_missing_model_and_the_cure_at_once() -> None:
    with pytest.raises(EncoderError, match=r"no-such/model.*HF_HUB_OFFLINE=0") as caught:
        load_encoder("no-such/model")
    assert "\n" not in str(caught.value)


def test_load_encoder_refuses_a_folder_that_holds_no_model(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing here")
    with pytest.raises(EncoderError, match="geen sentence-transformers-model"):
        load_encoder(str(tmp_path))


def test_static_encoder_imports_no_heavy_library() -> None:
    script = (
        "import sys; from corpus.language.encoder import load_encoder; load_encoder().encode(['paspoort']);"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers', 'scipy') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"
