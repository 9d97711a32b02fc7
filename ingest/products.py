"""Bring together what several sources say of one product, so that it is one page and one answer.

The page of the website wins: a citation must lead to the words that are quoted, so no text moves from one page to
another. What a catalogue knows besides (product name, whom it is for, other words for it) is added to that page.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.records import Audience, Page, Product
from ingest.page import digest_of
from ingest.urls import normalise

# Sources that describe products which the website may have a page of already.
KINDS = ("openpdc", "sdg", "sc")
ALONE = "staat alleen in een productcatalogus, zonder tekst die inwoners kunnen openen"
SAME_ADDRESS = "heeft het webadres van een andere pagina; geef het product een eigen adres"
_WORD = re.compile(r"\w+")


@dataclass
class Joined:
    """Pages after joining. `merged` maps a product (source and title) to the address of the page it was added to."""

    pages: list[Page]
    merged: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def join_products(pages: Sequence[Page], products: Sequence[Page], site_url: str) -> Joined:
    """Add each product to the page that is about it; one with a text of its own that has none becomes a page.

    A product without sections is only data. Those come before and after the texts: they tell which page of the website
    is about which product, and what a text that stays has for a name.
    """
    joining = _Joining(pages, site_url)
    data = [product for product in products if _is_data(product)]
    unplaced = [product for product in data if not joining.add(product)]
    for product in products:
        if not _is_data(product) and not joining.add(product):
            joining.keep(product)
    for product in unplaced:
        if not joining.add(product):
            joining.joined.skipped[_name(product)] = ALONE
    return joining.joined


class _Joining:
    def __init__(self, pages: Sequence[Page], site_url: str) -> None:
        self.joined = Joined([])
        self.site_url = site_url
        self.by_address: dict[str, int] = {}
        self.by_title: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for page in pages:
            self._append(page)

    def add(self, product: Page) -> bool:
        """Add a product to the page that is about it, if there is one."""
        at = self._find(product)
        if at is None:
            return False
        page = self.joined.pages[at]
        self.joined.pages[at] = fill(page, product, self.site_url)
        self.joined.merged[_name(product)] = page.url
        return True

    def keep(self, product: Page) -> None:
        """Make a product a page of its own, unless another page is found at its address."""
        if _address(product.url) in self.by_address:
            self.joined.skipped[_name(product)] = SAME_ADDRESS
        else:
            self._append(product)

    def _append(self, page: Page) -> None:
        at = len(self.joined.pages)
        self.joined.pages.append(page)
        self.by_address.setdefault(_address(page.url), at)
        # A page for staff takes nothing from a source for residents: what it takes, residents would no longer find.
        if any(section.audience is Audience.RESIDENT for section in page.sections):
            self.by_title[_fold(page.title), page.language].append(at)

    def _find(self, product: Page) -> int | None:
        pages = self.joined.pages
        at = self.by_address.get(_address(product.url))
        if at is not None:
            # The catalogue names the page itself; a product with a text may only send people on to it.
            names_it = product.source == "sc" or _is_data(product)
            same = names_it or (_agree(pages[at], product) and pages[at].language == product.language)
            return at if same else None
        titled = [at for at in self.by_title[_fold(product.title), product.language] if _agree(pages[at], product)]
        if titled:
            return titled[0] if len(titled) == 1 else None
        # A catalogue lists pages of the website one by one, so another page of the same product is not meant.
        return None if product.source == "sc" else self._find_by_name(product)

    def _find_by_name(self, product: Page) -> int | None:
        """Return the page of the same product name (UPL): the only one, or the one whose title says the same."""
        places = {at for places in self.by_title.values() for at in places}
        named = {
            at: page
            for at in places
            if (page := self.joined.pages[at]).product.upl
            and page.product.upl == product.product.upl
            and page.language == product.language
            and _agree(page, product)
        }
        if len(named) == 1:
            return next(iter(named))
        words = _words(product.title)
        close = sorted((len(_words(page.title)), at) for at, page in named.items() if words <= _words(page.title))
        if not close or (len(close) > 1 and close[0][0] == close[1][0]):
            return None
        return close[0][1]


def fill(page: Page, product: Page, site_url: str) -> Page:
    """Return a page with what a product knows and the page does not say."""
    same_name = page.product.upl in (None, product.product.upl)
    known = {_fold(word) for word in (page.title, *page.keywords)}
    words = [word for word in (*product.keywords, product.title) if _fold(word) not in known]
    filled = page.model_copy(
        update={
            "product": Product(
                upl=page.product.upl or product.product.upl,
                upl_uri=page.product.upl_uri or (product.product.upl_uri if same_name else None),
                doelgroep=page.product.doelgroep or product.product.doelgroep,
                digid=product.product.digid if page.product.digid is None else page.product.digid,
            ),
            "keywords": tuple(dict.fromkeys((*page.keywords, *words))),
            "description": page.description or product.description,
        }
    )
    return filled.model_copy(update={"digest": digest_of(filled, site_url)}) if filled != page else page


def _agree(page: Page, product: Page) -> bool:
    """Tell whether product name and audience of two descriptions do not contradict each other."""
    pairs = (
        (page.product.upl, product.product.upl),
        (page.product.doelgroep, product.product.doelgroep),
    )
    return all(one is None or other is None or _fold(one) == _fold(other) for one, other in pairs)


def _is_data(product: Page) -> bool:
    return not product.sections


def _name(product: Page) -> str:
    return f"{product.source}: {product.title} ({product.language})"


def _address(url: str) -> str:
    """Return what an address has in common with its other spellings: no scheme, no www., no slash at the end."""
    spelt = (normalise(url) or url).partition("://")[2] or url
    return spelt.removeprefix("www.").rstrip("/")


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
