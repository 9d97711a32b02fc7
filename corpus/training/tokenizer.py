"""The encoder's tokenizer: words and numbers in any script, accents off, cut into WordPiece subwords."""

import json
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from corpus.training.data import Texts

PAD, UNKNOWN = "[PAD]", "[UNK]"
LONGEST_WORD = 60
LAW_SHARE = 150_000  # paragraphs; more of them crowd out everyday words
# Every letter can be spelt, whatever the training text holds: Latin with Polish, Turkish and German letters that keep
# their form when accents go, Cyrillic with Ukrainian, Arabic with Persian and Urdu, Greek.
ALPHABET = (
    *"0123456789abcdefghijklmnopqrstuvwxyzßæðøþđıłœə",
    *"абвгдежзиклмнопрстуфхцчшщъыьэюяђєіјљњћџґ",
    *"ءابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچڈژکگںھہیے",
    *"αβγδεζηθικλμνξοπρςστυφχψω",
)
# How often each text counts, so that 40 MB of law does not decide alone which words stay whole.
WEIGHTS = {"sentences": 6, "concepts": 20, "phrases": 4, "passages": 2}


def train_tokenizer(texts: Texts, size: int, random: Random) -> Any:
    """Return a tokenizers.Tokenizer of at most `size` subwords that can spell every letter of the bank."""
    from tokenizers import trainers

    tokenizer = empty_tokenizer({PAD: 0, UNKNOWN: 1})
    lines = _lines(texts, random)
    trainer = trainers.WordPieceTrainer(
        vocab_size=size,
        # The continuation forms stand here, not among what the trainer finds: so they exist at all (a word with
        # a letter that cannot continue is unknown as a whole) and have the same numbers each time.
        special_tokens=[PAD, UNKNOWN, *(f"##{letter}" for letter in ALPHABET)],
        min_frequency=3,
        initial_alphabet=list(ALPHABET),
        limit_alphabet=len(ALPHABET),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    return empty_tokenizer(tokenizer.get_vocab())


def empty_tokenizer(vocabulary: dict[str, int]) -> Any:
    """Return a tokenizer with this vocabulary."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordPiece(vocab=vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=LONGEST_WORD))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed"), pre_tokenizers.Digits(individual_digits=False)]
    )
    return tokenizer


def compact_json(tokenizer: Any) -> str:
    """Return tokenizer.json without indentation, a third of the size."""
    return json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))


def _lines(texts: Texts, random: Random) -> list[str]:
    bank = texts.bank
    law = random.sample(list(texts.law), min(LAW_SHARE, len(texts.law)))
    sentences = [sentence for pair in texts.sentences for sentence in pair]
    terms = [term for concept in bank.concepts for term in concept.official + concept.lay + concept.english]
    phrases = [phrase for topic in bank.topics for phrase in (topic.name, *topic.terms, *topic.all_phrases)]
    passages = [passage for topic in bank.topics for passage in topic.passages]
    weighted: Iterable[tuple[Sequence[str], int]] = (
        (law, 1),
        (sentences, WEIGHTS["sentences"]),
        (terms, WEIGHTS["concepts"]),
        (phrases, WEIGHTS["phrases"]),
        (passages, WEIGHTS["passages"]),
    )
    return [line for lines, weight in weighted for line in list(lines) * weight]
