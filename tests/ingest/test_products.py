"""ingest.products: one product, told by several sources, is one page."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from corpus.demo.website import serve
from corpus.records import Audience, Block, Page, Product, Section, page_id
from corpus.sites import Site, load_site
from corpus.state import State
from ingest.products import ALONE, SAME_ADDRESS, join_products
from ingest.sync import sync
from tests.ingest.conftest import FakeSite
from tests.ingest.feeds import EMPTY, KINDS

URL = "https://www.proef.example/"
DEMO = """
name = "voorbeeldstad"
url = "{url}"
today = 2026-11-23
[organisation]
name = "Gemeente Voorbeeldstad"
owms = "Voorbeeldstad"
[[sources]]
kind = "website"
include = ["/burgerzaken/paspoort", "/burgerzaken/verhuizen", "/english/*", "*/terras", "/parkeren-en-verkeer/*"]
[[sources]]
kind = "cvdr"
url = "{url}sru/Search"
[[sources]]
kind = "sc"
url = "{url}feed/sc"
[[sources]]
kind = "openpdc"
url = "{url}wp-json/owc/pdc/v1/items"
[[sources]]
kind = "sdg"
url = "{url}api/v1/producten"
"""


def page(
    path: str, title: str, text: str = "Tekst.", *, source: str = "website", upl: str | None = None,
    doelgroep: str | None = None, language: str = "nl", keywords: tuple[str, ...] = (),
    audience: Audience = Audience.RESIDENT,
) -> Page:  # fmt: skip
    url = path if "://" in path else URL + path
    sections = (Section(blocks=(Block(kind="paragraph", text=text),), audience=audience),) if text else ()
    known = Product.model_validate({"upl": upl, "doelgroep": doelgroep})
    return Page(
        id=page_id(url, URL), url=url, title=title, language=language, product=known, keywords=keywords,
        sections=sections, source=source,
    )  # fmt: skip


def test_product_adds_what_the_page_of_the_website_does_not_say() -> None:
    own = page("paspoort", "Paspoort aanvragen", keywords=("pas",))
    feed = page("https://proef.example/paspoort/", "Paspoort", "Andere tekst.", source="openpdc", upl="paspoort",
                doelgroep="particulier", keywords=("reisdocument", "Pas"))  # fmt: skip
    joined = join_products([own], [feed.model_copy(update={"title": "Paspoort aanvragen"})], URL)
    assert [(each.url, each.sections) for each in joined.pages] == [(own.url, own.sections)]
    assert joined.pages[0].product.model_dump(exclude_none=True) == {"upl": "paspoort", "doelgroep": "particulier"}
    assert joined.pages[0].keywords == ("pas", "reisdocument")
    assert joined.merged == {"openpdc: Paspoort aanvragen (nl)": own.url}
    assert joined.pages[0].digest != own.digest


def test_product_changes_nothing_that_the_page_says_itself() -> None:
    own = page("paspoort", "Paspoort", upl="paspoort", doelgroep="particulier")
    joined = join_products([own], [page("paspoort", "Paspoort", "", source="sc", upl="id-kaart")], URL)
    assert joined.pages == [own]


@pytest.mark.parametrize(
    ("product", "target"),
    [
        # By title; by the product name, if only one page has it; by that name and the words of the title.
        (page("feed/1", "terras  VOOR uw horeca", source="sdg"), "terras"),
        (page("feed/1", "Iets anders", source="sdg", upl="verhuismelding"), "verhuizen"),
        (page("feed/1", "paspoort", source="sdg", upl="paspoort"), "paspoort"),
        (page("feed/1", "paspoort kind", source="sdg", upl="paspoort"), "paspoort-kind"),
        (page("feed/1", "Passport", source="sdg", language="en"), "english/passport"),
    ],
)
def test_product_finds_its_page_without_naming_its_address(product: Page, target: str) -> None:
    own = [
        page("terras", "Terras voor uw horeca"),
        page("verhuizen", "Verhuizing doorgeven", upl="verhuismelding"),
        page("paspoort", "Paspoort aanvragen", upl="paspoort"),
        page("paspoort-kind", "Paspoort voor een kind aanvragen", upl="paspoort"),
        page("english/passport", "Passport", language="en"),
    ]
    joined = join_products(own, [product], URL)
    assert list(joined.merged.values()) == [URL + target]
    assert len(joined.pages) == len(own)


@pytest.mark.parametrize(
    "product",
    [
        page("feed/1", "Vergunning", source="openpdc", doelgroep="ondernemer"),
        page("feed/1", "Vergunning", source="openpdc", upl="kapvergunning"),
        page("feed/1", "Vergunning", source="openpdc", language="en"),
        page("feed/1", "Parkeren", source="openpdc"),
        page("feed/1", "Geheim", source="openpdc"),
    ],
)
def test_product_that_is_another_one_becomes_a_page(product: Page) -> None:
    own = [
        page("vergunning", "Vergunning", upl="parkeervergunning", doelgroep="particulier"),
        page("parkeren/a", "Parkeren"),
        page("parkeren/b", "Parkeren"),
        page("desk/geheim", "Geheim", audience=Audience.STAFF),
    ]
    joined = join_products(own, [product], URL)
    assert joined.pages == [*own, product]
    assert joined.merged == {}


def test_product_without_a_text_is_no_page() -> None:
    joined = join_products([page("a", "A")], [page("oud", "Oud", "", source="sc")], URL)
    assert [each.title for each in joined.pages] == ["A"]
    assert joined.skipped == {"sc: Oud (nl)": ALONE}


def test_product_does_not_take_the_address_of_another_page() -> None:
    own = page("a", "A", upl="een")
    joined = join_products([own], [page("a", "B", source="openpdc", upl="twee")], URL)
    assert joined.pages == [own]
    assert joined.skipped == {"openpdc: B (nl)": SAME_ADDRESS}


def test_product_of_two_catalogues_is_one_page() -> None:
    feeds = [
        page("feed/1", "Minibieb", source="openpdc", keywords=("boekenkast",)),
        page("elders/1", "Minibieb", "Andere tekst.", source="sdg", upl="minibieb"),
        page("feed/1", "Minibieb", "", source="sc", upl="minibieb"),
    ]
    joined = join_products([], feeds, URL)
    assert [(each.url, each.product.upl, each.keywords) for each in joined.pages] == [
        (f"{URL}feed/1", "minibieb", ("boekenkast",))
    ]
    assert len(joined.merged) == 2


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The demo website with its register, catalogue and product APIs."""
    server = serve("127.0.0.1", 0)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_sync_joins_all_sources_of_the_demo(demo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_HOME", str(tmp_path / "var"))
    (tmp_path / "demo.toml").write_text(DEMO.format(url=demo), encoding="utf-8")
    report = sync(load_site(str(tmp_path / "demo.toml")), "demo", dry_run=True)
    paths = [url.removeprefix(demo) for url in report.new]
    assert len(paths) == len(set(paths))
    assert {
        "burgerzaken/paspoort", "english/passport", "ondernemen/terras", "parkeren-en-verkeer/bewonersvergunning",
        "onderwerp/minibieb-op-straat", "onderwerp/luchtballon",
        "regelgeving/CVDR900101/2", "regelgeving/CVDR900102/1", "regelgeving/CVDR900103/1",
    } <= set(paths)  # fmt: skip
    assert not [path for path in paths if "wp-json" in path or "api/v1" in path or "werkwijze" in path]
    assert {name: url.removeprefix(demo) for name, url in report.merged.items() if not name.startswith("sc")} == {
        "openpdc: Parkeervergunning voor bewoners (nl)": "parkeren-en-verkeer/bewonersvergunning",
        "openpdc: Gehandicaptenparkeerkaart aanvragen (nl)": "parkeren-en-verkeer/gehandicaptenparkeerkaart",
        "openpdc: Terras voor uw horeca (nl)": "ondernemen/terras",
        "sdg: Terras voor uw horeca (nl)": "ondernemen/terras",
        "sdg: Paspoort aanvragen (nl)": "burgerzaken/paspoort",
        "sdg: Passport and identity card (en)": "english/passport",
        "sdg: Verhuizing doorgeven (nl)": "burgerzaken/verhuizen",
        "sdg: Moving house (en)": "english/moving",
    }
    assert "sc: Paspoort aanvragen (nl)" in report.merged
    reasons = {url.removeprefix(demo): reason for url, reason in report.skipped.items()}
    assert reasons["Product zonder adres"] == "heeft in de productcatalogus geen webadres"
    assert reasons["onderwerp/werkwijze-minibieb"] == "is in OpenPDC alleen voor medewerkers"
    assert reasons["sc: Eendaagse vergunning (nl)"] == ALONE
    assert reasons["regelgeving/CVDR900101/1"] == "is een oude versie van een regeling; er is een nieuwere"


@pytest.fixture
def with_feeds(
    site: FakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stand_ins: Path
) -> tuple[FakeSite, Site, str]:
    """A small website with all four sources beside it, synced once."""
    monkeypatch.setenv("VRAAGBAAK_HOME", str(tmp_path / "var"))
    site.page("/", "Gemeente Proef", "<p>Welkom bij de gemeente.</p>")
    text = f'name = "proef"\nurl = "{site.url}"\n[organisation]\nname = "Proef"\nowms = "Proef"\n[[sources]]\n'
    for kind in KINDS:
        kind.serve(site)
        text += f'[[sources]]\nkind = "{kind.name}"\nurl = "{site.url}{kind.url}"\n'
    name = str(tmp_path / "proef.toml")
    Path(name).write_text(text, encoding="utf-8")
    loaded = load_site(name)
    assert sync(loaded, name).outcome == "published"
    return site, loaded, name


def test_sync_keeps_the_pages_of_sources_that_are_suddenly_empty(with_feeds: tuple[FakeSite, Site, str]) -> None:
    web, site, name = with_feeds
    for kind in KINDS:
        kind.serve(web, EMPTY[kind.name])
    report = sync(site, name)
    assert (report.outcome, report.removed) == ("unchanged", {})
    assert sorted(report.kept) == sorted(web.url.rstrip("/") + kind.first for kind in KINDS)
    assert {reason.split(" ")[0] for reason in report.kept.values()} == {"bevat"}


def test_sync_reads_all_sources_again_offline(with_feeds: tuple[FakeSite, Site, str]) -> None:
    web, site, name = with_feeds
    asked = web.requests.total()
    assert sync(site, name, offline=True).outcome == "unchanged"
    assert web.requests.total() == asked


def test_sync_goes_on_without_a_source_that_breaks_on_its_first_day(
    with_feeds: tuple[FakeSite, Site, str], tmp_path: Path
) -> None:
    web, _, name = with_feeds
    text = Path(name).read_text(encoding="utf-8")
    Path(name).write_text(f'{text}[[sources]]\nkind = "sc"\nurl = "{web.url}feed/nieuw"\n', encoding="utf-8")
    web.put("/feed/nieuw", "<scproducten>", kind="application/xml")
    report = sync(load_site(name), name)
    assert (report.outcome, report.removed) == ("unchanged", {})
    assert len(report.warnings) == 2
    assert report.warnings[0].startswith(f"De bron {web.url}feed/nieuw is niet gelezen: is kapotte XML")


def test_sync_keeps_a_product_out_that_a_person_excluded(with_feeds: tuple[FakeSite, Site, str]) -> None:
    web, site, name = with_feeds
    State(site.home / "state.db").exclude("/onderwerp/1", "klopt niet")
    report = sync(site, name)
    assert report.removed == {f"{web.url}onderwerp/1": "door u uitgesloten (klopt niet)"}
