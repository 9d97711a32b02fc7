"""The service card: cost, what to bring, term, how to apply, DigiD, objection; each with its own citation."""

import re
from collections.abc import Callable, Sequence

from chatbot.answer import facet_units, read_row
from chatbot.aspects import Aspects, age_fit
from chatbot.cite import Quote, quote_of
from chatbot.facts import YEARS
from chatbot.records import Action
from chatbot.select import DANGLING
from chatbot.units import Unit
from corpus.records import Facet, Page

MAX_WORDS = 34
MAX_ITEMS = 6
GENERAL_FORM = re.compile(r"contactformulier|contact form", re.IGNORECASE)
APPOINTMENT = re.compile(r"\bafspraak|\bappointment", re.IGNORECASE)
APPLY = re.compile(
    r"\b(?:vraag|vraagt|aanvragen|afspraak|formulier|meld|melden|online|digid|bel|apply|appointment|form)\b"
)
OBJECTION = re.compile(r"\bbezwaar\b|\bobjection\b")
# Lines with a figure: the one that the answer gives.
STATED = ("cost", "term")
CardLines = dict[str, tuple[str, Quote]]


def build_card(page: Page, units: Sequence[Unit], aspects: Aspects, shown: Sequence[str] = ()) -> CardLines:
    """Return the card's lines with their quotes; what the page does not say is left out.

    For cost and term what the answer quotes (`shown`, in order) comes first, so that the two never say two things.
    """
    found: CardLines = {}
    bring = facet_units(units, Facet.BRING)
    if bring:
        found["bring"] = _list_line(page, bring)
    for name, facet, fits in (
        ("cost", Facet.COST, _has_amount),
        ("term", Facet.TERM, _has_term),
        ("apply", Facet.PROCEDURE, _tells_how),
        ("objection", Facet.OBJECTION, _mentions(OBJECTION)),
        ("digid", None, _mentions(re.compile(r"\bdigid\b"))),
    ):
        under = [unit for unit in (units if facet is None else facet_units(units, facet)) if fits(unit)]
        best = _best(under, aspects, shown if name in STATED else ())
        if best:
            found[name] = (read_row(best) if best.kind == "row" else best.text, quote_of(page, [best]))
    return found


def _best(units: Sequence[Unit], aspects: Aspects, shown: Sequence[str]) -> Unit | None:
    """Return the first unit that is short and stands alone; before others one that is shown, one for the asked age."""
    fit = [unit for unit in units if unit.words <= MAX_WORDS and not unit.text.endswith(":")]
    alone = [unit for unit in fit if unit.kind != "sentence" or not DANGLING.match(unit.folded)]

    def rank(unit: Unit) -> tuple[int, int, int]:
        parts = unit.cells or (unit.text,)
        place = next((at for at, quote in enumerate(shown) if all(part in quote for part in parts)), len(shown))
        return place, -age_fit(f"{unit.lead} {unit.text}", aspects.age), unit.order

    return min(alone, key=rank, default=None)


def _list_line(page: Page, units: Sequence[Unit]) -> tuple[str, Quote]:
    items = [unit for unit in units if unit.kind == "item"]
    chunk_items = [unit for unit in items if unit.chunk is items[0].chunk][:MAX_ITEMS] if items else [units[0]]
    return "; ".join(unit.text.rstrip(".;") for unit in chunk_items), quote_of(page, chunk_items[:1])


def _has_amount(unit: Unit) -> bool:
    return (
        any(fact.kind == "amount" for fact in unit.facts)
        or re.search(r"\b(?:gratis|free|kosteloos)\b", unit.folded) is not None
    )


def _has_term(unit: Unit) -> bool:
    return any(fact.kind == "term" and not YEARS.search(fact.value) for fact in unit.facts)


def _tells_how(unit: Unit) -> bool:
    return APPLY.search(unit.folded) is not None and not unit.text.endswith("?")


def _mentions(pattern: re.Pattern[str]) -> Callable[[Unit], bool]:
    return lambda unit: pattern.search(unit.folded) is not None


def find_actions(page: Page, limit: int = 3) -> list[Action]:
    """Return what a resident can click: forms first, then appointments and downloads of this page."""
    actions: list[Action] = []
    for link in page.links:
        if GENERAL_FORM.search(f"{link.label} {link.url}"):
            continue  # the contact block has it already
        kind = "appointment" if APPOINTMENT.search(link.label) else "form"
        if link.kind in ("form", "download") or kind == "appointment":
            action = Action(kind=kind, label=link.label, url=link.url)
            if all(action.url != other.url for other in actions):
                actions.append(action)
    rank = {link.url: {"form": 0, "page": 1, "download": 2}[link.kind] for link in page.links}
    return sorted(actions, key=lambda action: rank.get(action.url, 1))[:limit]
