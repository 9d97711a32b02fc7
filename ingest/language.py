"""Which language a page is in: what it says, unless its words say otherwise."""

import re
from collections.abc import Sequence

from ingest.page import Draft

# Words of every text in their language and in hardly any of the others.
_MARKS = {
    "nl": frozenset(
        "het een van en niet voor zijn op dat te aan uw wordt bij ook als naar om door over kunt heeft u".split()
    ),
    "en": frozenset("the and of to you your is for are with this that can if have from will must be it".split()),
}
# Shorter texts are names and figures; their declared language stands.
ENOUGH_WORDS = 30


def language_of(drafts: Sequence[Draft], declared: str, languages: Sequence[str]) -> str:
    """Return the language of some sections; templates often declare Dutch for English pages, and vice versa."""
    stated = declared or (languages[0] if languages else "nl")
    text = " ".join(" ".join((block.text, *block.items)) for draft in drafts for block in draft.blocks).lower()
    words = re.findall(r"[^\W\d_]+", text)
    if stated not in _MARKS or len(words) < ENOUGH_WORDS:
        return stated
    counts = {name: sum(word in marks for word in words) for name, marks in _MARKS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 3 * counts[stated] + 3 else stated
