"""Tell whether a sentence a model wrote says no more than a passage: its words, and the words that turn a meaning."""

import re

from corpus.language.words import analyze, fold

# Share of a line's content words (stems) that must stand in the passage. A paraphrase at B1 level of a passage
# keeps its nouns; measured on the cases in tests/chatbot/test_support.py.
MIN_SHARE = 0.6
# Words that turn a meaning around: one may stand in the line only if the passage has it or a partner.
TURNING = (
    frozenset({"niet", "geen", "nooit", "niets", "zonder", "not", "no", "never", "without"}),
    frozenset({"gratis", "kosteloos", "niets", "free"}),
    frozenset({"altijd", "iedereen", "alle", "always", "everyone", "all"}),
    frozenset({"verplicht", "moet", "moeten", "must", "required"}),
    frozenset({"verboden", "forbidden", "prohibited"}),
    frozenset({"recht", "entitled"}),
)


def is_supported(line: str, passage: str) -> bool:
    """Tell whether a line stays within a passage; an English line of a Dutch one is held to facts and turns only."""
    said, source = set(re.findall(r"\w+", fold(line))), set(re.findall(r"\w+", fold(passage)))
    for group in TURNING:
        if said & group and not source & group and not _same_in_dutch(said & group, source):
            return False
    own = set(analyze(line))
    if not own:
        return False
    if _is_english(said):
        return True
    return len(own & set(analyze(passage))) / len(own) >= MIN_SHARE


def _is_english(said: set[str]) -> bool:
    return len(said & {"the", "you", "your", "is", "are", "of", "to", "for", "with", "can"}) >= 2


def _same_in_dutch(words: set[str], source: set[str]) -> bool:
    return bool(words & {"no", "not"}) and bool(source & {"niet", "geen"})
