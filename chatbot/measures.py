"""What a question wants measured (a height, an age, a number of something), and which words of a page say it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from chatbot.facts import NUMBER_WORDS
from corpus.language.words import analyze, fold

NUMBER = r"\b\d[\d.,]*\s?"


@dataclass(frozen=True)
class Measure:
    """A kind of measure: how it is asked for, and how a page states it. Both match folded text."""

    asked: re.Pattern[str]
    stated: re.Pattern[str]


def _measure(asked: str, stated: str) -> Measure:
    return Measure(re.compile(asked), re.compile(stated))


MEASURES = {
    "length": _measure(
        r"\bhoe (?:hoog|breed|lang|ver|diep|dik|groot|dichtbij)\b|\bhow (?:high|tall|wide|far|deep|long|big)\b"
        r"|\bafmeting|\bmeter\b",
        NUMBER + r"(?:meter|m|cm|centimeter|km|kilometer|mm)\b",
    ),
    "volume": _measure(
        r"\bhoeveel (?:liter|kuub|m3)|\bhoe groot\b|\bhow big\b", NUMBER + r"(?:liter|l|m3|m³|kuub|kubieke)\b"
    ),
    "area": _measure(r"\bhoe groot\b|\boppervlakte|\bvierkante|\bm2\b", NUMBER + r"(?:m2|m²|vierkante|hectare)"),
    "age": _measure(
        r"\bhoe oud\b|leeftijd|\bhow old\b|\bage\b|\bvanaf wanneer mag\b",
        r"\b\d+\s?jaar\b|\bjonger\b|\bouder dan\b|minderjarig|meerderjarig",
    ),
    "phone": _measure(
        r"\b(?:telefoon\w*|nummer|bellen|bel ik|appen|whatsapp|phone|call)\b",
        r"\b0\d[\d -]{7,}|\b14 0\d+|\b0[89]00\b|\b112\b",
    ),
    "number": _measure(
        r"\bhoeveel\b|\bhoe (?:vaak|veel|hoog|groot|lang|oud|laat|zwaar|ver|vroeg|snel)\b"
        r"|\bhow (?:many|much|often|old|long)\b|\bmaximaal\b|\bmax\b",
        r"\b\d+\b",
    ),
}
# May, must, can, get: the verb that a question turns on, and the same verb in an answer.
MODALS = (
    _measure(r"\b(?:mag|mogen|toegestaan|verboden|may i|allowed)\b", r"\b(?:mag|mogen|toegestaan|verboden)\b"),
    _measure(
        r"\b(?:moet|moeten|hoef|hoeft|hoeven|verplicht|nodig|must|have to|need to)\b",
        r"\b(?:moet|moeten|hoef|hoeft|hoeven|verplicht|nodig)\b",
    ),
    _measure(r"\b(?:kan|kun|kunnen|can|could)\b", r"\b(?:kan|kunt|kun|kunnen|mogelijk)\b"),
    _measure(
        r"\b(?:krijg|krijgen|vergoed|vergoeding|terug|recht|get|receive)\b",
        r"\b(?:krijgt|krijgen|krijg|vergoed|vergoeding|vergoedt|terug|recht|ontvangt)\b",
    ),
)
YES_OR_NO = re.compile(
    r"^(?:mag|moet|kan|hoef|is|zijn|krijg|heb|doet|doen|worden|wordt|mogen|moeten|kunnen|can|do|does|am|are|must|may)\b"
)
DENIAL = re.compile(r"\b(?:niet|geen|nooit|verboden|hoeft)\b")
HOW_MANY = re.compile(r"\b(?:hoeveel|how many) (\w{4,})")
COUNTED = re.compile(rf"\b(?:\d[\d.,]*|{NUMBER_WORDS})\s+(\w+(?: \w+)?)")
NAMES = (*MEASURES, "modal", "denial", "counted")


def read_measures(question: str) -> Callable[[str], list[float]]:
    """Read what a question wants measured; returns a reader of folded texts, one flag a name in NAMES.

    `counted` is a number of just what was asked for: "hoeveel minuten" and "vijf minuten". `denial` says no to a
    question that wants yes or no.
    """
    asked = fold(question)
    wanted = [measure.stated if measure.asked.search(asked) else None for measure in MEASURES.values()]
    modals = [modal.stated for modal in MODALS if modal.asked.search(asked)]
    yes_or_no = YES_OR_NO.match(asked) is not None
    nouns = [set(analyze(noun)) for noun in HOW_MANY.findall(asked)]

    def read(folded: str) -> list[float]:
        counted = [set(analyze(after)) for after in COUNTED.findall(folded)] if nouns else []
        return [
            *(float(stated is not None and stated.search(folded) is not None) for stated in wanted),
            float(any(modal.search(folded) for modal in modals)),
            float(yes_or_no and DENIAL.search(folded) is not None),
            float(any(noun & after for noun in nouns for after in counted)),
        ]

    return read
