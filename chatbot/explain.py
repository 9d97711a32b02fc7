"""A hit as staff see it: where the passage stands, who may read it, and why it was found."""

from typing import Any

from chatbot.records import Hit
from corpus.records import Audience

# The features that say something to a person; the others only to the ranker.
REASONS = {
    "plain": "Woorden uit de vraag",
    "title_recall": "Woorden uit de titel",
    "by_topic": "Woorden van het onderwerp",
    "dense": "Betekenis",
}


def explain_hit(hit: Hit) -> dict[str, Any]:
    """Return a hit as JSON for the desk."""
    page, chunk = hit.page, hit.chunk
    return {
        "titel": page.title,
        "kop": " › ".join(chunk.heading_path),
        "url": page.url + (f"#{chunk.anchor}" if chunk.anchor else ""),
        "tekst": "\n".join(part for part in (chunk.table_header, chunk.text) if part),
        "datum": page.modified.isoformat() if page.modified else None,
        "intern": is_internal(hit),
        "score": hit.score,
        "onderwerp": str(hit.parts.get("bank_match", "")),
        "redenen": {label: hit.parts[name] for name, label in REASONS.items() if name in hit.parts},
        "kenmerken": hit.parts,
    }


def is_internal(hit: Hit) -> bool:
    """Tell whether a passage is for staff only; if no section fits it, the strictest section of its page decides."""
    sections = [section for section in hit.page.sections if section.heading_path == hit.chunk.heading_path]
    return any(section.audience == Audience.STAFF for section in sections or hit.page.sections)
