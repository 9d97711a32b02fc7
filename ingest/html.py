"""Read a web page: metadata, then its content as sections, then what a resident can do there."""

import re
import warnings
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from corpus.records import Product
from ingest.actions import find_forms, find_links
from ingest.blocks import read_blocks
from ingest.boilerplate import strip
from ingest.content import find_asides, find_content, ink, running_text
from ingest.errors import NotIndexed
from ingest.language import language_of
from ingest.metadata import Metadata, read_metadata
from ingest.page import Content, Draft, count_words, title_from
from ingest.sections import modified_note, refine
from ingest.simsite import read_next_data
from ingest.texts import one_line, plain

_APP_ROOT = re.compile(r"^(?:root|app|__next|__nuxt|gatsby|svelte|main-app|react-\w+|vue-\w+|ember\w*)$", re.I)
_NEEDS_SCRIPT = re.compile(r"java\s?script", re.I)
# Fewer words than this beside a mark of a scripted page mean that the content is not in the HTML.
SCRIPTED_WORDS = 25
# Real pages stay below 60; Python stops at 1,000 calls.
DEEPEST = 200
_ERROR_TITLE = re.compile(
    r"^(?:fout(?:melding)?\s*)?(?:404|500|pagina niet gevonden|niet gevonden|page not found|not found|error 404)", re.I
)
ERROR_PAGE_WORDS = 150
# A sitemap, an A-Z list or a start page: at least so many links, and hardly a word that is not one.
MANY_LINKS = 15
LINKED = 0.1
# A page of a theme: more links than words between them. It is indexed, but says what kind of page it is.
OVERVIEW_LINKS = 8


def read_html(text: str, url: str, languages: Sequence[str] = ("nl",)) -> Content:
    """Read a web page. Raises NotIndexed if it has no content of its own."""
    soup = _parse(text)
    meta = read_metadata(soup, url)
    if meta.noindex:
        raise NotIndexed("vraagt zelf om niet gevonden te worden (noindex)")
    scripted = _is_scripted(soup)
    fragment = read_next_data(soup)
    forms = find_forms(soup, url)
    strip(soup)
    roots = _roots(soup, text, fragment)
    links = find_links(roots, url)
    title = meta.title or title_from(url)
    drafts = refine(read_blocks(roots, title))
    note = modified_note(drafts)
    drafts += _questions(meta, drafts)
    total = count_words(drafts)
    if total < SCRIPTED_WORDS and scripted:
        raise NotIndexed("is leeg zonder JavaScript")
    if not total and not links:
        raise NotIndexed("heeft geen tekst")
    if len(links) >= MANY_LINKS and _prose(roots) < LINKED:
        raise NotIndexed("heeft alleen links naar andere pagina's")
    if _ERROR_TITLE.match(title) and total < ERROR_PAGE_WORDS:
        raise NotIndexed("is een foutpagina, maar de server meldt dat niet (HTTP 200)")
    doc_type = "overview" if meta.doc_type == "page" and _is_overview(roots, len(links)) else meta.doc_type
    digid = True if any("digid" in f"{link.label} {link.url}".lower() for link in (*forms, *links)) else None
    product = Product(upl=meta.product.upl, doelgroep=meta.product.doelgroep, digid=digid)
    return Content(
        title=title, drafts=drafts, language=language_of(drafts, meta.language, languages),
        modified=meta.modified or note, valid_from=meta.valid_from, valid_until=meta.valid_until,
        doc_type=doc_type, product=product,
        keywords=meta.keywords, description=meta.description, links=(*forms, *links),
    )  # fmt: skip


def _parse(text: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        # XHTML served as HTML is read as HTML, as browsers do.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(text, "lxml")
    _flatten(soup)
    return soup


def _flatten(soup: BeautifulSoup) -> None:
    """Take out elements that are nested deeper than any sane page: the readers go down by recursion."""
    depths: dict[int, int] = {}
    for tag in soup.find_all(True):
        depth = depths[id(tag)] = depths.get(id(tag.parent), 0) + 1
        if depth > DEEPEST:
            tag.unwrap()


def _roots(soup: BeautifulSoup, text: str, fragment: str) -> list[Tag]:
    """Return the elements to read: the content, and contact blocks beside it."""
    root = find_content(soup, text)
    asides = find_asides(soup, root)
    if fragment:
        inner = _parse(fragment)
        strip(inner)
        if running_text(inner) > running_text(root):
            root = inner
    return [root, *asides]


def _is_scripted(soup: BeautifulSoup) -> bool:
    """Tell whether a page bears the marks of one that a script fills in."""
    noscript = " ".join(plain(tag) for tag in soup.find_all("noscript"))
    body = soup.body or soup
    boxes = [
        tag
        for tag in body.find_all(["div", "app-root"])
        if tag.name == "app-root" or _APP_ROOT.match(str(tag.get("id") or ""))
    ]
    empty_box = any(not plain(box) for box in boxes)
    return bool(_NEEDS_SCRIPT.search(noscript)) or empty_box or bool(_NEEDS_SCRIPT.search(plain(body)[:500]))


def _prose(roots: Sequence[Tag]) -> float:
    """Return the share of the text that is not part of a link."""
    return sum(map(running_text, roots)) / max(1, sum(map(ink, roots)))


def _is_overview(roots: Sequence[Tag], links: int) -> bool:
    return links >= OVERVIEW_LINKS and _prose(roots) < 0.5


def _questions(meta: Metadata, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the questions of a FAQPage that the page itself does not show."""
    shown = {heading.casefold() for draft in drafts for heading in draft.path}
    found: list[Draft] = []
    for question, answer in meta.questions:
        if question.casefold() not in shown:
            blocks = [block for draft in read_blocks([_parse(answer)], "") for block in draft.blocks]
            found.append(Draft((one_line(question),), blocks=blocks))
    return found
