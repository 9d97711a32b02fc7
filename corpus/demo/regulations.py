"""The local regulations of Voorbeeldstad: the XML that a register serves, and the page where a resident reads it."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from corpus.demo.parts import split_body
from corpus.demo.sources import DemoError, PageSource

FOLDER = Path(__file__).parent / "feeds" / "cvdr"
NAMES = {
    "c": "http://standaarden.overheid.nl/cvdr/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "rg": "http://standaarden.overheid.nl/cvdr/meta/",
}
_HEADINGS = {"hoofdstuk": "h2", "artikel": "h3"}


@dataclass(frozen=True)
class Regulation:
    """One version of a regulation. `end` is the day on which it lost its force, empty if it has none."""

    identifier: str
    title: str
    modified: str
    begin: str
    end: str
    xml: bytes

    @property
    def path(self) -> str:
        """Return the address of the page."""
        return "/regelgeving/" + self.identifier.replace("_", "/")

    @property
    def xml_path(self) -> str:
        """Return the address of the XML."""
        return f"/regelgeving/xml/{self.identifier}.xml"


def read_regulations(folder: Path = FOLDER) -> list[Regulation]:
    """Read all regulations of a folder. Raises DemoError if one is broken or has no number or dates."""
    return [_read(file) for file in sorted(folder.glob("*.xml"))]


def _read(file: Path) -> Regulation:
    body = file.read_bytes()
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise DemoError(f"{file} is broken XML: {error}.") from error
    fields = {
        "identifier": "dcterms:identifier", "title": "dcterms:title", "modified": "dcterms:modified",
        "begin": "rg:inwerkingtredingDatum", "end": "rg:uitwerkingtredingDatum",
    }  # fmt: skip
    values = {key: root.findtext(f".//{name}", "", NAMES) for key, name in fields.items()}
    if missing := [key for key, value in values.items() if not value and key != "end"]:
        raise DemoError(f"{file}: {fields[missing[0]]} is missing.")
    return Regulation(**values, xml=body)


def page_of(regulation: Regulation) -> PageSource:
    """Return the page where a resident reads the regulation, in the words of its XML."""
    root = ElementTree.fromstring(regulation.xml)
    text = root.find(".//c:regeling-tekst", NAMES)
    lines = [f"<p>Geldt vanaf {regulation.begin}{f' tot {regulation.end}' if regulation.end else ''}.</p>"]
    lines += _lines(text) if text is not None else []
    body = "\n".join(lines)
    return PageSource(
        regulation.path, regulation.title, date.fromisoformat(regulation.modified), "Regeling", body, layout="plain",
        parts=split_body(body),
    )  # fmt: skip


def _lines(element: ElementTree.Element) -> Iterator[str]:
    """Give the HTML of a part: its heading, then its paragraphs and lists, then its parts."""
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name in _HEADINGS:
            head = " ".join(_words(part) for part in child.findall("c:kop/*", NAMES))
            yield f"<{_HEADINGS[name]}>{head}</{_HEADINGS[name]}>"
            yield from _lines(child)
        elif name == "lid":
            yield f"<p>{_words(child.find('c:lidnr', NAMES))} {_words(child.find('c:al', NAMES))}</p>"
            yield from _lists(child)
        elif name == "al":
            yield f"<p>{_words(child)}</p>"
        elif name == "lijst":
            yield from _lists(element)


def _lists(element: ElementTree.Element) -> Iterator[str]:
    for found in element.findall("c:lijst", NAMES):
        items = "".join(f"<li>{item.get('nr', '')} {_words(item)}</li>" for item in found)
        yield f"<ul>{items}</ul>"


def _words(element: ElementTree.Element | None) -> str:
    return html.escape(" ".join("".join(element.itertext()).split())) if element is not None else ""
