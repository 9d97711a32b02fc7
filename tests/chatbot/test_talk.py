"""The chat window without Gradio, on a real index."""

from typing import Any

import pytest

from chatbot.front import Front
from chatbot.records import Status
from chatbot.ui.session import KEPT_TURNS, Session
from chatbot.ui.talk import Talk, View


def ask(talk: Talk, text: str, session: Session | None = None) -> list[View]:
    return list(talk.ask(text, session or Session(), client="127.0.0.1"))


def last_session(views: list[View]) -> Session:
    session: Any = views[-1]["session"]
    assert isinstance(session, Session)
    return session


def test_start_discloses_the_machine_and_offers_a_person(front: Front) -> None:
    view = Talk(front).start(Session())
    intro, contact = view["intro"]["value"], view["contact"]["value"]
    assert "Ik ben een digitale assistent (AI) van Gemeente Proefdorp." in intro
    assert "Ik kan fouten maken." in intro
    assert "Deel geen persoonsgegevens" in intro
    assert "Liever een medewerker?" in intro
    assert "14 0998" in contact
    assert "http://127.0.0.1:8123/contactformulier" in contact


def test_start_offers_only_examples_that_this_site_answers(front: Front) -> None:
    questions = front.examples("nl")
    assert "Wat kost een paspoort?" in questions
    assert "Hoe geef ik mijn verhuizing door?" not in questions
    view = Talk(front).start(Session())
    shown = [view[f"example_{n}"] for n in range(5)]
    assert [button["value"] for button in shown if button["visible"]] == questions


def test_examples_are_not_kept_for_the_editors(front: Front) -> None:
    front.services.questions = "masked"
    before = front.services.state.frequent_questions(1)  # other tests share the site and may have asked
    front.examples("nl")
    assert front.services.state.frequent_questions(1) == before


def test_ask_shows_question_steps_and_then_the_answer_with_its_source(front: Front) -> None:
    views = ask(Talk(front), "Wat kost een paspoort?")
    assert "Wat kost een paspoort?" in views[0]["current"]["value"]
    assert views[0]["stop"] == {"visible": True}
    steps = [view["status"]["value"] for view in views if list(view) == ["status"]]
    assert any("Pagina" in step for step in steps)
    final = views[-1]["current"]["value"]
    assert "€ 84,20" in final
    assert 'data-ai-generated="true"' in final
    assert "Pagina bijgewerkt op 14 september 2026" in final
    assert "http://127.0.0.1:8123/paspoort#kosten:~:text=" in final
    assert views[-1]["rating"] == {"visible": True}


def test_ask_says_what_is_wrong_with_an_empty_or_endless_question(front: Front) -> None:
    talk = Talk(front)
    assert "Typ eerst uw vraag" in ask(talk, "  \n ")[0]["status"]["value"]
    assert "te lang" in ask(talk, "a" * 8001)[0]["status"]["value"]


def test_ask_asks_for_patience_when_one_client_asks_too_much(front: Front) -> None:
    front._throttle.allows = lambda client: False  # type: ignore[method-assign]
    views = ask(Talk(front), "Wat kost een paspoort?")
    assert len(views) == 1
    assert "Wacht een minuut" in views[0]["status"]["value"]


def test_every_turn_that_is_no_answer_names_a_person(front: Front) -> None:
    for text, status in (
        ("Wat is de hoofdstad van Frankrijk?", None),
        ("Mijn BSN is 111222333, wat kost een paspoort?", Status.PERSONAL_DATA),
        ("Ik wil niet meer leven", Status.CRISIS),
    ):
        views = ask(Talk(front), text)
        reply = last_session(views).shown[-1].reply
        assert reply.status == status or status is None
        assert reply.status not in (Status.ANSWERED, Status.INTERNAL)
        assert "vb-person" in views[-1]["current"]["value"], text


def test_the_numbers_for_a_crisis_can_be_called_with_one_tap(front: Front) -> None:
    shown = ask(Talk(front), "Ik wil niet meer leven")[-1]["current"]["value"]
    for number in ("112", "113", "08000113", "08002000"):
        assert f'href="tel:{number}"' in shown


def test_a_bsn_is_neither_shown_again_nor_kept_as_history(front: Front) -> None:
    views = ask(Talk(front), "Mijn BSN is 111222333, wat kost een paspoort?")
    assert all("111222333" not in turn.content for turn in last_session(views).history())
    assert all("111222333" not in str(view) for view in views)


def test_a_follow_up_question_is_asked_with_its_history(front: Front) -> None:
    talk = Talk(front)
    session = last_session(ask(talk, "Wat kost een paspoort?"))
    follow_up = last_session(ask(talk, "En wat moet ik meenemen?", session))
    assert "pasfoto" in follow_up.shown[-1].reply.text


def test_stop_leaves_no_trace_of_the_question(front: Front) -> None:
    talk = Talk(front)
    running = talk.ask("Wat kost een paspoort?", Session(), client="")
    next(running)
    running.close()
    view = talk.stop(Session())
    assert view["current"] == {"value": ""}
    assert "gestopt" in view["status"]["value"]


def test_restart_forgets_the_conversation_and_keeps_the_language(front: Front) -> None:
    talk = Talk(front)
    session = last_session(ask(talk, "How much does a passport cost?", Session(language="en")))
    view = talk.restart(session)
    assert view["session"] == Session(language="en")
    assert view["past"] == view["current"] == {"value": ""}
    assert view["ask"]["value"] == "Ask"


def test_a_thumb_is_kept_once_and_its_explanation_without_personal_data(front: Front) -> None:
    talk = Talk(front)
    session = last_session(ask(talk, "Wat kost een paspoort?"))
    before = len(front.services.state.feedback())
    view = talk.thumb(False, session)
    again = talk.thumb(True, view["session"])
    assert again == {"session": view["session"]}
    talk.comment("Klopt niet, bel mij op 06 12345678 of mail jan@voorbeeld.nl", view["session"])
    kept = front.services.state.feedback()
    assert len(kept) == before + 1
    assert kept[0]["helpful"] == 0
    assert "Klopt niet" in str(kept[0]["comment"])
    assert "12345678" not in str(kept[0]["comment"])
    assert "jan@" not in str(kept[0]["comment"])


def test_a_session_keeps_a_bounded_number_of_turns(front: Front) -> None:
    talk, session = Talk(front), Session()
    reply = last_session(ask(talk, "Wat kost een paspoort?")).shown[-1].reply
    for number in range(1, KEPT_TURNS + 6):
        session = session.answered(number, "Wat kost een paspoort?", reply)
    assert len(session.shown) == KEPT_TURNS
    assert session.shown[-1].number == KEPT_TURNS + 5
    assert "Eerdere vragen staan hier niet meer" in talk.start(session)["past"]["value"]


def test_both_languages_hold_the_same_words() -> None:
    from chatbot.ui.texts import load_texts

    dutch, english = load_texts("nl"), load_texts("en")
    assert set(dutch._words) == set(english._words)
    assert len(dutch.examples()) == len(english.examples())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_apology_for_a_broken_window_names_a_person(front: Front, language: Any) -> None:
    said = Talk(front).fail(Session(language=language))["status"]["value"]
    assert "Gemeente Proefdorp" in said
    assert "tel:140998" in said
