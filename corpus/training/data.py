"""What the encoder is trained on: named files with origin, licence and sha256, and the bank."""

import hashlib
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError
from corpus.language.topics import Bank, load_bank


class TrainingError(CorpusError):
    """Training input is missing, or not the input that the recipe was measured on."""


@dataclass(frozen=True)
class Source:
    """One file of the data folder, and what a reader of the model card must know about it."""

    file: str
    origin: str
    licence: str
    sha256: str


LAW = Source(
    "dutch_law_paragraphs.txt.xz",
    "paragraphs of Dutch national law, one a line, unique, shuffled",
    "public domain (Auteurswet, article 11)",
    "6ae5ff726ddd071a4a5762f9e966086367568a8105c8164be72a90db0584eac7",
)
SENTENCES = Source(
    "tatoeba_en_nl.tsv.xz",
    "English and Dutch sentence pairs of Tatoeba (tatoeba.org), tab between them",
    "CC BY 2.0 FR",
    "1e1ae73a41ee3a85ce0c5ccdb6a1e7743b96a75e5f34b9c0865792cd07e8a050",
)


@dataclass(frozen=True)
class Texts:
    """Everything the encoder learns from. `sentences` are (English, Dutch)."""

    law: Sequence[str]
    sentences: Sequence[tuple[str, str]]
    bank: Bank
    sources: tuple[Source, ...] = ()


def read_texts(folder: Path, bank_folder: Path, law: Source = LAW, sentences: Source = SENTENCES) -> Texts:
    """Read the data folder and the bank. Raises TrainingError when a file is absent or is another file."""
    paragraphs = [line for line in _lines(folder, law) if line]
    lines = _lines(folder, sentences)
    pairs = [(english, dutch) for english, tab, dutch in (line.partition("\t") for line in lines) if tab]
    return Texts(paragraphs, pairs, load_bank(bank_folder), (law, sentences))


def sha256(path: Path) -> str:
    """Return the hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(folder: Path, source: Source) -> list[str]:
    path = folder / source.file
    if not path.is_file():
        raise TrainingError(f"{path} is missing ({source.origin}). Name the folder that holds it with --data.")
    found = sha256(path)
    if found != source.sha256:
        raise TrainingError(
            f"{path} has sha256 {found[:12]}…, expected {source.sha256[:12]}…. Get the right file, or, for a newer "
            "edition, change its sha256 in corpus/training/data.py and measure again."
        )
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file]
