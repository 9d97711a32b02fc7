"""How well the pages are ranked, with the measures of ir-measures. Home of ir_measures.

R@1 and R@5: some gold page is among the first 1 or 5 (ir-measures calls these Success@1 and Success@5; with one gold
page they equal its R@1 and R@5). RR@10 and nDCG@10 are as in ir-measures; gold that is not in the index stays in
the ideal ranking, so it counts as a miss. Recall@5 is the share of all gold pages among the first 5.
"""

from collections.abc import Mapping, Sequence

from evals.figures import keep, ratio
from evals.records import Case, Figure, Judged

NAMES = {"nDCG@10": "nDCG@10", "R@1": "Success@1", "R@5": "Success@5", "RR@10": "RR@10", "Recall@5": "R@5"}
DEPTH = 10


def measure(rankings: Mapping[str, Sequence[str]], gold: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Score rankings of page ids, best first; returns {figure: {question: value}} for every question with gold."""
    if not gold:
        return {name: {} for name in NAMES}
    import ir_measures

    qrels = {question: dict.fromkeys(pages, 1) for question, pages in gold.items()}
    # Scores go down by rank, because trec_eval breaks ties by page id and would shuffle our order.
    run = {q: {page: float(-rank) for rank, page in enumerate(rankings.get(q, ())[:DEPTH])} for q in gold}
    scores: dict[str, dict[str, float]] = {name: dict.fromkeys(gold, 0.0) for name in NAMES}
    names = {str(ir_measures.parse_measure(theirs)): ours for ours, theirs in NAMES.items()}
    for metric in ir_measures.iter_calc([ir_measures.parse_measure(name) for name in names], qrels, run):
        scores[names[str(metric.measure)]][metric.query_id] = float(metric.value)
    return scores


def gold_of(case: Case) -> tuple[str, ...]:
    """Return a case's gold pages; what is not in the index gets a name that no ranking can hold."""
    return (*sorted(case.gold), *(f"missing:{reference}" for reference in case.missing))


def summarise_retrieval(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Return the retrieval figures over the items that have gold; {} if there are none."""
    return summarise_rankings([(one.case, one.outcome.ranking) for one in judged])


def summarise_rankings(ranked: Sequence[tuple[Case, Sequence[str]]]) -> dict[str, Figure]:
    """Return the retrieval figures of any system's rankings over cases."""
    with_gold = [(case, ranking) for case, ranking in ranked if case.has_gold]
    scores = measure(
        {case.item.id: ranking for case, ranking in with_gold}, {case.item.id: gold_of(case) for case, _ in with_gold}
    )
    return keep({name: ratio(list(values.values())) for name, values in scores.items()})


def rank_of(case: Case, ranking: Sequence[str]) -> int | None:
    """Return the rank of the first gold page, from 1, or None if it was not found."""
    return next((rank for rank, page in enumerate(ranking, 1) if page in case.gold), None)
