"""chatbot.personal_data: what blocks and what is masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.personal_data import find_personal_data, mask_personal_data, strip_hidden


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn bsn is 111222333", "mijn bsn is [nummer]"),
        ("nummer 123456782 klopt niet", "nummer [BSN] klopt niet"),
        ("stort op NL91 ABNA 0417 1643 00 graag", "stort op [rekeningnummer] graag"),
        ("mijn paspoort NX1234R56 is weg", "mijn paspoort [documentnummer] is weg"),
        ("v-nummer 123.456.7890", "[V-nummer]"),
    ],
)
def test_personal_numbers_block_the_question(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked
    assert any(finding.blocks for finding in find_personal_data(text))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mijn kenteken is AB-123-C", "mijn kenteken is [kenteken]"),
        ("bel 06-12345678 of jan@post.example", "bel [telefoonnummer] of [e-mailadres]"),
        ("ik woon dorpsstraat 12a", "ik woon [adres]"),
        ("1234 AB 12", "[adres]"),
        ("ik ben geboren op 12-03-1980", "ik ben geboren op [geboortedatum]"),
        ("mijn zoon (geb. 3 mei 2014) wil een pas", "mijn zoon (geb. [geboortedatum]) wil een pas"),
    ],
)
def test_contact_details_are_masked_and_the_question_goes_on(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked
    assert not any(finding.blocks for finding in find_personal_data(text))


@pytest.mark.parametrize(
    "text",
    [
        "14 0999 en 0800-2000 zijn nummers van de gemeente",
        "2023 is er 12 keer gestemd, op 06-12-2023",
        "postcode 1234 AB alleen",
        "parkeren in het park 2 uur kost € 3,20",
        "zaaknummer 123456789",
        "binnen 5 werkdagen na 1 januari 2026",
    ],
)
def test_ordinary_numbers_are_left_alone(text: str) -> None:
    assert mask_personal_data(text) == text


def test_an_invisible_character_does_not_hide_a_number() -> None:
    assert mask_personal_data("bsn 1112\u200b22333") == "bsn [nummer]"


@given(st.text(max_size=200))
def test_masking_is_stable_for_any_text(text: str) -> None:
    once = mask_personal_data(text)
    assert not any(finding.blocks for finding in find_personal_data(once))
    assert strip_hidden(once) == once
