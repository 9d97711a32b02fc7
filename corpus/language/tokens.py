"""Count tokens offline, with tiktoken over our own small rank file. Home of tiktoken.

tiktoken's named encodings are downloaded at first use, without a timeout; ours is a file in this folder.
"""

import re
from base64 import b64decode
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.dutch import technical
from corpus.errors import EncoderError

RANKS = Path(__file__).with_name("tokens.tiktoken")
# What is merged within: a word, up to three digits, a run of signs, each with the space before it.
# Written so that Python and tiktoken read it alike.
PATTERN = r" ?[^\W\d_]+| ?\d{1,3}| ?[^\s\w]+|_+|\s+"
WORD = re.compile(PATTERN)


def count_tokens(text: str) -> int:
    """Return the number of tokens of a text; about .86 of what OpenAI's o200k_base counts in Dutch."""
    return len(_encoding().encode_ordinary(text))


def split_tokens(text: str, limit: int) -> list[str]:
    """Cut a text between words into pieces of at most `limit` tokens; the pieces joined are the text.

    A single word of more tokens than that is cut inside.
    """
    if limit < 4:
        raise ValueError(f"limit is {limit}; one letter can take 4 tokens")
    pieces: list[str] = []
    size = limit
    for word in _short_words(text, limit):
        tokens = count_tokens(word)
        if size + tokens > limit:
            pieces.append(word)
            size = tokens
        else:
            pieces[-1] += word
            size += tokens
    return pieces


def _short_words(text: str, limit: int) -> list[str]:
    """Return the words of the text, those of too many tokens halved until they fit."""
    words: list[str] = []
    waiting = WORD.findall(text)[::-1]
    while waiting:
        word = waiting.pop()
        if count_tokens(word) <= limit:
            words.append(word)
        else:
            waiting += [word[len(word) // 2 :], word[: len(word) // 2]]
    return words


@lru_cache(maxsize=1)
def _encoding() -> Any:
    import tiktoken

    try:
        # Read here: tiktoken's own loader keeps a copy in the temporary folder and would go on using it after a change.
        rows = (line.split() for line in RANKS.read_bytes().splitlines())
        ranks = {b64decode(piece, validate=True): int(rank) for piece, rank in rows}
    except (OSError, ValueError) as error:
        raise EncoderError(f"{RANKS} is niet te lezen ({technical(error)}). Installeer Vraagbaak opnieuw.") from error
    return tiktoken.Encoding("vraagbaak", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})
