"""ingest.extract and the readers of documents: from saved bytes to content, bad bytes included."""

import contextlib
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.records import Block
from ingest.errors import NotIndexed
from ingest.extract import extract
from ingest.page import Content
from ingest.snapshot import Saved
from tests.ingest.make_pdf import make_pdf

HTML = "<!doctype html><html><body><main><h1>Paspoort</h1><p>Een paspoort kost € 80.</p></main></body></html>"


def read(body: bytes, kind: str = "text/html", url: str = "https://proef.example/x", **more: Any) -> Content:
    saved = Saved(
        url=url, status=200, headers={"content-type": kind}, fetched=datetime(2026, 11, 23, tzinfo=UTC), **more
    )
    return extract(saved, body)


def paragraphs(content: Content) -> list[str]:
    return [block.text for draft in content.drafts for block in draft.blocks]


@pytest.mark.parametrize(
    "kind", ["text/html; charset=iso-8859-1", "application/xhtml+xml", "", "application/octet-stream"]
)
def test_extract_reads_a_web_page_whatever_it_is_sent_as(kind: str) -> None:
    assert paragraphs(read(HTML.encode(), kind)) == ["Een paspoort kost € 80."]


@pytest.mark.parametrize(
    ("body", "kind", "url", "reason"),
    [
        (b"  \n ", "text/html", "x", "is leeg"),
        (HTML.encode(), "application/pdf", "x.pdf", "is een webpagina die zich pdf noemt"),
        (b"niet gevonden", "application/pdf", "x.pdf", "noemt zich pdf, maar is dat niet"),
        (b"%PDF-1.4\ngarbage", "application/pdf", "x.pdf", "is een kapotte pdf"),
        (make_pdf([]), "application/pdf", "x.pdf", r"is een pdf zonder tekst \(een scan\)"),
        (make_pdf([(9, "12")], [(9, "13")]), "application/pdf", "x.pdf", r"is een pdf zonder tekst \(een scan\)"),
        (b"PK\x03\x04kapot", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "x.docx",
         "is een kapot Word-bestand"),
        (b'<?xml version="1.0"?><rss><item><title>a</title></item></rss>', "application/rss+xml", "x",
         "is geen pagina"),
        (b"\x00\x01\x02", "application/octet-stream", "x", "is geen pagina maar application/octet-stream"),
    ],
)  # fmt: skip
def test_extract_says_why_a_file_is_not_indexed(body: bytes, kind: str, url: str, reason: str) -> None:
    with pytest.raises(NotIndexed, match=reason):
        read(body, kind, f"https://proef.example/{url}")


def test_extract_honours_x_robots_tag() -> None:
    saved = Saved(url="https://x.example/", status=200, headers={"x-robots-tag": "noindex"}, fetched=datetime.now(UTC))
    with pytest.raises(NotIndexed, match="X-Robots-Tag"):
        extract(saved, HTML.encode())


def test_extract_dates_a_page_by_sitemap_then_by_header() -> None:
    changed = {"content-type": "text/html", "last-modified": "Tue, 03 Nov 2026 09:00:00 GMT"}
    saved = Saved(url="https://proef.example/", status=200, headers=changed, fetched=datetime(2026, 11, 23, tzinfo=UTC))
    assert extract(saved, HTML.encode()).modified == date(2026, 11, 3)
    assert extract(saved.model_copy(update={"lastmod": date(2026, 5, 6)}), HTML.encode()).modified == date(2026, 5, 6)


def test_extract_does_not_believe_a_date_in_the_future() -> None:
    assert read(HTML.encode(), lastmod=date(2027, 1, 1)).modified is None


@given(st.binary(max_size=400), st.sampled_from(["text/html", "application/pdf", "text/plain", "", "application/json"]))
@settings(max_examples=150, deadline=None)
def test_extract_gives_content_or_a_reason_for_any_bytes(body: bytes, kind: str) -> None:
    for start in (b"", b"<html>", b"%PDF-1.4\n"):
        with contextlib.suppress(NotIndexed):
            assert read(start + body, kind).title


FORM = make_pdf(
    [(18, "Aanvraag standplaats"), (10, ""), (10, "Met dit formulier vraagt u een stand-"),
     (10, "plaats aan op de markt."), (10, ""), (13, "1. Kosten"), (10, "Een standplaats kost € 12,50 per dag.")],
    [(10, "Op een andere dag kost het € 9,00."), (13, "2. Wat stuurt u mee?"), (10, "- een foto"),
     (10, "- een verzekering")],
)  # fmt: skip


def test_read_pdf_gives_sections_by_heading_with_page_numbers() -> None:
    found = read(FORM, "application/pdf")
    assert found.title == "Aanvraag standplaats"
    assert [(draft.path, draft.page_number) for draft in found.drafts] == [
        ((), 1),
        (("Kosten",), 1),
        (("Kosten",), 2),
        (("Wat stuurt u mee?",), 2),
    ]
    assert paragraphs(found)[0] == "Met dit formulier vraagt u een standplaats aan op de markt."
    assert found.drafts[3].blocks[0].items == ("een foto", "een verzekering")
    assert found.modified == date(2026, 3, 4)


def test_read_pdf_leaves_out_the_letterhead() -> None:
    text = (10, "Met dit formulier vraagt u een standplaats aan op de markt.")
    form = make_pdf([(10, "Gemeente Proefdorp Formulier"), (18, "Aanvraag standplaats"), text])
    assert paragraphs(read(form, "application/pdf")) == [text[1]]
    letter = make_pdf(
        [(10, "Deze inleiding staat boven de titel en is langer dan een briefhoofd."), (18, "Titel"), text]
    )
    assert len(paragraphs(read(letter, "application/pdf"))) == 2


def test_read_pdf_leaves_out_fields_to_fill_in_but_not_an_address() -> None:
    form = make_pdf(
        [(18, "Aanvraag standplaats"), (13, "1. Uw gegevens"), (10, "Voornamen en achternaam"), (10, "Geboortedatum"),
         (10, "Kenteken van uw kraam"), (13, "2. Ondertekening"), (10, "Plaats en datum"), (10, "Handtekening"),
         (13, "3. Waar staat de markt?"), (10, "Adres"), (10, "Marktplein 1, elke zaterdag van 9.00 uur tot 16.00 uur")]
    )  # fmt: skip
    found = read(form, "application/pdf")
    assert [draft.path for draft in found.drafts] == [("Uw gegevens",), ("Waar staat de markt?",)]
    assert paragraphs(found)[0] == "Kenteken van uw kraam"
    assert "Adres" in paragraphs(found)[1]


def test_read_pdf_takes_the_stated_title_unless_it_is_a_file_name() -> None:
    page = [(20, "Groot in beeld"), (10, "Dit is de tekst van een brochure over afval scheiden in de buurt.")]
    assert read(make_pdf(page, title="Afval scheiden"), "application/pdf").title == "Afval scheiden"
    assert (
        read(make_pdf(page, title="Microsoft Word - brochure_def2.docx"), "application/pdf").title == "Groot in beeld"
    )


def test_read_pdf_leaves_out_running_heads_and_page_numbers() -> None:
    pages = [
        [
            (8, "Gemeente Proefdorp"),
            (10, f"Op bladzijde {word} staat iets anders dan op de rest."),
            (8, f"Pagina {n} van 4"),
        ]
        for n, word in enumerate(("een", "twee", "drie", "vier"), 1)
    ]
    text = " ".join(paragraphs(read(make_pdf(*pages), "application/pdf")))
    assert "Proefdorp" not in text
    assert "Pagina" not in text
    assert "bladzijde vier" in text


def test_read_pdf_reports_a_locked_file() -> None:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(FORM)))
    writer.encrypt("geheim", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(NotIndexed, match="een pdf met een wachtwoord"):
        read(locked.getvalue(), "application/pdf")


def test_read_docx_gives_headings_lists_and_tables() -> None:
    import docx

    document = docx.Document()
    document.add_heading("Aanvraag evenement", 0)
    document.add_paragraph("Gebruik dit formulier voor een klein evenement.")
    document.add_heading("Meesturen", 1)
    document.add_paragraph("Stuur mee:")
    document.add_paragraph("een tekening", style="List Bullet")
    document.add_paragraph("een draaiboek", style="List Bullet")
    document.add_heading("Kosten", 1)
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Soort", "Kosten", "klein", "€ 30"), strict=True
    ):
        cell.text = text
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert found.title == "Aanvraag evenement"
    assert [draft.path for draft in found.drafts] == [(), ("Meesturen",), ("Kosten",)]
    assert found.drafts[1].blocks == [Block(kind="list", text="Stuur mee:", items=("een tekening", "een draaiboek"))]
    assert found.drafts[2].blocks == [Block(kind="table", header=("Soort", "Kosten"), rows=(("klein", "€ 30"),))]


def test_read_docx_reads_what_is_to_be_filled_in_and_ticked() -> None:
    import docx

    document = docx.Document()
    document.add_heading("1. Uw gegevens", 1)
    table = document.add_table(3, 3)
    for row, label in zip(table.rows, ("", "Naam", "E-mailadres"), strict=True):
        row.cells[0].text = label
    table.rows[0].cells[1].text, table.rows[0].cells[2].text = "Uzelf", "Uw partner"
    document.add_heading("2. Uw auto", 1)
    table = document.add_table(2, 2)
    table.rows[0].cells[0].text, table.rows[1].cells[0].text = "Kenteken", "Merk"
    document.add_paragraph("Kruis aan:")
    for text in ("☐ per post", "□ aan de balie"):
        document.add_paragraph(text)
    document.add_table(2, 2)
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
    # What people fill in about themselves answers no question: the first section is gone.
    assert [draft.path for draft in found.drafts] == [("Uw auto",)]
    assert found.drafts[0].blocks == [
        Block(kind="list", items=("Kenteken", "Merk")),
        Block(kind="list", text="Kruis aan:", items=("per post", "aan de balie")),
    ]


NOTE = """---
title: Paspoort met spoed
modified: 2026-10-01
page: /burgerzaken/spoed
department: Burgerzaken
---
# Werkwijze

Bel **eerst** de [drukker](https://drukker.example).

- noteer de tijd

## Kosten
Per aanvraag:

| Soort | Bedrag |
|---|---|
| spoed | € 58 |
"""


def test_read_text_reads_a_note_with_front_matter() -> None:
    found = read(NOTE.encode(), "text/plain")
    assert (found.title, found.modified, found.doc_type) == ("Paspoort met spoed", date(2026, 10, 1), "note")
    assert found.keywords == ("Burgerzaken",)
    assert [draft.path for draft in found.drafts] == [("Werkwijze",), ("Werkwijze", "Kosten")]
    assert found.drafts[0].blocks == [
        Block(kind="paragraph", text="Bel eerst de drukker."),
        Block(kind="list", items=("noteer de tijd",)),
    ]
    assert found.drafts[1].blocks == [
        Block(kind="table", text="Per aanvraag:", header=("Soort", "Bedrag"), rows=(("spoed", "€ 58"),))
    ]


@given(st.text(max_size=300))
def test_read_text_gives_content_or_a_reason_for_any_text(text: str) -> None:
    for start in ("", "---\n", "# kop\n", "| a |\n"):
        with contextlib.suppress(NotIndexed):
            assert read((start + text).encode("utf-8", "surrogatepass"), "text/plain").drafts
