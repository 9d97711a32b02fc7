"""Refine the sections of a web page: what only looks like prose, what is said twice, what leads elsewhere."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from corpus.records import Block
from ingest.dates import parse_date
from ingest.page import Draft
from ingest.texts import words

_BULLET = re.compile(r"^[•·▪◦–—*-]\s+(?=\S)")
_ELSEWHERE = re.compile(
    r"^(?:zie ook|ook (?:nog )?interessant|lees ook|lees meer over|of zoek je|meer lezen|gerelateerd\w*|verwante? "
    r"|volg ons|deel deze pagina|related|see also|read more|follow us|share this)",
    re.I,
)
_MODIFIED = re.compile(
    r"^(?:(?:pagina |voor het )?laatst (?:gewijzigd|bijgewerkt|aangepast)|datum laatste wijziging"
    r"|last (?:updated|modified))"
    r"\b[^\n]{0,40}$",
    re.I,
)
# Items of a list of links to other pages are titles, hardly longer than this.
TITLE_WORDS = 10
_PHONE = re.compile(r"\b14\s?0\d{2,3}\b|(?<!\d)(?:\+3[12]|0)[\d\s()/.-]{8,14}\d(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
_POSTCODE = re.compile(
    r"\b\d{4}\s?[a-z]{2}\b\s+\w|^[^\d\n]{3,40} \d{1,4}\s?[a-z]?\s*,?\s*\d{4} \w|\bpostbus \d", re.I | re.M
)
_HOURS = re.compile(r"\b\d{1,2}[.:]\d{2}\s*(?:u\w*)?\s*(?:-|–|tot)\s*\d{1,2}[.:]\d{2}", re.I)
# A contact block is short: it lists, it does not explain.
CONTACT_WORDS = 60


def refine(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the sections that are content, with lists of dashes as lists and contact details as contact blocks."""
    kept = [draft for draft in drafts if not _leads_elsewhere(draft)]
    for draft in kept:
        draft.blocks = list(_gather_bullets(draft.blocks))
        if _is_contact(draft):
            draft.contact = True
            lines = [block.text for block in draft.blocks]
            draft.blocks = [Block(kind="contact", text="\n".join(lines))]
    _drop_repeats(kept)
    return [draft for draft in kept if draft.blocks]


def modified_note(drafts: Sequence[Draft]) -> date | None:
    """Take the line that says when the page was last changed out of the text, and return its date."""
    found = None
    for draft in drafts:
        for block in list(draft.blocks):
            if block.kind in ("paragraph", "contact") and _MODIFIED.match(block.text):
                found = parse_date(block.text) or found
                draft.blocks.remove(block)
    return found


def _leads_elsewhere(draft: Draft) -> bool:
    if not any(_ELSEWHERE.match(heading) for heading in draft.path):
        return False
    texts = [text for block in draft.blocks for text in (block.text, *block.items) if text]
    return all(block.kind in ("list", "paragraph", "contact") for block in draft.blocks) and all(
        words(line) <= TITLE_WORDS for text in texts for line in text.split("\n")
    )


def _gather_bullets(blocks: Sequence[Block]) -> Iterator[Block]:
    """Join neighbouring paragraphs that begin with a bullet into a list; a line that goes on belongs to its item."""
    items: list[str] = []
    lead_in = ""
    waiting: Block | None = None
    for block in [*blocks, None]:
        text = block.text if block and block.kind == "paragraph" else ""
        if _BULLET.match(text):
            if waiting and not items and waiting.text.endswith(":"):
                lead_in, waiting = waiting.text, None
            items.append(_BULLET.sub("", text))
            continue
        if items and text and text[0].islower() and not re.search(r"[.;:!?]$", items[-1]):
            items[-1] += f" {text}"
            continue
        if waiting:
            yield waiting
        if items:
            yield Block(kind="list", text=lead_in, items=tuple(items))
        items, lead_in, waiting = [], "", block


def _is_contact(draft: Draft) -> bool:
    """Tell whether a section is contact details that no markup names: two kinds of details in a few words."""
    if not draft.blocks or any(block.kind != "paragraph" for block in draft.blocks):
        return False
    text = "\n".join(block.text for block in draft.blocks)
    signs = sum(bool(pattern.search(text)) for pattern in (_PHONE, _MAIL, _POSTCODE, _HOURS))
    lines = text.count("\n") + 1
    return signs >= 2 and words(text) <= CONTACT_WORDS and words(text) / lines <= 12


def _drop_repeats(drafts: Sequence[Draft]) -> None:
    """Leave out what the same heading already says: pages often hold a block twice, for wide and for narrow screens."""
    said: set[tuple[str, Block]] = set()
    for draft in drafts:
        heading = draft.path[-1] if draft.path else ""
        draft.blocks = [block for block in draft.blocks if (heading, block) not in said]
        said.update((heading, block) for block in draft.blocks)
