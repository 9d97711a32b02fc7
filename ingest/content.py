"""Where the content of a page is: its <main>, else what trafilatura takes for the main text (home of trafilatura)."""

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from ingest.blocks import is_aside
from ingest.boilerplate import CONTACT_SIGNS
from ingest.texts import one_line, plain

_CANDIDATES = (
    ("main", "[role=main]"),
    ("article", "[itemprop=articleBody]", "[itemprop=mainContentOfPage]"),
    ("#content", "#main", "#main-content", "#maincontent", "#inhoud", ".main-content", ".page-content"),
)
# A candidate with less of the page's running text than this is not the content: seen on sites whose <main> holds
# only an introduction, and whose only <article> is a teaser (the Dutch pages of samples/html keep .45 and more).
LEAST_SHARE = 0.25
# Pages of a few sentences have no shares worth comparing.
ENOUGH_TEXT = 200
# How much of trafilatura's text an element must hold to be taken for all of the content.
COVERED = 0.9


def find_content(soup: BeautifulSoup, source: str) -> Tag:
    """Choose the element that holds the content of a stripped page. `source` is the page's HTML before stripping."""
    body = soup.body or soup
    whole = running_text(body)
    for group in _CANDIDATES:
        found = [tag for selector in group for tag in soup.select(selector)]
        if not found:
            continue
        best = _together(found) if group is not _CANDIDATES[0] else max(found, key=running_text)
        share = running_text(best)
        if share and (share >= LEAST_SHARE * whole or share >= ENOUGH_TEXT):
            return best
    return _narrow(body, _main_lines(source))


def _together(found: Sequence[Tag]) -> Tag:
    """Return the smallest element that holds some elements: a page may be several articles. Teasers do not count."""
    most = max(map(running_text, found))
    telling = [tag for tag in found if running_text(tag) >= LEAST_SHARE * most]
    best = telling[0]
    while not all(tag is best or best in tag.parents for tag in telling):
        if best.parent is None:
            break
        best = best.parent
    return best


def find_asides(soup: BeautifulSoup, root: Tag) -> list[Tag]:
    """Return the contact blocks that stand outside the content."""
    found = soup.find_all(is_aside)
    outside = [tag for tag in found if root not in tag.parents and tag is not root and tag not in root.parents]
    return [tag for tag in outside if CONTACT_SIGNS.search(tag.get_text(" "))]


def running_text(tag: Tag) -> int:
    """Count the letters and signs of an element that are not part of a link."""
    return ink(tag) - sum(ink(link) for link in tag.find_all("a"))


def ink(tag: Tag) -> int:
    """Count the letters and signs of an element."""
    return len(plain(tag).replace(" ", ""))


def _main_lines(source: str) -> list[str]:
    import trafilatura

    text = trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True) or ""
    lines = (one_line(re.sub(r"[|*#-]+", " ", line)) for line in text.split("\n"))
    return [_key(line) for line in lines if len(line) > 20]


def _narrow(body: Tag, lines: Sequence[str]) -> Tag:
    """Go down from the body as long as one child holds (nearly) all lines."""
    total = sum(map(len, lines))
    if not total:
        return body
    here = body
    while True:
        children = here.find_all(True, recursive=False)
        texts = [_key(plain(child)) for child in children]
        covered = [sum(len(line) for line in lines if line in text) for text in texts]
        if not covered or max(covered) < COVERED * total:
            return here
        here = children[covered.index(max(covered))]


def _key(text: str) -> str:
    """Compare by letters and digits only: two parsers put spaces in different places."""
    return re.sub(r"\W+", "", text).casefold()
