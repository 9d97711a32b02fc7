"""chatbot.measures: what a question wants measured, and where a page says it."""

import pytest

from chatbot.measures import NAMES, read_measures
from corpus.language.words import fold


@pytest.mark.parametrize(
    ("question", "says", "does_not", "name"),
    [
        ("hoe hoog mag me busje zijn", "niet hoger dan 2,40 meter", "binnen 10 werkdagen", "length"),
        ("How old must I be?", "Collectanten zijn 16 jaar of ouder.", "U draagt een legitimatie.", "age"),
        ("Hoe groot mag je vuilniszak zijn", "een zak van 60 liter", "zet uw zak niet naast de container", "volume"),
        ("kan ik jullie ook appen", "App ons op 06 99 99 00 14.", "Per post kan ook.", "phone"),
        ("Hoeveel minuten krijg je", "maximaal 5 minuten per persoon", "op donderdag om 19.30 uur", "counted"),
        ("moet ik bakjes eerst schoonmaken", "Afspoelen hoeft niet.", "Doe het in de bak.", "modal"),
        ("Kan ik er nu nog mee op reis?", "Dan mag u het niet meer gebruiken.", "Meld het online.", "denial"),
    ],
)
def test_it_finds_the_measure_asked_for(question: str, says: str, does_not: str, name: str) -> None:
    read, at = read_measures(question), NAMES.index(name)
    assert (read(fold(says))[at], read(fold(does_not))[at]) == (1.0, 0.0)


def test_it_finds_nothing_where_nothing_is_asked() -> None:
    assert not any(read_measures("paspoort")("een paspoort kost € 83,87 en is 10 jaar geldig."))
