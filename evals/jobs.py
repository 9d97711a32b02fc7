"""What the fitting scripts fit on: a TOML file of jobs, each a site, a set, a map and a weight."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from chatbot.services import Services, open_services
from corpus.sites import load_site
from evals.cases import Pages, make_cases
from evals.errors import SetError
from evals.load import choose_split, load_set, read_map
from evals.records import Case


@dataclass(frozen=True)
class Job:
    """The cases of one set on one open site; `weight` is each question's say in the loss."""

    name: str
    weight: float
    services: Services
    cases: list[Case]


def read_jobs(path: Path) -> list[Job]:
    """Open every site once and match its sets.

    Keys of a [[jobs]] table: name, site, set, map (optional), split (optional), weight (default 1), spans_from (a set
    whose editor questions give the answer spans). Raises SetError for a missing key.
    """
    opened: dict[str, Services] = {}
    jobs = []
    for row in tomllib.loads(path.read_text(encoding="utf-8")).get("jobs", []):
        missing = {"name", "site", "set"} - row.keys()
        if missing:
            raise SetError(f"{path}: bij een van de [[jobs]] ontbreekt '{min(missing)}'.")
        services = (
            opened.setdefault(row["site"], open_services(load_site(row["site"])))
            if row["site"] not in opened
            else opened[row["site"]]
        )
        store = services.index.generation.store
        pages = Pages({page.id: page for page in store.pages()}, services.site.url, store.chunks_of_page)
        loaded = choose_split(load_set(Path(row["set"])), row.get("split", "all"))
        spans = {}
        if "spans_from" in row:
            spans = {item.question: item.span for item in load_set(Path(row["spans_from"])).items}
        mapping = read_map(Path(row["map"])) if "map" in row else {}
        cases, _ = make_cases(loaded, pages, mapping, spans=spans)
        jobs.append(Job(row["name"], float(row.get("weight", 1)), services, cases))
    if not jobs:
        raise SetError(f"In {path} staan geen [[jobs]].")
    return jobs
