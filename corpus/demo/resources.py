"""Everything that the demo website answers with: pages, files, sitemaps and robots.txt."""

import gzip
import hashlib
import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from corpus.demo.parts import split_body
from corpus.demo.render import MENU, Site, render_page
from corpus.demo.sources import DemoError, PageSource

ASSETS = Path(__file__).parent / "assets"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
HIDDEN = "/intern/"
SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True)
class Resource:
    """What one address answers with."""

    body: bytes
    content_type: str
    modified: date

    @property
    def etag(self) -> str:
        """Return a strong ETag: equal bytes, equal tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @property
    def last_modified(self) -> datetime:
        """Return the start of the day of the last change, in UTC."""
        return datetime.combine(self.modified, time(), UTC)


def open_site(base: str, pages: Mapping[str, PageSource]) -> Site:
    """Bind pages to the base of their absolute URLs, and look up the sizes of files."""
    sizes = {path: file.stat().st_size for path, file in _asset_files().items()}
    return Site(base.rstrip("/"), pages, sizes)


def lay_out(site: Site) -> dict[str, Resource]:
    """Return all that is found at an address, by path.

    Raises DemoError if a page or template is broken, or a file in assets/ has an unknown suffix.
    """
    newest = max(page.modified for page in site.pages.values())
    answers = {path: Resource(render_page(page, site), HTML, page.modified) for path, page in site.pages.items()}
    if overview := site.pages.get("/sitemap"):
        full = render_page(append(overview, _overview(site)), site)
        answers["/sitemap"] = Resource(full, HTML, newest)
    for path, file in _asset_files().items():
        if file.suffix not in CONTENT_TYPES:
            raise DemoError(f"{file}: no content type is known for '{file.suffix}'. Add it to CONTENT_TYPES.")
        answers[path] = Resource(file.read_bytes(), CONTENT_TYPES[file.suffix], newest)
    return answers | _machine_files(site, newest)


def append(page: PageSource, addition: str) -> PageSource:
    """Return the page with HTML added at its end."""
    body = f"{page.body}\n{addition}"
    return replace(page, body=body, parts=split_body(body))


def not_found(path: str, site: Site) -> Resource:
    """Return the page for an address that does not exist."""
    today = max(page.modified for page in site.pages.values())
    body = (
        f"<p>De pagina <em>{html.escape(path)}</em> bestaat niet (meer). Misschien is de pagina verplaatst.</p>"
        '<ul><li><a href="/">Ga naar de homepage</a></li><li><a href="/sitemap">Bekijk alle pagina\'s</a></li>'
        '<li><a href="/zoeken">Zoek op deze website</a></li></ul>'
    )
    page = PageSource("/404", "Pagina niet gevonden", today, "Informatiepagina", body, parts=split_body(body))
    return Resource(render_page(page, site), HTML, today)


def search_results(query: str, site: Site) -> Resource:
    """Return the search page with the pages that hold every word of a query, titles first."""
    words = query.casefold().split()
    listed = [page for path, page in site.pages.items() if not path.startswith(HIDDEN)]
    found = [page for page in listed if words and all(word in _searchable(page) for word in words)]
    found.sort(key=lambda page: (-sum(word in page.title.casefold() for word in words), page.title))
    result = f"<h2>{len(found)} resultaten voor &lsquo;{html.escape(query)}&rsquo;</h2>\n{_list(found)}"
    page = append(site.pages["/zoeken"], result)
    return Resource(render_page(page, site), HTML, page.modified)


def _searchable(page: PageSource) -> str:
    return f"{page.title} {page.keywords} {page.body}".casefold()


def _asset_files() -> dict[str, Path]:
    files = (file for file in sorted(ASSETS.rglob("*")) if file.is_file())
    return {f"/assets/{file.relative_to(ASSETS).as_posix()}": file for file in files}


def _overview(site: Site) -> str:
    """List every page under the title of its folder."""
    groups = []
    for folder in ("", *MENU):
        pages = [page for page in site.pages.values() if page.folder == folder]
        if pages:
            title = site.pages[f"/{folder}"].title if f"/{folder}" in site.pages else folder
            groups.append(f"<h2>{html.escape(title)}</h2>\n{_list(pages)}")
    return "\n".join(groups)


def _list(pages: Iterable[PageSource]) -> str:
    items = "\n".join(f'<li><a href="{page.path}">{html.escape(page.title)}</a></li>' for page in pages)
    return f"<ul>\n{items}\n</ul>" if items else "<p>Er is niets gevonden.</p>"


def _machine_files(site: Site, newest: date) -> dict[str, Resource]:
    """Return robots.txt and the sitemaps: an index, a plain one, and a gzipped one."""
    listed = [page for path, page in site.pages.items() if not path.startswith(HIDDEN)]
    # Product pages come from one system and everything else from three others, each with its own sitemap.
    plain = _sitemap(site, [page for page in listed if page.layout == "product"])
    zipped = gzip.compress(_sitemap(site, [page for page in listed if page.layout != "product"]), mtime=0)
    parts = "".join(
        f"<sitemap><loc>{site.base}/{name}</loc><lastmod>{newest}</lastmod></sitemap>\n"
        for name in ("sitemap-1.xml", "sitemap-2.xml.gz")
    )
    robots = f"User-agent: *\nDisallow: {HIDDEN}\n\nSitemap: {site.base}/sitemap.xml\n"
    return {
        "/sitemap.xml": Resource(_xml("sitemapindex", parts), XML, newest),
        "/sitemap-1.xml": Resource(plain, XML, newest),
        "/sitemap-2.xml.gz": Resource(zipped, "application/gzip", newest),
        "/robots.txt": Resource(robots.encode(), "text/plain; charset=utf-8", newest),
    }


def _sitemap(site: Site, pages: Iterable[PageSource]) -> bytes:
    rows = (f"<url><loc>{site.base}{page.path}</loc><lastmod>{page.modified}</lastmod></url>\n" for page in pages)
    return _xml("urlset", "".join(rows))


def _xml(root: str, content: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n<{root} xmlns="{SITEMAP_NAMESPACE}">\n{content}</{root}>\n'.encode()
