"""The one question to ask back when pages fit about equally: which place, or for whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.records import Hit
from corpus.language.words import analyze, fold

# Pages whose scores differ less (log odds) fit about equally. Judgement: the dev data hold too few such pairs.
NEAR = 1.5
CONSIDERED = 6
WORD = re.compile(r"[^\W_]+")
# A business speaks of itself in these words; a question with one of them need not be asked for whom it is.
GROUP_WORDS = re.compile(
    r"\b(?:bedrij\w*|ondernem\w*|mijn zaak|winkel\w*|horeca\w*|caf[eé]\w*|restaurant\w*|zzp\w*|kvk|werkgever\w*"
    r"|personeel|business\w*|company|shop|employer|particulier\w*|inwoner\w*|bewoner\w*|prive|thuis|resident\w*)\b"
)


@dataclass(frozen=True)
class AskBack:
    """What to ask, and the pages that differ in it, best first."""

    about: Literal["place", "group"]
    hits: list[Hit]


def ask_back(question: str, hits: Sequence[Hit]) -> AskBack | None:
    """Return what to ask back, or None when the best page stands out or the question says it already."""
    near = [hit for hit in hits[:CONSIDERED] if hits[0].score - hit.score < NEAR]
    said = {fold(word) for word in WORD.findall(question)}
    siblings = [near[0], *(hit for hit in near[1:] if place_words(near[0], hit))] if near else []
    named = {word for hit in siblings[1:] for word in place_words(siblings[0], hit)}
    if len(siblings) > 1 and not named & said:
        return AskBack("place", siblings)
    for_others = [hit for hit in near[1:] if _other_group(near[0], hit)]
    if for_others and not GROUP_WORDS.search(fold(question)):
        return AskBack("group", [near[0], for_others[0]])
    return None


def place_words(one: Hit, other: Hit) -> tuple[str, ...]:
    """Return the two words in which the titles of twin pages differ, where these look like names; else nothing.

    Twins lie side by side on the site ("/wijken/noord", "/wijken/zuid"), have the same title but for one name, and say
    different things.
    """
    mine, theirs = WORD.findall(one.page.title), WORD.findall(other.page.title)
    pairs = [(a, b) for a, b in zip(mine, theirs, strict=False) if a != b]
    beside = one.page.url.rpartition("/")[0] == other.page.url.rpartition("/")[0]
    if len(mine) != len(theirs) or len(pairs) != 1 or not beside or len(mine) < 2:
        return ()
    (here, there) = pairs[0]
    if not (here[0].isupper() and there[0].isupper()) or _without(one, here) == _without(other, there):
        return ()
    return fold(here), fold(there)


def _without(hit: Hit, name: str) -> str:
    return re.sub(rf"\b{re.escape(name)}\b", "", hit.chunk.text)


def _other_group(one: Hit, other: Hit) -> bool:
    """Tell whether two pages are about one thing, one for residents and one for businesses."""
    groups = {one.page.product.doelgroep, other.page.product.doelgroep}
    return (
        None not in groups and len(groups) == 2 and bool(set(analyze(one.page.title)) & set(analyze(other.page.title)))
    )
