"""chatbot.ask_back: the one question to ask when pages fit about equally."""

from typing import Literal

from chatbot.ask_back import ask_back
from chatbot.records import Hit
from corpus.records import Chunk, Page, Product


def hit(
    path: str,
    title: str,
    score: float,
    text: str = "Tekst.",
    group: Literal["particulier", "ondernemer"] | None = None,
) -> Hit:
    page = Page(id=path, url=f"http://127.0.0.1{path}", title=title, product=Product(doelgroep=group))
    return Hit(page=page, chunk=Chunk(id=path, page_id=path, position=0, text=text, tokens=1), score=score)


NOORD = hit("/wijken/noord", "Wijk Noord", 3.0, "Spreekuur in Noord op maandag.")
ZUID = hit("/wijken/zuid", "Wijk Zuid", 2.2, "Spreekuur in Zuid op dinsdag.")


def test_it_asks_for_the_place_that_the_question_does_not_name() -> None:
    asked = ask_back("wanneer is het spreekuur in de wijk", [NOORD, ZUID])
    assert asked is not None
    assert (asked.about, [h.page.title for h in asked.hits]) == ("place", ["Wijk Noord", "Wijk Zuid"])


def test_it_does_not_ask_for_a_place_that_is_named_or_when_one_page_stands_out() -> None:
    assert ask_back("spreekuur in noord", [NOORD, ZUID]) is None
    assert ask_back("wanneer is het spreekuur", [NOORD.model_copy(update={"score": 6.0}), ZUID]) is None


def test_it_does_not_ask_when_both_places_say_the_same() -> None:
    same = [
        hit("/a/noord", "Wijk Noord", 3.0, "In Noord is het gratis."),
        hit("/a/zuid", "Wijk Zuid", 3.0, "In Zuid is het gratis."),
    ]
    assert ask_back("kost het iets", same) is None


def test_it_does_not_take_two_subjects_for_two_places() -> None:
    assert (
        ask_back(
            "wat kost het", [hit("/p/kind", "Paspoort kind", 3.0, "a"), hit("/p/oud", "Paspoort volwassene", 3.0, "b")]
        )
        is None
    )


def test_it_asks_whether_it_is_for_a_business() -> None:
    pages = [
        hit("/afval", "Grofvuil ophalen", 2.0, "a", "particulier"),
        hit("/bedrijf", "Grofvuil van bedrijven", 1.8, "b", "ondernemer"),
    ]
    asked = ask_back("grofvuil laten ophalen", pages)
    assert asked is not None
    assert asked.about == "group"
    assert ask_back("grofvuil van mijn winkel ophalen", pages) is None
    assert ask_back("grofvuil", [pages[0], hit("/x", "Terras", 1.9, "c", "ondernemer")]) is None


def test_it_has_nothing_to_ask_without_hits() -> None:
    assert ask_back("iets", []) is None
