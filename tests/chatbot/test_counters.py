"""chatbot.counters: noticing that a question is for somebody else."""

from pathlib import Path

import numpy as np
import pytest

from chatbot.counters import counter_topics, counters_of, find_counter, find_counter_by_topic, find_municipality
from corpus.language.topics import load_bank
from tests.chatbot.tiny import load_tiny_site


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("mijn auto moet apk gekeurd", "RDW"),
        ("er is gisteren bij ons ingebroken", "politie"),
        ("kan ik mijn studieschuld stilzetten", "DUO"),
        ("ik moet huurtoeslag terugbetalen", "Dienst Toeslagen"),
        ("ik ben geflitst op de a2", "CJIB"),
        ("me pinpas is geblokkeerd wat nu", "uw bank (Wijzer in geldzaken)"),
        ("er is een lekkage in mijn huurhuis", "uw woningcorporatie of verhuurder"),
        ("bij ons is de stroom uitgevallen", "de netbeheerder (storing gas of stroom)"),
        ("er komt bruin water uit de kraan", "het drinkwaterbedrijf"),
        ("mijn baas heeft mijn salaris niet betaald", "het Juridisch Loket"),
        ("waar kan ik een testament laten maken", "een notaris (notaris.nl)"),
        ("mijn ex betaalt de kinderalimentatie niet", "LBIO"),
        ("er zaten muizen in het restaurant", "de NVWA"),
        ("I forgot my DigiD password", "de DigiD-helpdesk"),
        ("my train was delayed, can I get a refund", "NS of uw vervoerder"),
        ("wat kost een parkeervergunning in Apeldoorn", "gemeente Apeldoorn"),
    ],
)
def test_it_names_the_counter(tmp_path: Path, question: str, name: str) -> None:
    found = find_counter(question, load_tiny_site(tmp_path))
    assert found is not None
    assert found[0].name == name


@pytest.mark.parametrize(
    "question",
    [
        "wat kost een paspoort",
        "last van de buren in de straat",
        "wat is het beste in best",
        "waar laat ik mijn oude bank",
        "op welke dag mag het pak melk in de container",
        "ik wil mijn rijbewijs verlengen",
        "bezwaar tegen een parkeerboete",
        "de lantaarnpaal voor de deur doet het niet",
        "de bushalte ligt vol afval",
        "onze flat heeft een lift en ik wil een scootmobiel",
        "mijn rekeningnummer doorgeven voor de bijstand",
        "do I need a permit for a furniture lift",
        "ik wil mijn geboorteakte voor de notaris",
        "zijn er ratten in het park",
    ],
)
def test_it_leaves_municipal_questions_alone(tmp_path: Path, question: str) -> None:
    assert find_counter(question, load_tiny_site(tmp_path)) is None


def test_a_site_keeps_its_own_address_and_gets_the_shipped_words(tmp_path: Path) -> None:
    found = find_counter("auto schorsen", load_tiny_site(tmp_path))
    assert found is not None
    assert found[0].url == "https://www.rdw.example/"


def test_the_own_municipality_is_not_another_one(tmp_path: Path) -> None:
    site = load_tiny_site(tmp_path)
    own = site.model_copy(update={"organisation": site.organisation.model_copy(update={"name": "Gemeente Apeldoorn"})})
    assert find_municipality("parkeren in Apeldoorn", own) == ""


def test_every_topic_of_a_counter_is_in_the_bank_and_every_counter_in_the_table(tmp_path: Path) -> None:
    topics = counter_topics()
    assert len(topics) > 200
    assert not topics.keys() - {topic.name for topic in load_bank().topics}
    assert not set(topics.values()) - {counter.name for counter in counters_of(load_tiny_site(tmp_path))}


def test_the_nearest_topics_name_a_counter_only_together(tmp_path: Path) -> None:
    site, names = load_tiny_site(tmp_path), ["Wajong", "WW-uitkering", "paspoort aanvragen"]
    assert {counter_topics()[name] for name in names[:2]} == {"UWV"}

    def name_of(*scores: float) -> str:
        counter = find_counter_by_topic(np.array(scores, np.float32), names, site)
        return counter.name if counter else ""

    assert name_of(0.7, 0.7, 0.5) == "UWV"
    assert name_of(0.7, 0.7, 0.72) == ""
    assert name_of(0.4, 0.4, 0.7) == ""
