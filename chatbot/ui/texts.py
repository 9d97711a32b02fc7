"""The words of the chat window in Dutch and English, from texts.toml."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class Texts:
    """The words of one language: `texts["ask"]`, with `{placeholders}` filled by `texts.fill`."""

    def __init__(self, words: dict[str, str | list[str]]) -> None:
        self._words = words

    def __getitem__(self, key: str) -> str:
        word = self._words[key]
        if not isinstance(word, str):
            raise KeyError(f"'{key}' is a list")
        return word

    def fill(self, key: str, **values: object) -> str:
        """Return the sentence with its placeholders filled."""
        return self[key].format(**values)

    def examples(self) -> list[str]:
        """Return questions that most municipalities can answer; which of them this one can is checked at start."""
        return list(self._words["example_questions"])

    def day(self, day: date) -> str:
        """Write a date as people read it: 3 maart 2026."""
        return f"{day.day} {self['months'].split()[day.month - 1]} {day.year}"


@cache
def load_texts(language: Language) -> Texts:
    """Return the words of a language."""
    raw = resources.files("chatbot.ui").joinpath("texts.toml").read_text(encoding="utf-8")
    return Texts(tomllib.loads(raw)[language])
