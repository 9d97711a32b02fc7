"""ingest.sources.sdg: products of the SDG-invoervoorziening."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.records import Page
from ingest.sources import Gathered, gather
from tests.ingest.conftest import FakeSite
from tests.ingest.feeds import JSON, KINDS, PRODUCTS, context, outline, read, results, sdg

SDG = KINDS[3]


def fetch(web: FakeSite, folder: Path, *products: Any) -> Gathered:
    web.put(PRODUCTS, results(*products).replace("HOST/", web.url), kind=JSON)
    return gather(context(web, SDG.source(web), folder))


def only(web: FakeSite, folder: Path, entry: dict[str, Any]) -> Page:
    return read(fetch(web, folder, entry))[0]


def test_sdg_makes_a_page_with_a_section_per_field(site: FakeSite, tmp_path: Path) -> None:
    entry = sdg(
        kostenEnBetaalmethoden="| Leeftijd | Kosten |\r\n| --- | --- |\r\n| 18 jaar | € 84,20 |",
        bewijs="- uw **oude** paspoort\r\n- 1 [pasfoto](https://x.example/)",
        uitersteTermijn="# Gewoon\r\n5 dagen.\r\n\r\n## Met spoed\r\n1 dag.",
        links=[{"label": "Eisen", "url": "https://x.example/eisen"}, {"label": "leeg", "url": ""}],
        datumWijziging="2026-09-15T08:00:00Z",
    )
    page = only(site, tmp_path, entry)
    assert (page.title, page.url, page.language, page.modified, page.doc_type) == (
        "Paspoort", f"{site.url}paspoort", "nl", date(2026, 9, 15), "product",
    )  # fmt: skip
    assert outline(page) == {
        "": ("description", "Een paspoort."),
        "Wat hebt u nodig?": ("bring", "uw oude paspoort | 1 pasfoto"),
        "Kosten": ("cost", "18 jaar, € 84,20"),
        "Hoe lang duurt het? > Gewoon": ("term", "5 dagen."),
        "Hoe lang duurt het? > Met spoed": ("notice", "1 dag."),
    }
    assert page.product.model_dump() == {
        "upl": "paspoort", "upl_uri": "urn:upl/paspoort", "doelgroep": "particulier", "digid": None,
    }  # fmt: skip
    assert [(link.kind, link.url) for link in page.links] == [
        ("form", f"{site.url}paspoort"), ("page", "https://x.example/eisen"),
    ]  # fmt: skip


def test_sdg_gives_english_texts_english_headings(site: FakeSite, tmp_path: Path) -> None:
    page = only(site, tmp_path, sdg("Passport", taal="en", kostenEnBetaalmethoden="€ 84.20"))
    assert (page.language, outline(page)["Costs"]) == ("en", ("cost", "€ 84.20"))


def test_sdg_takes_the_national_name_for_a_title_that_is_empty(site: FakeSite, tmp_path: Path) -> None:
    assert only(site, tmp_path, sdg("")).title == "Paspoort"


def test_sdg_says_of_a_product_that_is_not_offered_only_why(site: FakeSite, tmp_path: Path) -> None:
    entry = sdg(
        product={"productAanwezig": False}, productAanwezigToelichting="Dat doet de provincie.",
        kostenEnBetaalmethoden="€ 10",
    )  # fmt: skip
    assert outline(only(site, tmp_path, entry)) == {"": ("description", "Dat doet de provincie.")}


def test_sdg_cites_the_municipality_also_without_www(site: FakeSite, tmp_path: Path) -> None:
    site.put(PRODUCTS, results(sdg(address="https://www.proef.example/paspoort")), kind=JSON)
    page = read(gather(context(site, SDG.source(site), tmp_path, url="https://proef.example/")))[0]
    assert page.url == "https://www.proef.example/paspoort"


def test_sdg_takes_a_product_that_leads_elsewhere_for_data_only(site: FakeSite, tmp_path: Path) -> None:
    page = only(site, tmp_path, sdg(address="https://elders.example/paspoort"))
    assert page.sections == ()
    assert page.url == f"{site.url}api/v1/producten/u-Paspoort-nl/nl"


@pytest.mark.parametrize(
    ("product", "texts", "reason"),
    [
        ({"publicatieDatum": None}, {}, "is in de SDG-invoervoorziening nog een concept"),
        ({"upnLabel": ""}, {"titel": ""}, "heeft in de SDG-invoervoorziening geen titel"),
        ({"vertalingen": []}, {}, "heeft in de SDG-invoervoorziening geen tekst"),
        ({"productValtOnder": {"upnLabel": "briefadres"}}, {}, "valt onder een ander product: briefadres"),
        ({"verantwoordelijkeOrganisatie": {"owmsPrefLabel": "Elders"}}, {}, "is een product van Elders"),
        ({}, {"taal": "fr"}, "is in een taal die het sitebestand niet noemt (`languages`)"),
    ],
)
def test_sdg_leaves_out_what_residents_cannot_use_and_says_why(
    product: dict[str, Any], texts: dict[str, Any], reason: str, site: FakeSite, tmp_path: Path
) -> None:
    taal = texts.get("taal", "nl")
    entry = sdg(texts.get("titel", "Paspoort"), taal=taal, product=product)
    found = fetch(site, tmp_path, entry, sdg("Rijbewijs", "HOST/rijbewijs"))
    assert [page.title for page in read(found)] == ["Rijbewijs"]
    assert list(found.skipped.values()) == [reason]


def test_sdg_reports_what_is_no_product_and_reads_the_rest(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, 5, sdg())
    assert len(found.items) == 1
    assert list(found.skipped.values()) == ["heeft 1 product dat niet te lezen is"]


def test_sdg_turns_pages_though_the_service_names_its_inner_address(site: FakeSite, tmp_path: Path) -> None:
    inner = "http://sdg-intern/api/v1/producten?page=2"
    site.put(PRODUCTS, results(sdg(), following=inner).replace("HOST/", site.url), kind=JSON)
    second = results(sdg("Rijbewijs", "HOST/rijbewijs"), following=inner)
    site.put("/api/v1/producten?page=2", second.replace("HOST/", site.url), kind=JSON)
    found = gather(context(site, SDG.source(site), tmp_path))
    # The second page names itself as the next one.
    assert [page.title for page in read(found)] == ["Paspoort", "Rijbewijs"]
    assert site.requests.total() == 2


def test_sdg_says_when_the_address_is_that_of_national_texts(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, {"titel": "Paspoort", "tekst": "Landelijk."})
    assert (
        "bevat geen producten van een gemeente; gebruik het adres dat eindigt op /api/v1/producten" in found.warnings[0]
    )
