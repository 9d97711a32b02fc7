"""Which questions went worst, and why: what a person should look into first."""

from collections import Counter
from collections.abc import Sequence

from evals.records import Judged
from evals.retrieval import rank_of

IN_FIVE = 5


def badness(one: Judged) -> float:
    """Return how bad an outcome is, from 0 (nothing wrong): leaks and unsupported figures, then sure wrong answers,
    then refusals of what the site has, then clarifications that do not help.
    """
    verdict, case = one.verdict, one.case
    sure = one.outcome.choice or 0.0
    if verdict.leaked or verdict.unsupported or verdict.misquotes:
        return 6.0
    if case.forbidden | case.expected and verdict.status_right is False and verdict.answered:
        return 5.0 + sure
    if verdict.wrong:
        return 4.0 + sure
    if verdict.false_refusal and verdict.status_right is not True:
        return 3.0
    if verdict.status_right is False:
        return 2.5
    if case.has_gold and not verdict.helped and verdict.status != "not asked" and verdict.status_right is None:
        return 2.0
    if verdict.key_fact is False:
        return 1.0
    if verdict.status == "not asked" and case.has_gold and rank_of(case, one.outcome.ranking) != 1:
        return 0.5 + sure / 10
    return 0.0


def worst(judged: Sequence[Judged], most: int) -> list[Judged]:
    """Return what went wrong, worst first, at most so many."""
    bad = [(badness(one), one) for one in judged]
    return [one for score, one in sorted(bad, key=lambda row: -row[0]) if score][:most]


def happened(one: Judged) -> str:
    """Name what went wrong with a question, in the order of `badness`; "" if nothing did."""
    verdict, case = one.verdict, one.case
    kinds = (
        (bool(verdict.leaked), "persoonsgegevens in het antwoord"),
        (bool(verdict.unsupported), "getal zonder bron"),
        (bool(verdict.misquotes), "citaat staat niet op de pagina"),
        (verdict.answered and verdict.status_right is False, "antwoord waar geen antwoord hoort"),
        (verdict.wrong, "antwoord van een verkeerde pagina"),
        (verdict.false_refusal and verdict.status_right is not True, "geweigerd"),
        (verdict.status_right is False, "verkeerde afloop"),
        (verdict.key_fact is False, "goede pagina, maar de kern ontbreekt"),
        (case.has_gold and verdict.status == "clarify", "keuze zonder goed antwoord"),
        (case.has_gold, "juiste pagina niet bovenaan"),
    )
    return next((text for holds, text in kinds if holds), "") if badness(one) else ""


def cause(one: Judged) -> str:
    """Say where the right page stood in the ranking; "" for a question without one."""
    case, rank = one.case, rank_of(one.case, one.outcome.ranking)
    if not case.has_gold:
        return ""
    if not case.gold:
        return "de juiste pagina staat niet in de index"
    if rank is None or rank > IN_FIVE:
        return "de juiste pagina staat niet bij de eerste vijf"
    return "de juiste pagina staat bovenaan" if rank == 1 else f"de juiste pagina staat op plek {rank}"


def reason(one: Judged) -> str:
    """Say in one sentence what went wrong and where the right page stood."""
    return ": ".join(filter(None, (happened(one), cause(one))))


def tally(judged: Sequence[Judged]) -> list[tuple[str, str, int]]:
    """Count what went wrong, as (what happened, where the right page stood, questions), most frequent first."""
    bad = [one for one in judged if badness(one)]
    counted = Counter((happened(one), cause(one)) for one in bad)
    return [(*kind, times) for kind, times in sorted(counted.items(), key=lambda row: (-row[1], row[0]))]
