"""Choose the units of a page that answer a question, by one small linear model without position features.

Position is left out on purpose: national answer spans nearly all stand at the top of the page, and a model that
sees position learns to quote the intro (docs/decisions/0006). Weights: selector.json,
made by `python -m evals.fit_selector`.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from chatbot import measures, nearness
from chatbot.arrays import Floats, quiet_matmul
from chatbot.aspects import Aspects, age_fit
from chatbot.reading import Reading
from chatbot.retrieve import Retriever
from chatbot.units import Unit
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


@quiet_matmul
def unit_features(text: str, aspects: Aspects, reading: Reading, retriever: Retriever) -> Floats:
    """Describe every unit of a page for a question without typos; shape (units, len(NAMES))."""
    question = retriever.encoder.encode([text])[0]
    words = _question_idf(text, retriever)
    read = measures.read_measures(text)
    return np.column_stack(
        [
            *(rows @ question for rows in (reading.vectors, reading.whole_vectors, reading.context_vectors)),
            _chunk_fit(text, question, words, reading, retriever),
            nearness.nearness(text, reading, retriever),
            _word_shares(words, reading),
            _bank_share(text, reading, retriever),
            [_form(unit, aspects) for unit in reading.units],
            [read(unit.folded) for unit in reading.units],
        ]
    ).astype(np.float32)


def _chunk_fit(text: str, question: Floats, idf: dict[str, float], reading: Reading, retriever: Retriever) -> Floats:
    """Return how far each unit's passage is behind the best passage of the page: cosine, late interaction, words."""
    passages, total = reading.passages, sum(idf.values()) + 1e-6
    shares = np.array([_weight(words, idf) / total for words in passages.words], np.float32)
    vectors, weights = nearness.asked_tokens(text, retriever)
    late = nearness.best_cosines(vectors, passages.tokens, retriever) @ (weights / (weights.sum() + 1e-9))
    fits = np.stack([passages.vectors @ question, late, shares], axis=1)
    fits = fits - fits.max(0)
    return np.asarray(fits[[passages.row_of[unit.chunk.id] for unit in reading.units]], np.float32)


def _bank_share(text: str, reading: Reading, retriever: Retriever) -> list[float]:
    """Return how much of the official wording that the bank expects stands in each unit, relative to the best unit."""
    official = retriever.official_words(text)
    found = [_weight(words, official) for words in reading.words]
    top = max(found, default=0.0) or 1.0
    return [value / top for value in found]


def _question_idf(text: str, retriever: Retriever) -> dict[str, float]:
    generation = retriever.generation
    return {word: generation.lexical.idf(word) for word in generation.vocabulary.analyze(text)}


def _weight(words: Collection[str], weights: Mapping[str, float]) -> float:
    return sum(weights[word] for word in words if word in weights)


def _word_shares(idf: dict[str, float], reading: Reading) -> Floats:
    """Return the share of the question's words in each unit, around it, and of its label's words in the question."""
    total = sum(idf.values()) + 1e-6
    labels = reading.label_words  # "Paspoort | € 63,70" for who asks about a passport
    return np.array(
        [
            [_weight(words, idf) / total for words in reading.words],
            [_weight(words, idf) / total for words in reading.context_words],
            [len(label & idf.keys()) / len(label) if label else 0.0 for label in labels],
        ],
        np.float32,
    ).T


def _form(unit: Unit, aspects: Aspects) -> list[float]:
    folded, context = unit.folded, unit.context
    facts = {fact.kind for fact in unit.facts}
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
