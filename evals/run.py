"""From the names on the command line to an evaluation: site, sets, index, floors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.language.topics import load_bank
from corpus.sites import Site, load_site
from evals.ask import open_pinned, pages_of
from evals.cases import Pages
from evals.errors import SetError
from evals.evaluate import Advance, Evaluation, Options, evaluate
from evals.gate import BASELINE, Report, compare, floors_of, load_for_gate, read_baseline, updated, write_baseline
from evals.leakage import Known, Leak, find_leaks, known_phrases, too_many
from evals.load import SETS, choose_split, find_set, load_set, read_map, read_qrels, sets_of
from evals.records import EvalSet

Start = Callable[[str, int], Advance]


def run_sets(
    site_name: str,
    names: Sequence[str],
    *,
    generation: str | None = None,
    split: str = "all",
    limit: int | None = None,
    map_file: Path | None = None,
    qrels_file: Path | None = None,
    spans_file: Path | None = None,
    retrieval_only: bool = False,
    baselines: bool = False,
    advance: Start,
) -> tuple[Evaluation, Pages]:
    """Run sets on a site's published generation, or another; also returns its pages.

    Raises SiteError, SetError, GenerationError or NothingToMeasure.
    """
    site = load_site(site_name)
    sets = [choose_split(loaded, split) for loaded in load_sets(site, names)]
    if limit:
        sets = [replace(loaded, items=loaded.items[:limit]) for loaded in sets]
    options = Options(
        mapping=read_map(map_file) if map_file else {},
        qrels=read_qrels(qrels_file) if qrels_file else None,
        spans={item.question: item.span for item in load_set(spans_file).items} if spans_file else {},
        retrieval_only=retrieval_only,
        baselines=baselines,
        readability=True,
        known=Known(known_phrases(load_bank())),
        advance=advance,
    )
    services = open_pinned(site, generation)
    return evaluate(sets, services, options), pages_of(services)


def load_sets(site: Site, names: Sequence[str]) -> list[EvalSet]:
    """Load the named sets, or all sets of the site.

    Raises SetError if there are none, or if two have one name.
    """
    paths = [find_set(name, site.name) for name in names] or sets_of(site.name)
    if not paths:
        raise SetError(f"{site.name} heeft geen eigen vragensets in evals/sets/. Geef er een met --set BESTAND.")
    loaded = [load_set(path) for path in paths]
    doubles = {one.name for one in loaded if sum(one.name == other.name for other in loaded) > 1}
    if doubles:
        raise SetError(
            f"Er zijn twee vragensets met de naam '{min(doubles)}'. Geef een van de bestanden een andere naam."
        )
    return loaded


def run_gate(
    site_name: str,
    *,
    generation: str | None = None,
    fast: bool = False,
    update: bool = False,
    reason: str = "",
    advance: Start,
    sets: Path = SETS,
    baseline_path: Path = BASELINE,
) -> Report:
    """Hold a generation against the floors of its site, or make its figures the floors.

    A site without sets passes with a note. Raises BaselineError when a floor would go down without a reason,
    NothingToMeasure on an empty index.
    """
    site = load_site(site_name)
    subset = "fast" if fast else "dev"
    baseline = read_baseline(baseline_path)
    floors = floors_of(baseline, site.name, subset)
    paths = sets_of(site.name, sets)
    if not paths and not floors:
        return Report(
            site.name,
            generation or "",
            subset,
            notes=(f"{site.name} heeft geen vragensets; er is niets om te vergelijken",),
        )
    services = open_pinned(site, generation)
    evaluation = evaluate(load_for_gate(paths, fast), services, Options(advance=advance))
    report = compare(site.name, evaluation.generation, subset, evaluation.sets, floors)
    known_encoder = baseline.get(site.name, {}).get("encoder", evaluation.encoder)
    if known_encoder != evaluation.encoder:
        note = f"de grenzen horen bij encoder {known_encoder}, deze index heeft {evaluation.encoder}"
        report = replace(report, notes=(*report.notes, note))
    if not update:
        return report
    new = updated(baseline, report, evaluation.sets, evaluation.encoder, reason, services.now().date())
    write_baseline(new, baseline_path)
    return replace(
        report, failures=(), notes=(f"nieuwe grenzen vastgelegd; vragensets: {len(evaluation.sets)}, deel: {subset}",)
    )


@dataclass(frozen=True)
class Leakage:
    """What the leakage check found: leaks per set with the set's size, and the sets that have too many."""

    bank: str
    phrases: int
    leaks: Mapping[str, tuple[int, tuple[Leak, ...]]]
    failed: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return what a person reads."""
        lines = [f"bank {self.bank}, zinnen: {self.phrases}"]
        for name, (size, leaks) in self.leaks.items():
            lines.append(f"{name}: {len(leaks)} van {size} bekend ({len(leaks) / size:.1%})")
            lines += [f"  {leak}" for leak in leaks]
        return lines

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain data."""
        sets = {
            name: {"items": size, "share": round(len(leaks) / size, 4), "seen": [_leak_json(leak) for leak in leaks]}
            for name, (size, leaks) in self.leaks.items()
        }
        return {"bank": self.bank, "phrases": self.phrases, "sets": sets, "failed": list(self.failed)}


def _leak_json(leak: Leak) -> dict[str, Any]:
    phrase = {"phrase": leak.phrase.text, "where": leak.phrase.where}
    return {"id": leak.item_id, "question": leak.question, "jaccard": round(leak.jaccard, 3)} | phrase


def run_leakage(site_name: str, names: Sequence[str], training: Sequence[Path]) -> Leakage:
    """Check sets against the bank and against training questions.

    Raises SiteError, SetError or BankError.
    """
    bank = load_bank()
    known = Known(known_phrases(bank, training))
    sets = load_sets(load_site(site_name), names)
    found = {loaded.name: (loaded, find_leaks(loaded, known)) for loaded in sets}
    leaks = {name: (len(loaded.items), tuple(flagged)) for name, (loaded, flagged) in found.items()}
    failed = tuple(name for name, (loaded, flagged) in found.items() if too_many(loaded, flagged))
    return Leakage(bank.digest, len(known.phrases), leaks, failed)
