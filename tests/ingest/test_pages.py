"""ingest.html: a folder per page in pages/: input.html, and page.json as it should be read."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.sites import Organisation, Site
from ingest.charset import decode
from ingest.errors import NotIndexed
from ingest.html import read_html
from ingest.page import make_page

FOLDERS = sorted(path.parent for path in (Path(__file__).parent / "pages").glob("*/input.html"))
SITE = Site(name="proefdorp", url="https://proefdorp.example/", organisation=Organisation(name="Gemeente Proefdorp"))


def lean(value: Any) -> Any:
    """Leave out what is empty, so that page.json shows what was read."""
    if isinstance(value, dict):
        return {key: lean(each) for key, each in value.items() if each not in ("", None, [], {}) and key != "audience"}
    return [lean(each) for each in value] if isinstance(value, list) else value


def read(text: str, url: str = "https://proefdorp.example/x") -> dict[str, Any]:
    page = make_page(read_html(text, url, ("nl", "en")), url, SITE, source="website").model_dump(mode="json")
    return {key: lean(page[key]) for key in page}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_read_html_reads(folder: Path) -> None:
    expected = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    found = read(decode((folder / "input.html").read_bytes(), "text/html"), f"https://proefdorp.example/{folder.name}")
    assert {key: found[key] for key in expected} == expected


def test_hidden_instructions_are_not_read() -> None:
    page = json.dumps(read((Path(__file__).parent / "pages" / "hidden-instruction" / "input.html").read_text()))
    for words in ("Chatbot", "Negeer", "korting", "Verborgen", "schermlezers", "redactie"):
        assert words not in page


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<div id='root'></div><noscript>U hebt JavaScript nodig.</noscript>", "is leeg zonder JavaScript"),
        ("<div id='__next'></div><script src='app.js'></script>", "is leeg zonder JavaScript"),
        ("<main></main>", "heeft geen tekst"),
        ("<meta name='robots' content='noindex'><main><p>Tekst</p></main>", "vraagt zelf om niet gevonden te worden"),
        ("<main><h1>Pagina niet gevonden</h1><p>Deze pagina bestaat niet.</p></main>", "is een foutpagina"),
        ("<main><ul>" + "".join(f"<li><a href='/{n}'>Onderwerp {n}</a></li>" for n in range(30)) + "</ul></main>",
         "heeft alleen links"),
    ],
)  # fmt: skip
def test_read_html_says_why_a_page_is_not_indexed(body: str, reason: str) -> None:
    with pytest.raises(NotIndexed, match=reason):
        read_html(f"<html><body>{body}</body></html>", "https://proefdorp.example/x")


def test_read_html_reads_a_page_that_uses_javascript_but_has_text() -> None:
    text = (
        "<noscript>Zet JavaScript aan.</noscript><main><h1>Afval</h1><p>"
        + "Wij halen het afval op. " * 20
        + "</p></main>"
    )
    assert read(text)["title"] == "Afval"


def test_read_html_reads_all_articles_of_a_page_without_main() -> None:
    articles = "".join(
        f"<article><h2>Deel {n}</h2><p>{'Dit is een zin over afval. ' * 20}</p></article>" for n in range(4)
    )
    page = read(f"<div class='x'><h1>Afval</h1>{articles}</div><div><article><p>Kort nieuws.</p></article></div>")
    assert [section["heading_path"] for section in page["sections"]] == [[f"Deel {n}"] for n in range(4)]


def test_read_html_survives_very_deep_nesting() -> None:
    text = (
        "<main><h1>Diep</h1>"
        + "<div>" * 3000
        + "<p>Onderin staat tekst.</p>"
        + "</div>" * 3000
        + "<p>Boven ook.</p></main>"
    )
    assert read(text)["title"] == "Diep"


def test_read_html_does_not_need_capitals() -> None:
    page = read(
        "<main><h1>paspoort</h1><h2>kosten</h2><p>een paspoort kost € 80.</p><h2>meenemen</h2><p>een foto</p></main>"
    )
    assert [section["facet"] for section in page["sections"]] == ["cost", "bring"]


def test_read_html_gives_the_forms_on_the_page_as_links() -> None:
    form = "<form id='f'><legend>Melding doen</legend><input type='text' name='a'><textarea></textarea></form>"
    search = "<form role='search'><label>Zoek</label><input type='text'><input type='text'></form>"
    page = read(f"<main><h1>Melding</h1><p>Meld het ons.</p>{search}{form}</main>")
    assert page["links"] == [{"label": "Melding doen", "url": "https://proefdorp.example/x#f", "kind": "form"}]


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<meta property='og:updated_time' content='2026-01-01'><meta name='DCTERMS.modified' content='2026-02-02'>",
         "2026-01-01"),
        ("<meta name='dcterms.MODIFIED' content='2026-02-02'>", "2026-02-02"),
        ("<meta name='DC.modified' content='2026-02-02'>", "2026-02-02"),
        ("<script type='application/ld+json'>[{\"dateModified\": \"2026-03-03T10:00\"}]</script>", "2026-03-03"),
        ("<meta itemprop='dateModified' content='2026-04-04'>", "2026-04-04"),
    ],
)  # fmt: skip
def test_read_html_reads_the_date_of_change_in_order_of_trust(head: str, day: str) -> None:
    assert read(f"<head>{head}</head><body><main><h1>A</h1><p>Tekst</p></main></body>")["modified"] == day


def test_read_html_takes_the_date_of_change_out_of_the_text_if_the_head_has_none() -> None:
    page = read("<main><h1>A</h1><p>Tekst</p><p>Laatst gewijzigd op: 18 juni 2026</p></main>")
    assert page["modified"] == "2026-06-18"
    assert [block["text"] for block in page["sections"][0]["blocks"]] == ["Tekst"]


def test_read_html_reads_the_period_of_validity() -> None:
    head = "<meta name='DCTERMS.available' content='start=2026-01-01; end=2026-12-31;'>"
    page = read(f"<head>{head}</head><body><main><h1>A</h1><p>Tekst</p></main></body>")
    assert (page["valid_from"], page["valid_until"]) == ("2026-01-01", "2026-12-31")
