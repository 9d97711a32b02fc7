"""Links that a browser may follow. The only place where an address from a page or a reply becomes HTML."""

from html import escape
from urllib.parse import urlsplit

from chatbot.ui.texts import Texts

SAFE_SCHEMES = ("http", "https", "tel", "mailto")


def safe_url(url: str) -> str:
    """Return the address if a browser may open it, else an empty string."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    has_target = bool(parts.netloc) if parts.scheme in ("http", "https") else bool(parts.path)
    return url if parts.scheme in SAFE_SCHEMES and has_target and not any(c.isspace() for c in url) else ""


def external(url: str, label: str, texts: Texts, css: str = "") -> str:
    """Return a link that opens beside the conversation, and says so; plain text if the address is not safe."""
    href = safe_url(url)
    if not href:
        return escape(label)
    css = f' class="{css}"' if css else ""
    if urlsplit(href).scheme in ("tel", "mailto"):
        return f'<a{css} href="{escape(href)}">{escape(label)}</a>'
    return (
        f'<a{css} href="{escape(href)}" target="_blank" rel="noopener noreferrer">{escape(label)}'
        f'<span class="vb-sr"> ({escape(texts["new_tab"])})</span></a>'
    )


def call(phone: str, label: str, css: str = "") -> str:
    """Return a link that dials a phone number as people write it."""
    number = "".join(c for c in phone if c.isdigit() or c == "+")
    return f'<a class="vb-tel {css}" href="tel:{number}">{escape(label)}</a>'
