"""The demo website: sound sources, rendered pages, and a server that behaves like a municipality's."""

import gzip
import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corpus.demo.parts import split_body
from corpus.demo.render import fill
from corpus.demo.resources import ASSETS
from corpus.demo.sources import DemoError, read_page, read_pages
from corpus.demo.website import render_site, serve

BASE = "http://voorbeeldstad.test"
# Forms, and the page that each belongs to.
FORMS = {
    "aanvraag-bewonersvergunning.pdf": "/parkeren-en-verkeer/bewonersvergunning",
    "aanvraag-bijzondere-bijstand.pdf": "/werk-en-inkomen/bijzondere-bijstand",
    "aanvraag-gehandicaptenparkeerkaart.pdf": "/parkeren-en-verkeer/gehandicaptenparkeerkaart",
    "aanvraag-kwijtschelding.pdf": "/belastingen/kwijtschelding",
    "aanvraag-leerlingenvervoer.pdf": "/jeugd-en-onderwijs/leerlingenvervoer",
    "aanvraag-urgentie.pdf": "/wonen-en-bouwen/urgentie",
    "bezwaarschrift.pdf": "/bestuur/bezwaar-maken",
    "machtiging-document-afhalen.docx": "/burgerzaken/uittreksel-brp",
    "melding-huwelijk.docx": "/burgerzaken/trouwen",
    "melding-klein-evenement.pdf": "/ondernemen/evenement-melden",
    "verhuisaangifte.pdf": "/burgerzaken/verhuizen",
    "woo-verzoek.docx": "/bestuur/woo-verzoek",
}
DEAD_LINKS = {"/parkeren-en-verkeer/omleidingskaart-2024"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
Ask = Callable[..., tuple[HTTPResponse, bytes]]
OLD_PAGE = "---\ntitle: Oud\nmodified: 2020-01-02\ntype: Overzicht\n---\n<p>Tekst.</p>\n"


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return render_site(BASE)


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    server = serve("127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield "127.0.0.1", server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def ask(address: tuple[str, int]) -> Iterator[Ask]:
    connection = HTTPConnection(*address, timeout=10)

    def request(
        path: str, method: str = "GET", headers: dict[str, str] | None = None, body: str | None = None
    ) -> tuple[HTTPResponse, bytes]:
        connection.request(method, path, body=body, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()

    yield request
    connection.close()


class _Links(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.hrefs: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "action"} and value:
                self.hrefs.add(value)


def _main_text(html: str) -> str:
    match = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert match is not None
    return match[0]


def _next_data(html: str) -> dict[str, object]:
    match = re.search(r'<script id="__NEXT_DATA__" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    details = json.loads(match[1])["props"]["pageProps"]["contentDetails"]
    node: dict[str, object] = details["data"]["route"]["nodeContext"]
    return node


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _paths(sitemap: bytes) -> set[str]:
    return {loc.text.removeprefix(BASE) for loc in ElementTree.fromstring(sitemap).iter(f"{SITEMAP}loc") if loc.text}


def test_every_link_leads_somewhere_but_for_the_dead_one(site: dict[str, bytes]) -> None:
    known = {path.split("?")[0] for path in site}
    dead = set()
    for path, page in read_pages().items():
        for href in _Links(page.body).hrefs | _Links(site[path].decode()).hrefs:
            target = re.split(r"[?#]", href)[0].removeprefix(BASE) or "/"
            assert target.startswith(("/", "http", "mailto:", "tel:")), f"{path} links to {href}"
            if target.startswith("/") and target not in known:
                dead.add(target)
    assert dead == DEAD_LINKS


def test_every_anchor_that_is_linked_exists(site: dict[str, bytes]) -> None:
    for path, page in read_pages().items():
        for href in _Links(page.body).hrefs:
            target, _, anchor = href.partition("#")
            if anchor and not target.startswith("http"):
                assert f'id="{anchor}"'.encode() in site[target or path], f"{path} links to {href}"


def test_every_page_says_that_the_municipality_is_invented(site: dict[str, bytes]) -> None:
    for path in read_pages():
        assert b"Voorbeeldstad is een verzonnen gemeente" in site[path], path


def test_nothing_is_loaded_from_another_host(site: dict[str, bytes]) -> None:
    for path in read_pages():
        loaded = re.findall(rb'<(?:script|img|link rel="stylesheet"|iframe)[^>]*(?:src|href)="(http[^"]*)"', site[path])
        assert not loaded, path


def test_every_page_is_about_something_else() -> None:
    titles = [page.title for page in read_pages().values()]
    assert len(titles) == len(set(titles))


def test_all_four_layouts_are_used(site: dict[str, bytes]) -> None:
    assert {page.layout for page in read_pages().values()} == {"product", "news", "simsite", "plain"}


def test_sitemaps_list_every_page_but_the_hidden_one(site: dict[str, bytes]) -> None:
    index = _paths(site["/sitemap.xml"])
    assert index == {"/sitemap-1.xml", "/sitemap-2.xml.gz"}
    first, second = _paths(site["/sitemap-1.xml"]), _paths(gzip.decompress(site["/sitemap-2.xml.gz"]))
    assert not first & second
    assert first | second == {path for path in read_pages() if not path.startswith("/intern/")}
    assert b"Disallow: /intern/" in site["/robots.txt"]
    assert f"Sitemap: {BASE}/sitemap.xml".encode() in site["/robots.txt"]


def test_sitemap_dates_are_the_dates_of_the_pages(site: dict[str, bytes]) -> None:
    modified = {path: page.modified.isoformat() for path, page in read_pages().items()}
    for url in ElementTree.fromstring(site["/sitemap-1.xml"]).iter(f"{SITEMAP}url"):
        path = (url.findtext(f"{SITEMAP}loc") or "").removeprefix(BASE)
        assert url.findtext(f"{SITEMAP}lastmod") == modified[path]


def test_canonical_follows_the_host_that_was_asked(ask: Ask) -> None:
    _, page = ask("/burgerzaken/paspoort", headers={"Host": "stad.test:8080"})
    assert b'<link rel="canonical" href="http://stad.test:8080/burgerzaken/paspoort">' in page
    _, page = ask("/burgerzaken/paspoort", headers={"Host": '"><script>'})
    assert b"<script>" not in page
    assert b'<link rel="canonical" href="http://127.0.0.1:' in page


def test_simsite_accordions_are_only_in_the_next_data(site: dict[str, bytes]) -> None:
    pages = [page for page in read_pages().values() if page.layout == "simsite"]
    assert any(part.is_accordion for page in pages for part in page.parts)
    for page in pages:
        html = site[page.path].decode()
        node = _next_data(html)
        assert node["title"] == page.title
        paragraphs = node["fieldParagraphs"]
        assert isinstance(paragraphs, list)
        written = {one["fieldTitle"] for one in paragraphs if one["__typename"] == "ParagraphAccordion"}
        assert written == {part.heading for part in page.parts if part.is_accordion}
        for part in page.parts:
            if part.is_accordion:
                assert _words(part.content)[:40] in _words(
                    json.dumps(paragraphs, ensure_ascii=False).replace("\\n", " ")
                )
                assert _words(part.content)[:40] not in _words(_main_text(html))


def test_accordions_of_the_plain_layout_are_written_out(site: dict[str, bytes], tmp_path: Path) -> None:
    head = "---\ntitle: Begin\nmodified: 2026-01-02\ntype: Overzicht\nlayout: plain\n---\n"
    body = "<p>Intro.</p>\n<details><summary>Kosten</summary><p>Gratis.</p></details>\n"
    (tmp_path / "index.html").write_text(head + body)
    html = render_site(BASE, tmp_path)["/"].decode()
    assert '<h3 class="uitklapkop">Kosten</h3>' in html
    assert "<details" not in html


def test_documents_are_linked_with_type_and_size(site: dict[str, bytes]) -> None:
    size = round((ASSETS / "downloads/bezwaarschrift.pdf").stat().st_size / 1000)
    assert f"Bezwaarschrift <span>(PDF, {size} kB)</span></a>" in site["/downloads"].decode()
    assert "Woo-verzoek <span>(DOCX, " in site["/downloads"].decode()


def test_forms_are_linked_from_the_page_they_belong_to_and_from_the_list(site: dict[str, bytes]) -> None:
    for name, path in FORMS.items():
        for page in (path, "/downloads"):
            assert f"/assets/downloads/{name}" in site[page].decode()


def test_forms_are_small_documents_with_text_and_the_traps_have_none() -> None:
    from docx import Document
    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    folder = ASSETS / "downloads"
    for name in FORMS:
        file = folder / name
        assert file.stat().st_size <= 60_000
        if file.suffix == ".pdf":
            text = " ".join(page.extract_text() for page in PdfReader(file).pages)
        else:
            text = " ".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
        assert "Gemeente Voorbeeldstad" in text
        assert "telefoon 14 0999" in text
    assert len(PdfReader(folder / "bezwaarschrift.pdf").pages) >= 2
    assert PdfReader(folder / "brochure-afval-scheiden-2019.pdf").pages[0].extract_text() == ""
    with pytest.raises(PdfReadError):
        PdfReader(folder / "parkeerplan-2021.pdf")


def test_server_sends_304_for_a_known_etag_or_date(ask: Ask) -> None:
    first, body = ask("/afval/grofvuil")
    etag, date = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.status == 200
    assert body
    assert date == "Mon, 17 Aug 2026 00:00:00 GMT"
    for headers in ({"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}, {"If-Modified-Since": date}):
        again, nothing = ask("/afval/grofvuil", headers=headers)
        assert (again.status, nothing, again.headers["ETag"]) == (304, b"", etag)
    for headers in ({"If-None-Match": '"x"', "If-Modified-Since": date}, {"If-Modified-Since": "gisteren"}):
        assert ask("/afval/grofvuil", headers=headers)[0].status == 200


def test_server_answers_head_without_a_body(ask: Ask) -> None:
    response, body = ask("/afval/grofvuil", method="HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 1000


def test_server_has_a_page_for_what_is_not_there(ask: Ask) -> None:
    response, body = ask("/nergens/%3Cscript%3Ex")
    assert response.status == 404
    assert b"Pagina niet gevonden" in body
    assert b"&lt;script&gt;x" in body
    assert b"<script>x" not in body


def test_server_refuses_an_address_that_is_none(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as raw:
        raw.sendall(b"GET http://[ HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400 ")


def test_server_sends_a_slash_too_many_on(ask: Ask) -> None:
    response, _ = ask("/afval/")
    assert (response.status, response.headers["Location"]) == (301, "/afval")


def test_server_serves_files_with_their_type(ask: Ask) -> None:
    response, body = ask("/assets/downloads/bezwaarschrift.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert body.startswith(b"%PDF-")
    broken, page = ask("/assets/downloads/parkeerplan-2021.pdf")
    assert broken.headers["Content-Type"] == "application/pdf"
    assert page.startswith(b"<!DOCTYPE html>")
    assert ask("/assets/../website.py")[0].status == 404


def test_search_finds_pages_by_title_first_and_escapes_the_words(ask: Ask) -> None:
    _, body = ask("/zoeken?q=afvalpas")
    results = body.decode().split("resultaten voor")[1]
    assert results.index('href="/afval/afvalpas"') < results.index('href="/afval/milieustraat"')
    _, body = ask("/zoeken?q=%3Cscript%3E")
    assert b"0 resultaten voor &lsquo;&lt;script&gt;&rsquo;" in body
    assert "/intern/" not in ask("/zoeken?q=noodkas")[1].decode()


def test_forms_lead_to_a_page_that_says_nothing_was_kept(ask: Ask) -> None:
    response, _ = ask("/contact/contactformulier", method="POST", body="vraag=x")
    assert (response.status, response.headers["Location"]) == (303, "/contact/formulier-ontvangen")
    assert b"niets bewaard" in ask("/contact/formulier-ontvangen")[1]
    assert ask("/contact/contactformulier", method="POST", headers={"Content-Length": "9999999"})[0].status == 413


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_stops_cleanly_even_if_sigint_was_inherited_as_ignored(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "corpus.demo.website", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        port = int(line.rsplit(":", 1)[1])
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/robots.txt")
        assert connection.getresponse().status == 200
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""
    finally:
        process.kill()
        process.communicate()


def test_command_says_in_one_line_that_the_port_is_taken(address: tuple[str, int]) -> None:
    command = [sys.executable, "-m", "corpus.demo.website", "--port", str(address[1])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot listen on 127.0.0.1:{address[1]}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("<p>Geen kop.</p>", "does not start with front matter"),
        (OLD_PAGE.replace("title:", "titel:"), "unknown key 'titel'. Did you mean 'title'"),
        (OLD_PAGE.replace("title: Oud\n", ""), "key 'title' is missing"),
        (OLD_PAGE.replace("title: Oud", "title: Oud\ntitle: Nieuw"), "key 'title' is there twice"),
        (OLD_PAGE.replace("title: Oud", "title:"), "must be 'key: value'"),
        (OLD_PAGE.replace("2020-01-02", "2 januari"), "modified '2 januari' is not a date"),
        (OLD_PAGE.replace("Overzicht", "Menu"), "type 'Menu' is none of"),
        (OLD_PAGE.replace("</p>", "</b></p>"), "</b> closes <p>"),
        (OLD_PAGE.replace("</p>", ""), "<p> of the body is never closed"),
    ],
)
def test_broken_page_is_named_with_what_is_wrong(text: str, complaint: str, tmp_path: Path) -> None:
    file = tmp_path / "oud.html"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DemoError, match=re.escape(complaint)) as caught:
        read_page(file, tmp_path)
    assert str(file) in str(caught.value)


def test_page_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "oud.html"
    file.write_bytes(OLD_PAGE.replace("Oud", "Financiën").encode("latin-1"))
    with pytest.raises(DemoError, match=r"oud\.html is not UTF-8"):
        read_page(file, tmp_path)


def test_folder_without_home_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "oud.html").write_text(OLD_PAGE)
    with pytest.raises(DemoError, match=r"no index\.html"):
        read_pages(tmp_path)


def test_unknown_template_key_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "kaal.html").write_text("<h1>$titel</h1>")
    with pytest.raises(DemoError, match=r"kaal\.html: unknown template key \$titel\. Known keys: title\."):
        fill("kaal", {"title": "x"}, tmp_path)
    (tmp_path / "kaal.html").write_text("<h1>$ 5</h1>")
    with pytest.raises(DemoError, match=r"kaal\.html: .*line 1"):
        fill("kaal", {"title": "x"}, tmp_path)


def test_split_body_cuts_at_top_level_headings_and_accordions_and_loses_nothing() -> None:
    body = (
        "<p>Intro</p>\n<h2 id='a'>Kosten <em>nu</em></h2><p>€ 1<br>of 2</p>"
        "<details><summary>Meer</summary><h2>In</h2></details><p>Na</p>"
    )
    parts = split_body(body)
    assert [part.heading for part in parts] == ["", "Kosten nu", "Meer", ""]
    assert [part.is_accordion for part in parts] == [False, False, True, False]
    assert parts[2].content == "<h2>In</h2>"
    assert "".join(part.raw for part in parts) == body.replace("\n", "")
