"""Write docs/model-card.md: what went into the encoder, what came out, what it is not good for."""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus.language.encoder import StaticEncoder
from corpus.training.data import Texts
from corpus.training.teacher import WEIGHTS as TEACHER
from corpus.training.train import Recipe, Trained

CARD = """# Model card: {id}

Written by `python -m corpus.training`; corrections belong in corpus/training/card.py.

**What it is.** A static encoder: a text is the mean of its subword vectors, at unit length. Dutch and English lie in
one space; Turkish, Arabic, Polish and Ukrainian only as far as the bank holds phrases in them. {subwords} subwords,
{dimension} dimensions, half precision, {megabytes:.1f} MB. Loads with `SentenceTransformer("corpus/language/model")`,
and Vraagbaak itself reads the same folder with tokenizers and numpy.

**What it is for.** Finding the page of a municipality that a resident's question is about, beside word search.

**What it is not for.** Judging whether a text answers a question, other languages, other fields, comparing people.
Word order and negation are lost on it: "wel" and "niet" pages look alike.

## Made from
| input | origin | licence | sha256 or digest |
|---|---|---|---|
{inputs}

No questions of test sets, no municipal website and no personal data went in. Nothing of the law text, Tatoeba or the
teacher is shipped; what they taught the vectors is.

Attribution: sentence pairs by the contributors of Tatoeba (tatoeba.org), CC BY 2.0 FR.

## How
Seed {seed}, {steps} steps of {batch} pairs, {minutes:.0f} CPU minutes; torch {torch}, tokenizers {tokenizers}.
Same input, seed, thread count and versions: same bytes. Files: digest {digest}.

| source | pairs | passes | last loss |
|---|---|---|---|
{streams}

## Figures
{figures}

## Limits
The bank and the questions it was measured on were written by language models: real residents may fare worse.
A word that never stood in the input is pieced together from its parts, and may mean nothing to the encoder.
Law text of all times has the wording of its time; where it names people, groups or roles in dated words, the vectors
may hold those associations. They decide only which page is shown first, never what an answer says.
"""
DEV = """Alone, without word search; page = best chunk of {words} words, titles withheld. These sets were used to choose
the recipe, so they flatter; n is small (± .10 at n = 98).

| set | n | R@1 | R@5 | MRR |
|---|---|---|---|---|
{rows}"""
NOT_MEASURED = "Not measured in this run: name pages and questions with --dev-pages and --dev-questions."


def write_card(
    path: Path, encoder: StaticEncoder, folder: Path, texts: Texts, recipe: Recipe, trained: Trained,
    minutes: float, figures: str,
) -> None:  # fmt: skip
    """Write the card."""
    card = CARD.format(
        id=encoder.id,
        subwords=len(encoder.token_norms),
        dimension=encoder.dimension,
        megabytes=sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6,
        inputs="\n".join(_inputs(texts)),
        seed=recipe.seed,
        steps=trained.steps,
        batch=recipe.batch,
        minutes=minutes,
        torch=version("torch"),
        tokenizers=version("tokenizers"),
        digest=encoder.digest,
        streams="\n".join(_streams(recipe, trained)),
        figures=figures,
    )
    path.write_text(card, encoding="utf-8")


def figures_table(results: Mapping[str, Mapping[str, Any]], words: int) -> str:
    """Return the section on dev figures."""
    if not results:
        return NOT_MEASURED
    rows = (
        f"| {name} | {found['n']} | {found['R@1']} | {found['R@5']} | {found['MRR']} |"
        for name, found in results.items()
    )
    return DEV.format(words=words, rows="\n".join(rows))


def _inputs(texts: Texts) -> Iterable[str]:
    for source in (*texts.sources, TEACHER):
        yield f"| {source.file} | {source.origin} | {source.licence} | {source.sha256} |"
    bank = texts.bank
    content = f"{len(bank.concepts)} concepts, {len(bank.topics)} topics"
    yield f"| corpus/language/bank | this project: {content} | EUPL-1.2 | {bank.digest} |"


def _streams(recipe: Recipe, trained: Trained) -> Iterable[str]:
    for name, size in trained.pairs.items():
        yield f"| {name} | {size} | {recipe.streams[name].passes:g} | {trained.losses.get(name, '')} |"
