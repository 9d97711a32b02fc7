"""chatbot.kinds, guard and route: what needs no search, by meaning, on phrases that stand in no file of ours."""

import time

import pytest

from chatbot.converse import ask
from chatbot.guard import guard
from chatbot.kinds import OUTCOMES, kind_names, read_phrases
from chatbot.patterns import first_match
from chatbot.records import Question, Status, Turn
from chatbot.route import route
from chatbot.services import Services


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("ik zie het nut van verder leven niet meer en wil vannacht een eind eraan maken", "suicide"),
        ("mijn vriend heeft mij vanavond weer in elkaar geslagen en ik durf niet te slapen", "violence"),
        ("er slaan vlammen uit het raam van mijn keuken", "emergency"),
        ("het ruikt in onze gang sterk naar gas", "gas"),
        ("al drie uur geen stroom meer in de hele straat, wie kan ik bellen", "power"),
        ("zelfmoord", "suicide"),
        ("gaslek", "gas"),
    ],
)
def test_it_signposts_a_crisis_that_no_rule_spells_out(services: Services, question: str, detail: str) -> None:
    verdict = guard(question, services.kinds)
    assert (verdict.status, verdict.detail) == (Status.CRISIS, detail)


@pytest.mark.parametrize(
    "question",
    [
        "wat doet Veilig Thuis precies",
        "wat kan ik doen tegen huiselijk geweld in het algemeen",
        "waar meld ik een overleden dier",
        "wat kost een training suïcidepreventie voor vrijwilligers",
        "wie is de burgemeester van Proefdorp",
        "hoe maak ik bezwaar tegen een aanslag",
        "wat kost het om grofvuil te laten ophalen",
        "mag ik een schutting van 2 meter plaatsen",
        "gas",
        "stroom",
        "ratten",
        "kanker",
        "weekend",
        "kanker gekregen",
        "domme vraag",
    ],
)
def test_a_question_about_the_subject_goes_on_to_the_pages(services: Services, question: str) -> None:
    assert guard(question, services.kinds).status is None
    assert route(question, services.kinds) == ""


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("ik heb al twee maanden niets gehoord over mijn aanvraag voor een uitkering", "case_status"),
        ("hierbij dien ik mijn bezwaar in tegen de naheffing van vorige week", "formal_message"),
        ("zou ik een echte medewerker kunnen spreken", "person"),
        ("praat ik hier met een robot of met een mens", "greeting"),
        ("op welke dag wordt het plastic in mijn straat opgehaald", "lookup"),
    ],
)
def test_it_tells_what_needs_no_search(services: Services, question: str, kind: str) -> None:
    found = route(question, services.kinds)
    assert ("greeting" if found == "about_me" else found) == kind


def test_few_words_in_a_conversation_are_not_judged_by_meaning(services: Services) -> None:
    assert route("hoe werkt dit", services.kinds) == "greeting"
    assert route("hoe werkt dit", services.kinds, in_conversation=True) == ""
    history = (Turn(role="user", content="wat kost een rijbewijs"),)
    assert ask(Question(text="en met spoed", history=history), services).status is not Status.GREETING


def test_other_languages_are_not_judged_by_likeness_to_dutch(services: Services) -> None:
    assert guard("Pasaportumu nasıl yenileyebilirim ve ne kadar sürer", services.kinds).status is None


def test_the_chances_of_a_question_never_add_up_to_more_than_one(services: Services) -> None:
    for text in ("", "🙂", "wat kost een paspoort", "a" * 8000):
        chances = services.kinds.read(text)
        assert all(0 <= chance <= 1 for chance in chances.values())
        assert sum(chances.values()) <= 1 + 1e-6


def test_every_file_of_phrases_has_an_outcome_and_enough_phrases() -> None:
    assert sorted(kind for kinds in OUTCOMES.values() for kind in kinds) == kind_names()
    for kind in (*kind_names(), "ordinary"):
        phrases = read_phrases(kind)
        assert len(phrases) >= 80
        assert len(set(phrases)) == len(phrases)


def test_no_rule_for_a_crisis_or_an_injection_fires_on_an_ordinary_question() -> None:
    fired = [p for p in read_phrases("ordinary") if first_match("crisis", p) or first_match("injection", p)]
    assert fired == []


def test_reading_a_question_takes_a_few_milliseconds(services: Services) -> None:
    text = "ik heb vorige maand een aanvraag gedaan voor een parkeervergunning en ik hoor maar niets van jullie"
    services.kinds.read(text)
    started = time.process_time()
    for _ in range(50):
        services.kinds.read(text)
    assert (time.process_time() - started) / 50 < 0.02  # 1 ms on an idle machine; generous for a busy one


def test_hours_of_what_was_asked_for_before_are_not_ours(services: Services) -> None:
    assert route("hoe laat zijn ze open", services.kinds, in_conversation=True) == ""
    assert route("hoe laat zijn jullie open", services.kinds, in_conversation=True) == "opening_hours"
