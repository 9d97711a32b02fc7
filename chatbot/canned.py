"""The fixed sentences: one per status and language, in canned.toml."""

import tomllib
from functools import lru_cache
from pathlib import Path

SENTENCES = Path(__file__).with_name("canned.toml")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(SENTENCES.read_text(encoding="utf-8"))


def sentence(key: str, language: str, *, organisation: str, name: str = "") -> str:
    """Return a fixed sentence in a language, else in Dutch. Raises KeyError for a key that has none (a bug)."""
    texts = _table()[key]
    # str.replace, not format: a page title may hold braces.
    return texts.get(language, texts["nl"]).strip().replace("{organisation}", organisation).replace("{name}", name)
