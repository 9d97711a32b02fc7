from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.baselines import cut_characters, cut_words, has_minilm, rank_by_bm25, rank_by_naive_rag
from evals.errors import MissingExtra

TEXTS = {
    "pas": "Paspoort\nEen paspoort kost € 83,87. Neem een pasfoto mee.",
    "afval": "Grofvuil\nU brengt grofvuil naar de milieustraat.",
}


def test_bm25_ranks_by_stems_and_leaves_out_pages_without_a_shared_word() -> None:
    assert rank_by_bm25(TEXTS, ["wat kosten paspoorten", "huwelijk"]) == [["pas"], []]


def test_bm25_gives_each_page_once_by_its_best_passage() -> None:
    long = "paspoort " * 300
    assert rank_by_bm25({"lang": long, "pas": "paspoort"}, ["paspoort"])[0].count("lang") == 1


def test_naive_rag_ranks_by_english_meaning_or_says_how_to_install_its_model(tmp_path: Path) -> None:
    texts = {"passport": "How to renew your passport.", "waste": "Where to bring your garden waste."}
    if has_minilm():
        assert rank_by_naive_rag(texts, ["renewing a passport"], tmp_path) == [["passport", "waste"]]
        return
    with pytest.raises(MissingExtra, match="model-en"):
        rank_by_naive_rag(texts, ["renewing a passport"], tmp_path)


@given(st.text(alphabet="ab c", max_size=500))
def test_cut_words_loses_no_word(text: str) -> None:
    assert " ".join(cut_words(text, 7)).split() == text.split()


@given(st.text(max_size=400))
def test_cut_characters_overlaps_and_loses_nothing(text: str) -> None:
    windows = list(cut_characters(text, 100, 20))
    rebuilt = windows[0] + "".join(window[20:] for window in windows[1:])
    assert rebuilt == text
    assert all(len(window) <= 100 for window in windows)
