"""The staff desk in a real browser."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
PASSWORD = "geheim-van-proefdorp"
FOCUSED = "document.activeElement"


def open_desk(open_page: Any, desk: Any, **options: Any) -> Page:
    page: Page = open_page(desk.address, **options)
    page.get_by_label("Gebruikersnaam").fill("balie")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_label("Wat wil de inwoner weten?")).to_be_focused()
    return page


def test_results_and_a_draft_answer_appear_while_typing(open_page: Any, desk: Any) -> None:
    page = open_desk(open_page, desk)
    page.keyboard.type("wat kost een paspoort", delay=20)
    expect(page.locator("#passages > li").first).to_contain_text("Paspoort aanvragen")
    expect(page.locator("#passages > li").first).to_contain_text("Openbaar")
    expect(page.get_by_role("status")).to_contain_text("passages gevonden")
    expect(page.locator("#antwoord")).to_contain_text("€ 84,20")
    assert "paspoort" not in page.url


def test_internal_notes_are_marked_and_say_why_they_were_found(open_page: Any, desk: Any) -> None:
    page = open_desk(open_page, desk)
    page.keyboard.type("boze bellers doorverbinden")
    note = page.locator("#passages > li", has_text="KANARIE-7731")
    expect(note).to_contain_text("Intern")
    note.get_by_text("Waarom deze passage?").click()
    expect(note.get_by_text("Woorden uit de vraag")).to_be_visible()
    expect(page.locator("#antwoord")).not_to_contain_text("KANARIE-7731")


def test_the_keyboard_moves_through_passages_and_copies_one(open_page: Any, desk: Any) -> None:
    page = open_desk(open_page, desk, permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.type("paspoort")
    expect(page.locator("#passages > li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#passages > li").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#passages > li").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("c")
    expect(page.get_by_role("status")).to_contain_text("gekopieerd")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "Bron: " in copied
    assert "http://127.0.0.1:8123/" in copied
    page.keyboard.press("/")
    expect(page.get_by_label("Wat wil de inwoner weten?")).to_be_focused()


def test_axe_finds_nothing_wrong_at_the_desk(open_page: Any, desk: Any) -> None:
    page = open_page(desk.address)
    assert [item["id"] for item in Axe().run(page).response["violations"]] == []
    page = open_desk(open_page, desk)
    page.keyboard.type("paspoort")
    expect(page.locator("#antwoord p").first).to_be_visible()
    page.locator(".why summary").first.click()
    assert [item["id"] for item in Axe().run(page).response["violations"]] == []


def test_the_desk_fits_a_narrow_screen(open_page: Any, desk: Any) -> None:
    page = open_desk(open_page, desk, width=320, height=640)
    page.keyboard.type("paspoort")
    expect(page.locator("#passages > li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_signing_out_closes_the_desk(open_page: Any, desk: Any) -> None:
    page = open_desk(open_page, desk)
    page.get_by_role("button", name="Afmelden").click()
    expect(page.get_by_label("Wachtwoord")).to_be_visible()
    page.goto(desk.address)
    expect(page.get_by_label("Wachtwoord")).to_be_visible()
