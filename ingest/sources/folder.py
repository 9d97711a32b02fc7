"""A folder of files: notes in Markdown, HTML, PDF, Word or plain text, with or without front matter."""

from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, urljoin

from corpus.records import Link, Page
from ingest.documents.text import read_front_matter
from ingest.errors import CrawlError, NotIndexed
from ingest.extract import extract
from ingest.page import make_page
from ingest.snapshot import Saved
from ingest.sources import Context, Gathered, Item
from ingest.urls import matches

TYPES = {
    ".md": "text/plain", ".txt": "text/plain", ".html": "text/html", ".htm": "text/html", ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


def gather(context: Context) -> Gathered:
    """List the files of the folder, which lies beside the site file unless its path is absolute."""
    root = context.site.folder / context.source.path
    if not context.source.path or not root.is_dir():
        raise CrawlError(
            f"De map '{context.source.path}' uit het sitebestand staat niet op {root}. Verbeter `path` bij [[sources]]."
        )
    found = Gathered([])
    for path in sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")):
        name = f"{root.name}/{path.relative_to(root).as_posix()}"
        if not _wanted("/" + path.relative_to(root).as_posix(), context):
            continue
        if path.suffix.lower() not in TYPES:
            kind = f"van de soort {path.suffix}" if path.suffix else "zonder soort"
            found.skipped[name] = f"is een bestand {kind}; dat kan Vraagbaak niet lezen"
        elif path.stat().st_size > context.source.max_bytes:
            found.skipped[name] = f"is groter dan {context.source.max_bytes / 1e6:g} MB"
        else:
            found.items.append(Item(name, partial(_read, path, name, context)))
    return found


def _wanted(relative: str, context: Context) -> bool:
    source = context.source
    return (not source.include or matches(relative, source.include)) and not matches(relative, source.exclude)


def _read(path: Path, name: str, context: Context) -> Page:
    body = path.read_bytes()
    kind = TYPES[path.suffix.lower()]
    saved = Saved(url=quote(name), status=200, headers={"content-type": kind}, fetched=datetime.now(UTC))
    try:
        content = extract(saved, body, context.site.languages)
    except UnicodeDecodeError as error:
        raise NotIndexed("is niet in UTF-8 opgeslagen; sla het opnieuw op met codering UTF-8") from error
    fields = read_front_matter(body.decode("utf-8", errors="replace"))[0] if kind == "text/plain" else {}
    if related := fields.get("page"):
        content.links = (*content.links, Link(label=related, url=urljoin(context.site.url, related)))
    content.modified = content.modified or _file_date(path)
    return make_page(
        content, fields.get("url") or name, context.site, source="folder", audience=context.source.audience
    )


def _file_date(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
