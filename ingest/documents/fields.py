"""Leave out what a form asks people to fill in about themselves: it answers no question, and draws many."""

import re
from collections.abc import Iterator, Sequence

from corpus.records import Block
from ingest.page import Draft

_LABEL = re.compile(
    r"(?:uw |mijn )?(?:voor(?:namen|naam|letters)(?: en achternaam)?|achternaam|naam(?: en voorletters)?"
    r"|geboortedatum(?: en (?:geboorte)?plaats)?|geboorteplaats|straat(?: en huisnummer)?|huisnummer|adres"
    r"|postcode(?: en (?:woon)?plaats)?|woonplaats|nationaliteit|telefoon(?:nummer)?|mobiel(?: nummer)?"
    r"|e-?mail(?:adres)?|bsn|burgerservicenummer|iban|rekeningnummer|kvk-nummer"
    r"|(?:plaats en )?datum(?: en handtekening)?|handtekening(?: (?:van )?[\w ]{1,50})?)[\s.:…_]*",
    re.I,
)
# One label may be the head of an address; more in a section are a form.
LEAST = 2
_EMPTY = re.compile(r"[\s.…_□☐❑❏]*")


def without_fields(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the sections of a document without the labels of fields; a section that holds nothing else goes."""
    kept = []
    for draft in drafts:
        if sum(map(_count, draft.blocks)) >= LEAST:
            draft.blocks = [block for each in draft.blocks for block in _strip(each)]
        if draft.blocks:
            kept.append(draft)
    return kept


def _count(block: Block) -> int:
    blank = [row[0] for row in block.rows if _is_blank(row)]
    return sum(map(_is_label, (*block.text.split("\n"), *block.items, *blank)))


def _strip(block: Block) -> Iterator[Block]:
    text = "\n".join(line for line in block.text.split("\n") if not _is_label(line))
    items = tuple(item for item in block.items if not _is_label(item))
    rows = tuple(row for row in block.rows if not (_is_label(row[0]) and _is_blank(row)))
    if items or rows or (text and block.kind == "paragraph"):
        yield block.model_copy(update={"text": text, "items": items, "rows": rows})


def _is_label(line: str) -> bool:
    return bool(_LABEL.fullmatch(line.strip()))


def _is_blank(row: Sequence[str]) -> bool:
    """Tell whether a row has a place to fill in, and nothing besides its first cell."""
    return len(row) > 1 and all(_EMPTY.fullmatch(cell) for cell in row[1:])
