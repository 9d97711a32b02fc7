"""Counting tokens: offline, exact, and cutting without losing a letter."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.language.tokens import RANKS, count_tokens, split_tokens

DUTCH = "U vraagt een nieuw paspoort aan bij de balie van de gemeente. Neem uw oude paspoort en een pasfoto mee."


def test_count_tokens_gives_dutch_about_four_letters_a_token() -> None:
    assert 3.5 < len(DUTCH) / count_tokens(DUTCH) < 5.5


def test_count_tokens_counts_nothing_in_nothing() -> None:
    assert count_tokens("") == 0


@pytest.mark.parametrize("text", ["😀", "جواز السفر", "паспорт", "\x00", "<|endoftext|>", "_" * 50, " " * 8000])
def test_count_tokens_counts_any_text(text: str) -> None:
    assert 0 < count_tokens(text) <= len(text.encode())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(min_value=4, max_value=40))
def test_split_tokens_loses_no_letter_and_keeps_to_the_limit(text: str, limit: int) -> None:
    pieces = split_tokens(text, limit)
    assert "".join(pieces) == text
    assert all(0 < count_tokens(piece) <= limit for piece in pieces)


def test_split_tokens_cuts_between_words() -> None:
    words = {word for piece in split_tokens(DUTCH, 8) for word in piece.split()}
    assert words == set(DUTCH.split())


def test_split_tokens_leaves_a_short_text_whole() -> None:
    assert split_tokens(DUTCH, 500) == [DUTCH]


def test_split_tokens_cuts_a_word_that_is_longer_than_the_limit() -> None:
    pieces = split_tokens("x" * 500, 10)
    assert len(pieces) > 1
    assert "".join(pieces) == "x" * 500


def test_split_tokens_refuses_a_limit_that_one_letter_can_exceed() -> None:
    with pytest.raises(ValueError, match="limit is 3"):
        split_tokens(DUTCH, 3)


def test_rank_file_can_spell_every_byte() -> None:
    assert len(RANKS.read_bytes().splitlines()) == 8000
    assert count_tokens(bytes(range(128)).decode()) > 0


def test_count_tokens_never_opens_a_socket() -> None:
    script = (
        "import socket\n"
        "def refuse(*_, **__): raise SystemExit('a socket was opened')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "from corpus.language.tokens import count_tokens\n"
        "print(count_tokens('paspoort') > 0)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "True\n"
