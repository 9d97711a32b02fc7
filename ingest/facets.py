"""What a section is about, from its heading: the table in facets.toml."""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from corpus.records import Facet


@cache
def _table() -> tuple[tuple[Facet, bool, re.Pattern[str]], ...]:
    """Return (facet, weak, pattern) in the order of the file."""
    data = tomllib.loads((Path(__file__).parent / "facets.toml").read_text(encoding="utf-8"))
    return tuple(
        (Facet(name), bool(row.get("weak")), re.compile(rf"(?<!\w)(?:{'|'.join(row['words'])})", re.I))
        for name, row in data.items()
    )


def facet_of(heading_path: Sequence[str]) -> Facet:
    """Return the facet of a section: of its own heading, else of the nearest heading above that tells."""
    for heading in reversed(heading_path):
        if facet := facet_of_heading(heading):
            return facet
    return Facet.DESCRIPTION


def facet_of_heading(heading: str) -> Facet | None:
    """Return the facet whose words stand first in a heading; None if no word tells.

    "Wat moet u meenemen?" begins like a procedure, so words of a weak facet count only by themselves.
    """
    found = [
        (weak, match.start(), order, facet)
        for order, (facet, weak, pattern) in enumerate(_table())
        if (match := pattern.search(heading))
    ]
    return min(found)[3] if found else None
