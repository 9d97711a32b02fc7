"""What is asked most: one aspect of a page's subject, and when and where the municipality is open."""

from datetime import datetime

import pytest

from chatbot.converse import ask
from chatbot.records import Question, Status
from chatbot.services import Services, open_services
from corpus.records import Facet
from tests.chatbot.tiny import Passage, build_tiny_generation, load_tiny_site

MONDAY = datetime(2026, 11, 23, 10, 0)
WHEELCHAIR: tuple[Passage, ...] = (
    ((), Facet.DESCRIPTION, "Kunt u niet goed lopen? Dan kunt u een rolstoel krijgen van de gemeente.", ""),
    (("Voorwaarden",), Facet.CONDITIONS, "- U hebt een rolstoel langer dan 6 maanden nodig.\n- U woont thuis.", ""),
    (
        ("Kosten",),
        Facet.COST,
        "| Extra, bij verlies van een rolstoel | € 60 |\n| Gewone rolstoel | € 15 |",
        "Eigen bijdrage\n| Rolstoel | Kosten |",
    ),
    (("Aanvragen",), Facet.PROCEDURE, "Meld u bij het Wmo-loket. Daarna hebt u een gesprek over de rolstoel.", ""),
    (("Neem mee",), Facet.BRING, "- uw identiteitsbewijs\n- een brief van uw arts", ""),
    (("Hoe lang duurt het?",), Facet.TERM, "Op een aangepaste rolstoel wacht u ongeveer 8 weken.", ""),
)
HOURS = "| Woensdag | 9.00 – 17.00 uur |\n| Donderdag | 9.00 – 20.00 uur |\n| Zaterdag | gesloten |"
HELP = "In de hal van het gemeentehuis helpt op donderdag van 10.00 tot 12.00 uur een vrijwilliger."
TOWN_HALL: tuple[Passage, ...] = (
    (("Openingstijden",), Facet.CONTACT, HOURS, "Openingstijden van het gemeentehuis\n| Dag | Open |"),
    (("Hulp",), Facet.CONTACT, HELP, ""),
    (("Bellen",), Facet.CONTACT, "U belt ons van maandag tot en met vrijdag van 8.30 tot 17.00 uur.", ""),
)
PAGES = {
    "/rolstoel": ("Rolstoel aanvragen", WHEELCHAIR),
    "/contact/gemeentehuis": ("Adres en openingstijden van het gemeentehuis", TOWN_HALL),
}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Services:
    folder = tmp_path_factory.mktemp("head")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VRAAGBAAK_HOME", str(folder / "home"))
        site = load_tiny_site(folder)
        build_tiny_generation(site, PAGES)
        return open_services(site)


def first_line(services: Services, question: str) -> str:
    reply = ask(Question(text=question), services, now=MONDAY)
    assert reply.status is Status.ANSWERED
    return reply.text.splitlines()[0]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("hoe vraag ik een rolstoel aan", "Meld u bij het Wmo-loket."),
        ("rolstoel aanvragen, hoe doe ik dat", "Meld u bij het Wmo-loket."),
        ("wat kost een rolstoel", "Gewone rolstoel – Kosten: € 15"),
        ("wat kost een rolstoel voor mijn dochter van 10", "Gewone rolstoel – Kosten: € 15"),
        ("wat moet ik meenemen voor een rolstoel", "uw identiteitsbewijs"),
        ("hoe lang duurt het om een rolstoel te krijgen", "wacht u ongeveer 8 weken"),
        ("wat zijn de voorwaarden voor een rolstoel", "langer dan 6 maanden nodig"),
    ],
)
def test_it_answers_first_what_is_asked_of_the_subject(asked: Services, question: str, first: str) -> None:
    assert first in first_line(asked, question)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("hoe laat gaat het gemeentehuis dicht op donderdag", "Donderdag – Open: 9.00 – 20.00 uur"),
        ("zijn jullie open op zaterdag", "Zaterdag – Open: gesloten"),
        ("tot hoe laat kan ik bellen", "U belt ons van maandag tot en met vrijdag van 8.30 tot 17.00 uur."),
    ],
)
def test_it_gives_the_hours_of_the_place_and_day_asked_for(asked: Services, question: str, first: str) -> None:
    assert first in first_line(asked, question)
