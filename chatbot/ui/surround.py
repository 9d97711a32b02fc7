"""What stands around the conversation: the top of the page, the opening words, the way to a person."""

from html import escape

from chatbot.records import ContactBlock
from chatbot.ui.links import call, external, safe_url
from chatbot.ui.texts import Texts


def render_header(organisation: str, texts: Texts, language: str) -> str:
    """Return the top of the page. vraagbaak.js reads the language from it."""
    subtitle = texts.fill("subtitle", organisation=organisation)
    return (
        f'<div class="vb-bar" data-language="{escape(language)}"><p class="vb-organisation">{escape(organisation)}</p>'
        f"{contact_link(texts, 'vb-to-contact')}</div>"
        f'<div class="vb-title"><h1>{escape(texts["title"])}</h1><p>{escape(subtitle)}</p></div>'
    )


def contact_link(texts: Texts, css: str = "") -> str:
    """Return a link to the contact block, for the top of the page and, on a phone, beside the question."""
    return f'<a class="{css}" href="#contact">{escape(texts["contact"])}</a>'


def render_disclosure(contact: ContactBlock, texts: Texts) -> str:
    """Return the opening words: this is AI, it can be wrong, keep personal data to yourself, here is a person.

    Required at the first contact by article 50 of the AI Act.
    """
    ways = [call(contact.phone, texts.fill("disclosure_call", phone=contact.phone))] if contact.phone else []
    ways.append(contact_link(texts))
    return (
        '<div class="vb-intro" data-ai-generated="true">'
        f"<p>{escape(texts.fill('disclosure_1', organisation=contact.organisation))}</p>"
        f"<p><strong>{escape(texts['disclosure_2'])}</strong></p>"
        f"<p>{escape(texts['disclosure_person'])} {' · '.join(ways)}</p></div>"
    )


def render_contact(contact: ContactBlock, texts: Texts) -> str:
    """Return the contact block that is always on the page."""
    rows = []
    if contact.phone:
        rows.append(("phone", call(contact.phone, contact.phone, "vb-phone")))
    if contact.hours or contact.today:
        rows.append(("hours", _hours(contact)))
    if contact.address:
        rows.append(("address", escape(contact.address)))
    details = "".join(f"<div><dt>{escape(texts[key])}</dt><dd>{value}</dd></div>" for key, value in rows)
    links = "".join(
        f"<li>{external(url, texts[key], texts)}</li>"
        for key, url in (("form", contact.form), ("contact_page", contact.page))
        if safe_url(url)
    )
    return (
        '<section class="vb-contact" id="contact" aria-labelledby="vb-contact-h" tabindex="-1">'
        f'<h2 id="vb-contact-h">{escape(texts["contact"])}</h2>'
        f"<p>{escape(contact.organisation)}. {escape(texts['contact_intro'])}</p>"
        f"<dl>{details}</dl><ul>{links}</ul></section>"
    )


def short_contact(contact: ContactBlock, texts: Texts) -> str:
    """Return one line to a person, for inside every turn that is no answer."""
    ways = [call(contact.phone, texts.fill("disclosure_call", phone=contact.phone))] if contact.phone else []
    if safe_url(contact.form):
        ways.append(external(contact.form, texts["form"], texts))
    elif safe_url(contact.page):
        ways.append(external(contact.page, texts["contact_page"], texts))
    return f'<p class="vb-person">{escape(texts["disclosure_person"])} {" · ".join(ways)}</p>' if ways else ""


def render_apology(text: str, contact: ContactBlock, texts: Texts) -> str:
    """Return what is shown when the window itself fails."""
    return f'<div class="vb-text vb-text--other"><p>{escape(text)}</p>{short_contact(contact, texts)}</div>'


def _hours(contact: ContactBlock) -> str:
    """Return whether somebody answers now, and below it the hours of the week."""
    state = "open" if contact.open_now else "closed"
    now = f'<span class="vb-now vb-now--{state}">{escape(contact.today)}</span>' if contact.today else ""
    return now + (f"<div>{escape(contact.hours)}</div>" if contact.hours else "")
