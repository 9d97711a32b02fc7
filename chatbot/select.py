"""Choose the units of a page that answer a question, by one small linear model without position features.

Position is left out on purpose: national answer spans nearly all stand at the top of the page, and a model that
sees position learns to quote the intro (docs/decisions/0006). Weights: selector.json,
made by `python -m evals.fit_selector`.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from chatbot import measures, nearness
from chatbot.arrays import Floats
from chatbot.aspects import Aspects, age_fit
from chatbot.facts import find_facts
from chatbot.retrieve import Retriever
from chatbot.units import Unit
from corpus.language.words import fold
from corpus.records import Facet

WEIGHTS = Path(__file__).with_name("selector.json")
CONDITION_WORDS = re.compile(
    r"\b(?:als|mits|alleen|tenzij|moet|moeten|mag|mogen|kunt|niet|verplicht|verboden|voorwaarde|recht)\b"
)
PLACE_WORDS = re.compile(
    r"\b(?:straat|plein|weg|balie|loket|stadhuis|gemeentehuis|website|site|bij de|bij het|bij uw|op de|via)\b"
)
WEEKDAY = re.compile(r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:en|s)?\b")
BRING_WORDS = re.compile(
    r"\b(?:neem|meenemen|mee|stuur|opsturen|meesturen|kopie|bewijs|bewijzen|pasfoto|identiteitsbewijs|formulier|papieren)\b"
)
STEP_WORDS = re.compile(
    r"\b(?:vraag|vraagt|aanvragen|meld|meldt|melden|ga|gaat|stuur|bel|maak|vul|dien|geef|neem|log|regel|contact|afspraak)\b"
)
DANGLING = re.compile(
    r"^(?:dit|dat|deze|die|daar|daarna|daarvoor|daarmee|daarbij|daarom|dan|ook|hij|zij|het|hiervoor|hiermee|hierbij|anders|bovendien|en|maar)\b"
)
# The fact that a section of a facet is there to state: an amount under "Kosten" answers before one elsewhere.
STATED_UNDER = {Facet.COST: "amount", Facet.TERM: "term"}
WORDS = ("word_share", "heading_share", "label_said", "bank_share")
FORM = tuple(
    """is_amount is_term is_moment is_place is_condition is_step is_bring facet_fits facet_other fact_under_facet
    age_fits item row short long question announces dangling pair numbers_shared""".split()
)
MEANING = ("cosine", "cosine_in_context", "cosine_heading", "chunk_cosine", "chunk_late", "chunk_words")
NAMES = (*MEANING, *nearness.NAMES, *WORDS, *FORM, *measures.NAMES)


@dataclass(frozen=True)
class Selector:
    """Linear weights over the unit features, in the order of NAMES."""

    weights: Floats

    def scores(self, features: Floats) -> Floats:
        """Score units; differences are log odds of holding the answer."""
        return np.asarray(features @ self.weights, np.float32)


@lru_cache(maxsize=1)
def load_selector() -> Selector:
    """Read the weights."""
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return Selector(np.array([weights[name] for name in NAMES], np.float32))


def unit_features(text: str, aspects: Aspects, units: Sequence[Unit], title: str, retriever: Retriever) -> Floats:
    """Describe every unit of a page for a question; shape (units, len(NAMES))."""
    encoder = retriever.encoder
    contexts = [nearness.context_of(unit) for unit in units]
    reading = nearness.read_units(units, retriever)
    question = encoder.encode([text])[0]
    words = _question_idf(text, retriever)
    shares = [_word_shares(unit, context, words, retriever) for unit, context in zip(units, contexts, strict=True)]
    read = measures.read_measures(text)
    return np.column_stack(
        [
            *(rows @ question for rows in (reading.own, reading.whole, encoder.encode_tokens(reading.around))),
            _chunk_fit(text, question, words, units, retriever),
            nearness.nearness(text, units, title, reading, retriever),
            np.array(shares, np.float32),
            _bank_share(text, units, retriever),
            [_form(unit, context, aspects) for unit, context in zip(units, contexts, strict=True)],
            [read(unit.text) for unit in units],
        ]
    ).astype(np.float32)


def _chunk_fit(
    text: str, question: Floats, idf: dict[str, float], units: Sequence[Unit], retriever: Retriever
) -> Floats:
    """Return how far each unit's passage is behind the best passage of the page: cosine, late interaction, words."""
    chunks = list({unit.chunk.id: unit.chunk for unit in units}.values())
    texts = [" ".join([*chunk.heading_path, chunk.table_header, chunk.text]) for chunk in chunks]
    total = sum(idf.values()) + 1e-6
    found = [set(retriever.generation.vocabulary.analyze(passage)) for passage in texts]
    shares = np.array([sum(idf[word] for word in words & idf.keys()) / total for words in found], np.float32)
    vectors, weights = nearness.asked_tokens(text, retriever)
    ids = retriever.encoder.token_ids(texts)
    late = nearness.best_cosines(vectors, ids, retriever) @ (weights / (weights.sum() + 1e-9))
    fits = np.stack([retriever.encoder.encode_tokens(ids) @ question, late, shares], axis=1)
    fits = fits - fits.max(0)
    row_of = {chunk.id: row for row, chunk in enumerate(chunks)}
    return np.asarray(fits[[row_of[unit.chunk.id] for unit in units]], np.float32)


def _bank_share(text: str, units: Sequence[Unit], retriever: Retriever) -> list[float]:
    """Return how much of the official wording that the bank expects stands in each unit, relative to the best unit."""
    official = retriever.official_words(text)
    found = [
        sum(official.get(word, 0.0) for word in set(retriever.generation.vocabulary.analyze(unit.text)))
        for unit in units
    ]
    top = max(found, default=0.0) or 1.0
    return [value / top for value in found]


def _question_idf(text: str, retriever: Retriever) -> dict[str, float]:
    generation = retriever.generation
    stems = generation.vocabulary.analyze_question(text, retriever.bank.common_words)
    return {word: generation.lexical.idf(word) for word in stems}


def _word_shares(unit: Unit, context: str, idf: dict[str, float], retriever: Retriever) -> list[float]:
    vocabulary, total = retriever.generation.vocabulary, sum(idf.values()) + 1e-6
    own, around = set(vocabulary.analyze(unit.text)), set(vocabulary.analyze(context))
    label = set(vocabulary.analyze(unit.cells[0])) if unit.cells else set()
    return [
        sum(idf[word] for word in own & idf.keys()) / total,
        sum(idf[word] for word in around & idf.keys()) / total,
        len(label & idf.keys()) / len(label) if label else 0.0,  # "Paspoort | € 63,70" for who asks about a passport
    ]


def _form(unit: Unit, context: str, aspects: Aspects) -> list[float]:
    folded = fold(unit.text)
    facts = {fact.kind for fact in find_facts(unit.text)}
    wanted, facet = aspects.kinds, unit.chunk.facet
    fits = facet in aspects.facets
    numbers = set(re.findall(r"\d+", folded))
    return [
        float("amount" in wanted and ("amount" in facts or "gratis" in folded or "kosteloos" in folded)),
        float("term" in wanted and bool(facts & {"term"})),
        float("moment" in wanted and (bool(facts & {"date", "time", "term"}) or WEEKDAY.search(folded) is not None)),
        float("place" in wanted and PLACE_WORDS.search(folded) is not None),
        float("conditions" in wanted and CONDITION_WORDS.search(folded) is not None),
        float("steps" in wanted and STEP_WORDS.search(folded) is not None),
        float("list" in wanted and BRING_WORDS.search(folded) is not None),
        float(fits),
        float(bool(aspects.facets) and not fits and facet is not Facet.DESCRIPTION),
        float(facet in STATED_UNDER and {STATED_UNDER[facet]} <= facts & wanted),
        float(age_fit(f"{context} {unit.text}", aspects.age)),
        float(unit.kind == "item"),
        float(unit.kind == "row"),
        float(unit.words < 5),
        float(unit.words > 35),
        float(folded.endswith("?")),
        float(folded.endswith(":")),
        float(DANGLING.match(folded) is not None),
        float("? " in folded),
        float(bool(numbers and numbers & set(re.findall(r"\d+", context)))),
    ]
