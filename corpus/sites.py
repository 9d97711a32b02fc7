"""The site file: one TOML file says which municipality, which sources, and who to call."""

import difflib
import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from corpus.dutch import technical, why_unusable, why_wrong
from corpus.errors import SiteError
from corpus.records import Audience

# By a part of what tomllib reports.
_TOML = {
    "Cannot overwrite": "deze instelling staat er twee keer",
    "Cannot declare": "deze groep staat er twee keer",
    "Expected '=' after": "er hoort een = achter de naam",
    "Expected newline": "er staat te veel op deze regel",
    "Illegal character": "er ontbreekt een aanhalingsteken, of er staat een teken dat niet mag",
    "Unterminated string": "er ontbreekt een aanhalingsteken",
    "Unclosed array": "er ontbreekt een ]",
    "Expected ']": "er ontbreekt een ]",
    "Invalid value": "de waarde klopt niet; zet tekst tussen aanhalingstekens",
    "Invalid statement": "dit is geen naam van een instelling",
}
DEMO_FOLDER = Path(__file__).parent / "demo"


class Settings(BaseModel):
    """A table of the site file; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Organisation(Settings):
    """The municipality: the name residents read, and its name in the OWMS list, for national feeds."""

    name: str
    owms: str = ""


class Contact(Settings):
    """How to reach a person. What is empty is read from the site's own contact page."""

    phone: str = ""
    hours: str = ""
    form: str = ""
    address: str = ""
    page: str = ""


class Source(Settings):
    """One place where content comes from. `kind` names a module in ingest/sources/."""

    kind: Literal["website", "folder", "cvdr", "sc", "openpdc", "sdg"] = "website"
    url: str = ""
    path: str = ""
    audience: Audience = Audience.RESIDENT
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    max_pages: int = Field(5000, ge=1)
    max_bytes: int = Field(10_000_000, ge=1000)
    delay_seconds: float = Field(0.6, ge=0)
    concurrency: int = Field(4, ge=1, le=16)
    timeout_seconds: float = Field(20, gt=0)
    documents: bool = True


class AudienceRule(Settings):
    """Sections of pages whose URL or heading matches are for staff only."""

    url: str = ""
    heading: str = ""
    audience: Audience = Audience.STAFF


class OtherCounter(Settings):
    """An organisation that residents mistake for the municipality."""

    name: str
    words: tuple[str, ...]
    url: str
    phone: str = ""


class Thresholds(Settings):
    """Overrides of the shipped thresholds (chatbot/confidence.json); None means: as shipped."""

    choice: float | None = Field(None, ge=0, le=1)
    presence: float | None = Field(None, ge=0, le=1)


class Site(Settings):
    """Everything Vraagbaak knows of one municipality before it reads a page."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    url: str
    organisation: Organisation
    languages: tuple[str, ...] = ("nl", "en")
    today: date | None = None
    encoder: str = "vraagbaak-static"
    reranker: str = ""
    sources: tuple[Source, ...] = (Source(),)
    contact: Contact = Contact()
    audience_rules: tuple[AudienceRule, ...] = ()
    synonyms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    other_counters: tuple[OtherCounter, ...] = ()
    thresholds: Thresholds = Thresholds()
    folder: Path = Path()

    @field_validator("url")
    @classmethod
    def _is_a_web_address(cls, url: str) -> str:
        if not re.match(r"https?://[^/\s]+", url):
            raise ValueError("begin met http:// of https://")
        return url if url.endswith("/") else url + "/"

    @property
    def home(self) -> Path:
        """Return the folder under VRAAGBAAK_HOME where all state of this site lies."""
        return home() / self.name


def home() -> Path:
    """Return VRAAGBAAK_HOME, by default ./var."""
    return Path(os.environ.get("VRAAGBAAK_HOME") or "var")


def find_site(name_or_path: str) -> Path:
    """Find a site file: a path if it ends in .toml or holds a slash, else ./NAME.toml, then the demo.

    Raises SiteError if there is none.
    """
    if name_or_path.endswith(".toml") or "/" in name_or_path:
        candidates = [Path(name_or_path)]
    else:
        candidates = [Path(f"{name_or_path}.toml"), DEMO_FOLDER / f"{name_or_path}.toml"]
    for path in candidates:
        if path.is_file():
            return path
    looked = " en ".join(str(path) for path in candidates)
    raise SiteError(
        f"Er is geen sitebestand voor '{name_or_path}' (gezocht: {looked}). Maak er een met: ingest init NAAM ADRES"
    )


def load_site(name_or_path: str) -> Site:
    """Read and check a site file.

    `${NAME:-default}` in a URL is filled from the environment, so that a port or host can differ per machine.
    Raises SiteError with the file, the key and the nearest known key.
    """
    path = find_site(name_or_path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{path} heeft een fout {_explain_toml(error)}. Verbeter die regel.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{path} is niet te lezen: {why_unusable(error)}. Sla het bestand opnieuw op.") from error
    _expand_urls(data)
    data["folder"] = path.resolve().parent
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        raise SiteError(f"{path}: {_explain(error)}") from error


def _expand_urls(table: dict[str, Any]) -> None:
    for key, value in table.items():
        if key == "url" and isinstance(value, str):
            table[key] = re.sub(r"\$\{(\w+)(?::-([^}]*))?\}", lambda m: os.environ.get(m[1]) or m[2] or "", value)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, dict):
                _expand_urls(child)


def _explain_toml(error: tomllib.TOMLDecodeError) -> str:
    """Say in which line the file is wrong, and why."""
    found = re.search(r"line (\d+), column (\d+)", str(error))
    where = f"in regel {found[1]}, teken {found[2]}" if found else "in de laatste regel"
    why = next((reason for part, reason in _TOML.items() if part in str(error)), technical(error))
    return f"{where}: {why}"


def _explain(error: ValidationError) -> str:
    """Name the first wrong key, and the nearest known one if it is unknown."""
    first = error.errors()[0]
    numbers = "".join(f" (nummer {part + 1})" for part in first["loc"] if isinstance(part, int))
    where = f"'{'.'.join(part for part in first['loc'] if isinstance(part, str))}'{numbers}"
    if first["type"] != "extra_forbidden":
        return f"{where} klopt niet: {why_wrong(first)}. Kijk in docs/site-file.md."
    known = sorted({name for model in _tables() for name in model.model_fields} - {"folder"})
    near = difflib.get_close_matches(str(first["loc"][-1]), known, n=1)
    hint = f" Bedoelt u '{near[0]}'?" if near else " Kijk in docs/site-file.md."
    return f"de instelling {where} bestaat niet.{hint}"


def _tables() -> list[type[Settings]]:
    return [Site, Organisation, Contact, Source, AudienceRule, OtherCounter, Thresholds]
