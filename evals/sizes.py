"""Do the shipped thresholds hold on small and large sites? `python -m evals.sizes JOBS.toml [--json]`.

Makes sites of other sizes out of one that is published, all jobs being on that one, and asks the same questions on
each: smaller, its pages dealt out over several sites and each question asked where its page is; larger, with the
bank's passages as further pages. A job named `negatives…` gives questions that no page answers.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chatbot.services import Services
from corpus.language.topics import Bank, load_bank
from corpus.records import Block, Page, Section, page_id
from corpus.sites import Site
from evals.answers import summarise_answers
from evals.ask import open_pinned, pages_of, put
from evals.errors import EvalError
from evals.evaluate import verdict_of
from evals.jobs import Job, read_jobs
from evals.records import Case, Figure, Judged
from evals.retrieval import summarise_retrieval
from evals.scratch import publish_pages, scratch_home
from evals.show import figure_json
from evals.split import fold_of

SIZES = (40, 400, 1900)
# A passage of the bank may well answer a question of the sets. The topics nearest to each right page and to each
# negative stay out, and all that are near: read by eye, at .6 the subject is the same or a part of it.
NEAREST, NEAR = 2, 0.6
SHOWN = ("R@1", "answered", "wrong", "clarified", "helped", "false_refusals", "not_answered", "clarified_without_gold")
CAVEAT = (
    "Pages beyond the site's own are passages of the bank: short, and about other subjects than the questions. Such "
    "filler is easier to tell from the right page than a real page of the same municipality, so the figures of the "
    "largest size flatter."
)


@dataclass(frozen=True)
class Size:
    """The figures at one size: so many pages on each of so many sites, `filler` of them from the bank."""

    pages: int
    sites: int
    filler: int
    figures: dict[str, Figure]
    by_category: dict[str, Figure]


def measure(jobs: Sequence[Job], sizes: Sequence[int], bank: Bank) -> list[Size]:
    """Return the figures at every size, smallest first.

    Raises EvalError if the jobs are on several sites, or none has questions with a page.
    """
    own = jobs[0].services
    if any(job.services.site != own.site for job in jobs):
        raise EvalError(f"All jobs must be on one site; the first is on {own.site.name}.")
    negative = [case for job in jobs if job.name.startswith("negatives") for case in job.cases]
    asked = [case for job in jobs if not job.name.startswith("negatives") for case in job.cases if case.gold]
    if not asked:
        raise EvalError("No job has a question whose page is on the site.")
    pages = own.index.generation.store.pages()
    filler = filler_pages(own, bank, asked, negative)
    return [_measure(own, pages, filler, asked, negative, size) for size in sorted(sizes)]


def _measure(
    own: Services, pages: Sequence[Page], filler: Sequence[Page], asked: Sequence[Case], negative: Sequence[Case],
    size: int,
) -> Size:  # fmt: skip
    added = list(filler[: max(0, size - len(pages))])
    dealt = deal([*pages, *added], size)
    judged: list[Judged] = []
    with scratch_home(own):
        for number, group in enumerate(dealt):
            ids = frozenset(page.id for page in group)
            here = [_on_site(case, ids) for case in asked if _home_of(case, dealt) == number]
            here += [case for case in negative if fold_of(case.item.id, len(dealt)) == number]
            site = own.site.model_copy(update={"name": f"size-{size}-{number}"})
            judged += ask_on(site, group, here, own)
    return Size(
        pages=round(sum(map(len, dealt)) / len(dealt)),
        sites=len(dealt),
        filler=len(added),
        figures=summarise_retrieval(judged) | summarise_answers(judged),
        by_category=_by_category(judged),
    )


def ask_on(site: Site, pages: Sequence[Page], cases: Sequence[Case], own: Services) -> list[Judged]:
    """Publish pages as a site and put the cases to it."""
    publish_pages(site, pages, own.encoder)
    services = open_pinned(site, None)
    found = pages_of(services)
    return [Judged(one, verdict_of(one, found)) for one in put(cases, services, retrieval_only=False, progress=_silent)]


def _silent(done: int) -> None:
    """Show no progress."""


def _on_site(case: Case, ids: frozenset[str]) -> Case:
    """Return a case with the gold of one site only: what was dealt to another is no longer a page that could answer."""
    return replace(case, gold=case.gold & ids, also_ok=case.also_ok & ids)


def _home_of(case: Case, dealt: Sequence[Sequence[Page]]) -> int:
    first = min(case.gold)
    return next(number for number, group in enumerate(dealt) if any(page.id == first for page in group))


def _by_category(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Return the share not answered per category of the questions without a page."""
    categories = sorted({one.case.item.category for one in judged if not one.case.has_gold and one.case.item.category})
    found = {}
    for category in categories:
        some = [one for one in judged if not one.case.has_gold and one.case.item.category == category]
        found[category] = summarise_answers(some)["not_answered"]
    return found


def deal(pages: Sequence[Page], size: int) -> list[list[Page]]:
    """Deal pages out over as many sites of about `size` as they fill, one at least, by the digest of their id."""
    order = sorted(pages, key=lambda page: hashlib.sha256(page.id.encode()).digest())
    groups = max(1, len(order) // size)
    return [order[number::groups] for number in range(groups)]


def filler_pages(own: Services, bank: Bank, asked: Sequence[Case], negative: Sequence[Case]) -> list[Page]:
    """Return a page per passage of the bank, without the topics that might answer a question of the sets.

    Their order is by digest, so that the first thousand are of all subjects.
    """
    retriever = own.index.retriever
    gold = {page for case in asked for page in case.gold}
    rows = [at for at, row in enumerate(retriever.page_rows) if own.index.generation.store.page_ids[int(row)] in gold]
    encoder = own.index.generation.encoder
    texts = encoder.encode(["\n".join([topic.name, *topic.passages]) for topic in bank.topics])
    questions = [retriever.page_vectors[rows]]
    if negative:
        questions.append(encoder.encode([case.item.question for case in negative], query=True))
    kept = ~near(np.concatenate(questions) @ texts.T)
    topics = [topic for topic, keep in zip(bank.topics, kept, strict=True) if keep]
    pages = [page for topic in topics for page in _pages(topic.name, topic.passages, own.site)]
    return sorted(pages, key=lambda page: hashlib.sha256(page.id.encode()).digest())


def near(similar: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which columns are among the nearest of a row, or near to one."""
    found = similar.max(0) >= NEAR
    found[np.argsort(-similar, axis=1)[:, :NEAREST]] = True
    return np.asarray(found, np.bool_)


def _pages(name: str, passages: Sequence[str], site: Site) -> Iterator[Page]:
    for number, passage in enumerate(passages):
        url = f"{site.url.rstrip('/')}/bank/{hashlib.sha256(f'{name}{number}'.encode()).hexdigest()[:12]}"
        blocks = (Block(kind="paragraph", text=passage),)
        title = f"{name[:1].upper()}{name[1:]}" + (f" ({number + 1})" if number else "")
        yield Page(id=page_id(url, site.url), url=url, title=title, sections=(Section(blocks=blocks),))


def as_markdown(sizes: Sequence[Size]) -> str:
    """Return one table with a column per size, and what to keep in mind."""
    heads = [f"{size.pages} pages" + (f" × {size.sites} sites" if size.sites > 1 else "") for size in sizes]
    lines = [f"| figure | {' | '.join(heads)} |", "|---" * (len(sizes) + 1) + "|"]
    lines.append(f"| of which from the bank | {' | '.join(str(size.filler) for size in sizes)} |")
    for name in (name for name in SHOWN if any(name in size.figures for size in sizes)):
        lines.append(f"| {name} | {' | '.join(_cell(size.figures.get(name)) for size in sizes)} |")
    for name in sorted({name for size in sizes for name in size.by_category}):
        lines.append(f"| not_answered: {name} | {' | '.join(_cell(size.by_category.get(name)) for size in sizes)} |")
    return "\n".join([*lines, "", CAVEAT])


def _cell(figure: Figure | None) -> str:
    return "–" if figure is None else f"{figure.value:.2f} [{figure.low:.2f}–{figure.high:.2f}] n {figure.n}"


def as_json(sizes: Sequence[Size]) -> dict[str, Any]:
    """Return the same as plain data."""
    rows = [
        {"pages": size.pages, "sites": size.sites, "filler": size.filler}
        | {name: figure_json(figure) for name, figure in size.figures.items()}
        | {"not_answered_by_category": {name: figure_json(figure) for name, figure in size.by_category.items()}}
        for size in sizes
    ]
    return {"sizes": rows, "caveat": CAVEAT}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="pages a site, with commas between")
    parser.add_argument("--json", action="store_true", help="print JSON in place of Markdown")
    arguments = parser.parse_args()
    found = measure(read_jobs(arguments.jobs), [int(size) for size in arguments.sizes.split(",")], load_bank())
    print(json.dumps(as_json(found), indent=1) if arguments.json else as_markdown(found))  # noqa: T201  its output


if __name__ == "__main__":
    main()
