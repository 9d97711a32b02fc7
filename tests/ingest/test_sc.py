"""ingest.sources.sc: product catalogues, as a file and as a search service."""

from datetime import date
from pathlib import Path

import pytest

from corpus.records import Page
from ingest.sources import Gathered, gather
from tests.ingest.conftest import FakeSite
from tests.ingest.feeds import CATALOGUE, KINDS, SEARCH, XML, catalogue, context, outline, product, read

FEED = KINDS[1]


def fetch(web: FakeSite, folder: Path, answer: str) -> Gathered:
    web.put(CATALOGUE, answer.replace("HOST/", web.url), kind=XML)
    return gather(context(web, FEED.source(web), folder))


def only(web: FakeSite, folder: Path, text: str) -> Page:
    return read(fetch(web, folder, catalogue(text)))[0]


def test_sc_tells_of_which_product_a_page_is(site: FakeSite, tmp_path: Path) -> None:
    page = only(
        site, tmp_path, product("Paspoort &amp; ID-kaart", more="<op:onlineAanvragen>digid</op:onlineAanvragen>")
    )
    assert (page.title, page.url, page.language, page.modified) == (
        "Paspoort & ID-kaart", f"{site.url}paspoort", "nl", date(2026, 9, 10),
    )  # fmt: skip
    assert page.product.model_dump() == {
        "upl": "paspoort", "upl_uri": "urn:upl/paspoort", "doelgroep": "particulier", "digid": True,
    }  # fmt: skip
    assert page.sections == ()


def test_sc_takes_two_audiences_for_everybody_and_two_names_for_synonyms(site: FakeSite, tmp_path: Path) -> None:
    more = "<d:audience>ondernemer</d:audience><op:uniformeProductnaam>Reisdocument</op:uniformeProductnaam>"
    page = only(site, tmp_path, product(more=more))
    assert (page.product.doelgroep, page.product.upl, page.keywords) == (None, "reisdocument", ("paspoort",))


def test_sc_leaves_out_the_name_that_is_none(site: FakeSite, tmp_path: Path) -> None:
    page = only(site, tmp_path, product(upl="UPL-naam nog niet beschikbaar", audience="iedereen"))
    assert (page.product.upl, page.product.upl_uri, page.product.doelgroep) == (None, None, None)


@pytest.mark.parametrize(
    ("abstract", "description"),
    [
        ("Een kaart is 1 jaar geldig.", "Een kaart is 1 jaar geldig."),
        ("Dat kost geld. Vraag hulp om Begin link: uw schulden op te lossen, einde...", "Dat kost geld."),
        ("Dat kost geld. Misschien hebt u recht op: Doe de check:", "Dat kost geld."),
        ("Lees Begin link: meer over afval", "Lees meer over afval"),
        ("Dat kost geld! En wel &amp;euro; 3...", "Dat kost geld!"),
    ],
)
def test_sc_ends_an_abstract_that_was_cut_off_at_its_last_sentence(
    abstract: str, description: str, site: FakeSite, tmp_path: Path
) -> None:
    assert only(site, tmp_path, product(more=f"<d:abstract>{abstract}</d:abstract>")).description == description


@pytest.mark.parametrize(
    "body",
    [
        "&lt;h2&gt;Kosten&lt;/h2&gt;&lt;p&gt;Het is gratis.&lt;/p&gt;",
        '<h:h2 xmlns:h="http://www.w3.org/1999/xhtml">Kosten</h:h2><p>Het is gratis.</p>',
    ],
)
def test_sc_reads_a_text_if_the_catalogue_has_one(body: str, site: FakeSite, tmp_path: Path) -> None:
    assert outline(only(site, tmp_path, product(body=body))) == {"Kosten": ("cost", "Het is gratis.")}


def test_sc_reports_products_without_title_or_address_and_reads_the_rest(site: FakeSite, tmp_path: Path) -> None:
    found = fetch(site, tmp_path, catalogue(product(url=""), product("", "HOST/leeg"), product("Rijbewijs")))
    assert [page.title for page in read(found)] == ["Rijbewijs"]
    assert found.skipped == {
        "Paspoort": "heeft in de productcatalogus geen webadres",
        f"{site.url}leeg": "heeft in de productcatalogus geen titel",
    }


def test_sc_turns_the_pages_of_a_search_service(site: FakeSite, tmp_path: Path) -> None:
    for start, following in ((1, 51), (51, 0)):
        more = f"<nextRecordPosition>{following}</nextRecordPosition>" if following else ""
        record = product(f"Product {start}", f"HOST/{start}")
        text = f"<searchRetrieveResponse><records>{record}</records>{more}</searchRetrieveResponse>"
        site.put(SEARCH.format("sc", "authority", start, 50), text.replace("HOST/", site.url), kind=XML)
    source = FEED.source(site).model_copy(update={"url": site.url + "sru/Search"})
    assert [page.title for page in read(gather(context(site, source, tmp_path)))] == ["Product 1", "Product 51"]


def test_sc_says_when_an_address_holds_something_else(site: FakeSite, tmp_path: Path) -> None:
    assert "is geen productcatalogus maar <rss>" in fetch(site, tmp_path, "<rss/>").warnings[0]
