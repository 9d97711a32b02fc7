"""What a page says about itself: title, language, dates, keywords, kind, product. Read before boilerplate goes."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from corpus.records import Product
from ingest.dates import parse_date
from ingest.texts import inline, one_line

_SEPARATOR = re.compile(r"\s+[|–—·»-]\s+|\s*\|\s*")
# Letters of an A-Z list and the mark of a product catalogue: for machines, not words a resident uses.
_NO_KEYWORDS = re.compile(r"^(?:pdc|[a-z]|\d*)$", re.I)
_PERIOD = re.compile(r"(start|end)\s*=\s*([\d-]+)", re.I)
_PRODUCT_TYPES = ("product of dienst", "productbeschrijving", "product", "dienst")


@dataclass
class Metadata:
    """What the head of a page tells."""

    title: str = ""
    language: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    doc_type: str = "page"
    modified: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    canonical: str | None = None
    noindex: bool = False
    product: Product = field(default_factory=Product)
    questions: tuple[tuple[str, str], ...] = ()


def read_metadata(soup: BeautifulSoup, url: str) -> Metadata:
    """Read the metadata of a parsed page; names are compared without regard to case, as OWMS is spelt in all ways."""
    meta = _meta(soup)
    items = list(_json_ld(soup))
    robots = ", ".join(meta["robots"]).lower()
    valid = dict(_PERIOD.findall(" ".join(meta["dcterms.valid"] + meta["dcterms.available"]).lower()))
    return Metadata(
        title=_title(soup, meta),
        language=_language(soup, meta),
        description=_first(meta, "description", "dcterms.description", "dcterms.abstract", "og:description"),
        keywords=_keywords(meta),
        doc_type=_doc_type(meta, url),
        modified=_modified(soup, meta, items),
        valid_from=parse_date(valid.get("start", "")),
        valid_until=parse_date(valid.get("end", "")),
        canonical=_canonical(soup),
        noindex="noindex" in robots or "none" in robots.split(", "),
        product=_product(meta),
        questions=tuple(_questions(items)),
    )


def _meta(soup: BeautifulSoup) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for tag in soup.find_all("meta"):
        name = str(tag.get("name") or tag.get("property") or tag.get("itemprop") or tag.get("http-equiv") or "")
        content = one_line(str(tag.get("content") or ""))
        if name and content:
            found[
                name.lower().replace("dc.", "dcterms.", 1) if name.lower().startswith("dc.") else name.lower()
            ].append(content)
    return found


def _first(meta: Mapping[str, list[str]], *names: str) -> str:
    return next((meta[name][0] for name in names if meta.get(name)), "")


def _title(soup: BeautifulSoup, meta: Mapping[str, list[str]]) -> str:
    """Take the heading, else og:title or <title> without the name of the site."""
    for area in ("main", "[role=main]", "article", "#content", "body"):
        box = soup.select_one(area)
        for heading in box.find_all("h1") if box else ():
            if text := one_line(_visible(heading)):
                return text
    tag = soup.find("title")
    written = one_line(tag.get_text()) if isinstance(tag, Tag) else ""
    site = _first(meta, "og:site_name", "application-name")
    return without_site(_first(meta, "og:title", "dcterms.title") or written, site)


def _visible(heading: Tag) -> str:
    return "".join(inline(c) for c in heading.children if not (isinstance(c, Tag) and c.get("aria-hidden") == "true"))  # type: ignore[arg-type]


def without_site(title: str, site: str = "") -> str:
    """Cut the name of the site off a document title: `Paspoort | Gemeente Proef` is about the passport."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) < 2:
        return title
    is_site = [
        part.casefold() == site.casefold() or re.match(r"(?:gemeente|stad|city of|welkom)\b", part, re.I)
        for part in parts
    ]
    kept = [part for part, named in zip(parts, is_site, strict=True) if not named]
    return kept[0] if kept else parts[0]


def _language(soup: BeautifulSoup, meta: Mapping[str, list[str]]) -> str:
    root = soup.find("html")
    written = str(root.get("lang") or root.get("xml:lang") or "") if isinstance(root, Tag) else ""
    written = written or _first(meta, "dcterms.language", "content-language", "og:locale")
    return re.split("[-_ ,;]", written.strip().lower())[0]


def _keywords(meta: Mapping[str, list[str]]) -> tuple[str, ...]:
    written = [*meta.get("keywords", ()), *meta.get("dcterms.subject", ()), *meta.get("news_keywords", ())]
    words = (word.strip() for text in written for word in re.split("[,;|]", text))
    return tuple(dict.fromkeys(word for word in words if not _NO_KEYWORDS.match(word)))


def _doc_type(meta: Mapping[str, list[str]], url: str) -> str:
    """Name the kind of page: product, news, faq, contact, regulation, or plainly page (html.py knows overview)."""
    declared = _first(meta, "dcterms.type", "overheid:informatietype").lower()
    if any(declared.startswith(name) for name in _PRODUCT_TYPES):
        return "product"
    path = urlsplit(url).path.lower()
    kinds = {
        "news": r"/(?:nieuws\w*|news|actueel|persbericht\w*)/.",
        "faq": r"/(?:faq|veelgestelde-vragen)",
        "contact": r"/contact(?:/|\.|$)",
        "regulation": r"/(?:regelgeving|verordening\w*|beleidsregel\w*)",
    }
    return next((kind for kind, pattern in kinds.items() if re.search(pattern, path)), "page")


def _modified(soup: BeautifulSoup, meta: Mapping[str, list[str]], items: list[dict[str, Any]]) -> date | None:
    """Read the date of the last change, in the order of trust found on municipal sites."""
    written = [_first(meta, name) for name in ("article:modified_time", "og:updated_time", "dcterms.modified")]
    written += [str(item.get("dateModified") or "") for item in items]
    marked = soup.find(True, attrs={"itemprop": "dateModified"})
    if isinstance(marked, Tag):
        written.append(str(marked.get("datetime") or marked.get("content") or marked.get_text()))
    return next((day for text in written if text and (day := parse_date(text))), None)


def _canonical(soup: BeautifulSoup) -> str | None:
    tag = soup.find("link", rel="canonical")
    return str(tag["href"]) if isinstance(tag, Tag) and tag.get("href") else None


def _product(meta: Mapping[str, list[str]]) -> Product:
    upl = next((v[0] for name, v in meta.items() if name.endswith("uniformeproductnaam") and v), None)
    audience = " ".join(meta.get("dcterms.audience", ()) or meta.get("overheid:doelgroep", ())).lower()
    doelgroep: Literal["particulier", "ondernemer"] | None = None
    if re.search(r"ondernemer|bedrijf", audience) and not re.search("particulier|burger|inwoner", audience):
        doelgroep = "ondernemer"
    elif re.search("particulier|burger|inwoner", audience) and not re.search("ondernemer|bedrijf", audience):
        doelgroep = "particulier"
    return Product(upl=upl, doelgroep=doelgroep)


def _json_ld(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    """Give every JSON-LD item; broken JSON is common and tells nothing."""
    for tag in soup.find_all("script", type="application/ld+json"):
        try:
            waiting = [json.loads(tag.get_text())]
        except (json.JSONDecodeError, RecursionError):
            continue
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting += item
            elif isinstance(item, dict):
                yield item
                waiting += item.get("@graph") or []


def _questions(items: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Give question and answer (HTML) of FAQPage items."""
    for item in items:
        if item.get("@type") not in ("FAQPage", ["FAQPage"]):
            continue
        entities = item.get("mainEntity") or []
        for entity in entities if isinstance(entities, list) else [entities]:
            answer = entity.get("acceptedAnswer") if isinstance(entity, dict) else None
            text = answer.get("text") if isinstance(answer, dict) else None
            if entity.get("name") and text:
                yield one_line(str(entity["name"])), str(text)
