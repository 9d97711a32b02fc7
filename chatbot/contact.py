"""The way to a person: from the site file, and what is not there from the site's own contact page."""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urljoin

from chatbot.clock import Hours, describe_today, is_open, parse_hours
from chatbot.facts import find_facts
from chatbot.freshness import NEWS
from chatbot.records import ContactBlock
from corpus.index.store import Store
from corpus.records import Page
from corpus.sites import Site

STREET_AND_TOWN = re.compile(
    r"[A-ZÀ-Ý][\wà-ÿ'’.-]+(?: [\wà-ÿ'’.-]+){0,3} \d+\w?(?:, | \(|\s)+\d{4} ?[A-Z]{2} [A-Z][\wà-ÿ'’ -]+"
)
CONTACT = re.compile(r"\bcontact", re.IGNORECASE)
HOURS_OR_ADDRESS = re.compile(
    r"openings(?:tijd|uren)|\badres|bereikba|opening hours|\baddress|\bcontact", re.IGNORECASE
)
PHONE_HOURS = re.compile(r"telefo|bel(?:len|t)?\b|bereikbaar|call", re.IGNORECASE)


class ContactDesk:
    """The contact block of one site, its opening hours computed per question."""

    def __init__(self, site: Site, store: Store | None = None) -> None:
        self.pages = find_contact_pages(store) if store else []
        page = self.pages[0] if self.pages else None
        lines = _lines(page)
        text = "\n".join(lines)
        self._site = site
        self.page = page
        self.phone = site.contact.phone or next((f.text for f in find_facts(text) if f.kind == "phone"), "")
        self.hours_text = site.contact.hours or _hours_line(lines)
        self.address = site.contact.address or next((m.group() for m in [STREET_AND_TOWN.search(text)] if m), "")
        self.form = urljoin(site.url, site.contact.form) if site.contact.form else _form(page)
        self.url = urljoin(site.url, site.contact.page) if site.contact.page else (page.url if page else site.url)
        self.hours: Hours = parse_hours(self.hours_text)

    def block(self, now: datetime, language: str = "nl") -> ContactBlock:
        """Return the contact block for a moment; without known hours it says nothing of being open."""
        return ContactBlock(
            organisation=self._site.organisation.name,
            phone=self.phone,
            hours=self.hours_text,
            open_now=is_open(self.hours, now) if self.hours else None,
            today=describe_today(self.hours, now, language) if self.hours else "",
            form=self.form,
            address=self.address,
            page=self.url,
        )


def find_contact_pages(store: Store) -> list[Page]:
    """Return the pages about contact, address and opening hours: the general one (by address or title) first."""
    pages = [page for page in store.pages() if CONTACT.search(f"{page.url} {page.title}")]
    general = _find_general(pages)
    about = [page for page in pages if HOURS_OR_ADDRESS.search(page.title) and not NEWS.search(page.doc_type)]
    return [general, *(page for page in about if page.id != general.id)] if general else []


def _find_general(pages: Sequence[Page]) -> Page | None:
    likely = [page for page in pages if re.match(r"contact|neem contact|openingstijden", page.title, re.IGNORECASE)]
    return min(
        likely or pages,
        key=lambda page: (page.language != "nl", "openingstijd" not in page.url, len(page.url)),
        default=None,
    )


def _lines(page: Page | None) -> list[str]:
    if page is None:
        return []
    lines: list[str] = []
    for section in page.sections:
        for block in section.blocks:
            lines += [block.text, *block.items, *(" ".join(row) for row in block.rows)]
    return [line for line in lines if line]


def _hours_line(lines: list[str]) -> str:
    timed = [line for line in lines if parse_hours(line)]
    return next((line for line in timed if PHONE_HOURS.search(line)), timed[0] if timed else "")


def _form(page: Page | None) -> str:
    links = page.links if page else ()
    return next(
        (link.url for link in links if re.search(r"contactformulier|contact form", link.label, re.IGNORECASE)), ""
    )
