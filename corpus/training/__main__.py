"""Train the shipped encoder: `python -m corpus.training --data DIR`."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import CorpusError
from corpus.language.encoder import SHIPPED, StaticEncoder
from corpus.language.topics import BANK_FOLDER
from corpus.training.card import figures_table, write_card
from corpus.training.data import read_texts
from corpus.training.dev_check import CHUNK_WORDS, figures, rank_of_gold, read_lines
from corpus.training.export import write_model
from corpus.training.ranks import train_ranks, write_ranks
from corpus.training.teacher import load_teacher
from corpus.training.train import Recipe, train

LANGUAGE = BANK_FOLDER.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Train encoder and token ranks, write them and the model card; return the exit code."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S", stream=sys.stderr)
    started = time.process_time()
    try:
        _set_threads(options.threads)
        texts = read_texts(options.data, options.bank)
        write_ranks(options.ranks, train_ranks(texts, options.seed))
        recipe = Recipe(seed=options.seed)
        trained = train(texts, load_teacher(), recipe)
        write_model(options.output, trained.tokenizer, trained.vectors)
        minutes = (time.process_time() - started) / 60
        encoder = StaticEncoder(options.output, SHIPPED)
        pages = read_lines(options.dev_pages) if options.dev_pages else []
        sets = {path.stem: read_lines(path) for path in options.dev_questions}
        measured = {name: figures(rank_of_gold(encoder, pages, questions)) for name, questions in sets.items()}
        table = figures_table(measured, CHUNK_WORDS)
        write_card(options.card, encoder, options.output, texts, recipe, trained, minutes, table)
    except CorpusError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m corpus.training", description="Train the shipped encoder.")
    parser.add_argument("--data", type=Path, required=True, help="folder with the files that the model card lists")
    parser.add_argument("--bank", type=Path, default=BANK_FOLDER, help="folder of the bank of residents' Dutch")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2, help="the bytes of the result depend on it")
    parser.add_argument("--output", type=Path, default=LANGUAGE / "model")
    parser.add_argument("--ranks", type=Path, default=LANGUAGE / "tokens.tiktoken")
    parser.add_argument("--card", type=Path, default=Path("docs/model-card.md"))
    parser.add_argument("--dev-pages", type=Path, help="pages to measure on (JSON lines: id, text)")
    parser.add_argument("--dev-questions", type=Path, nargs="*", default=[], help="JSON lines: question, gold")
    options = parser.parse_args(arguments)
    if options.dev_questions and not options.dev_pages:
        parser.error("--dev-questions needs --dev-pages")
    return options


def _set_threads(threads: int) -> None:
    os.environ["OMP_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = str(threads)
    import torch

    torch.set_num_threads(threads)


if __name__ == "__main__":
    sys.exit(main())
