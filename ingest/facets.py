"""What a section is about, from its heading: the headings that Dutch municipalities use, and English ones."""

import re
from collections.abc import Sequence

from corpus.records import Facet

_HEADINGS: tuple[tuple[Facet, str], ...] = (
    (Facet.OBJECTION, r"bezwaar|beroep (?:instellen|aantekenen)|in beroep|niet (?:mee )?eens|oneens|klacht over (?:het|een) besluit"
     r"|object(?:ion|ing)|appeal|disagree"),
    (Facet.COST, r"kost(?:en|prijs)?\b|kost (?:het|dit|een|dat)|\w*kosten\b|prij[sz]|tarie(?:f|ven)\b|\w*tarie(?:f|ven)\b|leges|betal(?:en|ing)"
     r"|vergoeding|hoeveel (?:moet|betaal)|bedrag(?:en)?\b|costs?\b|fees?\b|price|charges?\b|payment|how much"),
    (Facet.BRING, r"mee ?(?:te )?(?:nemen|brengen)|(?:neem|breng)(?:t|en)? (?:\w+ ){0,4}mee|(?:heb|hebt|heeft) (?:u|je|ik) (?:\w+ )?nodig|nodig (?:heb|hebt|heeft|hebben)"
     r"|wat is (?:er )?nodig|welke (?:documenten|papieren|stukken|bewijs\w+|gegevens)|bewijsstukken|benodigd|wat moet ik meenemen"
     r"|(?:what to |you (?:need|must|should|have) to )?bring|what (?:do )?you need|required documents|documents"),
    (Facet.TERM, r"hoe ?lang duurt|hoe snel|termijn\w*|doorlooptijd|levertijd|wachttijd|behandeltijd|verwerkingstijd|afhandeltijd"
     r"|duur\b|wanneer (?:krijg|hoor|is|kan|kunt|moet|ontvang|kom)|wanneer$|hoe laat|how long|processing time|waiting time|term\b|deadline|when\b"),
    (Facet.CONDITIONS, r"voorwaarde\w*|\beisen\b|vereisten|voor wie|wie (?:kan|mag|komt)|(?:kan|mag|kom) ik|recht op|aan welke|regels|criteria"
     r"|conditions?|requirements?|eligib\w+|for whom|who can|who is it for|rules"),
    (Facet.PROCEDURE, r"aanpak|aanvra\w+|aanvraag|hoe werkt|hoe het werkt|wat moet (?:ik|u|je)|wat moeten|zo werkt|hoe (?:vraag|kan|regel|meld|doe|geef|maak|gaat)|"
     r"afspraak\w*|(?:online|direct|zelf|meteen) (?:regelen|aanvragen|doorgeven|aangeven|melden)|regel het|stappen|werkwijze|procedure|aangifte"
     r"|aanmeld\w*|inschrijven|doorgeven|melden|aangeven|hoe verder|wat (?:doet|gebeurt)|apply|application|how (?:it works|to|do|does)|steps?\b|appointment"
     r"|register|report(?:ing)?\b|what happens"),
    (Facet.CONTACT, r"^contact\w*|neem contact|contact (?:opnemen|met)|^vragen\??(?:$| wij)|(?:heeft|hebt|heb) (?:u|je) (?:\w+ )?vra(?:ag|gen)|hulp nodig|(?:meer )?hulp\b|wij helpen|openings(?:tijden|uren)|bereikba\w+|adres(?:gegevens)?\b|bezoekadres|telefoon\w*|waar (?:kan|moet) ik (?:terecht|zijn)"
     r"|^questions\??$|any questions|opening hours|address\b|get in touch"),
    (Facet.NOTICE, r"let op|bijzonderhe\w+|goed om te weten|spoed\w*|geldig\w*|belangrijk|uitzondering\w*|tips?\b|waarschuwing|please note|good to know"
     r"|important|urgent|valid\w*|exceptions?"),
    (Facet.DESCRIPTION, r"wat is|wat zijn|algemeen|algemene informatie|beschrijving|inleiding|omschrijving|introductie|uitleg|what is|description"
     r"|introduction|about|general"),
)  # fmt: skip
_WEAK = (Facet.PROCEDURE, Facet.DESCRIPTION)
_COMPILED = [(facet, re.compile(rf"(?<!\w)(?:{pattern})", re.I)) for facet, pattern in _HEADINGS]


def facet_of(heading_path: Sequence[str]) -> Facet:
    """Return the facet of a section: of its own heading, else of the nearest heading above that tells."""
    for heading in reversed(heading_path):
        if facet := facet_of_heading(heading):
            return facet
    return Facet.DESCRIPTION


def facet_of_heading(heading: str) -> Facet | None:
    """Return the facet whose words stand first in a heading; None if no word tells.

    "Wat moet u meenemen?" begins like a procedure, so words of procedure and description count only by themselves.
    """
    found = [(facet in _WEAK, match.start(), order, facet) for order, (facet, pattern) in enumerate(_COMPILED)
             if (match := pattern.search(heading))]  # fmt: skip
    return min(found)[3] if found else None
