"""chatbot.units: sentences, list items and table rows."""

from hypothesis import given
from hypothesis import strategies as st

from chatbot.units import split_sentences, units_of
from corpus.records import Chunk


def chunk(text: str, header: str = "") -> Chunk:
    return Chunk(id="c", page_id="p", position=0, text=text, table_header=header, tokens=1)


def test_split_sentences_leaves_abbreviations_and_amounts_whole() -> None:
    text = "U betaalt bijv. € 84,20 per keer. Kom om 9.00 uur e.d. naar de balie."
    assert split_sentences(text) == ["U betaalt bijv. € 84,20 per keer.", "Kom om 9.00 uur e.d. naar de balie."]


def test_split_sentences_does_not_need_capitals_or_spaces() -> None:
    text = "namens de overheid.het is de taak. kijk op werkenbijdeoverheid.nl voor meer."
    assert split_sentences(text) == [
        "namens de overheid.",
        "het is de taak.",
        "kijk op werkenbijdeoverheid.nl voor meer.",
    ]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=300))
def test_split_sentences_loses_no_visible_character_but_closing_marks(text: str) -> None:
    def kept(value: str) -> str:
        return "".join(char for char in value if char.isalnum())

    assert kept("".join(split_sentences(text))) == kept(text)


def test_units_of_gives_a_list_item_its_lead_in() -> None:
    units = units_of([chunk("Neem mee naar de balie:\n- een pasfoto\n- uw oude pas")])
    assert [(unit.kind, unit.text, unit.lead) for unit in units] == [
        ("sentence", "Neem mee naar de balie:", ""),
        ("item", "een pasfoto", "Neem mee naar de balie:"),
        ("item", "uw oude pas", "Neem mee naar de balie:"),
    ]


def test_units_of_gives_a_row_its_caption_and_heads() -> None:
    row = units_of([chunk("| tot 18 jaar | € 63,70 |", "Tarieven\n| Leeftijd | Prijs |")])[0]
    assert (row.kind, row.lead, row.heads, row.cells) == (
        "row",
        "Tarieven",
        ("Leeftijd", "Prijs"),
        ("tot 18 jaar", "€ 63,70"),
    )


def test_units_of_keeps_a_question_with_the_sentence_that_answers_it() -> None:
    units = units_of([chunk("Bent u jonger dan 18? Dan komt een ouder mee. Neem een pasfoto mee.")])
    assert [unit.text for unit in units] == [
        "Bent u jonger dan 18? Dan komt een ouder mee.",
        "Neem een pasfoto mee.",
    ]


def test_units_of_leaves_a_long_question_and_one_without_a_space_apart() -> None:
    long = " ".join(["Woont u hier", *["en daar"] * 22]) + "?"
    assert len(units_of([chunk(f"{long} Dan geldt dit niet.")])) == 2
    assert [unit.text for unit in units_of([chunk("Kent u dit al?De regels staan hieronder.")])] == [
        "Kent u dit al?",
        "De regels staan hieronder.",
    ]
