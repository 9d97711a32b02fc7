"""ingest.sources.cvdr and ingest.documents.regulation: from a register's records to regulations that hold or held."""

from datetime import date
from pathlib import Path

import pytest

from corpus.records import Page
from ingest.sources import gather
from tests.ingest.conftest import FakeSite
from tests.ingest.feeds import KINDS, SEARCH, XML, context, found, outline, read, record, regulation

REGISTER = KINDS[0]
TODAY = date(2026, 11, 23)


def search(web: FakeSite, *records: str, start: int = 1, following: int = 0) -> None:
    answer = found(*records, following=following).replace("HOST/", web.url)
    web.put(SEARCH.format("cvdr", "gemeente", start, 100), answer, kind=XML)


def read_text(web: FakeSite, folder: Path, text: str) -> Page:
    search(web, record())
    web.put("/xml/1", regulation(text), kind=XML)
    return read(gather(context(web, REGISTER.source(web), folder, today=TODAY)))[0]


def test_cvdr_makes_a_page_of_a_regulation(site: FakeSite, tmp_path: Path) -> None:
    articles = (
        "<hoofdstuk><kop><label>Hoofdstuk</label><nr>1</nr><titel>Afval</titel></kop>"
        "<artikel><kop><label>Artikel</label><nr>2</nr><titel>Kosten</titel></kop>"
        "<lid><lidnr>1.</lidnr><al>U betaalt € 12.</al></lid><lid><lidnr>2.</lidnr><al>[Vervallen]</al></lid></artikel>"
        "<artikel><al>Zonder kop.</al></artikel></hoofdstuk>"
    )
    page = read_text(site, tmp_path, articles)
    assert (page.title, page.url, page.language, page.modified, page.doc_type, page.source) == (
        "Verordening", "https://lokaleregelgeving.overheid.nl/CVDR1/1", "nl", date(2020, 5, 6), "regulation", "cvdr",
    )  # fmt: skip
    assert (page.valid_from, page.valid_until) == (date(2020, 1, 1), None)
    assert outline(page) == {
        "Hoofdstuk 1 Afval > Artikel 2 Kosten": ("cost", "1. U betaalt € 12."),
        "Hoofdstuk 1 Afval": ("description", "Zonder kop."),
    }


def test_cvdr_says_how_long_a_regulation_holds(site: FakeSite, tmp_path: Path) -> None:
    search(
        site,
        record("CVDR1_1", "Ingetrokken", "2018-04-01", "2024-09-01"),
        record("CVDR2_1", "Geldt nog", "2020-01-01", "9999-12-31"),
        record("CVDR3_1", "Oud", "2015-01-01"),
        record("CVDR3_2", "Geldend", "2020-01-01"),
        record("CVDR3_3", "Nieuw", "2027-01-01"),
    )
    site.put("/xml/1", regulation("<al>Tekst.</al>"), kind=XML)
    gathered = gather(context(site, REGISTER.source(site), tmp_path, today=TODAY))
    assert {page.title: (page.valid_from, page.valid_until) for page in read(gathered)} == {
        "Ingetrokken": (date(2018, 4, 1), date(2024, 8, 31)),
        "Geldt nog": (date(2020, 1, 1), None),
        "Geldend": (date(2020, 1, 1), date(2026, 12, 31)),
        "Nieuw": (date(2027, 1, 1), None),
    }
    assert gathered.skipped == {
        "https://lokaleregelgeving.overheid.nl/CVDR3/1": "is een oude versie van een regeling; er is een nieuwere"
    }


def test_cvdr_turns_the_pages_of_the_register(site: FakeSite, tmp_path: Path) -> None:
    search(site, record("CVDR1_1"), following=2)
    search(site, record("CVDR2_1"), start=2, following=2)
    site.put("/xml/1", regulation("<al>Tekst.</al>"), kind=XML)
    gathered = gather(context(site, REGISTER.source(site), tmp_path))
    # The last one names itself as the next: that is no reason to ask for ever.
    assert len(gathered.items) == 2
    assert site.requests.total() == 3


@pytest.mark.parametrize(
    ("broken", "name", "reason"),
    [
        (record("onbekend", url="https://x.example/a"), "https://x.example/a", "geen nummer of geen titel"),
        (record("CVDR9_1", "", url="https://x.example/a"), "https://x.example/a", "geen nummer of geen titel"),
        (record("CVDR9_1", xml="", url="https://x.example/a"), "https://x.example/a", "geen adres van de tekst"),
        (record("CVDR9_1", begin="binnenkort", url="https://x.example/a"), "https://x.example/a",
         "geen leesbare datum van inwerkingtreding ('binnenkort')"),
        (record("CVDR9_1", end="ooit", url="https://x.example/a"), "https://x.example/a",
         "geen leesbare datum van uitwerkingtreding ('ooit')"),
    ],
)  # fmt: skip
def test_cvdr_reports_a_broken_record_and_reads_the_rest(
    broken: str, name: str, reason: str, site: FakeSite, tmp_path: Path
) -> None:
    search(site, broken, record("CVDR1_1"))
    site.put("/xml/1", regulation("<al>Tekst.</al>"), kind=XML)
    gathered = gather(context(site, REGISTER.source(site), tmp_path))
    assert len(gathered.items) == 1
    assert list(gathered.skipped) == [name]
    assert reason in gathered.skipped[name]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("<html><body/></html>", "is geen regeling in CVDR-XML maar <html>"),
        ("<cvdr><body></cvdr>", "is kapotte XML"),
        (regulation("<al>[Vervallen]</al>"), "is een regeling zonder tekst"),
        (regulation("<tekst>" * 3000 + "<al>diep</al>" + "</tekst>" * 3000), "te veel onderdelen in elkaar"),
    ],
)
def test_cvdr_reports_a_text_that_cannot_be_read(answer: str, reason: str, site: FakeSite, tmp_path: Path) -> None:
    search(site, record("CVDR1_1"), record("CVDR2_1", "Andere", xml="HOST/xml/2"))
    site.put("/xml/1", answer, kind=XML)
    site.put("/xml/2", regulation("<al>Tekst.</al>"), kind=XML)
    gathered = gather(context(site, REGISTER.source(site), tmp_path))
    assert [page.title for page in read(gathered)] == ["Andere"]
    problem = gathered.skipped["https://lokaleregelgeving.overheid.nl/CVDR1/1"]
    assert reason in problem
    assert f"{site.url}xml/1" in problem


def test_cvdr_keeps_a_text_whose_server_fails(site: FakeSite, tmp_path: Path) -> None:
    REGISTER.serve(site)
    before = read(gather(context(site, REGISTER.source(site), tmp_path)))
    site.put("/xml/1", status=503)
    again = gather(context(site, REGISTER.source(site), tmp_path))
    assert read(again) == before
    assert again.kept == {f"{site.url}xml/1": "geeft foutcode HTTP 503"}


def test_cvdr_takes_a_good_answer_with_status_406(site: FakeSite, tmp_path: Path) -> None:
    REGISTER.serve(site)
    site.pages[REGISTER.first].status = 406
    assert len(gather(context(site, REGISTER.source(site), tmp_path)).items) == 2


def test_cvdr_hears_what_the_register_complains_about(site: FakeSite, tmp_path: Path) -> None:
    site.put(REGISTER.first, "<x><diagnostic><message>Unsupported index</message></diagnostic></x>", kind=XML)
    gathered = gather(context(site, REGISTER.source(site), tmp_path))
    assert "meldt een fout: Unsupported index" in gathered.warnings[0]


def test_regulation_numbers_items_as_they_read_though_they_are_not_nested(site: FakeSite, tmp_path: Path) -> None:
    items = (
        '<li nr="1."><al>beschikt over:</al></li><li nr="a."><al>remmen;</al></li><li nr="b."><al>[Vervallen]</al></li>'
        '<li nr="2."><al>smal is;</al><lijst><li nr="a."><al>1 meter.</al></li></lijst></li>'
        '<li nr="•"><al>▪ los</al></li>'
    )
    page = read_text(site, tmp_path, f"<artikel><al>De fietstaxi:</al><lijst>{items}</lijst></artikel>")
    block = page.sections[0].blocks[0]
    assert (block.text, block.items) == (
        "De fietstaxi:", ("1. beschikt over:", "1. a. remmen;", "2. smal is;", "2. a. 1 meter.", "los"),
    )  # fmt: skip


def test_regulation_keeps_a_row_with_its_column_heads(site: FakeSite, tmp_path: Path) -> None:
    table = (
        "<table><title>Tarieven</title><tgroup><thead><row><entry>Zone</entry><entry>Per uur</entry></row></thead>"
        "<tbody><row><entry>A</entry><entry>€ 3,20</entry></row><row><entry/><entry/></row></tbody></tgroup></table>"
    )
    page = read_text(site, tmp_path, f"<artikel>{table}</artikel>")
    block = page.sections[0].blocks[0]
    assert (block.text, block.header, block.rows) == ("Tarieven", ("Zone", "Per uur"), (("A", "€ 3,20"),))


def test_regulation_mends_lines_and_headings_that_were_typed_badly(site: FakeSite, tmp_path: Path) -> None:
    text = (
        "<hoofdstuk><kop><label>5.Parkeren</label></kop><structuurtekst><al>Dit geldt voor vergunningen voor</al><al/>"
        "<al>bewoners en bedrijven.</al><al>Een nieuwe zin.</al></structuurtekst></hoofdstuk>"
    )
    page = read_text(site, tmp_path, text)
    assert outline(page) == {
        "5. Parkeren": ("description", "Dit geldt voor vergunningen voor bewoners en bedrijven. / Een nieuwe zin.")
    }


def test_regulation_reads_a_decision_that_stands_in_its_preamble(site: FakeSite, tmp_path: Path) -> None:
    search(site, record())
    preamble = "<aanhef><preambule><al>Het loket sluit om 17.00 uur.</al></preambule></aanhef>"
    site.put("/xml/1", f"<cvdr><body><regeling>{preamble}</regeling></body></cvdr>", kind=XML)
    page = read(gather(context(site, REGISTER.source(site), tmp_path)))[0]
    assert outline(page) == {"": ("description", "Het loket sluit om 17.00 uur.")}
