"""ingest.duplicates: copies of a page, and contact blocks of the template."""

from corpus.records import Block, Facet, Link, Page, Section
from ingest.duplicates import drop_copies, drop_templates, unique_ids

BLOCK = Block(kind="contact", text="Bel 14 0888\nNaar het contactformulier")
FORM = Link(label="Naar het contactformulier", url="https://a.example/contactformulier", kind="form")


def page(path: str, title: str = "Titel", text: str = "", contact: Block | None = None) -> Page:
    sections = [Section(blocks=(Block(kind="paragraph", text=text or f"Tekst van {path}."),))]
    if contact:
        sections.append(Section(heading_path=("Contact",), facet=Facet.CONTACT, blocks=(contact,)))
    url = f"https://a.example/{path}"
    return Page(id=path, url=url, title=title, sections=tuple(sections), links=(FORM,) if contact else ())


def urls(pages: list[Page]) -> list[str]:
    return [each.id for each in pages]


def test_drop_copies_believes_a_canonical_address_of_the_same_path() -> None:
    pages = [page("a"), page("a?print=1", "Print")]
    kept, reasons = drop_copies(pages, {pages[1].url: pages[0].url})
    assert urls(kept) == ["a"]
    assert reasons == {pages[1].url: "is een kopie van https://a.example/a"}


def test_drop_copies_does_not_believe_a_template_that_names_the_start_page_everywhere() -> None:
    pages = [page("", "Start"), page("a", "Paspoort"), page("b", "Rijbewijs")]
    kept, _ = drop_copies(pages, {each.url: pages[0].url for each in pages})
    assert len(kept) == 3


def test_drop_copies_does_not_believe_a_canonical_address_that_was_not_read() -> None:
    pages = [page("a")]
    assert drop_copies(pages, {pages[0].url: "https://elders.example/a"})[0] == pages


def test_drop_copies_keeps_the_shortest_address_of_pages_that_say_the_same() -> None:
    pages = [page("lang/adres", text="Zelfde."), page("kort", text="Zelfde."), page("ander", "Andere titel", "Zelfde.")]
    kept, reasons = drop_copies(pages, {})
    assert urls(kept) == ["kort", "ander"]
    assert list(reasons.values()) == ["zegt hetzelfde als https://a.example/kort"]


def test_drop_templates_leaves_a_repeated_contact_block_on_the_contact_page() -> None:
    pages = [page(f"p{n}", f"P{n}", contact=BLOCK) for n in range(8)] + [page("over/contact", "Contact", contact=BLOCK)]
    kept = drop_templates(pages)
    assert [each.id for each in kept if len(each.sections) == 2] == ["over/contact"]
    assert [each.id for each in kept if each.links] == ["over/contact"]


def test_drop_templates_leaves_the_contact_block_of_a_few_pages_alone() -> None:
    pages = [page(f"p{n}", f"P{n}", contact=BLOCK) for n in range(4)] + [page(f"q{n}", f"Q{n}") for n in range(40)]
    assert drop_templates(pages) == pages


def test_drop_templates_does_not_empty_a_page() -> None:
    only = [
        Page(
            id=f"p{n}",
            url=f"https://a.example/{n}",
            title="T",
            sections=(Section(facet=Facet.CONTACT, blocks=(BLOCK,)),),
        )
        for n in range(9)
    ]
    assert all(each.sections for each in drop_templates(only))


def test_unique_ids_keeps_the_first() -> None:
    assert [each.title for each in unique_ids([page("a", "Een"), page("a", "Twee"), page("b")])] == ["Een", "Titel"]
