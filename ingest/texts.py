"""Text as a reader sees it: white space, invisible characters, and what only screen readers hear."""

import re

from bs4 import Tag
from bs4.element import NavigableString

INLINE = set(
    """a abbr acronym b bdi bdo big br button cite code data dfn em font i img ins kbd label mark nobr picture q samp
    small source span strong sub sup time tt u var wbr""".split()
)
STRUCK = {"del", "s", "strike"}
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufffc]")
_SPACE = re.compile(r"[^\S\n]+")
_LINK_REMARKS = re.compile(
    r"\s*[(\[]\s*(?:"
    r"(?:dit is een |deze )?(?:link (?:naar|gaat naar|opent)[^()]{0,40})?extern(?:e)? (?:link|website|site)"
    r"|(?:deze link |link )?(?:opent|open)\s+(?:in\s+)?(?:een\s+)?nieuw\w*\s+(?:venster|tabblad|scherm|tab|pagina)"
    r"|(?:deze link |link )?(?:gaat|verwijst|leidt) naar een (?:andere|externe) (?:web)?site"
    r"|nieuw (?:venster|tabblad)|andere website"
    r"|external (?:link|website)|(?:this link )?opens in (?:a )?new (?:window|tab)"
    r"|(?:download )?\.?(?:pdf|docx?|odt|xlsx?|rtf)(?:[\s-]*(?:bestand|document|file))?"
    r"(?:\s*[,;:-]?\s*[\d.,]+\s*[kmg]?i?b(?:ytes)?)?"
    r"|[\d.,]+\s*[kmg]b(?:\s*,?\s*pdf)?"
    r")\s*[)\]]",
    re.I,
)
_LINK_SENTENCE = re.compile(
    r"\s*\b(?:deze link (?:gaat|verwijst|leidt) naar een externe (?:web)?site"
    r"|(?:deze )?link opent in een nieuw (?:venster|tabblad))\.?",
    re.I,
)


def tidy(text: str) -> str:
    """Collapse white space, keep line breaks, drop invisible characters and remarks about links."""
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text))
    text = _LINK_SENTENCE.sub("", _LINK_REMARKS.sub("", text))
    return "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)


def one_line(text: str) -> str:
    """Tidy a text and put it on one line."""
    return tidy(text).replace("\n", " ")


def inline(node: Tag | NavigableString) -> str:
    """Return the text of an element as it runs, untidied: a line break for <br>, spaces around blocks."""
    if isinstance(node, NavigableString):
        # Comments, doctypes and CDATA are subclasses. A line break in the source is one space on the screen.
        return re.sub(r"\s+", " ", node) if type(node) is NavigableString else ""
    if node.name == "br":
        return "\n"
    if node.name in STRUCK:
        return ""
    text = "".join(inline(child) for child in node.children if isinstance(child, Tag | NavigableString))
    if node.name == "sup":
        return {"2": "²", "3": "³"}.get(text.strip(), text)
    return text if is_inline(node) else f" {text} "


def is_inline(tag: Tag) -> bool:
    """Tell whether an element runs along in a line of text; one that a site made up itself is taken to."""
    return tag.name in INLINE or tag.name in STRUCK or "-" in tag.name


def plain(node: Tag) -> str:
    """Return all text below an element on one line, with a space between blocks."""
    return one_line(" ".join(string for string in node.strings if type(string) is NavigableString))


def words(text: str) -> int:
    """Count the words of a text."""
    return len(text.split())
