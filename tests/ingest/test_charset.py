"""ingest.charset: bytes to text, also when header or page name the wrong charset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.charset import decode

TEXT = "<p>Een café kost € 12 à € 15</p>"


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/html; charset=iso-8859-1"),
        (b'<meta charset="iso-8859-1">' + TEXT.encode("cp1252"), ""),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8"),
        (TEXT.encode("cp1252"), "text/html; charset=nonsense"),
        (TEXT.encode("cp1252"), "text/html; charset=hex"),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (TEXT.encode("utf-16"), "text/html"),
        (TEXT.encode("iso-8859-15"), "text/html; charset=iso-8859-15"),
    ],
)
def test_decode_reads_the_euro_sign_whatever_is_declared(body: bytes, header: str) -> None:
    assert "café kost € 12 à € 15" in decode(body, header)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_decode_never_fails_and_leaves_no_control_characters(body: bytes, header: str) -> None:
    assert "\x00" not in decode(body, header)
