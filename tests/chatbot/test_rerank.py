"""A cross-encoder by config: a real one of random weights, on disk."""

from pathlib import Path

import pytest

from chatbot.rerank import rerank
from chatbot.search import search
from chatbot.services import open_services
from corpus.errors import EncoderError
from corpus.language.encoder import load_reranker
from corpus.sites import Site


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "het", "paspoort", "rijbewijs", "grofvuil", "kost", "de"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=512, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=512).save_pretrained(folder)
    return folder


def test_search_puts_the_best_pages_in_the_order_of_the_reranker(tiny_site: Site, cross_encoder: Path) -> None:
    question = "wat kost een paspoort"
    plain = search(question, open_services(tiny_site))
    reranker = load_reranker(str(cross_encoder))
    assert reranker is not None
    ordered = rerank(question, plain, reranker)
    named = search(question, open_services(tiny_site.model_copy(update={"reranker": str(cross_encoder)})))
    assert [hit.page.id for hit in named] == [hit.page.id for hit in ordered]
    assert {hit.page.id for hit in named} == {hit.page.id for hit in plain}
    assert [hit.score for hit in named] == [hit.score for hit in plain]
    passages = [". ".join([hit.page.title, *hit.chunk.heading_path[1:], hit.chunk.text]) for hit in ordered]
    judged = reranker.scores(question, passages)
    assert list(judged) == sorted(judged, reverse=True)


def test_load_reranker_names_a_model_that_is_not_here() -> None:
    with pytest.raises(EncoderError, match="bestaat-niet"):
        load_reranker("bestaat-niet")


def test_without_a_name_there_is_no_reranker() -> None:
    assert load_reranker("") is None
