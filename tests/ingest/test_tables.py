"""ingest.tables: data tables in all shapes, and layout tables."""

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given
from hypothesis import strategies as st

from corpus.records import Block
from ingest.tables import read_table


def read(rows: str, attributes: str = "") -> Block | None:
    table = BeautifulSoup(f"<table {attributes}>{rows}</table>", "lxml").table
    assert isinstance(table, Tag)
    return read_table(table)


def row(*cells: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def test_read_table_takes_caption_and_head() -> None:
    found = read("<caption>Prijzen</caption>" + row("Leeftijd", "Prijs", tag="th") + row("18 jaar", "€ 80"))
    assert found == Block(kind="table", text="Prijzen", header=("Leeftijd", "Prijs"), rows=(("18 jaar", "€ 80"),))


def test_read_table_joins_heads_of_two_rows() -> None:
    head = (
        "<thead><tr><th rowspan='2'>Zone</th><th colspan='2'>Tarief</th></tr><tr><th>uur</th><th>dag</th></tr></thead>"
    )
    found = read(head + row("A", "€ 3", "€ 20"))
    assert found is not None
    assert found.header == ("Zone", "Tarief uur", "Tarief dag")


def test_read_table_fills_cells_that_span_rows() -> None:
    found = read(row("Wat", "Wie", "Prijs", tag="th") + "<tr><td rowspan='2'>Pas</td><td>kind</td><td>1</td></tr>"
                 + row("volwassene", "2"))  # fmt: skip
    assert found is not None
    assert found.rows == (("Pas", "kind", "1"), ("Pas", "volwassene", "2"))


def test_read_table_without_head_has_none() -> None:
    found = read(row("maandag", "9.00 - 17.00") + row("zaterdag", "gesloten"))
    assert found is not None
    assert found.header == ()


def test_read_table_does_not_take_opening_days_for_a_head() -> None:
    found = read(row("zondag", "gesloten") + row("maandag", "9.00 uur") + row("dinsdag", "10.00 uur"))
    assert found is not None
    assert found.header == ()


def test_read_table_finds_an_unmarked_head_above_figures() -> None:
    found = read(row("Soort", "Bedrag") + row("klein", "€ 10") + row("groot", "€ 20"))
    assert found is not None
    assert found.header == ("Soort", "Bedrag")


def test_read_table_finds_a_bold_head() -> None:
    found = read(row("<b>Wie</b>", "<b>Wat</b>") + row("kind", "niets"))
    assert found is not None
    assert found.header == ("Wie", "Wat")


def test_read_table_puts_a_group_heading_in_front_of_its_rows() -> None:
    found = read(
        row("Wat", "Prijs", tag="th") + "<tr><td colspan='2'>Paspoort</td></tr>" + row("kind", "1") + row("18+", "2")
    )
    assert found is not None
    assert found.rows == (("Paspoort: kind", "1"), ("Paspoort: 18+", "2"))


def test_read_table_leaves_out_empty_rows_and_columns() -> None:
    found = read(row("A", "", "B", tag="th") + row("1", "", "2") + row("", "", ""))
    assert found is not None
    assert (found.header, found.rows) == (("A", "B"), (("1", "2"),))


@pytest.mark.parametrize(
    ("rows", "attributes"),
    [
        (row("menu", "inhoud"), ""),
        (row("een") + row("twee"), ""),
        (row("a", "b") + row("c", "d"), "role='presentation'"),
        (row("<table><tr><td>x</td></tr></table>", "y") + row("a", "b"), ""),
        (row("woord " * 60, "woord " * 60) + row("woord " * 60, "woord " * 60), ""),
    ],
)
def test_read_table_leaves_a_layout_table_to_the_reader_of_content(rows: str, attributes: str) -> None:
    assert read(rows, attributes) is None


def test_read_table_keeps_list_items_in_a_cell_apart() -> None:
    found = read(row("Wat", "Mee", tag="th") + row("pas", "<ul><li>foto</li><li>oude pas</li></ul>"))
    assert found is not None
    assert found.rows == (("pas", "foto; oude pas"),)


CELL = st.text("ab12 €|-", max_size=8)


@given(st.lists(st.lists(st.tuples(CELL, st.integers(0, 4), st.integers(0, 4)), max_size=4), max_size=5))
def test_read_table_gives_rows_as_long_as_the_head(cells: list[list[tuple[str, int, int]]]) -> None:
    rows = "".join(
        "<tr>" + "".join(f"<td colspan='{wide}' rowspan='{deep}'>{text}</td>" for text, wide, deep in line) + "</tr>"
        for line in cells
    )
    found = read(row("Kop", "Kop twee", tag="th") + rows)
    assert found is None or not found.header or all(len(line) == len(found.header) for line in found.rows)
