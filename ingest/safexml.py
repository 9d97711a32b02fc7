"""Parse XML that comes from outside (home of defusedxml): no entities, no external files, names without namespace.

SRU 1.2 and 2.0, and feeds of different makers, use other namespaces for the same elements; the local names are equal.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from corpus.dutch import technical
from ingest.errors import FetchError
from ingest.texts import one_line


def parse_xml(body: bytes) -> Element:
    """Parse a document. Raises FetchError if it is broken, or asks for entities."""
    try:
        # Leading white space before the declaration is common, and harmless. Behind the text it may be half a letter.
        root: Element = ElementTree.fromstring(body.lstrip(), forbid_dtd=False)
    except DefusedXmlException as error:
        raise FetchError("is XML met eigen entiteiten; dat is niet veilig") from error
    except (ParseError, ValueError, LookupError) as error:
        raise FetchError(f"is kapotte XML ({technical(str(error)[:100])})") from error
    return root


def local(element: Element) -> str:
    """Return the name of an element without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def every(root: Element, name: str) -> Iterator[Element]:
    """Give all elements of a name at any depth, in order."""
    return (element for element in root.iter() if local(element) == name)


def texts(root: Element, name: str) -> list[str]:
    """Return the texts of all elements of a name, each on one line, without the empty ones."""
    return [text for element in every(root, name) if (text := running(element))]


def text(root: Element, name: str) -> str:
    """Return the first text of an element of that name; empty if there is none."""
    return next(iter(texts(root, name)), "")


def running(element: Element) -> str:
    """Return all text in an element on one line."""
    return one_line("".join(element.itertext()))
