"""What kind of answer a question asks for: an amount, a term, a place, a list; for which age; of which section."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from chatbot.patterns import all_matches
from corpus.language.words import fold
from corpus.records import Facet

Kind = Literal["amount", "term", "moment", "place", "list", "conditions", "steps", "contact", "who"]
FACETS: dict[Kind, Facet] = {
    "amount": Facet.COST,
    "list": Facet.BRING,
    "term": Facet.TERM,
    "conditions": Facet.CONDITIONS,
    "steps": Facet.PROCEDURE,
    "contact": Facet.CONTACT,
    "place": Facet.CONTACT,
}
OBJECTION = re.compile(r"\bbezwaar|\bniet eens\b|\bobject(?:ion)?\b|\bin beroep\b|\bdisagree\b")
AGE = re.compile(
    r"\b(\d{1,2}|100)[ -]?(?:jaar|jarige?|jr|years?(?: old)?|year old)\b"
    r"|\b(?:kind|dochter|zoon|baby|son|daughter|child) van (\d{1,2})\b"
)
CHILD = re.compile(
    r"\b(?:kind|kinderen|kids?|dochter|zoon|zoontje|dochtertje|baby|peuter|kleuter|minderjarige?|child|children|son|daughter)\b"
)
# "Niet ouder dan 6 maanden" and "tot 5 dagen erna" are no ages.
NO_AGE = r"(?!\s?(?:maand|week|weken|dag|uur|euro|meter|procent|%|month|day|hour))"
BELOW = re.compile(rf"\b(?:tot|jonger dan|onder(?: de)?|under|younger than)\s(?:de\s)?(\d{{1,2}})\b{NO_AGE}")
FROM = re.compile(
    r"\b(?:vanaf|minimaal|from)\s(\d{1,2})\sjaar\b|\b(\d{1,2})\s(?:jaar\s)?(?:en|of)\souder\b|\b(\d{1,2})\+"
    rf"|\bolder than\s(\d{{1,2}})\b{NO_AGE}|\b(\d{{1,2}}) (?:and|or) (?:over|older)\b"
    rf"|\bouder dan\s(\d{{1,2}})\b{NO_AGE}"
)
BETWEEN = re.compile(r"\b(\d{1,2})\s?(?:t/m|tot en met|tot|-|–|en)\s?(\d{1,2})\sjaar\b")


@dataclass(frozen=True)
class Aspects:
    """What a question asks for. `age` is None when none is named; a child without an age counts as 10."""

    kinds: frozenset[Kind]
    facets: frozenset[Facet]
    age: int | None


def read_aspects(text: str) -> Aspects:
    """Read the form of a question."""
    folded = fold(text)
    kinds = frozenset(cast(set[Kind], all_matches("aspect", text)))
    facets = {FACETS[kind] for kind in kinds if kind in FACETS}
    if OBJECTION.search(folded):
        facets.add(Facet.OBJECTION)
    return Aspects(kinds, frozenset(facets), _age(folded))


def _age(folded: str) -> int | None:
    match = AGE.search(folded)
    if match:
        return int(match[1] or match[2])
    return 10 if CHILD.search(folded) else None


def age_fit(text: str, age: int | None) -> int:
    """Return 1 if a text names an age band that holds the age, -1 if only bands that do not, else 0."""
    if age is None:
        return 0
    folded = fold(text)
    verdicts = [int(low) <= age <= int(high) for low, high in BETWEEN.findall(folded) if int(low) < int(high)]
    if not verdicts:
        verdicts = [age < int(low) for low in BELOW.findall(folded)]
        verdicts += [age >= int(number) for groups in FROM.findall(folded) for number in groups if number]
    if not verdicts:
        return 0
    return 1 if any(verdicts) else -1
