"""What a resident can do on a page: the links in its text, its forms and its downloads."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from corpus.records import Link
from ingest.boilerplate import names
from ingest.texts import inline, one_line, plain
from ingest.urls import normalise

_DOWNLOAD = re.compile(r"\.(?:pdf|docx?|odt|xlsx?|ods|rtf|pptx?|csv|zip)$", re.I)
_FORM_URL = re.compile(
    r"e?-?formulier|/forms?(?:[/.]|$)|//forms?\.|afspraken|afspraak-?maken|digid|eherkenning|e-?loket|iburgerzaken"
    r"|//mijn|/mijn",
    re.I,
)
_BUTTON_NAME = re.compile(r"^(?:btn|button|knop|cta|call-to-action|action)", re.I)
_TO_DO = re.compile(
    r"aanvra|vraag .*\baan\b|meld|regel|doorgeven|geef .*\bdoor\b|afspraak|inschrijv|schrijf|opzeg|betaal|reserve"
    r"|start|apply|report|book|register|pay\b|make an appointment",
    re.I,
)
# Forms that are about the website, not about a service.
_OTHER_FORMS = re.compile(
    r"nuttig|geholpen|gevonden wat|tevreden|beoordeel|feedback|mening over deze|nieuwsbrief|zoek|captcha|wachtwoord"
    r"|helpful|did you find|rate this|newsletter|search|password|cookie",
    re.I,
)


def find_forms(soup: BeautifulSoup, url: str) -> list[Link]:
    """Return the forms that stand on a page itself. Call it before boilerplate goes, which takes forms along."""
    found = []
    for form in soup.find_all("form"):
        if form.get("role") == "search" or form.find("input", type="search") is not None:
            continue
        label = _form_label(form)
        fields = form.find_all(["input", "textarea", "select"])
        asked = [
            field for field in fields if field.get("type") not in ("hidden", "submit", "search", "button", "image")
        ]
        if (
            len(asked) > 1
            and label
            and not _OTHER_FORMS.search(f"{label} {' '.join(names(form))} {form.get('action')}")
        ):
            anchor = f"#{form['id']}" if form.get("id") else ""
            found.append(Link(label=label, url=url + anchor, kind="form"))
    return found


def _form_label(form: Tag) -> str:
    for name in ("legend", "h1", "h2", "h3", "h4"):
        tag = form.find(name)
        if isinstance(tag, Tag) and (text := plain(tag)):
            return text
    if form.get("aria-label"):
        return one_line(str(form["aria-label"]))
    before = form.find_previous(["h1", "h2", "h3", "h4"])
    return plain(before) if isinstance(before, Tag) else ""


def find_links(roots: Iterable[Tag], url: str) -> list[Link]:
    """Return the links of a page's content, each address once."""
    found: dict[str, Link] = {}
    for link in _links(roots, url):
        found.setdefault(link.url, link)
    found.pop(url, None)
    return list(found.values())


def _links(roots: Iterable[Tag], url: str) -> Iterator[Link]:
    for root in roots:
        for tag in root.find_all("a", href=True):
            target = normalise(str(tag["href"]), url)
            label = one_line(inline(tag)) or one_line(str(tag.get("aria-label") or tag.get("title") or ""))
            if target and label and not str(tag["href"]).startswith("#"):
                yield Link(label=label, url=target, kind=_kind(tag, target, label))


def _kind(tag: Tag, target: str, label: str) -> Literal["page", "form", "download"]:
    if tag.has_attr("download") or _DOWNLOAD.search(urlsplit(target).path) or label.lower().startswith("download"):
        return "download"
    is_button = tag.get("role") == "button" or any(_BUTTON_NAME.search(name) for name in names(tag))
    if _FORM_URL.search(target) or (is_button and _TO_DO.search(label)):
        return "form"
    return "page"
