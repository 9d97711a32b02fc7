"""Turn the bytes of a page into text, also when the server or the page names the wrong charset."""

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
# Control characters that no text holds; libxml2 stops reading at the first NUL.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def decode(body: bytes, content_type: str = "") -> str:
    """Decode a body: byte order mark, then UTF-8 if it fits, then what header and page say, then windows-1252.

    UTF-8 comes before the declared charset because text that is not UTF-8 hardly ever decodes as such,
    while servers often declare iso-8859-1 for pages that are UTF-8.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _clean(body.decode(name, errors="replace"))
    declared = [match[1] for match in [_HEADER.search(content_type)] if match]
    declared += [match[1].decode("ascii") for match in [_META.search(body[:4096])] if match]
    for name in ("utf-8", *declared):
        try:
            return _clean(body.decode(_known(name)))
        except (UnicodeError, LookupError):
            continue
    return _clean(body.decode("cp1252", errors="replace"))


def _known(name: str) -> str:
    """Browsers read the latin-1 family as windows-1252 (WHATWG Encoding), where the euro sign is."""
    latin = {"iso-8859-1", "latin-1", "latin1", "iso8859-1", "ascii", "us-ascii", "iso_8859-1"}
    return "cp1252" if name.lower() in latin else name


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)
