"""Turn a saved response into content: what kind of file it is, and which reader reads it. Never fetches."""

import re
from datetime import date

from ingest.charset import decode
from ingest.dates import parse_date
from ingest.documents.docx import read_docx
from ingest.documents.pdf import read_pdf
from ingest.documents.text import read_text
from ingest.errors import NotIndexed
from ingest.html import read_html
from ingest.page import Content
from ingest.snapshot import Saved

_HTML = re.compile(
    rb"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|\?xml[^>]*>\s*<(?:!doctype\s+html|html))", re.I | re.S
)
_ANY_TAG = re.compile(rb"<(?:div|p|h[1-6]|table|main|title|meta|ul)\b", re.I)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def extract(saved: Saved, body: bytes, languages: tuple[str, ...] = ("nl",)) -> Content:
    """Read the content of a saved response. `languages` are the site's, the first is taken where a page names none.

    Raises NotIndexed with the reason if it has no place in the index.
    """
    if not body.strip():
        raise NotIndexed("is leeg")
    if "noindex" in saved.headers.get("x-robots-tag", "").lower():
        raise NotIndexed("vraagt zelf om niet gevonden te worden (noindex in X-Robots-Tag)")
    content = _read(saved, body, languages)
    content.modified = _plausible(content.modified, saved) or _plausible(saved.lastmod, saved) or _http_date(saved)
    return content


def _read(saved: Saved, body: bytes, languages: tuple[str, ...]) -> Content:
    kind = saved.content_type
    if b"%PDF-" in body[:1024]:
        return read_pdf(body, saved.url, languages[0])
    if body.startswith(b"PK\x03\x04") and (kind == _DOCX or saved.url.lower().endswith(".docx")):
        return read_docx(body, saved.url, languages[0])
    looks_like_html = bool(_HTML.match(body[:2000]))
    if kind == "application/pdf" or saved.url.lower().endswith(".pdf"):
        raise NotIndexed(
            "is een webpagina die zich pdf noemt" if looks_like_html else "noemt zich pdf, maar is dat niet"
        )
    if looks_like_html or "html" in kind:
        return read_html(decode(body, saved.headers.get("content-type", "")), saved.url, languages)
    if kind == "text/plain" or saved.url.lower().endswith((".txt", ".md")):
        return read_text(decode(body, saved.headers.get("content-type", "")), saved.url, languages[0])
    if _ANY_TAG.search(body[:20000]) and b"<?xml" not in body[:100]:
        return read_html(decode(body, saved.headers.get("content-type", "")), saved.url, languages)
    raise NotIndexed(f"is geen pagina maar {kind or 'een onbekende soort bestand'}")


def _http_date(saved: Saved) -> date | None:
    return _plausible(parse_date(saved.headers.get("last-modified", "")), saved)


def _plausible(day: date | None, saved: Saved) -> date | None:
    """A page cannot have changed after it was fetched."""
    return day if day and day <= saved.fetched.date() else None
