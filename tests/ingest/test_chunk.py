"""ingest.chunk: passages by heading, of bounded length, that lose no word."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.language.tokens import count_tokens
from corpus.records import Block, Facet, Page, Section
from ingest.chunk import BUDGET, budget_for, chunk_page

LONG = " ".join(f"Zin {n} vertelt iets over de regels van de gemeente." for n in range(40))


def page(*sections: Section) -> Page:
    return Page(id="p", url="https://proef.example/", title="Proef", sections=sections)


def section(*blocks: Block, path: tuple[str, ...] = ("Kosten",)) -> Section:
    return Section(heading_path=path, anchor="kosten", facet=Facet.COST, blocks=blocks)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_chunk_page_cuts_on_headings_and_keeps_path_anchor_and_facet() -> None:
    found = chunk_page(
        page(section(Block(kind="paragraph", text="Een.")), section(Block(kind="paragraph", text="Twee."), path=("B",)))
    )
    assert [(chunk.heading_path, chunk.text, chunk.anchor, chunk.facet, chunk.position) for chunk in found] == [
        (("Kosten",), "Een.", "kosten", Facet.COST, 0),
        (("B",), "Twee.", "kosten", Facet.COST, 1),
    ]


def test_chunk_page_keeps_a_short_section_in_one_piece() -> None:
    blocks = (
        Block(kind="paragraph", text="U neemt mee."),
        Block(kind="list", text="Voor kinderen:", items=("pas", "foto")),
    )
    assert [chunk.text for chunk in chunk_page(page(section(*blocks)))] == [
        "U neemt mee.\nVoor kinderen:\n- pas\n- foto"
    ]


def test_chunk_page_cuts_long_text_into_pieces_of_about_equal_length() -> None:
    found = chunk_page(page(section(Block(kind="paragraph", text=LONG))))
    assert len(found) > 2
    assert all(chunk.tokens <= BUDGET for chunk in found)
    assert min(chunk.tokens for chunk in found) > BUDGET / 3


def test_chunk_page_repeats_the_lead_in_of_a_long_list() -> None:
    items = tuple(f"voorwaarde nummer {n} geldt voor iedereen die hier woont" for n in range(40))
    found = chunk_page(page(section(Block(kind="list", text="U voldoet aan:", items=items))))
    assert len(found) > 1
    assert all(chunk.text.startswith("U voldoet aan:\n- ") for chunk in found)


def test_chunk_page_gives_every_row_its_caption_and_column_heads() -> None:
    rows = tuple((f"Soort {n} van een lange lijst met prijzen", f"€ {n},00") for n in range(40))
    found = chunk_page(page(section(Block(kind="table", text="Prijzen 2026", header=("Soort", "Prijs"), rows=rows))))
    assert len(found) > 1
    assert {chunk.table_header for chunk in found} == {"Prijzen 2026\n| Soort | Prijs |"}
    assert found[0].text.startswith("| Soort 0 van een lange lijst met prijzen | € 0,00 |\n")


def test_chunk_page_keeps_tables_apart_from_text_and_each_other() -> None:
    table = Block(kind="table", header=("A", "B"), rows=(("1", "2"),))
    found = chunk_page(
        page(section(Block(kind="paragraph", text="Tekst."), table, table, Block(kind="paragraph", text="Slot.")))
    )
    assert [(chunk.table_header, chunk.text) for chunk in found] == [
        ("", "Tekst."),
        ("| A | B |", "| 1 | 2 |"),
        ("| A | B |", "| 1 | 2 |"),
        ("", "Slot."),
    ]


def test_chunk_page_gives_equal_texts_different_ids() -> None:
    same = section(Block(kind="paragraph", text="Gratis."))
    found = chunk_page(page(same, same, same))
    assert len({chunk.id for chunk in found}) == 3


def test_chunk_ids_survive_a_change_elsewhere_on_the_page() -> None:
    last = section(Block(kind="paragraph", text="Gratis."), path=("Kosten",))
    before = chunk_page(page(last))
    after = chunk_page(page(section(Block(kind="paragraph", text="Nieuw."), path=("Nieuw",)), last))
    assert before[0].id == after[1].id


def test_budget_for_fits_what_the_encoder_sees() -> None:
    assert budget_for(None) == budget_for(512) == BUDGET
    assert 100 < budget_for(256) < BUDGET


TEXT = st.text("abc dé€-.!?\n12", max_size=120).map(
    lambda text: "\n".join(line for line in map(str.strip, text.split("\n")) if line)
)
CELL = TEXT.map(lambda text: text.replace("\n", " "))
BLOCK = st.one_of(
    st.builds(Block, kind=st.sampled_from(["paragraph", "contact"]), text=TEXT),
    st.builds(Block, kind=st.just("list"), text=CELL, items=st.lists(CELL, min_size=1, max_size=6).map(tuple)),
    st.builds(
        Block,
        kind=st.just("table"),
        text=CELL,
        header=st.tuples(CELL, CELL),
        rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6).map(tuple),
    ),
    st.builds(Block, kind=st.just("paragraph"), text=st.just(LONG)),
)


@given(st.lists(st.lists(BLOCK, max_size=4), max_size=3), st.sampled_from([40, BUDGET]))
@settings(max_examples=150, deadline=None)
def test_chunk_page_loses_no_word_keeps_the_budget_and_repeats_itself_exactly(
    blocks: list[list[Block]], budget: int
) -> None:
    whole = page(*(section(*some, path=(f"Kop {n}",)) for n, some in enumerate(blocks)))
    found = chunk_page(whole, budget)
    assert found == chunk_page(whole, budget)
    assert all(count_tokens(chunk.text) == chunk.tokens <= budget + 2 for chunk in found)
    assert len({chunk.id for chunk in found}) == len(found)
    assert all(chunk.text.strip() for chunk in found)
    for some, path in zip(blocks, ((f"Kop {n}",) for n in range(len(blocks))), strict=True):
        shown = words("\n".join(f"{chunk.table_header}\n{chunk.text}" for chunk in found if chunk.heading_path == path))
        assert set(_words_of(some)) <= set(shown)


def _words_of(blocks: list[Block]) -> list[str]:
    return [
        word
        for block in blocks
        for text in (block.text, *block.items, *block.header, *(cell for row in block.rows for cell in row))
        for word in words(text)
    ]
