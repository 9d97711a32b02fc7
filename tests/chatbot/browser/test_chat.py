"""The chat as residents use it, in a real browser."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
QUESTION = "Wat kost een paspoort?"


def open_chat(open_page: Any, chat: Any, **options: Any) -> Page:
    page: Page = open_page(chat.address, **options)
    expect(page.get_by_role("button", name="Stel vraag")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Ik ben een digitale assistent (AI)")).to_be_visible()
    return page


def ask(page: Page, question: str) -> None:
    number = page.locator(".vb-turn").count() + 1
    page.get_by_label("Uw vraag").fill(question)
    page.get_by_label("Uw vraag").press("Enter")
    expect_answer(page, number)


def expect_answer(page: Page, number: int) -> None:
    expect(page.locator(f'#vb-current [data-turn="{number}"][data-state="done"]')).to_be_visible(timeout=15_000)
    expect(page.locator("#vb-status")).to_contain_text("Het antwoord staat klaar.")


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong, one line each."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in found]


def test_the_page_says_first_that_it_is_a_machine_and_where_a_person_is(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    assert page.title() == "Stel uw vraag - Gemeente Proefdorp"
    assert page.locator("html").get_attribute("lang") == "nl"
    intro = page.locator("#vb-intro")
    expect(intro).to_contain_text("Ik kan fouten maken.")
    expect(intro).to_contain_text("Deel geen persoonsgegevens")
    expect(intro.get_by_role("link", name="Bel 14 0998")).to_have_attribute("href", "tel:140998")
    expect(page.get_by_role("region", name="Neem contact op")).to_contain_text("14 0998")


def test_an_answer_shows_its_source_with_date_quote_and_deep_link(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, QUESTION)
    answer = page.locator("#vb-current .vb-answer")
    expect(answer).to_contain_text("€ 84,20")
    expect(answer).to_have_attribute("data-ai-generated", "true")
    source = answer.locator(".vb-sources")
    expect(source.get_by_role("link", name=re.compile("^Paspoort aanvragen")).first).to_have_attribute(
        "href", "http://127.0.0.1:8123/paspoort"
    )
    expect(source).to_contain_text("Pagina bijgewerkt op 14 september 2026")
    quote = source.locator("blockquote").first
    expect(quote).not_to_be_visible()
    answer.get_by_role("link", name=re.compile("^Bron 1")).first.click()
    expect(quote).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "bron-1-1"
    expect(source).to_contain_text("Kosten")
    deep = source.get_by_role("link", name=re.compile("Open de pagina bij deze tekst")).first
    assert "#kosten:~:text=" in (deep.get_attribute("href") or "")


def test_an_example_asks_its_question_and_the_examples_go_away(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator("#vb-current h2")).to_have_text(QUESTION)
    expect(page.locator("#vb-current")).to_contain_text("€ 84,20")
    expect(page.get_by_role("button", name=QUESTION)).not_to_be_visible()
    expect(page.get_by_role("group", name=QUESTION)).to_be_focused()


@pytest.fixture(scope="session")
def doubtful_chat(town: Any, start_command: Any, free_port: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a chat of the same town that is hardly ever sure."""
    site = tmp_path_factory.mktemp("doubt") / "proefdorp.toml"
    site.write_text(town.file.read_text() + "[thresholds]\nchoice = 1.0\npresence = 0.0\n")
    return start_command("chatbot", "serve", "--site", str(site), port=free_port(), environment=town.environment)


def test_a_choice_answers_from_the_page_that_was_chosen(open_page: Any, doubtful_chat: Any) -> None:
    page = open_chat(open_page, doubtful_chat)
    ask(page, QUESTION)
    expect(page.get_by_text("Bedoelt u een van deze pagina's?")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Rijbewijs verlengen").click()
    expect_answer(page, 2)
    expect(page.locator("#vb-current .vb-sources")).to_contain_text("Rijbewijs verlengen")
    expect(page.get_by_text("Bedoelt u een van deze pagina's?")).not_to_be_visible()
    expect(page.locator("#vb-past h2")).to_have_text(QUESTION)


def test_an_answer_in_another_language_is_marked_as_such(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, "pasaport ne kadar")
    expect(page.locator("#vb-current .vb-answer")).to_have_attribute("lang", "tr")
    expect(page.locator("#vb-log p")).to_have_attribute("lang", "tr")


def test_a_thumb_can_be_explained_and_is_asked_once(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, QUESTION)
    page.get_by_role("button", name="Nee", exact=True).click()
    expect(page.get_by_text("Bedankt voor uw reactie.")).to_be_visible()
    expect(page.get_by_role("button", name="Nee", exact=True)).not_to_be_visible()
    expect(page.get_by_label("Wilt u dit toelichten?")).to_be_focused()
    page.get_by_label("Wilt u dit toelichten?").fill("De prijs klopt niet.")
    page.get_by_role("button", name="Verstuur").click()
    expect(page.get_by_text("De redactie leest uw toelichting.")).to_be_visible()
    expect(page.get_by_label("Wilt u dit toelichten?")).not_to_be_visible()


def test_starting_again_wipes_the_conversation(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, QUESTION)
    page.get_by_role("button", name="Opnieuw beginnen").click()
    expect(page.locator("#vb-status")).to_contain_text("Het gesprek is gewist")
    assert page.locator(".vb-turn").count() == 0
    expect(page.get_by_role("button", name=QUESTION)).to_be_visible()


def test_everything_can_be_done_with_the_keyboard(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "vb-skip"
    page.keyboard.press("Enter")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("#vb-status")).to_contain_text("Het antwoord staat klaar.")
    reached, steps = set(), 0
    while "vb-restart" not in reached and steps < 60:
        page.keyboard.press("Tab")
        steps += 1
        focus = page.evaluate(
            "() => { const e = document.activeElement, s = getComputedStyle(e);"
            " const width = s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth);"
            " return [e.id || e.className || e.tagName, width >= 2]; }"
        )
        reached.add(focus[0])
        assert focus[1], f"{focus[0]} has no visible focus"
    assert {"vb-ask", "vb-restart"} <= reached
    page.keyboard.press("Enter")
    expect(page.locator("#vb-status")).to_contain_text("Het gesprek is gewist")


def test_a_screen_reader_hears_steps_and_every_sentence_once(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    expect(page.locator("#vb-status")).to_have_attribute("role", "status")
    log = page.locator("#vb-log")
    expect(log).to_have_attribute("aria-live", "polite")
    ask(page, QUESTION)
    spoken = log.inner_text()
    assert spoken.count("€ 84,20") == 1
    assert "[1]" not in spoken
    ask(page, "Wat is de hoofdstad van Frankrijk?")
    assert "€ 84,20" not in log.inner_text()
    assert "Gemeente Proefdorp" in log.inner_text()
    page.get_by_role("button", name="Opnieuw beginnen").click()
    expect(page.locator(".vb-turn")).to_have_count(0)
    ask(page, QUESTION)
    assert log.inner_text().count("€ 84,20") == 1


def test_axe_finds_nothing_wrong_in_any_state(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    assert violations(page) == []
    ask(page, QUESTION)
    page.locator(".vb-sources summary").first.click()
    assert violations(page) == []
    page.get_by_role("button", name="Ja", exact=True).click()
    expect(page.get_by_label("Wilt u dit toelichten?")).to_be_visible()
    assert violations(page) == []
    ask(page, "pasaport ne kadar")
    ask(page, "Ik wil niet meer leven")
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 360])
def test_a_phone_needs_no_sideways_scrolling(open_page: Any, chat: Any, width: int) -> None:
    page = open_chat(open_page, chat, width=width, height=640)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.eval_on_selector_all(
        "button, .vb-action",
        "all => all.filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.id)",
    )
    assert small == []
    assert violations(page) == []


def test_the_window_switches_to_english_and_back(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#vb-intro")).to_contain_text("I am a digital assistant (AI)")
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")


def test_what_is_typed_is_shown_as_text(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    typed = "<img src=x onerror=alert(1)><script>alert(2)</script> $$x$$ **vet** [a](javascript:alert(3)) paspoort"
    ask(page, typed)
    expect(page.locator("#vb-current h2")).to_have_text(typed)
    assert page.locator("#vb-current img, #vb-current script, #vb-current h2 a, #vb-current h2 strong").count() == 0


def test_personal_data_are_not_shown_again(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, "Mijn BSN is 111222333. Wat kost een paspoort?")
    assert "111222333" not in page.content()
    expect(page.locator("#vb-current")).to_contain_text("14 0998")


def test_there_is_nothing_to_share_upload_or_flag(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, QUESTION)
    assert page.locator("input[type=file], footer:visible").count() == 0
    names = page.get_by_role("button").all_inner_texts()
    assert not [name for name in names if re.search("share|deel|flag|upload", name, re.IGNORECASE)]
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})").find("paspoort") == -1


def test_a_reload_starts_a_new_conversation(open_page: Any, chat: Any) -> None:
    page = open_chat(open_page, chat)
    ask(page, QUESTION)
    page.reload()
    expect(page.get_by_role("button", name=QUESTION)).to_be_visible(timeout=15_000)
    assert page.locator(".vb-turn").count() == 0


def test_a_server_that_is_gone_is_said_in_dutch_and_the_question_stays(
    browser: Any, town: Any, start_command: Any, free_port: Any
) -> None:
    own = start_command("chatbot", "serve", "--site", str(town.file), port=free_port(), environment=town.environment)
    page = browser.new_context().new_page()
    page.goto(own.address)
    expect(page.get_by_role("button", name="Stel vraag")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Ik ben een digitale assistent (AI)")).to_be_visible()
    own.process.kill()
    own.process.wait()
    page.get_by_label("Uw vraag").fill(QUESTION)
    page.get_by_label("Uw vraag").press("Enter")
    expect(page.get_by_role("alert")).to_have_text(
        "De assistent is nu niet bereikbaar. Probeer het later opnieuw, of neem contact op met Gemeente Proefdorp.",
        timeout=15_000,
    )
    expect(page.get_by_text("Connection")).not_to_be_visible()
    expect(page.get_by_label("Uw vraag")).to_have_value(QUESTION)
    expect(page.get_by_role("region", name="Neem contact op")).to_contain_text("14 0998")
