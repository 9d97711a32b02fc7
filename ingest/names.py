"""Find personal names in a line of a contact block, without needing capital letters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FUNCTION = re.compile(
    r"\b(?:\w*(?:medewerk(?:er|ster)s?|adviseu(?:r|rs|se)|consulent(?:e|en)?|regisseurs?|leiders?|leidster|managers?|makelaars?"
    r"|coördinator|coordinator|ambtena(?:ar|ren)|inspecteurs?|toezichthouders?|beheerders?|meesters?|voorlichters?|begeleiders?"
    r"|functionaris|directeur|secretaresse|secretaris|assistente?|deskundige|specialist|planner|agent|architect|jurist"
    r"|ontwikkelaar|verlen(?:er|ster)s?|houd(?:er|ster)s?|werk(?:er|ster)s?|coach(?:es)?|arts|verpleegkundige|conciërge|portier"
    r"|controleurs?|handhavers?|ondersteuners?|bemiddelaars?|beambte|voorzitter|hoofd)"
    r"|contactpersoon|aanspreekpunt|redactie|boa|officer|advis[eo]r|case ?worker|contact person)\b",
    re.I,
)
# People who hold public office are named on purpose.
OFFICE = re.compile(
    r"burgemeester|wethouder|raadslid|raadsleden|fractie|gemeentesecretaris|raadsgriffier|minister"
    r"|commissaris van de koning|mayor|alder(?:man|men|woman)",
    re.I,
)
_TITLES = set("heer dhr mevrouw mevr mw mr mrs ms drs dr ir ing prof bc meneer".split())
_PREFIXES = set("van von de den der het ter ten te in el al la le bin ben du dos da".split())
# What follows a given name without being a surname, where no capitals tell.
_NO_SURNAME = set(
    """en of via op bij is zijn van voor met aan om tot uit uw u werkt helpt bel tel t m e mail telefoon mobiel and or
    on at maandag dinsdag woensdag donderdag vrijdag""".split()
)
_BODIES = set(
    """loket team gemeente afdeling stadhuis gemeentehuis wijkteam balie ggd stichting fonds vereniging burgerzaken
    noord zuid oost west centrum dienst bureau bibliotheek begraafplaats buurthuis""".split()
)
_PLACE_ENDING = re.compile(
    r"\w\w(?:stra+t|laan|weg|plein|kade|gracht|singel|dreef|steeg|plantsoen|school|college|lyceum|museum|centrum|zaal|theater"
    r"|instituut)$",
    re.I,
)
# Surnames end like this too (Hoogendijk, Nijhuis); with a house number it is an address.
_PERHAPS_PLACE = re.compile(r"(?:hof|dijk|pad|park|brug|haven|kerk|huis)$", re.I)
_BODY_WORD = re.compile(
    r"^(?:stra+t|laan|weg|plein|kade|park|brug|school|college|lyceum|museum|kerk|fonds|huis|centrum|theater|stichting|vereniging)$",
    re.I,
)
_INVITATION = re.compile(
    r"(?:vraagt? (?:dan )?naar|contact op(?:nemen)? met|terecht bij|\bbelt? (?:met )?|\bmailt? (?:naar )?"
    r"|contactpersoon(?: is)?|aanspreekpunt(?: is)?|t\.?a\.?v\.?|spreek met|ask for|call)\s*:?\s*$",
    re.I,
)
# An address on the web or by e-mail is one token, and no name.
_TOKEN = re.compile(r"\S*(?:@|www\.|://)\S*|[^\W\d_]+(?:['’-][^\W\d_]+)*|\S")
_SEPARATOR = re.compile(r"[,:;|()–—/]|^-$")


@dataclass(frozen=True)
class Name:
    """A personal name in a line, from `start` to `end`, title included."""

    start: int
    end: int


@cache
def given_names() -> frozenset[str]:
    """Return the given names of given_names.txt."""
    text = (Path(__file__).parent / "given_names.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def find_names(line: str, *, beside_function: bool) -> list[Name]:
    """Find the names of people in a line.

    Without a surname, or without capitals, a given name counts only beside a function or an invitation to call.
    """
    tokens = list(_TOKEN.finditer(line))
    found: list[Name] = []
    at = 0
    while at < len(tokens):
        end = _name_end(line, tokens, at, beside_function=beside_function)
        if end > at:
            found.append(Name(tokens[at].start(), tokens[end - 1].end()))
        at = max(end, at + 1)
    return found or list(_unknown_names(line, tokens, beside_function=beside_function))


def _name_end(line: str, tokens: Sequence[re.Match[str]], start: int, *, beside_function: bool) -> int:
    """Return the index after a name that begins at a token, or `start` if none does."""
    at = _skip_titles(tokens, start)
    titled = at > start
    at, given = _skip_given(tokens, at)
    at, initials = _skip_initials(tokens, at)
    at = _skip_call_name(tokens, at) if titled or initials else at
    end, surname = _skip_surname(tokens, at, strict=given and tokens[at - 1][0].istitle())
    if surname and _is_place(tokens, end - 1, start):
        return start
    if not (titled or given or initials):
        return start
    if (titled or initials) and surname:
        return end
    alone = end == len(tokens) and start == 0
    invited = bool(_INVITATION.search(line[: tokens[start].start()]))
    capitals = surname and tokens[start][0].istitle() and tokens[end - 1][0][0].isupper()
    return end if given and (beside_function or invited or capitals or (alone and surname)) else start


def _skip_titles(tokens: Sequence[re.Match[str]], at: int) -> int:
    start = at
    while at < len(tokens):
        word = tokens[at][0].lower()
        is_article = word == "de" and at + 1 < len(tokens) and tokens[at + 1][0].lower() == "heer"
        if not (word in _TITLES or is_article or (word == "." and at > start)):
            break
        at += 1
    return at


def _skip_given(tokens: Sequence[re.Match[str]], at: int) -> tuple[int, bool]:
    start = at
    while at < len(tokens) and tokens[at][0].lower().partition("-")[0] in given_names():
        at += 1
    return at, at > start


def _skip_initials(tokens: Sequence[re.Match[str]], at: int) -> tuple[int, bool]:
    start = at
    while at + 1 < len(tokens) and len(tokens[at][0]) == 1 and tokens[at][0].isalpha() and tokens[at + 1][0] == ".":
        at += 2
    return at, at > start


def _skip_call_name(tokens: Sequence[re.Match[str]], at: int) -> int:
    """Pass a given name in brackets, as in `J. (Jolanda) Terpstra`."""
    within = [token[0] for token in tokens[at : at + 3]]
    return at + 3 if len(within) == 3 and within[0] == "(" and within[1].isalpha() and within[2] == ")" else at


def _skip_surname(tokens: Sequence[re.Match[str]], at: int, *, strict: bool) -> tuple[int, bool]:
    """Pass prefixes and a surname; `strict` asks for a capital, where the given name has one."""
    start = at
    while at < len(tokens) and at - start < 3 and (tokens[at][0].lower() in _PREFIXES or tokens[at][0] in ("'", "’")):
        at += 1
    word = tokens[at][0] if at < len(tokens) else ""
    plausible = len(word) > 1 and word[0].isalpha() and word.lower() not in _NO_SURNAME | _TITLES | _BODIES
    if not plausible or FUNCTION.fullmatch(word) or (strict and not word[0].isupper()):
        return start, False
    return at + 1, True


def _is_place(tokens: Sequence[re.Match[str]], last: int, first: int) -> bool:
    """Tell whether what looks like a name names a street or a body: Jan van Galenstraat, Stichting Jan Bakker Fonds."""
    following = tokens[last + 1][0] if last + 1 < len(tokens) else ""
    before = tokens[first - 1][0] if first else ""
    address = following.isdigit() and _PERHAPS_PLACE.search(tokens[last][0])
    body = _BODY_WORD.match(following) or _BODY_WORD.match(before)
    return bool(_PLACE_ENDING.search(tokens[last][0]) or address or body)


def _unknown_names(line: str, tokens: Sequence[re.Match[str]], *, beside_function: bool) -> Iterator[Name]:
    """Find names that no list knows: a part of the line that is two to four capitalised words beside a function."""
    if not beside_function:
        return
    part: list[re.Match[str]] = []
    for token in [*tokens, None]:
        if token is not None and not _SEPARATOR.search(token[0]):
            part.append(token)
            continue
        if _looks_like_name([word[0] for word in part]):
            yield Name(part[0].start(), part[-1].end())
        part = []


def _looks_like_name(words: Sequence[str]) -> bool:
    if not 2 <= len(words) <= 4 or any(word.lower() in _BODIES | _TITLES or FUNCTION.search(word) for word in words):
        return False
    if _PERHAPS_PLACE.search(words[0]):
        return False
    named = [word for word in words if word.lower() not in _PREFIXES]
    return len(named) >= 2 and all(
        word.istitle() and len(word) > 1 and not _PLACE_ENDING.search(word) for word in named
    )
