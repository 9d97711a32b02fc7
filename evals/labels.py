"""What a person reads of figures, groups and outcomes. Their own names stay as they are in JSON and baseline.json."""

import re

from corpus.dutch import ending

_FIGURES = {
    "answered": "beantwoord",
    "right": "goed",
    "wrong": "fout",
    "clarified": "keuze gegeven",
    "helped": "geholpen",
    "false_refusals": "onterecht geweigerd",
    "key_fact": "kern genoemd",
    "citation_precision": "juiste bronnen",
    "status_right": "juiste afloop",
    "not_answered": "niet beantwoord",
    "clarified_without_gold": "keuze zonder pagina",
    "words": "woorden",
    "unsupported_numbers": "getallen zonder bron",
    "misquotes": "foute citaten",
    "leaked_values": "gelekte gegevens",
    "flesch_frame": "leesgemak eigen tekst",
    "flesch_quotes": "leesgemak citaten",
}
_GROUPS = {
    "all": "alle",
    "stratum: seen": "bekende vragen",
    "stratum: unseen": "onbekende vragen",
    "turn: later": "latere beurten",
}
_KINDS = {"split": "helft", "style": "stijl", "category": "soort", "topic": "onderwerp", "turn": "beurt"}
_TIMES = {"search": "zoeken", "answer": "antwoorden"}
_OUTCOMES = {
    "right": "goed",
    "right without key fact": "goed, maar zonder de kern",
    "wrong": "fout",
    "leaked": "persoonsgegevens gelekt",
    "gold page": "juiste pagina",
    "nothing stated": "niets vastgelegd",
}


def figure_label(name: str) -> str:
    """Name a figure such as `helped`; R@1 and nDCG@10 are called that everywhere."""
    if found := re.fullmatch(r"(\w+)_(p\d+)_ms", name):
        return f"{_TIMES.get(found[1], found[1])} {found[2]} (ms)"
    return _FIGURES.get(name, name)


def group_label(group: str) -> str:
    """Name a group of questions such as `style: short`."""
    kind, _, value = group.partition(": ")
    return _GROUPS.get(group) or (f"{_KINDS.get(kind, kind)}: {value}" if value else group)


def key_label(key: str) -> str:
    """Name a figure of a group, as the floors have it: `all/helped`."""
    group, _, figure = key.rpartition("/")
    return f"{figure_label(figure)} ({group_label(group)})"


def outcome_label(outcome: str) -> str:
    """Say how a question ended, or was expected to: one outcome, or statuses with commas between them."""
    for end, dutch in ((" (not right)", " (niet juist)"), (", helped", ", geholpen")):
        if outcome.endswith(end):
            return ending(outcome.removesuffix(end)) + dutch
    return _OUTCOMES.get(outcome) or ", ".join(map(ending, outcome.split(", ")))
