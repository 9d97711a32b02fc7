"""The closing report of a sync: as JSON, or as lines for a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from corpus.records import Record
from ingest.progress import LABELS

OUTCOMES = {"published": "gepubliceerd", "unchanged": "niets veranderd", "dry run": "proef"}
# Addresses shown per reason; --json has them all.
SHOWN = 3


class SyncReport(Record):
    """What a sync did. `skipped` and `kept` map addresses to reasons, `merged` products to pages; times in seconds."""

    site: str
    outcome: Literal["published", "unchanged", "dry run"]
    generation: str = ""
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: dict[str, str] = Field(default_factory=dict)
    skipped: dict[str, str] = Field(default_factory=dict)
    kept: dict[str, str] = Field(default_factory=dict)
    merged: dict[str, str] = Field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    chunks: int = 0
    embedded: int = 0
    gate: str = ""
    seconds: float = 0.0
    timings: dict[str, float] = Field(default_factory=dict)


def write_report(report: SyncReport, home: Path) -> None:
    """Keep the report of the last sync, for `ingest status`."""
    draft = home / "last-sync.draft"
    draft.write_text(report.model_dump_json(indent=1), encoding="utf-8")
    draft.replace(home / "last-sync.json")


def read_report(home: Path) -> SyncReport | None:
    """Return the report of the last sync that ended well, if any."""
    path = home / "last-sync.json"
    return SyncReport.model_validate_json(path.read_text(encoding="utf-8")) if path.is_file() else None


def show_report(report: SyncReport) -> str:
    """Write a report for a terminal."""
    total = len(report.new) + len(report.changed) + len(report.unchanged)
    steps = ", ".join(f"{LABELS.get(name, name)} {spent:.1f}" for name, spent in report.timings.items())
    lines = [
        f"{report.site}: {_outcome(report)}",
        f"  pagina's         {total}: {len(report.new)} nieuw, {len(report.changed)} veranderd, "
        f"{len(report.unchanged)} hetzelfde, {len(report.removed)} verwijderd, {len(report.skipped)} overgeslagen",
        f"  stukken tekst    {report.chunks}, waarvan {report.embedded} nieuw verwerkt",
        f"  tijd             {report.seconds:.1f} seconden ({steps})",
    ]
    lines += [f"  kwaliteitspoort  {report.gate}"] if report.gate else []
    if report.merged:
        pages = len(set(report.merged.values()))
        lines.append(f"  samengevoegd     {len(report.merged)} producten uit andere bronnen, bij {pages} pagina's")
    lines += _reasons("verwijderd", report.removed)
    lines += _reasons("overgeslagen", report.skipped)
    lines += _reasons("laatste goede kopie gebruikt", report.kept)
    lines += [f"  let op: {warning}" for warning in report.warnings]
    return "\n".join(lines)


def _outcome(report: SyncReport) -> str:
    if report.outcome == "published":
        return f"generatie {report.generation} is gepubliceerd"
    if report.outcome == "unchanged":
        return f"niets veranderd; generatie {report.generation} blijft staan"
    return "proef; er is niets gemaakt of gepubliceerd"


def _reasons(what: str, reasons: Mapping[str, str]) -> Iterable[str]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for url, reason in reasons.items():
        grouped[reason].append(url)
    for reason, urls in sorted(grouped.items(), key=lambda group: -len(group[1])):
        more = f" en nog {len(urls) - SHOWN}" if len(urls) > SHOWN else ""
        yield f"  {what}: {reason}: {', '.join(urls[:SHOWN])}{more}"
