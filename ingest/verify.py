"""Ask a built index its own titles, in a process of its own: an index that cannot be opened must not be published."""

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.records import Audience, Page
from ingest.children import last_line, run_children
from ingest.errors import ChildError, HeldBack, VerifyError

QUESTIONS = 40
# A page whose own title does not find it among ten is rare; on a broken index (rows shifted, vectors of another
# encoder) hardly any title finds its page.
LEAST_FOUND = 0.8
SEARCH_SECONDS = 180.0
GATE_SECONDS = 900.0


def verify(site: str, generation_id: str, pages: Mapping[Audience, Sequence[Page]]) -> None:
    """Open both audiences' indexes of a generation with `chatbot search` and ask each for titles of its pages.

    `site` is what `--site` takes. Raises VerifyError if one does not open or does not find them.
    """
    with tempfile.TemporaryDirectory() as folder:
        commands = []
        for audience, some in pages.items():
            batch = Path(folder) / f"{audience}.jsonl"
            lines = (json.dumps({"id": page.id, "question": page.title}) + "\n" for page in _sample(some))
            batch.write_text("".join(lines), encoding="utf-8")
            options = [
                "--site",
                site,
                "--generation",
                generation_id,
                "--audience",
                str(audience),
                "--batch",
                str(batch),
            ]
            commands.append(["chatbot", "search", "--json", *options])
        ended = run_children(commands, SEARCH_SECONDS)
    for some, done in zip(pages.values(), ended, strict=True):
        if done.status:
            reason = last_line(done.errors) or last_line(done.output) or f"code {done.status}"
            raise VerifyError(f"De nieuwe index gaat niet open ({reason}). Er is niets gepubliceerd.")
        _judge(some, done.output)


def _judge(pages: Sequence[Page], output: str) -> None:
    """Raise VerifyError if the answers are not those of this index."""
    answers = {
        line["id"]: [hit["page_id"] for hit in line.get("hits", ())] for line in map(json.loads, output.splitlines())
    }
    asked = _sample(pages)
    strangers = {hit for hits in answers.values() for hit in hits} - {page.id for page in pages}
    if strangers:
        raise VerifyError(f"De nieuwe index klopt niet: hij noemt een pagina die er niet in staat ({min(strangers)}).")
    if empty := [page.title for page in asked if not answers.get(page.id)]:
        raise VerifyError(f"De nieuwe index klopt niet: hij vindt niets bij {len(empty)} titels, zoals '{empty[0]}'.")
    titles = Counter(page.title.casefold() for page in pages)
    telling = [page for page in asked if titles[page.title.casefold()] == 1]
    hits = sum(page.id in answers[page.id] for page in telling)
    if telling and hits < LEAST_FOUND * len(telling):
        raise VerifyError(
            f"De nieuwe index klopt niet: hij vindt maar {hits} van {len(telling)} pagina's bij hun titel."
        )


def _sample(pages: Sequence[Page]) -> list[Page]:
    """Take pages from all over the index; a page without text cannot be found."""
    full = [page for page in pages if page.sections]
    step = max(1, len(full) // QUESTIONS)
    return full[::step][:QUESTIONS]


def gate(site: str, generation_id: str) -> str:
    """Run the evaluation gate on a generation and return its one-line outcome.

    Raises HeldBack if a floor is broken, ChildError if the gate itself fails.
    """
    [done] = run_children([["evals", "gate", "--site", site, "--generation", generation_id, "--json"]], GATE_SECONDS)
    try:
        outcome = json.loads(done.output)
    except json.JSONDecodeError:
        outcome = None
    if not isinstance(outcome, dict) or done.status not in (0, 1):
        reason = last_line(done.errors) or f"code {done.status}"
        raise ChildError(f"De kwaliteitspoort werkt niet ({reason}). Er is niets gepubliceerd.")
    lines = outcome.get("failures") or outcome.get("notes") or ["goed"]
    summary = "; ".join(map(str, lines))
    if done.status:
        raise HeldBack(
            f"De kwaliteitspoort houdt generatie {generation_id} tegen: {summary}. "
            "Er is niets gepubliceerd. Bekijk het met: "
            f"evals gate --site {site} --generation {generation_id}"
        )
    return summary
