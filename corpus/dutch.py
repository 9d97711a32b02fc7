"""What other programs report, in Dutch: a wrong value (pydantic), a file that cannot be used, how a question ended.

What no table knows is passed on as it is, marked as a technical message.
"""

import errno
from collections.abc import Mapping
from typing import Any

# By pydantic's type of error; the names in braces are its context.
_VALUES = {
    "missing": "dit ontbreekt",
    "extra_forbidden": "deze instelling bestaat niet",
    "string_type": "dit moet een tekst zijn, tussen aanhalingstekens",
    "string_too_short": "dit mag niet leeg zijn",
    "string_pattern_mismatch": "gebruik alleen kleine letters, cijfers en streepjes",
    "int_type": "dit moet een heel getal zijn",
    "int_parsing": "dit moet een heel getal zijn",
    "int_from_float": "dit moet een heel getal zijn",
    "float_type": "dit moet een getal zijn",
    "float_parsing": "dit moet een getal zijn",
    "bool_type": "dit moet true of false zijn",
    "bool_parsing": "dit moet true of false zijn",
    "date_type": "dit moet een datum zijn, zoals 2026-11-23",
    "date_parsing": "dit moet een datum zijn, zoals 2026-11-23",
    "date_from_datetime_parsing": "dit moet een datum zijn, zoals 2026-11-23",
    "tuple_type": "dit moet een lijst zijn, tussen [ en ]",
    "list_type": "dit moet een lijst zijn, tussen [ en ]",
    "dict_type": "dit moet een groep instellingen zijn",
    "model_type": "dit moet een groep instellingen zijn",
    "model_attributes_type": "dit moet een groep instellingen zijn",
    "greater_than": "dit moet meer zijn dan {gt}",
    "greater_than_equal": "dit moet {ge} of meer zijn",
    "less_than": "dit moet minder zijn dan {lt}",
    "less_than_equal": "dit mag niet meer zijn dan {le}",
    "literal_error": "kies uit: {expected}",
    "enum": "kies uit: {expected}",
}
_FILES = {
    errno.ENOENT: "het bestand of de map bestaat niet",
    errno.EACCES: "u hebt geen toegang",
    errno.EPERM: "u hebt geen toegang",
    errno.EISDIR: "het is een map",
    errno.ENOTDIR: "een deel van het pad is geen map",
    errno.EEXIST: "het bestaat al",
    errno.ENOSPC: "de schijf is vol",
    errno.EROFS: "op deze schijf kunt u niet schrijven",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.EADDRINUSE: "de poort is bezet",
    errno.EADDRNOTAVAIL: "dit adres is niet van deze computer",
}
# By chatbot.records.Status, which this layer does not know; tests/evals/test_labels.py sees that none is missing.
_ENDINGS = {
    "answered": "beantwoord",
    "partial": "deels beantwoord",
    "clarify": "keuze gegeven",
    "greeting": "begroeting",
    "unanswerable_no_source": "niets gevonden",
    "unanswerable_repealed": "regel niet van kracht",
    "refused_off_topic": "geen vraag voor de gemeente",
    "refused_opinion": "vraag om een mening",
    "refused_abuse": "scheldwoorden",
    "referred_other_counter": "verwezen naar een andere organisatie",
    "referred_case_status": "verwezen: eigen zaak",
    "referred_lookup": "verwezen: opzoeken",
    "referred_legal_verdict": "verwezen: juridisch oordeel",
    "referred_formal_message": "verwezen: formeel bericht",
    "referred_person": "verwezen naar een medewerker",
    "signposted_crisis": "hulp bij nood gewezen",
    "blocked_personal_data": "gestopt: persoonsgegevens",
    "blocked_injection": "gestopt: misbruik",
    "unsupported_language": "andere taal",
    "paused": "onderwerp gepauzeerd",
    "error_timeout": "fout: te langzaam",
    "error_internal": "fout in het programma",
    "error_no_index": "fout: geen index",
    "not asked": "niet gevraagd",
}


def technical(message: object) -> str:
    """Mark what another program reports, on one line."""
    return f"technische melding: {' '.join(str(message).split())}"


def why_wrong(error: Mapping[str, Any]) -> str:
    """Say what is wrong with a value: one of pydantic's `errors()`."""
    context = error.get("ctx", {})
    if error["type"] == "value_error" and "error" in context:
        return str(context["error"])
    known = _VALUES.get(error["type"])
    return known.format_map({**context}).replace(" or ", " of ") if known else technical(error["msg"])


def why_unusable(error: Exception) -> str:
    """Say why a file or port cannot be used."""
    if isinstance(error, UnicodeDecodeError):
        return "het is niet opgeslagen als UTF-8"
    if isinstance(error, OSError) and error.errno in _FILES:
        return _FILES[error.errno]
    return technical(error)


def ending(status: str) -> str:
    """Say how a question ended."""
    return _ENDINGS.get(status, status)
