"""Write an evaluation as Markdown and as one HTML page that needs nothing from elsewhere."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.dutch import ending
from evals import plots
from evals.cases import Pages
from evals.curves import calibration_error, reliability, risk_coverage
from evals.evaluate import Evaluation
from evals.labels import figure_label
from evals.records import Judged, SetResult
from evals.show import Table, answer_table, extras, retrieval_table, status_table
from evals.worst import reason, tally, worst

WORST = 10
GROUPS = {"style": "stijl", "topic": "onderwerp"}
QUOTED = 160
STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;margin:1rem 0;font-size:.85rem;display:block;overflow-x:auto}
th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top;min-width:3.2rem}
th{background:#f2f5f8}
svg{max-width:100%;height:auto}h2{margin-top:2.5rem;border-bottom:2px solid #0072b2}"""
READING = (
    "R@1 en R@5: hoe vaak een juiste pagina op plek 1 staat, of bij de eerste 5. RR@10 en nDCG@10: hoe hoog de juiste "
    "pagina staat bij de eerste 10. Recall@5: welk deel van de juiste pagina's bij de eerste 5 staat. Tussen haakjes "
    "staat het gebied waarin het echte getal met 95 % zekerheid ligt. De andere woorden staan in docs/evaluation.md."
)


@dataclass(frozen=True)
class Part:
    """A piece of the report: a heading with text, tables and plots (name and SVG)."""

    heading: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    drawings: tuple[tuple[str, str], ...] = ()


def write_report(evaluation: Evaluation, pages: Pages, folder: Path) -> tuple[Path, Path]:
    """Write report.md with its plots, and report.html; returns both paths."""
    parts = list(_parts(evaluation, pages))
    title = f"Evaluatie van {evaluation.site}"
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        for name, svg in part.drawings:
            (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
    markdown, page = folder / "report.md", folder / "report.html"
    markdown.write_text(_to_markdown(title, parts), encoding="utf-8")
    page.write_text(_to_html(title, parts), encoding="utf-8")
    return markdown, page


def _parts(evaluation: Evaluation, pages: Pages) -> Iterator[Part]:
    yield _summary(evaluation)
    for result in evaluation.sets:
        yield _set_part(result)
        yield from _confidence_parts(result)
        yield _worst(result, pages)
    yield _leaks(evaluation)
    problems = [problem for result in evaluation.sets for problem in result.problems]
    yield Part("Problemen in de vragensets", tuple(f"- {problem}" for problem in problems) or ("Geen.",))


def _summary(evaluation: Evaluation) -> Part:
    first = (
        f"Generatie {evaluation.generation}. Pagina's: {evaluation.pages}, stukken tekst: {evaluation.chunks}, "
        f"encoder: {evaluation.encoder}. "
        f"Vragen: {sum(r.items for r in evaluation.sets)}, in {evaluation.seconds:.0f} seconden."
    )
    by_set = {
        r.name: {"vraagbaak": r.retrieval["all"]} | {n: t["all"] for n, t in r.baselines.items()}
        for r in _ranked(evaluation)
    }
    drawings = []
    for measure in ("R@1", "R@5") if by_set else ():
        rows = {name: {system: row[measure] for system, row in systems.items()} for name, systems in by_set.items()}
        drawings.append((f"systems-{measure.replace('@', '')}", plots.plot_systems(rows, measure)))
    header = ["vragenset", "systeem", "n", "R@1", "R@5", "RR@10", "nDCG@10"]
    table = [
        [name, system, str(row["R@1"].n), *(str(row[measure]) for measure in header[3:])]
        for name, systems in by_set.items()
        for system, row in systems.items()
    ]
    return Part(
        "Vraagbaak vergeleken met andere systemen",
        (first, *evaluation.notes, READING),
        ((header, table),),
        tuple(drawings),
    )


def _ranked(evaluation: Evaluation) -> list[SetResult]:
    return [result for result in evaluation.sets if "all" in result.retrieval]


def _set_part(result: SetResult) -> Part:
    tables = [retrieval_table(result)] if result.retrieval else []
    tables += [answer_table(result), status_table(result)] if result.answers else []
    drawings = [drawing for kind in GROUPS for drawing in _group_drawings(result, kind)]
    return Part(
        f"Vragenset: {result.name}",
        (f"Vragen: {result.items}, sha256 {result.digest[:12]}. {extras(result)}",),
        tuple(tables),
        tuple(drawings),
    )


def _group_drawings(result: SetResult, kind: str) -> Iterator[tuple[str, str]]:
    """Draw ours beside the baselines per style or topic, and how often a question was helped."""
    systems = {"vraagbaak": result.retrieval} | result.baselines
    found = {
        group.split(": ", 1)[1]: {name: table[group]["R@1"] for name, table in systems.items() if group in table}
        for group in result.retrieval
        if group.startswith(f"{kind}: ")
    }
    if len(found) < 2:
        return
    yield f"{result.name}-{kind}-systems", plots.plot_systems_by_group(found, f"R@1, per {GROUPS[kind]}")
    rows = {
        group.split(": ", 1)[1]: row["helped"]
        for group, row in result.answers.items()
        if group.startswith(f"{kind}: ") and "helped" in row
    }
    if rows:
        yield f"{result.name}-{kind}", plots.plot_groups(rows, f"{figure_label('helped')}, per {GROUPS[kind]}")


def _confidence_parts(result: SetResult) -> Iterator[Part]:
    points, bins = risk_coverage(result.judged), reliability(result.judged)
    if len(points) < 2:
        return
    figures = result.answers.get("all", {})
    reached = None
    if "answered" in figures and figures["answered"].value:
        reached = figures["answered"].value, figures["wrong"].value / figures["answered"].value
    drawings = (
        (f"{result.name}-risk", plots.plot_risk(points, reached)),
        (f"{result.name}-helped", plots.plot_helped(points)),
        (f"{result.name}-reliability", plots.plot_reliability(bins)),
    )
    text = (f"Verschil tussen zekerheid en werkelijkheid (ECE, {len(bins)} groepen): {calibration_error(bins):.3f}.",)
    yield Part(f"Zekerheid: {result.name}", text, (), drawings)


def _worst(result: SetResult, pages: Pages) -> Part:
    rows = worst(result.judged, WORST)
    kinds = [[what, where or "–", str(times)] for what, where, times in tally(result.judged)]
    total = sum(int(times) for *_, times in kinds)
    header = ["id", "vraag", "waarom", "afloop", "eerste pagina", "juiste pagina", "zekerheid"]
    table = [_worst_row(one, pages) for one in rows]
    return Part(
        f"Slechtste vragen: {result.name}",
        (f"Niet goed gegaan: {total} van {len(result.judged)} vragen. Hieronder de {len(table)} slechtste.",),
        ((["wat er misging", "de juiste pagina", "vragen"], kinds), (header, table)) if table else (),
    )


def _worst_row(one: Judged, pages: Pages) -> list[str]:
    outcome, item, verdict = one.outcome, one.case.item, one.verdict
    first = pages.pages[outcome.ranking[0]].title if outcome.ranking else "–"
    gold = (
        ", ".join(pages.pages[page].title for page in sorted(one.case.gold))
        or ", ".join(map(ending, sorted(one.case.expected)))
        or "–"
    )
    wrong = [*verdict.leaked, *verdict.unsupported, *verdict.misquotes]
    ended = ending(verdict.status) + (f" ({'; '.join(wrong)})" if wrong else "")
    sure = "–" if outcome.choice is None else f"{outcome.choice:.2f}"
    return [item.id, _short(item.question), reason(one), _short(ended), _short(first), _short(gold), sure]


def _leaks(evaluation: Evaluation) -> Part:
    leaks = [f"- {name}: {leak}" for name, found in evaluation.leaks.items() for leak in found]
    text = "Deze vragen lijken op een zin uit de bank of op een vraag uit de training. Ze tellen bij “bekende vragen”."
    return Part("Bekende vragen", (text, *(leaks or ["Geen."])))


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def _to_markdown(title: str, parts: Sequence[Part]) -> str:
    lines = [f"# {title}", ""]
    for part in parts:
        lines += [f"## {part.heading}", ""]
        for text in part.text:
            lines += [text] if text.startswith("- ") else [text, ""]
        for header, rows in part.tables:
            lines += [
                "",
                *(f"| {' | '.join(_cell(c) for c in row)} |" for row in (header, ["---"] * len(header), *rows)),
                "",
            ]
        lines += [f"![{name}]({name}.svg)\n" for name, _ in part.drawings]
    return "\n".join(lines).rstrip() + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _to_html(title: str, parts: Sequence[Part]) -> str:
    body = "\n".join(_part_html(part) for part in parts)
    return (
        f'<!doctype html>\n<html lang="nl"><head><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>\n'
        f"<body><h1>{html.escape(title)}</h1>\n{body}\n</body></html>\n"
    )


def _part_html(part: Part) -> str:
    lines = [f"<h2>{html.escape(part.heading)}</h2>"]
    bullets = [text[2:] for text in part.text if text.startswith("- ")]
    lines += [f"<p>{html.escape(text)}</p>" for text in part.text if not text.startswith("- ")]
    if bullets:
        lines.append("<ul>" + "".join(f"<li>{html.escape(text)}</li>" for text in bullets) + "</ul>")
    for header, rows in part.tables:
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
        cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
        lines.append(f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    for name, svg in part.drawings:
        lines.append(f'<figure role="img" aria-label="{html.escape(name)}">{svg}</figure>')
    return "\n".join(lines)
