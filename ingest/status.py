"""What is published and what is in force: generations, exclusions, pauses, the last sync."""

from datetime import UTC, datetime

from corpus.dutch import ending
from corpus.errors import GenerationError
from corpus.index.generation import Paths, list_generations, publish, read_current, read_manifest
from corpus.records import Audience, Record
from corpus.sites import Site
from corpus.state import State
from ingest.report import OUTCOMES, SyncReport, read_report


class GenerationLine(Record):
    """One generation as listed."""

    id: str
    created: datetime
    pages: int
    chunks: int
    staff_pages: int
    encoder: str
    current: bool


class Status(Record):
    """The state of a site."""

    site: str
    current: GenerationLine | None
    last_sync: SyncReport | None
    pauses: tuple[str, ...]
    exclusions: tuple[str, ...]
    conflicts: tuple[str, ...]
    frequent_questions: tuple[str, ...]


def generations(site: Site) -> list[GenerationLine]:
    """List the complete generations of a site, oldest first."""
    paths = Paths(site.home)
    current = read_current(paths)
    lines = []
    for name in list_generations(paths):
        public = read_manifest(paths.generation(name, Audience.RESIDENT))
        staff = read_manifest(paths.generation(name, Audience.STAFF))
        lines.append(
            GenerationLine(
                id=name,
                created=public.created,
                pages=public.pages,
                chunks=public.chunks,
                staff_pages=staff.pages,
                encoder=f"{public.encoder_id} {public.encoder_digest[:8]}",
                current=name == current,
            )
        )
    return lines


def status(site: Site) -> Status:
    """Read what is published for a site and what people have put in force."""
    state = State(site.home / "state.db")
    return Status(
        site=site.name,
        current=next((line for line in generations(site) if line.current), None),
        last_sync=read_report(site.home),
        pauses=tuple(
            f"{pause.id}: {pause.words or 'alles'} ({pause.reason or 'geen reden'}; sinds {pause.since[:10]})"
            for pause in state.pauses()
        ),
        exclusions=tuple(
            f"{each.url} ({each.reason or 'geen reden'}; sinds {each.since[:10]})" for each in state.exclusions()
        ),
        conflicts=tuple(
            f"{quotes} (pagina's {pages}; sinds {since[:10]})" for pages, quotes, since in state.conflicts()
        ),
        frequent_questions=tuple(
            f"{times} keer: {question} ({ending(ended)})" for question, ended, times in state.frequent_questions()
        ),
    )


def rollback(site: Site, generation: str | None = None) -> str:
    """Publish an earlier generation: the one named, else the one before the published one. Return its id.

    Raises GenerationError if there is none.
    """
    paths = Paths(site.home)
    names = list_generations(paths)
    current = read_current(paths)
    earlier = [name for name in names if current is None or name < current]
    chosen = generation or (earlier[-1] if earlier else None)
    if chosen is None:
        raise GenerationError(
            f"Er is geen generatie vóór {current or 'de eerste'} om terug te zetten. "
            "Bekijk de lijst met: ingest generations"
        )
    publish(paths, chosen)
    return chosen


def show_generations(lines: list[GenerationLine]) -> str:
    """Write generations for a terminal."""
    if not lines:
        return "Er zijn nog geen generaties. Maak er een met: ingest sync"
    return "\n".join(
        f"{'*' if line.current else ' '} {line.id}  pagina's voor inwoners: {line.pages}, "
        f"voor medewerkers: {line.staff_pages}; "
        f"stukken tekst: {line.chunks}; encoder: {line.encoder}"
        for line in lines
    )


def show_status(found: Status) -> str:
    """Write a status for a terminal."""
    current = found.current
    lines = [
        f"{found.site}: {'nog niets gepubliceerd' if current is None else f'generatie {current.id} is gepubliceerd'}"
    ]
    if current:
        age = datetime.now(UTC) - current.created
        built = f"{age.days} dagen en {age.seconds // 3600} uur geleden gemaakt"
        lines.append(f"  pagina's: {current.pages}, stukken tekst: {current.chunks}, {built}")
    if found.last_sync:
        last = found.last_sync
        counts = (
            f"overgeslagen: {len(last.skipped)}, oude kopie gebruikt: {len(last.kept)}, let op: {len(last.warnings)}"
        )
        lines.append(f"  laatste keer bijgewerkt: {OUTCOMES[last.outcome]}; {counts}")
    lines += [f"  gepauzeerd    {pause}" for pause in found.pauses] or ["  er is niets gepauzeerd"]
    lines += [f"  uitgesloten   {exclusion}" for exclusion in found.exclusions] or ["  er is niets uitgesloten"]
    lines += [f"  tegenspraak   {conflict}" for conflict in found.conflicts]
    lines += [f"  vaak gevraagd {question}" for question in found.frequent_questions]
    return "\n".join(lines)
