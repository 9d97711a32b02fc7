"""ingest.facets: the headings that municipalities use."""

import pytest

from corpus.records import Facet
from ingest.facets import facet_of, facet_of_heading

HEADINGS = {
    Facet.COST: ["Kosten", "Prijzen en geldigheid", "Kosten en wachttijd", "TARIEVEN", "Leges", "wat kost het",
                 "Parkeertarieven", "Hoeveel betaalt u?", "What does it cost?", "Fees"],
    Facet.BRING: ["Meenemen", "Wat moet ik meenemen?", "Wat heeft u nodig", "Neem de volgende zaken mee",
                  "Wat meebrengen?", "Wat neemt u mee?", "What to bring"],
    Facet.CONDITIONS: ["Voorwaarden", "Eisen", "Wie kan een paspoort aanvragen", "Voor wie", "Requirements"],
    Facet.PROCEDURE: ["Aanpak", "Aanvragen", "Hoe werkt het", "Wat moet ik doen", "Afspraak maken", "Online regelen",
                      "How to apply"],
    Facet.TERM: ["Hoe lang duurt het", "Hoe lang duurt de aanvraag?", "Termijn", "Levertijd", "Wanneer",
                 "How long does it take?"],
    Facet.OBJECTION: ["Bezwaar", "Bezwaar en beroep", "Niet eens met het besluit?", "Objection and appeal"],
    Facet.NOTICE: ["Let op", "Bijzonderheden", "Goed om te weten", "Spoedaanvraag", "Geldigheid"],
    Facet.CONTACT: ["Contact", "Vragen? Wij helpen u graag", "Openingstijden", "Heeft u een vraag?", "Opening hours"],
    Facet.DESCRIPTION: ["Wat is het", "Algemene informatie", "Beschrijving", "Inleiding"],
}  # fmt: skip


@pytest.mark.parametrize(("facet", "heading"), [(facet, each) for facet, all_ in HEADINGS.items() for each in all_])
def test_facet_of_heading_knows(facet: Facet, heading: str) -> None:
    assert facet_of_heading(heading) is facet


@pytest.mark.parametrize("heading", ["Zone A", "Veelgestelde vragen", "Sociaal contact", "Meer informatie", ""])
def test_facet_of_heading_does_not_guess(heading: str) -> None:
    assert facet_of_heading(heading) is None


def test_facet_of_takes_the_nearest_heading_that_tells() -> None:
    assert facet_of(("Kosten", "Kinderen")) is Facet.COST
    assert facet_of(("Kosten", "Bezwaar")) is Facet.OBJECTION
    assert facet_of(()) is Facet.DESCRIPTION
