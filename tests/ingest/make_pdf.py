"""Write small PDFs for tests, without a library: text in Helvetica at a size and height of one's own."""

Line = tuple[float, str]


def make_pdf(*pages: list[Line], title: str = "", gap: float = 1.4) -> bytes:
    """Return a PDF; each page is a list of (size, text), an empty text leaves a white line."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
               b" /Encoding /WinAnsiEncoding >>"]  # fmt: skip
    kids = []
    for page in pages:
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        stream = _stream(page, gap)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    objects.append(f"<< /Title ({title}) /ModDate (D:20260304101500) >>".encode())
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, len(objects), len(body))
    )


def _stream(page: list[Line], gap: float) -> bytes:
    parts = []
    height = 800.0
    for size, text in page:
        height -= size * gap
        if text:
            raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            parts.append(b"BT /F1 %.1f Tf 1 0 0 1 60 %.1f Tm (%s) Tj ET" % (size, height, raw))
    return b"\n".join(parts)
