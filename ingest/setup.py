"""Write a first site file: one that works as it is, and says what else it could hold."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from corpus.dutch import why_unusable
from corpus.sites import load_site
from ingest.errors import IngestError

_TEMPLATE = """\
# Sitebestand van Vraagbaak. Alle instellingen staan uitgelegd in docs/site-file.md.
# Een regel met # ervoor telt niet mee. Haal het # weg om de instelling te gebruiken.
name = "{name}"
url = "{url}"
languages = ["nl", "en"]

[organisation]
name = "{organisation}"
# owms = "{title}"                     # naam in de OWMS-lijst van gemeenten

# Hoe een inwoner u bereikt. Wat u leeg laat, haalt Vraagbaak van uw contactpagina.
[contact]
# phone = "14 000"
# hours = "maandag tot en met vrijdag van 9.00 tot 17.00 uur"
# form = "/contactformulier"
# address = "Marktplein 1, 1234 AB {title}"
# page = "/contact"

[[sources]]
kind = "website"
# include = ["/inwoners/*"]           # alleen deze adressen
# exclude = ["/nieuws/*", "/zoeken*"]  # deze adressen nooit
# hosts = ["formulieren.{host}"]       # andere websites van uw gemeente
# max_pages = 5000                     # meer pagina's leest Vraagbaak niet
# delay_seconds = 0.6                  # wachttijd tussen twee pagina's

# Eigen notities voor medewerkers. Inwoners zien die nooit.
# [[sources]]
# kind = "folder"
# path = "desk"
# audience = "staff"

# Woorden van inwoners, en de woorden die de website ervoor gebruikt.
# [synonyms]
# "roze pasje" = ["rijbewijs"]

# Organisaties die inwoners vaak verwarren met de gemeente.
# [[other_counters]]
# name = "Belastingdienst"
# words = ["toeslag", "btw"]
# url = "https://www.belastingdienst.nl"
# phone = "0800 0543"
"""


def write_site_file(name: str, url: str, output: Path | None = None) -> Path:
    """Write a commented site file for a website, by default ./NAME.toml.

    Raises IngestError if it exists or the name is not usable, SiteError if the address is not.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise IngestError(
            f"'{name}' kan geen naam zijn. Gebruik alleen kleine letters, cijfers en streepjes, zoals: proefstad."
        )
    if not re.match(r"https?://[^/\s\"\\]+", url):
        raise IngestError(f"'{url}' is geen webadres. Begin met https:// of http://.")
    path = output or Path(f"{name}.toml")
    title = name.replace("-", " ").title()
    host = urlsplit(url).netloc.removeprefix("www.")
    text = _TEMPLATE.format(
        name=name, url=url.replace('"', "%22"), organisation=f"Gemeente {title}", title=title, host=host
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise IngestError(
            f"{path} bestaat al. Kies een ander bestand met --output, of verwijder dit bestand eerst."
        ) from error
    except OSError as error:
        raise IngestError(
            f"{path} is niet te schrijven: {why_unusable(error)}. Kies een ander bestand met --output."
        ) from error
    load_site(str(path.resolve()))
    return path
