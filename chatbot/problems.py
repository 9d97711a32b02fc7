"""Errors of the API as the Dutch API Design Rules want them: problem+json with title and detail in Dutch."""

import json

API_VERSION = "1.0.0"
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "Het verzoek klopt niet",
    404: "Niet gevonden",
    405: "Deze methode kan hier niet",
    413: "Het verzoek is te groot",
    429: "Te veel verzoeken",
    500: "Er ging iets mis",
    503: "Even niet beschikbaar",
}


def problem_body(status: int, detail: str) -> bytes:
    """Return the JSON of an error."""
    body = {"type": "about:blank", "status": status, "title": TITLES.get(status, "Fout"), "detail": detail}
    return json.dumps(body, ensure_ascii=False).encode()
