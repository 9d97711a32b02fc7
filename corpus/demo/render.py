"""Render page sources with the markup of four content management systems."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from corpus.demo.parts import Part
from corpus.demo.sources import DemoError, PageSource

TEMPLATES = Path(__file__).parent / "templates"
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
MENU = (
    "burgerzaken", "afval", "parkeren-en-verkeer", "wonen-en-bouwen", "zorg-en-ondersteuning", "werk-en-inkomen",
    "jeugd-en-onderwijs", "belastingen", "ondernemen", "natuur-en-leefomgeving", "duurzaam", "sport-en-cultuur",
    "wijken", "bestuur", "nieuws", "downloads", "contact", "english",
)  # fmt: skip
# Real systems write the same fields in different ways; each layout has its own spelling.
META_NAMES: Mapping[str, Mapping[str, str]] = {
    "product": {
        "keywords": "keywords",
        "upl": "OVERHEIDproduct.uniformeProductnaam",
        "doelgroep": "DCTERMS.audience",
        "valid_until": "DCTERMS.available",
    },
    "news": {
        "keywords": "keywords",
        "upl": "overheidproduct.uniformeproductnaam",
        "doelgroep": "dcterms.audience",
        "valid_until": "article:expiration_time",
    },
    "simsite": {
        "keywords": "keywords",
        "upl": "overheidproduct.uniformeProductnaam",
        "doelgroep": "dcterms.audience",
        "valid_until": "dcterms.available",
    },
    "plain": {
        "keywords": "KEYWORDS",
        "upl": "OVERHEIDPRODUCT.uniformeProductnaam",
        "doelgroep": "DCTERMS.Audience",
        "valid_until": "DCTERMS.Available",
    },
}
LINK_NOTES: Mapping[str, tuple[str, str]] = {
    "product": ("", '<span class="visually-hidden"> (externe link)</span>'),
    "news": ("", '<span class="screen-reader-text"> Deze link gaat naar een externe website</span>'),
    "simsite": ("", '<span role="img" class="icon-external" aria-label="(externe link)"></span>'),
    "plain": (
        '<span class="visuallyHidden">Begin link: </span>',
        '<span class="visuallyHidden"> (externe link) einde link</span>',
    ),
}


@dataclass(frozen=True)
class Site:
    """All that a page needs to know of the others: the pages by path, and file sizes in bytes by path."""

    base: str
    pages: Mapping[str, PageSource]
    sizes: Mapping[str, int]


def render_page(page: PageSource, site: Site) -> bytes:
    """Render a page in its layout, as UTF-8.

    Raises DemoError with template and key if the template asks for a key that is not there.
    """
    values = _values(page, site)
    if page.layout == "simsite":
        values |= _next_values(page, site, values["description"])
    return fill(page.layout, values).encode()


def fill(name: str, values: Mapping[str, str], folder: Path = TEMPLATES) -> str:
    """Fill a template.

    Raises DemoError with template and key if a key is unknown, or with the line of a stray dollar sign.
    """
    file = folder / f"{name}.html"
    try:
        return Template(file.read_text(encoding="utf-8")).substitute(values)
    except KeyError as error:
        known = ", ".join(sorted(values))
        raise DemoError(f"{file}: unknown template key ${error.args[0]}. Known keys: {known}.") from error
    except ValueError as error:
        raise DemoError(f"{file}: {error}. Write $$ for a dollar sign.") from error


def describe(page: PageSource) -> str:
    """Return the first paragraph as plain text, cut at a word near 160 characters."""
    match = re.search(r"<p[^>]*>(.*?)</p>", page.body, re.DOTALL)
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", "", match[1])).split()) if match else page.title
    return text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + "..."


def _values(page: PageSource, site: Site) -> dict[str, str]:
    day = page.modified
    front = site.pages.get(f"/{page.folder}") if page.folder else None
    return {
        "lang": page.lang,
        "title": html.escape(page.title),
        "base": site.base,
        "url": site.base + page.path,
        "path": page.path,
        "description": html.escape(describe(page)),
        "modified": day.isoformat(),
        "modified_dutch": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        "modified_short": day.strftime("%d-%m-%Y"),
        "modified_year": str(day.year),
        "type": html.escape(page.type),
        "meta": "\n".join(_meta_lines(page)),
        "menu": _menu(page, site),
        "crumbs": _crumbs(page, front),
        "section": html.escape(front.title if front else "Gemeente Voorbeeldstad"),
        "siblings": _siblings(page, site),
        "body": _body(page, site),
    }


def _meta_lines(page: PageSource) -> list[str]:
    names = META_NAMES[page.layout]
    values = {"keywords": page.keywords, "upl": page.upl, "doelgroep": page.doelgroep}
    lines = [f'<meta name="{names[key]}" content="{html.escape(value)}">' for key, value in values.items() if value]
    if page.valid_until is not None:
        name, end = names["valid_until"], page.valid_until.isoformat()
        if page.layout == "news":
            lines.append(f'<meta property="{name}" content="{end}T23:59:59+01:00">')
        else:
            lines.append(f'<meta name="{name}" scheme="DCTERMS.Period" content="end={end}">')
    return lines


def _menu(page: PageSource, site: Site) -> str:
    links = []
    for folder in MENU:
        if front := site.pages.get(f"/{folder}"):
            current = ' aria-current="true"' if page.folder == folder else ""
            links.append(f'<li><a href="/{folder}"{current}>{html.escape(front.title)}</a></li>')
    return "\n".join(links)


def _crumbs(page: PageSource, front: PageSource | None) -> str:
    items = ['<li><a href="/">Home</a></li>']
    if front is not None and front.path != page.path:
        items.append(f'<li><a href="{front.path}">{html.escape(front.title)}</a></li>')
    items.append(f'<li><span aria-current="location">{html.escape(page.title)}</span></li>')
    return "".join(items)


def _siblings(page: PageSource, site: Site) -> str:
    same = [other for other in site.pages.values() if other.folder == page.folder and not other.is_index]
    links = [f'<li><a href="{one.path}">{html.escape(one.title)}</a></li>' for one in same if one.path != page.path]
    return "\n".join(links) or '<li><a href="/sitemap">Alle pagina\'s</a></li>'


def _body(page: PageSource, site: Site) -> str:
    """Lay the parts of the body out as the system of this layout does."""
    if page.layout == "product":
        body = "\n".join(
            f'<div id="c{1000 + len(page.path) * 10 + n}" class="frame">\n{part.raw}\n</div>'
            for n, part in enumerate(page.parts)
        )
    elif page.layout == "plain":
        body = "\n".join(_unfolded(part) if part.is_accordion else part.raw for part in page.parts)
    elif page.layout == "simsite":
        body = "\n".join(
            f'<div class="paragraph text"><div class="text-container">{part.raw}</div></div>'
            for part in page.parts
            if not part.is_accordion
        )
    else:
        body = page.body
    return note_links(body, page.layout, site.sizes)


def _unfolded(part: Part) -> str:
    return f'<h3 class="uitklapkop">{part.heading}</h3>\n<div class="uitklapinhoud">\n{part.content}\n</div>'


def note_links(body: str, layout: str, sizes: Mapping[str, int]) -> str:
    """Add what screen readers are told of a link: that it leaves the site, or type and size of a document."""
    before, after = LINK_NOTES[layout]

    def note(match: re.Match[str]) -> str:
        tag, href, label = match.groups()
        if href.startswith(("http://", "https://")):
            return f'{tag[:-1]} class="extern" rel="noopener">{before}{label}{after}</a>'
        kind = href.rpartition(".")[2].upper()
        if href in sizes and kind in ("PDF", "DOCX"):
            return f"{tag}{label} <span>({kind}, {max(1, round(sizes[href] / 1000))} kB)</span></a>"
        return match[0]

    return re.sub(r'(<a\b[^>]*?href="([^"]*)"[^>]*>)(.*?)</a>', note, body, flags=re.DOTALL)


def _next_values(page: PageSource, site: Site, description: str) -> dict[str, str]:
    """Build the state that a Next.js site carries along: here live the bodies of accordions."""
    intro, *rest = page.parts if page.parts and not page.parts[0].heading else (Part(""), *page.parts)
    paragraphs: list[dict[str, object]] = [_paragraph(part, site) for part in rest]
    related = [other.title for other in site.pages.values() if other.folder == page.folder and other.path != page.path]
    teaser = {"processed": f"<p>Bekijk ook: {html.escape(', '.join(related[:4]))}</p>"}
    paragraphs.append({"__typename": "ParagraphRelatedContent", "fieldTitle": "Zie ook", "fieldText": teaser})
    node = {
        "__typename": "NodeProduct",
        "title": page.title,
        "fieldIntroduction": {"processed": note_links(intro.raw, "simsite", site.sizes)} if intro.raw else None,
        "fieldParagraphs": paragraphs,
        "entityMetatags": [
            {"key": "title", "value": f"{page.title} | Gemeente Voorbeeldstad"},
            {"key": "description", "value": html.unescape(description)},
            {"key": "keywords", "value": page.keywords},
        ],
    }
    details = {"data": {"route": {"nodeContext": node}}}
    data = {"props": {"pageProps": {"contentDetails": details}}, "page": "/[...slug]"}
    # A "</script>" inside the JSON would end it; Next.js writes "<" as \u003c for that reason.
    return {"next_data": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")}


def _paragraph(part: Part, site: Site) -> dict[str, object]:
    return {
        "__typename": "ParagraphAccordion" if part.is_accordion else "ParagraphText",
        "fieldTitle": html.unescape(part.heading) or None,
        "fieldText": {"processed": note_links(part.content, "simsite", site.sizes)},
    }
