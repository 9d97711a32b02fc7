"""Gradio's page, made fit for a municipality: Dutch, no reference to other hosts, no inline script without nonce."""

import re
from html import escape
from pathlib import Path

from chatbot.ui.texts import LANGUAGES, load_texts

STATIC = Path(__file__).parent / "static"
# Gradio 6.31 hard-codes lang="en", social cards that point at other hosts, and scripts without nonce.
SOCIAL = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*', re.IGNORECASE)
MANIFEST = re.compile(r'<link rel="manifest"[^>]*>\s*')
SCRIPT = re.compile(r"<script(?=[\s>])")


def patch_page(html: str, *, nonce: str, organisation: str, theme: str) -> str:
    """Return Gradio's start page in Dutch, with our title and files, and a nonce on every script.

    `theme` is the class of the house style on <body>, empty for ours.
    """
    texts = load_texts("nl")
    html = MANIFEST.sub("", SOCIAL.sub("", html)).replace('lang="en"', 'lang="nl"', 1)
    head = (
        f"<title>{escape(page_title(organisation))}</title>"
        f'<meta name="description" content="{escape(texts.fill("subtitle", organisation=organisation))}">'
        '<link rel="icon" href="/ui/favicon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/ui/theme.css"><link rel="stylesheet" href="/ui/vraagbaak.css">'
        '<script src="/ui/vraagbaak.js" defer></script>'
    )
    start = (
        f'<a class="vb-skip" href="#vb-question">{escape(texts["skip"])}</a>'
        f'<noscript><p class="vb-loading">{escape(texts["no_script"])}</p></noscript>'
    )
    waiting = f'<p class="vb-loading vb-loading--script" role="status">{escape(texts["loading"])}</p>'
    lost = " ".join(
        f'data-{language}="{escape(load_texts(language).fill("lost", organisation=organisation))}"'
        for language in LANGUAGES
    )
    waiting += f'<p id="vb-lost" role="alert" {lost}></p>'
    html = html.replace("</head>", head + "</head>", 1).replace("</gradio-app>", "</gradio-app>" + waiting, 1)
    html = re.sub(r"(<body[^>]*?)(>)", rf'\1 class="{escape(theme)}"\2{start}', html, count=1)
    return SCRIPT.sub(f'<script nonce="{nonce}"', html)


def page_title(organisation: str) -> str:
    """Return the title of the window."""
    return f"{load_texts('nl')['title']} - {organisation}"
