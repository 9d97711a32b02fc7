"""Ask a built index its own titles, in a process of its own: an index that cannot be opened must not be published."""

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from corpus.records import Audience, Page
from ingest.children import last_line, run_child
from ingest.errors import ChildError, HeldBack, VerifyError

QUESTIONS = 40
# A page whose own title does not find it among ten is rare; on broken indexes (rows shifted, vectors of another encoder)
# hardly any title finds its page.
LEAST_FOUND = 0.8
SEARCH_SECONDS = 180.0
GATE_SECONDS = 900.0


def verify(site: str, generation_id: str, audience: Audience, pages: Sequence[Page]) -> None:
    """Open a generation with `chatbot search` and ask it titles of its pages.

    `site` is what `--site` takes. Raises VerifyError if it does not open or does not find them.
    """
    asked = _sample(pages)
    with tempfile.TemporaryDirectory() as folder:
        batch = Path(folder) / "titles.jsonl"
        batch.write_text(
            "".join(json.dumps({"id": page.id, "question": page.title}) + "\n" for page in asked), encoding="utf-8"
        )
        arguments = ["search", "--site", site, "--generation", generation_id, "--audience", str(audience), "--json"]
        done = run_child("chatbot", [*arguments, "--batch", str(batch)], SEARCH_SECONDS)
    if done.returncode:
        raise VerifyError(f"The new index does not open: {last_line(done.stderr) or f'exit status {done.returncode}'}")
    answers = {line["id"]: line for line in map(json.loads, done.stdout.splitlines())}
    known = {page.id for page in pages}
    titles = Counter(page.title.casefold() for page in pages)
    found = {page.id: [hit["page_id"] for hit in answers.get(page.id, {}).get("hits", ())] for page in asked}
    if strangers := {hit for hits in found.values() for hit in hits} - known:
        raise VerifyError(f"The new index returns pages that are not in it, such as {min(strangers)}.")
    if empty := [page.title for page in asked if not found[page.id]]:
        raise VerifyError(f"The new index finds nothing for the title '{empty[0]}' (and {len(empty) - 1} others).")
    telling = [page for page in asked if titles[page.title.casefold()] == 1]
    hits = sum(page.id in found[page.id] for page in telling)
    if telling and hits < LEAST_FOUND * len(telling):
        raise VerifyError(f"The new index finds only {hits} of {len(telling)} pages by their own title.")


def _sample(pages: Sequence[Page]) -> list[Page]:
    """Take pages from all over the index; a page without text cannot be found."""
    full = [page for page in pages if page.sections]
    step = max(1, len(full) // QUESTIONS)
    return full[::step][:QUESTIONS]


def gate(site: str, generation_id: str) -> str:
    """Run the evaluation gate on a generation and return its one-line outcome.

    Raises HeldBack if a floor is broken, ChildError if the gate itself fails.
    """
    done = run_child("evals", ["gate", "--site", site, "--generation", generation_id, "--json"], GATE_SECONDS)
    try:
        outcome = json.loads(done.stdout)
    except json.JSONDecodeError:
        outcome = None
    if not isinstance(outcome, dict) or done.returncode not in (0, 1):
        reason = last_line(done.stderr) or f"exit status {done.returncode}"
        raise ChildError(f"The gate did not run: {reason}. Nothing is published.")
    lines = outcome.get("failures") or outcome.get("notes") or ["passed"]
    summary = "; ".join(map(str, lines))
    if done.returncode:
        raise HeldBack(
            f"The gate holds generation {generation_id} back: {summary}. Look at it with: "
            f"evals gate --site {site} --generation {generation_id}"
        )
    return summary
