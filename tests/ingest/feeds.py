"""Small catalogues and a register as they answer, for the tests of the sources beside the website."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.records import Page
from corpus.sites import Organisation, Site, Source
from ingest.sources import Context, Gathered, gather
from tests.ingest.conftest import FakeSite

XML, JSON = "application/xml; charset=utf-8", "application/json"
SEARCH = (
    "/sru/Search?version=1.2&operation=searchRetrieve&x-connection={}&query={}%3D%22Proef%22"
    "&startRecord={}&maximumRecords={}"
)
ITEMS = "/wp-json/owc/pdc/v1/items?limit=100&page={}"
PRODUCTS = "/api/v1/producten?organisatieOwmsPrefLabel=Proef"
CATALOGUE = "/feed/sc"


@dataclass(frozen=True)
class Kind:
    """One kind of source: what the site file says of it, what is asked first, and an answer with two pages in it."""

    name: str
    url: str
    first: str
    answer: str
    content_type: str

    def source(self, web: FakeSite, **more: Any) -> Source:
        return Source.model_validate({"kind": self.name, "url": web.url + self.url, **more})

    def serve(self, web: FakeSite, answer: str | None = None, **headers: Any) -> None:
        text = self.answer if answer is None else answer
        web.put(self.first, text.replace("HOST/", web.url), kind=self.content_type, **headers)
        if self.name == "cvdr":
            for number in (1, 2):
                web.put(f"/xml/{number}", regulation(f"<al>Regel {number}.</al>"), kind=XML)


def context(web: FakeSite, source: Source, folder: Path, *, offline: bool = False, **more: Any) -> Context:
    fields = {"name": "proef", "url": web.url, "organisation": Organisation(name="Proef", owms="Proef"), **more}
    return Context(Site.model_validate(fields), source, folder / "snapshots", offline)


def read(found: Gathered) -> list[Page]:
    return [item.read() for item in found.items]


def pages(web: FakeSite, source: Source, folder: Path, **more: Any) -> list[Page]:
    return read(gather(context(web, source, folder, **more)))


def outline(page: Page) -> dict[str, tuple[str, str]]:
    """Return facet and text of each section by its heading."""
    return {
        " > ".join(section.heading_path): (
            section.facet.value,
            " / ".join(
                " | ".join(filter(None, (block.text, *block.items, *(", ".join(row) for row in block.rows))))
                for block in section.blocks
            ),
        )
        for section in page.sections
    }


def regulation(text: str) -> str:
    return (
        '<?xml version="1.0"?><cvdr xmlns="http://standaarden.overheid.nl/cvdr/terms/"><body><intitule>x</intitule>'
        f"<regeling><regeling-tekst>{text}</regeling-tekst></regeling></body></cvdr>"
    )


def record(number: str = "CVDR1_1", title: str = "Verordening", begin: str = "2020-01-01", end: str = "",
           xml: str = "HOST/xml/1", url: str = "") -> str:  # fmt: skip
    last = f"<rg:uitwerkingtredingDatum>{end}</rg:uitwerkingtredingDatum>" if end else ""
    work, _, version = number.partition("_")
    return (
        '<record><recordData><gzd xmlns="http://standaarden.overheid.nl/sru" xmlns:rg="urn:rg" xmlns:d="urn:d">'
        f"<originalData><meta><d:identifier>{number}</d:identifier><d:title>{title}</d:title>"
        f"<d:language>nl</d:language><d:modified>2020-05-06</d:modified>"
        f"<rg:inwerkingtredingDatum>{begin}</rg:inwerkingtredingDatum>{last}</meta></originalData><enrichedData>"
        f"<publicatieurl_xml>{xml}</publicatieurl_xml>"
        f"<preferred_url>{url or f'https://lokaleregelgeving.overheid.nl/{work}/{version}'}</preferred_url>"
        "</enrichedData></gzd></recordData></record>"
    )


def found(*records: str, following: int = 0) -> str:
    more = f"<nextRecordPosition>{following}</nextRecordPosition>" if following else ""
    return (
        '<?xml version="1.0"?><searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">'
        f"<records>{''.join(records)}</records>{more}</searchRetrieveResponse>"
    )


def product(title: str = "Paspoort", url: str = "HOST/paspoort", more: str = "", upl: str = "paspoort",
            audience: str = "particulier", body: str = "") -> str:  # fmt: skip
    return (
        '<op:scproduct xmlns:op="http://standaarden.overheid.nl/product/terms/" xmlns:d="http://purl.org/dc/terms/">'
        f"<op:meta><d:identifier><![CDATA[{url}]]></d:identifier><d:title><![CDATA[{title}]]></d:title>"
        f"<d:language>nl</d:language><d:modified>2026-09-10</d:modified><d:audience>{audience}</d:audience>{more}"
        f'<op:uniformeProductnaam resourceIdentifier="urn:upl/{upl}">{upl}</op:uniformeProductnaam></op:meta>'
        f"<op:body><op:productHTML>{body}</op:productHTML></op:body></op:scproduct>"
    )


def catalogue(*products: str) -> str:
    root = "scproducten"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{"".join(products)}</{root}>'


def item(
    number: int = 1, title: str = "Paspoort", content: str = "<p>Een paspoort.</p>", **more: Any
) -> dict[str, Any]:
    return {
        "id": number, "title": title, "content": content, "post_status": "publish", "language": "nl",
        "date_modified": "2026-09-10 09:30:00", "portal_url": f"HOST/onderwerp/{number}", **more,
    }  # fmt: skip


def listing(*items: Any, total_pages: Any = 1) -> str:
    return json.dumps({"data": items, "pagination": {"total_pages": total_pages}})


def sdg(title: str = "Paspoort", address: str = "HOST/paspoort", *, taal: str = "nl",
        product: Mapping[str, Any] | None = None, **texts: Any) -> dict[str, Any]:  # fmt: skip
    link = {"label": "Paspoort aanvragen", "url": address}
    text = {"taal": taal, "titel": title, "tekst": "Een paspoort.", "procedureLink": link, **texts}
    return {
        "uuid": f"u-{title}-{taal}", "upnLabel": "paspoort", "upnUri": "urn:upl/paspoort", "doelgroep": "eu-burger",
        "publicatieDatum": "2026-09-14", "productAanwezig": True, "vertalingen": [text], **(product or {}),
    }  # fmt: skip


def results(*products: Any, following: str | None = None) -> str:
    return json.dumps({"count": len(products), "next": following, "results": products})


KINDS: Sequence[Kind] = (
    Kind("cvdr", "sru/Search", SEARCH.format("cvdr", "gemeente", 1, 100),
         found(record(), record("CVDR2_1", "Andere verordening", xml="HOST/xml/2")), XML),
    Kind("sc", "feed/sc", CATALOGUE, catalogue(product(), product("Rijbewijs", "HOST/rijbewijs")), XML),
    Kind("openpdc", "wp-json/owc/pdc/v1/items", ITEMS.format(1), listing(item(1), item(2, "Rijbewijs")), JSON),
    Kind("sdg", "api/v1/producten", PRODUCTS, results(sdg(), sdg("Rijbewijs", "HOST/rijbewijs")), JSON),
)  # fmt: skip
EMPTY = {"cvdr": found(), "sc": catalogue(), "openpdc": listing(), "sdg": results()}
