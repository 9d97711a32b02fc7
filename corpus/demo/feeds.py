"""What other systems tell of Voorbeeldstad, on the demo website: a register, a catalogue and two product APIs.

The shapes are those of CVDR (SRU), Samenwerkende Catalogi, OpenPDC and the SDG-invoervoorziening; see README.md for the
traps. Products that the website has too are made from its pages, so that the texts cannot drift apart.
"""

import html
import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from corpus.demo.parts import split_body
from corpus.demo.regulations import Regulation, page_of, read_regulations
from corpus.demo.render import Site, render_page
from corpus.demo.resources import HTML, XML, Resource
from corpus.demo.sources import DemoError, PageSource

FOLDER = Path(__file__).parent / "feeds"
OWMS = "Voorbeeldstad"
# Smaller than what a client asks for, so that every client has to turn pages.
PAGE_LIMIT = 3
NO_UPL = "UPL-naam nog niet beschikbaar"
JSON = "application/json; charset=utf-8"
_CVDR = 'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:overheidrg="http://standaarden.overheid.nl/cvdr/meta/"'
_SC = (
    'xmlns:overheidproduct="http://standaarden.overheid.nl/product/terms/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:overheid="http://standaarden.overheid.nl/owms/terms/"'
)
_TERMS = "http://standaarden.overheid.nl/owms/terms/"
Query = Mapping[str, str]


def answer_feed(path: str, query: Query, site: Site) -> Resource | None:
    """Return what the systems beside the website answer on a path; None where there is nothing."""
    if path in LISTS:
        return LISTS[path](query, site)
    for regulation in _regulations():
        if path == regulation.xml_path:
            return Resource(regulation.xml, XML, date.fromisoformat(regulation.modified))
        if path == regulation.path:
            return _shown(page_of(regulation), site)
    pages = _pages()
    return _shown(pages[path], site) if path in pages else None


def check_feeds(site: Site) -> None:
    """Make every list once, and every page. Raises DemoError if a file in feeds/ is broken."""
    for path in (*LISTS, *(one.path for one in _regulations()), *_pages()):
        answer_feed(path, {}, site)


@cache
def _regulations() -> tuple[Regulation, ...]:
    return tuple(read_regulations())


@cache
def _read(name: str) -> list[dict[str, Any]]:
    """Read the entries of openpdc.json or sdg.json. Raises DemoError if it is broken."""
    file = FOLDER / f"{name}.json"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = data.get("data") or data["results"]
    except (ValueError, KeyError) as error:
        raise DemoError(f"{file} is no list of products: {error}.") from error
    return found


@cache
def _pages() -> dict[str, PageSource]:
    """Return the pages of products that only these systems know, by path."""
    made = {}
    for entry in _read("openpdc"):
        if entry.get("content") and entry["type"] == "external" and entry.get("portal", True):
            questions = "".join(f"<h2>{one['question']}</h2>{one['answer']}" for one in entry.get("faq", ()))
            made[f"/onderwerp/{entry['slug']}"] = (entry["title"], entry["content"] + questions, entry["date_modified"])
    for product in _read("sdg"):
        for text in product["vertalingen"]:
            address = text.get("procedureLink", {}).get("url", "")
            if address.startswith("/onderwerp/"):
                body = f"<p>{html.escape(text['productAanwezigToelichting'])}</p>"
                made[address] = (text["titel"], body, text["datumWijziging"])
    return {
        path: PageSource(
            path, title, date.fromisoformat(day[:10]), "Product of dienst", body, parts=split_body(body)
        )
        for path, (title, body, day) in made.items()
    }  # fmt: skip


def _shown(page: PageSource, site: Site) -> Resource:
    return Resource(render_page(page, site), HTML, page.modified)


def _search(query: Query, site: Site) -> Resource:
    """Answer a search of the register: SRU 1.2, records of one municipality, an error for any other question."""
    if query.get("query") != f'gemeente="{OWMS}"' or query.get("x-connection") != "cvdr":
        problem = "<diagnostics><diagnostic><message>Unsupported index</message></diagnostic></diagnostics>"
        return _sru("<numberOfRecords>0</numberOfRecords>" + problem)
    start = int(number) if (number := query.get("startRecord", "1")).isdecimal() else 1
    records = [_record(one, site) for one in _regulations()] + [_record(_earlier_version(), site)]
    some = records[max(0, start - 1) :][:PAGE_LIMIT]
    following = start + PAGE_LIMIT
    more = f"<nextRecordPosition>{following}</nextRecordPosition>" if following <= len(records) else ""
    return _sru(f"<numberOfRecords>{len(records)}</numberOfRecords><records>{''.join(some)}</records>{more}")


def _sru(content: str) -> Resource:
    newest = max(date.fromisoformat(one.modified) for one in _regulations())
    text = f'<?xml version="1.0"?><searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">{content}</searchRetrieveResponse>'
    return Resource(text.encode(), XML, newest)


def _earlier_version() -> Regulation:
    """Return the version that the regulation on waste took the place of: the register names it for ever."""
    return Regulation("CVDR900101_1", "Afvalstoffenverordening 2017", "2017-01-01", "2017-01-01", "2023-04-01", b"")


def _record(one: Regulation, site: Site) -> str:
    end = f"<overheidrg:uitwerkingtredingDatum>{one.end}</overheidrg:uitwerkingtredingDatum>" if one.end else ""
    return (
        '<record><recordData><gzd xmlns="http://standaarden.overheid.nl/sru"><originalData>'
        f"<meta {_CVDR}><owmskern><dcterms:identifier>{one.identifier}</dcterms:identifier>"
        f"<dcterms:title>{escape(one.title)}</dcterms:title><dcterms:language>nl</dcterms:language>"
        f"<dcterms:creator>{OWMS}</dcterms:creator><dcterms:modified>{one.modified}</dcterms:modified></owmskern>"
        f"<cvdripm><overheidrg:inwerkingtredingDatum>{one.begin}</overheidrg:inwerkingtredingDatum>{end}</cvdripm></meta>"
        f"</originalData><enrichedData><organisatietype>Gemeente</organisatietype>"
        f"<publicatieurl_xml>{site.base}{one.xml_path}</publicatieurl_xml>"
        f"<preferred_url>{site.base}{one.path}</preferred_url></enrichedData></gzd></recordData></record>"
    )


def _catalogue(query: Query, site: Site) -> Resource:
    """Answer with the feed of Samenwerkende Catalogi: every product page of the website, and three that go wrong."""
    pages = [page for page in site.pages.values() if page.type == "Product of dienst" and page.upl]
    products = [
        _product(site.base + page.path, page.title, page.upl, page.doelgroep, page.modified, str(number))
        for number, page in enumerate(pages, 1000)
    ]
    newest = max(page.modified for page in pages)
    products += [
        _product("", "Product zonder adres", "parkeervergunning", "particulier", newest, "1"),
        _product(f"{site.base}/afval/zonder-titel", "", "afvalcontainer", "particulier", newest, "2"),
        _product(f"{site.base}/oud/eendaagse-vergunning", "Eendaagse vergunning", NO_UPL, "ondernemer", newest, "3"),
    ]
    root = "overheidproduct:scproducten"
    text = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} {_SC}>{"".join(products)}</{root}>'
    return Resource(text.encode(), XML, newest)


def _product(url: str, title: str, upl: str, audience: str, modified: date, number: str) -> str:
    resource = "" if upl == NO_UPL else f' resourceIdentifier="{_TERMS}{escape(upl.replace(" ", "_"))}"'
    whom = f'<dcterms:audience scheme="overheid:Doelgroep">{audience}</dcterms:audience>' if audience else ""
    return (
        '<overheidproduct:scproduct owms-version="4.0"><overheidproduct:meta><overheidproduct:owmskern>'
        f"<dcterms:identifier><![CDATA[{url}]]></dcterms:identifier><dcterms:title><![CDATA[{title}]]></dcterms:title>"
        "<dcterms:language><![CDATA[nl]]></dcterms:language>"
        f"<dcterms:modified>{modified}</dcterms:modified></overheidproduct:owmskern>"
        f"<overheidproduct:owmsmantel>{whom}<dcterms:abstract><![CDATA[Lees Begin link: meer over {title}, einde...]]>"
        "</dcterms:abstract></overheidproduct:owmsmantel><overheidproduct:scmeta>"
        f"<overheidproduct:productID><![CDATA[{number}]]></overheidproduct:productID>"
        f"<overheidproduct:uniformeProductnaam{resource}>{escape(upl)}</overheidproduct:uniformeProductnaam>"
        "</overheidproduct:scmeta></overheidproduct:meta><overheidproduct:body><overheidproduct:productHTML/>"
        "</overheidproduct:body></overheidproduct:scproduct>"
    )


def _items(query: Query, site: Site) -> Resource:
    """Answer with a page of OpenPDC items."""
    items = [_item(entry, site) for entry in _read("openpdc")]
    limit = min(PAGE_LIMIT, int(query["limit"])) if query.get("limit", "").isdecimal() else PAGE_LIMIT
    page = int(query["page"]) if query.get("page", "").isdecimal() else 1
    limit, page = max(1, limit), max(1, page)
    pages = -(-len(items) // limit)
    pagination = {"total_count": len(items), "total_pages": pages, "current_page": page, "limit": limit}
    return _json({"data": items[(page - 1) * limit :][:limit], "pagination": pagination}, site)


def _item(entry: Mapping[str, Any], site: Site) -> dict[str, Any]:
    page = site.pages.get(entry.get("page", ""))
    if "page" in entry and page is None:
        raise DemoError(f"{FOLDER / 'openpdc.json'}: there is no page {entry['page']}.")
    address = page.path if page else f"/onderwerp/{entry['slug']}"
    terms = {"pdc-doelgroep": [{"slug": entry["doelgroep"]}], "pdc-type": [{"slug": entry["type"]}], "pdc-show-on": []}
    return {
        "id": entry["id"], "title": page.title if page else entry["title"], "slug": address.rpartition("/")[2],
        "content": page.body if page else entry["content"], "excerpt": "", "post_status": "publish", "language": "nl",
        "protected": entry.get("protected", False), "date_modified": entry.get("date_modified", "2026-02-18 09:00:00"),
        "synonyms": entry["synonyms"], "title_alternative": "", "faq": entry.get("faq", []), "taxonomies": terms,
        "appointment": {"active": False, "title": "", "url": "", "meta": ""}, "forms": [], "downloads": [], "links": [],
        "identifications": {"digid": [], "eherkenning": [], "eidas": [], "general": []},
        **({"portal_url": site.base + address} if entry.get("portal", True) else {}),
    }  # fmt: skip


def _products(query: Query, site: Site) -> Resource:
    """Answer with a page of SDG products. The next page is named by an inner host, as behind many a proxy."""
    products = _read("sdg") if query.get("organisatieOwmsPrefLabel", OWMS) == OWMS else []
    page = int(query["page"]) if query.get("page", "").isdecimal() else 1
    at = (max(1, page) - 1) * PAGE_LIMIT
    more = at + PAGE_LIMIT < len(products)
    following = f"http://sdg-intern/api/v1/producten?organisatieOwmsPrefLabel={OWMS}&page={page + 1}" if more else None
    results = [_with_host(product, site) for product in products[at:][:PAGE_LIMIT]]
    return _json({"count": len(products), "next": following, "previous": None, "results": results}, site)


def _with_host(product: Mapping[str, Any], site: Site) -> dict[str, Any]:
    translations = []
    for text in product["vertalingen"]:
        link = text.get("procedureLink") or {"label": "", "url": ""}
        address = link["url"] and site.base + link["url"]
        translations.append({**text, "links": [], "procedureLink": {**link, "url": address}})
    owner = {"owmsIdentifier": f"{_TERMS}{OWMS}", "owmsPrefLabel": OWMS}
    return {**product, "vertalingen": translations, "verantwoordelijkeOrganisatie": owner, "locaties": []}


def _json(data: Mapping[str, Any], site: Site) -> Resource:
    newest = max(page.modified for page in site.pages.values())
    return Resource(json.dumps(data, ensure_ascii=False).encode(), JSON, newest)


LISTS: Mapping[str, Callable[[Query, Site], Resource]] = {
    "/sru/Search": _search,
    "/feed/sc": _catalogue,
    "/wp-json/owc/pdc/v1/items": _items,
    "/api/v1/producten": _products,
}
