import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from chatbot.ui.links import external, safe_url
from chatbot.ui.markup import plain, to_html
from chatbot.ui.texts import load_texts


def mark(n: int) -> str:
    return f"<a>{n}</a>" if n < 5 else ""


def test_markup_renders_paragraphs_lists_and_source_numbers() -> None:
    html = to_html("Neem dit mee: [1]\n- uw **oude** paspoort\n- 1 pasfoto [2]", mark)
    assert html == (
        "<p>Neem dit mee: <a>1</a></p><ul><li>uw <strong>oude</strong> paspoort</li><li>1 pasfoto <a>2</a></li></ul>"
    )


def test_markup_drops_a_source_number_that_nobody_knows() -> None:
    assert to_html("Zo is het. [9]", mark) == "<p>Zo is het. </p>"


def test_markup_makes_a_table_with_header_cells() -> None:
    html = to_html("| Soort | Prijs |\n|---|---|\n| 18+ | € 84,20 |", mark)
    assert '<th scope="col">Prijs</th>' in html
    assert "<td>€ 84,20</td>" in html
    assert "---" not in html


def test_markup_shows_html_from_a_page_as_text() -> None:
    html = to_html('<script>alert(1)</script> <img src=x onerror="alert(1)"> [klik](javascript:alert(1))', mark)
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


class Tags(HTMLParser):
    """Collects what a browser would see as tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


@given(st.text(alphabet=st.sampled_from("<>&\"'/ =abc[]1|-*>\n\t#javscript:onerror"), max_size=200))
def test_markup_never_lets_a_tag_or_attribute_of_the_text_through(text: str) -> None:
    tags = Tags()
    tags.feed(to_html(text, lambda n: ""))
    ours = {"p", "ul", "ol", "li", "div", "class", "tabindex", "table", "thead", "tbody", "tr", "th", "td", "scope"}
    assert tags.seen <= ours | {"strong", "blockquote", "br"}


@given(st.text(max_size=300))
def test_markup_is_one_line_so_that_gradio_keeps_it_whole(text: str) -> None:
    assert not re.search(r"[\n\r]", to_html(text, mark))


def test_plain_leaves_words_for_the_ear() -> None:
    assert plain("| Soort | Prijs |\n|---|---|\n- **18+** kost € 84,20 [1]") == "Soort Prijs 18+ kost € 84,20"


def test_links_are_made_for_web_phone_and_mail_only() -> None:
    assert safe_url("https://proefdorp.example/a#:~:text=b")
    assert safe_url("tel:140999")
    for url in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/a",
        "",
        "http://",
        "https://a b",
        "http://[",
    ):
        assert safe_url(url) == "", url


def test_a_link_that_is_not_safe_becomes_text() -> None:
    assert external("javascript:alert(1)", "<klik>", load_texts("nl")) == "&lt;klik&gt;"


def test_plain_keeps_words_after_bold() -> None:
    assert plain("Een paspoort kost **€ 84,20** als u 18 bent.") == "Een paspoort kost € 84,20 als u 18 bent."


def test_a_list_item_loses_only_its_own_mark() -> None:
    assert to_html("- kies optie 2. daarna - klaar", mark) == "<ul><li>kies optie 2. daarna - klaar</li></ul>"
