"""The closing report of a sync: as JSON, or as lines for a person."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from corpus.records import Record

# Addresses shown per reason; --json has them all.
SHOWN = 3


class SyncReport(Record):
    """What a sync did. `skipped` and `kept` map addresses to reasons; times are in seconds."""

    site: str
    outcome: Literal["published", "unchanged", "dry run"]
    generation: str = ""
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: dict[str, str] = Field(default_factory=dict)
    skipped: dict[str, str] = Field(default_factory=dict)
    kept: dict[str, str] = Field(default_factory=dict)
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
    steps = ", ".join(f"{name} {spent:.1f}" for name, spent in report.timings.items())
    lines = [
        f"{report.site}: {_outcome(report)}",
        f"  pages      {total}: {len(report.new)} new, {len(report.changed)} changed, "
        f"{len(report.unchanged)} unchanged, {len(report.removed)} removed, {len(report.skipped)} skipped",
        f"  chunks     {report.chunks}, of which {report.embedded} embedded now",
        f"  time       {report.seconds:.1f} s ({steps})",
    ]
    lines += [f"  gate       {report.gate}"] if report.gate else []
    lines += _reasons("removed", report.removed)
    lines += _reasons("skipped", report.skipped)
    lines += _reasons("kept from the last good copy", report.kept)
    lines += [f"  warning    {warning}" for warning in report.warnings]
    return "\n".join(lines)


def _outcome(report: SyncReport) -> str:
    if report.outcome == "published":
        return f"generation {report.generation} is published"
    if report.outcome == "unchanged":
        return f"nothing changed; generation {report.generation} stays"
    return "dry run, nothing is built or published"


def _reasons(what: str, reasons: Mapping[str, str]) -> Iterable[str]:
    grouped: defaultdict[str, list[str]] = defaultdict(list)
    for url, reason in reasons.items():
        grouped[reason].append(url)
    for reason, urls in sorted(grouped.items(), key=lambda group: -len(group[1])):
        more = f" and {len(urls) - SHOWN} more" if len(urls) > SHOWN else ""
        yield f"  {what}: {reason}: {', '.join(urls[:SHOWN])}{more}"
