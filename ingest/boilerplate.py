"""Take out of a page what is not its content: menus, cookie bars, share buttons, and what is hidden from readers."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment

from ingest.texts import plain

_TAGS = """script style noscript template svg iframe object embed canvas video audio nav select textarea input
    dialog map meter progress""".split()
_ROLES = set("navigation search banner contentinfo dialog alertdialog status menu menubar toolbar".split())
# Editors and suppliers mark these themselves: SIMsite (no_solr), ReadSpeaker (rs_skip), Drupal, Bootstrap.
_MARKED = set(
    """no_solr no-solr rs_skip rs-skip noindex no-index robots-noindex visuallyhidden visually-hidden u-visually-hidden
    sr-only screen-reader-text screenreader show-for-sr element-invisible skiplink skiplinks skip-link skip-links
    skip-to-content material-icons material-symbols-outlined glyphicon""".split()
)
_NAMES = re.compile(
    r"^(?:cookie|consent|ccm-|cc-window|breadcrumb|bread-crumb|kruimel|crumb|share|sharing|social|sociale-media|deel-|delen$"
    r"|rating|feedback|was-this|page-rating|beoordeel|beoordeling|pager$|pagination|paginering|print-|readspeaker|rsbtn|rs_"
    r"|toc$|table-of-contents|inhoudsopgave|sitesearch|site-search|search-form|zoekformulier|searchbox|zoekbox|mainmenu"
    r"|main-menu|hoofdmenu|submenu|sub-menu|menu$|navbar|navigation|navigatie|topbar|language-switch|taalkeuze"
    r"|back-to-top|naar-boven|to-top|site-footer|site-header|page-footer)",
    re.I,
)
_RELATED = re.compile(
    r"(?:^|[-_])(?:related|gerelateerd|verwant|zie-ook|see-also|teaser|teasers|read-more|lees-ook)", re.I
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*[01]",
    re.I,
)
CONTACT_SIGNS = re.compile(
    r"\b14\s?0\d{2,3}\b|\b0\d{1,3}[\s-]?\d{2,3}[\s-]?\d{2}[\s-]?\d{2}\b|\+3[12]\s?\d|[\w.+-]+@[\w-]+\.\w"
    r"|\b\d{4}\s?[a-z]{2}\b\s+\w|openingstijden|bezoekadres|postadres|telefoonnummer|opening hours",
    re.I,
)


def strip(soup: BeautifulSoup) -> None:
    """Remove boilerplate from a parsed page, in place; what holds the h1 or half of the text stays."""
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    for tag in soup.find_all(_TAGS):
        tag.decompose()
    panels = _disclosed(soup)
    half = len(plain(soup)) / 2
    for form in soup.find_all("form"):
        # Some content systems wrap the whole page in one form; any other is kept as a link (ingest/actions.py).
        if not form.decomposed and not _is_content(form, half):
            form.decompose()
    for tag in _live(soup):
        if _is_boilerplate(tag, panels) and not _is_content(tag, half):
            tag.decompose()
    for tag in soup.find_all(["ul", "ol"]):
        if not tag.decomposed and _is_table_of_contents(tag):
            tag.decompose()


def is_link_list(tag: Tag) -> bool:
    """Tell whether an element is mostly links to elsewhere."""
    text = len(plain(tag))
    linked = sum(len(plain(link)) for link in tag.find_all("a"))
    return text == 0 or linked / text > 0.6


def _is_table_of_contents(tag: Tag) -> bool:
    """Tell whether a list only leads to places on the page itself."""
    links = tag.find_all("a", href=True)
    return len(links) > 1 and all(str(link["href"]).startswith("#") for link in links) and is_link_list(tag)


def _live(soup: BeautifulSoup) -> Iterator[Tag]:
    """Go through the elements that are still in the tree: taking out a parent takes its children along."""
    for tag in soup.find_all(True):
        if not tag.decomposed:
            yield tag


def _disclosed(soup: BeautifulSoup) -> set[str]:
    """Return the ids of panels that a button or tab shows: hidden at first, but content."""
    found: set[str] = set()
    for tag in soup.find_all(True):
        for name in ("aria-controls", "data-target", "data-bs-target", "href"):
            value = str(tag.get(name) or "")
            if name == "href" and not (value.startswith("#") and (tag.get("role") or tag.get("data-toggle"))):
                continue
            found.update(part.lstrip("#") for part in value.split())
    return found


def names(tag: Tag) -> list[str]:
    """Return class names and id of an element."""
    found = tag.get_attribute_list("class") + tag.get_attribute_list("id")
    return [str(name) for name in found if name]


def is_hidden(tag: Tag, panels: set[str]) -> bool:
    """Tell whether an element is hidden from readers for good; a closed accordion panel is not."""
    hidden = tag.has_attr("hidden") or tag.get("aria-hidden") == "true"
    hidden = hidden or bool(_HIDDEN_STYLE.search(str(tag.get("style") or "")))
    return hidden and not (tag.get("id") in panels or tag.get("role") == "tabpanel")


def _is_boilerplate(tag: Tag, panels: set[str]) -> bool:
    labels = names(tag)
    if is_hidden(tag, panels) or tag.get("role") in _ROLES or any(label.lower() in _MARKED for label in labels):
        return True
    if tag.name in ("header", "footer"):
        return tag.find_parent(["main", "article"]) is None or tag.name == "footer"
    if tag.name == "button":
        return tag.find_parent(["h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"]) is None and not _opens(tag)
    if any(_RELATED.search(label) for label in labels):
        return is_link_list(tag)
    return any(_NAMES.search(label) for label in labels)


def _opens(button: Tag) -> bool:
    return button.has_attr("aria-expanded") or button.has_attr("aria-controls")


def _is_content(tag: Tag, half: float) -> bool:
    return tag.name in ("html", "body", "main") or tag.find("h1") is not None or len(plain(tag)) > half
