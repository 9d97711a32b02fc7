"""ingest.sources.openpdc: products of a WordPress site."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from corpus.records import Audience, Page
from ingest.sources import Gathered, gather
from tests.ingest.conftest import FakeSite
from tests.ingest.feeds import ITEMS, JSON, KINDS, context, item, listing, outline, read

PDC = KINDS[2]


def fetch(web: FakeSite, folder: Path, *answers: str, **source: Any) -> Gathered:
    for number, answer in enumerate(answers, 1):
        web.put(ITEMS.format(number), answer.replace("HOST/", web.url), kind=JSON)
    return gather(context(web, PDC.source(web, **source), folder))


def only(web: FakeSite, folder: Path, entry: dict[str, Any], **source: Any) -> Page:
    return read(fetch(web, folder, listing(entry), **source))[0]


def test_openpdc_makes_a_page_of_an_item(site: FakeSite, tmp_path: Path) -> None:
    entry = item(
        7, "Idee&euml;nbus &amp; meer", "<p>Inleiding.</p><h2>Kosten</h2><p>Gratis.</p>",
        faq=[{"question": "Wat moet ik meenemen &amp; waarom?", "answer": "<p>Een pas.</p>"}],
        appointment={"active": True, "title": "Afspraak maken", "url": "https://afspraak.example/7"},
        forms=[{"title": "Formulier", "url": "/f.pdf"}], links=[{"title": "", "url": "https://x.example/"}],
        downloads=[{"title": "Kaart", "url": "javascript:alert(1)"}], synonyms="bus, idee, ", title_alternative="Wens",
        excerpt="Over de <bus> &amp; meer", identifications={"digid": [{"id": 1}]},
        taxonomies={"pdc-doelgroep": [{"slug": "bewoners"}], "pdc-type": [{"slug": "external"}]},
    )  # fmt: skip
    page = only(site, tmp_path, entry)
    assert (page.title, page.url, page.language, page.modified, page.source) == (
        "Ideeënbus & meer", f"{site.url}onderwerp/7", "nl", date(2026, 9, 10), "openpdc",
    )  # fmt: skip
    assert outline(page) == {
        "": ("description", "Inleiding."),
        "Kosten": ("cost", "Gratis."),
        "Wat moet ik meenemen & waarom?": ("bring", "Een pas."),
    }
    assert [(link.kind, link.label, link.url) for link in page.links] == [
        ("form", "Afspraak maken", "https://afspraak.example/7"),
        ("form", "Formulier", f"{site.url}f.pdf"),
        ("page", "https://x.example/", "https://x.example/"),
    ]
    assert page.keywords == ("bus", "idee", "Wens")
    assert (page.product.doelgroep, page.product.digid) == ("particulier", True)


@pytest.mark.parametrize(
    ("slugs", "doelgroep"),
    [(["bewoners"], "particulier"), (["ondernemers"], "ondernemer"), (["bewoners", "ondernemer"], None), ([], None)],
)
def test_openpdc_knows_whom_an_item_is_for(
    slugs: list[str], doelgroep: str | None, site: FakeSite, tmp_path: Path
) -> None:
    taxonomies = {"pdc-doelgroep": [{"slug": slug} for slug in slugs]}
    assert only(site, tmp_path, item(taxonomies=taxonomies)).product.doelgroep == doelgroep


@pytest.mark.parametrize("total", [3, "3"])
def test_openpdc_turns_all_pages(total: Any, site: FakeSite, tmp_path: Path) -> None:
    answers = [listing(item(number), total_pages=total) for number in (1, 2, 3)]
    assert len(fetch(site, tmp_path, *answers).items) == 3


def test_openpdc_reads_on_behind_a_page_that_fails(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, listing(item(1), total_pages=3), "kapot", listing(item(3), total_pages=3))
    assert [each.url for each in found.items] == [f"{site.url}onderwerp/{number}" for number in (1, 3)]
    assert "is kapotte JSON" in found.skipped[site.url.rstrip("/") + ITEMS.format(2)]


def test_openpdc_notices_a_cache_that_forgets_the_number_of_the_page(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, *[listing(item(1), total_pages=500)] * 3)
    assert len(found.items) == 1
    assert site.requests.total() == 2
    assert "geeft weer dezelfde producten; de rest is niet gelezen" in found.warnings[0]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": ""}, "heeft in OpenPDC geen titel"),
        ({"title": None}, "heeft in OpenPDC geen titel"),
        ({"protected": True, "content": ""}, "is in OpenPDC beveiligd met een wachtwoord"),
        ({"post_status": "draft"}, "is in OpenPDC nog niet gepubliceerd"),
        ({"taxonomies": {"pdc-type": [{"slug": "internal"}]}}, "is in OpenPDC alleen voor medewerkers"),
    ],
)
def test_openpdc_leaves_out_what_is_not_for_residents(
    fields: dict[str, Any], reason: str, site: FakeSite, tmp_path: Path
) -> None:
    found = fetch(site, tmp_path, listing({**item(1), **fields}, item(2)))
    assert [each.url for each in found.items] == [f"{site.url}onderwerp/2"]
    assert found.skipped == {f"{site.url}onderwerp/1": reason}


def test_openpdc_gives_staff_what_is_internal(site: FakeSite, tmp_path: Path) -> None:
    entry = item(taxonomies={"pdc-type": [{"slug": "internal"}]})
    page = only(site, tmp_path, entry, audience="staff")
    assert {section.audience for section in page.sections} == {Audience.STAFF}


def test_openpdc_reports_what_is_no_item_and_reads_the_rest(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, listing(None, "tekst", item(1)))
    assert len(found.items) == 1
    assert list(found.skipped.values()) == ["heeft 2 producten die niet te lezen zijn"]


def test_openpdc_reads_items_whose_fields_are_of_another_kind(site: FakeSite, tmp_path: Path) -> None:
    odd: dict[str, Any] = {
        "faq": "geen", "forms": {}, "links": None, "downloads": [1], "synonyms": None, "taxonomies": [],
        "identifications": [], "appointment": [], "date_modified": 5, "excerpt": [], "language": None,
    }  # fmt: skip
    page = only(site, tmp_path, {**item(1), **odd})
    assert (page.title, page.language, page.modified, page.links) == ("Paspoort", "nl", None, ())


def test_openpdc_takes_an_item_without_a_public_address_for_data_only(site: FakeSite, tmp_path: Path) -> None:
    entry = {**item(9, "Terras", "<p>Tekst.</p>"), "portal_url": ""}
    page = only(site, tmp_path, entry)
    assert (page.title, page.sections) == ("Terras", ())
    assert page.url == f"{site.url}wp-json/owc/pdc/v1/items/9"


def test_openpdc_hears_what_wordpress_complains_about(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, '{"code": "no_source", "message": "Er is geen bron gekozen."}')
    assert "is geen lijst met producten (melding: Er is geen bron gekozen.)" in found.warnings[0]
