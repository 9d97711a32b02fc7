"""Write a first site file: one that works as it is, and says what else it could hold."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from corpus.sites import load_site
from ingest.errors import IngestError

_TEMPLATE = """\
# Site file of Vraagbaak. Every key is explained in docs/site-file.md; what is commented out shows its default.
name = "{name}"
url = "{url}"
languages = ["nl", "en"]

[organisation]
name = "{organisation}"
# owms = "{title}"                     # name in the OWMS list of municipalities
# tooi = "https://identifier.overheid.nl/tooi/id/gemeente/gm0000"

# Who a resident can turn to. What is empty is taken from the site's own contact page.
[contact]
# phone = "14 000"
# hours = "maandag tot en met vrijdag van 9.00 tot 17.00 uur"
# form = "/contactformulier"
# address = "Marktplein 1, 1234 AB {title}"
# page = "/contact"

[[sources]]
kind = "website"
# include = ["/inwoners/*"]           # only these addresses
# exclude = ["/nieuws/*", "/zoeken*"]  # never these
# hosts = ["formulieren.{host}"]       # other hosts of the municipality
# max_pages = 5000
# delay_seconds = 0.6                  # between two requests to one host; none on this machine

# Notes of your own for staff; residents never see them.
# [[sources]]
# kind = "folder"
# path = "desk"
# audience = "staff"

# What residents say, and the words of the site for it.
# [synonyms]
# "roze pasje" = ["rijbewijs"]

# Organisations that residents mistake for the municipality.
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
            f"'{name}' cannot be a site name: use lower-case letters, digits and hyphens, such as proefstad."
        )
    if not re.match(r"https?://[^/\s\"\\]+", url):
        raise IngestError(f"'{url}' is not a web address: begin with https:// (or http://).")
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
        raise IngestError(f"{path} exists already. Choose another --output, or remove it first.") from error
    except OSError as error:
        raise IngestError(f"{path} cannot be written: {error.strerror}. Choose another --output.") from error
    load_site(str(path.resolve()))
    return path
