"""What the host of a server decides, from the environment (VRAAGBAAK_…). docs/serving.md explains each."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chatbot.errors import ServeError
from corpus.dutch import why_unusable, why_wrong


class Hosting(BaseSettings):
    """Settings of `chatbot serve` and `chatbot desk`.

    A library or a school shares one address: `questions_per_minute` is there to stop scripts, not people.
    """

    model_config = SettingsConfigDict(env_prefix="VRAAGBAAK_", extra="ignore", frozen=True)

    questions_per_minute: Annotated[int, Field(ge=1)] = 60
    questions: Literal["masked", "none"] = "masked"
    frame_ancestors: str = "'none'"
    theme_css: Path | None = None
    desk_user: str = ""
    desk_password_hash: str = ""
    desk_secret: str = ""

    def read_theme(self) -> str:
        """Return the municipality's design tokens as CSS, empty when there are none. Raises ServeError."""
        if self.theme_css is None:
            return ""
        try:
            return self.theme_css.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ServeError(
                f"VRAAGBAAK_THEME_CSS: {self.theme_css} is niet te lezen: {why_unusable(error)}."
            ) from error

    def theme_class(self) -> str:
        """Return the class that NL Design System themes hang their tokens on: the first `.…-theme` of the file."""
        found = re.search(r"\.([a-z0-9-]+-theme)\b", self.read_theme())
        return found[1] if found else ""


def load_hosting() -> Hosting:
    """Read the settings. Raises ServeError that names the variable."""
    try:
        hosting = Hosting()
    except ValidationError as error:
        first = error.errors()[0]
        name = "VRAAGBAAK_" + str(first["loc"][0]).upper()
        raise ServeError(
            f"{name}={first['input']!r} klopt niet: {why_wrong(first)}. Kijk in docs/serving.md."
        ) from error
    if re.search(r"[;,\r\n]", hosting.frame_ancestors):
        raise ServeError(
            "VRAAGBAAK_FRAME_ANCESTORS klopt niet: zet er adressen in met spaties ertussen. Kijk in docs/serving.md."
        )
    return hosting
