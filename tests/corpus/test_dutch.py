"""corpus.dutch: what other programs report, for an editor."""

import errno
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.dutch import technical, why_unusable, why_wrong


class Sample(BaseModel):
    """A table with one of each kind of value."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("a", min_length=1)
    pages: int = Field(1, ge=1)
    share: float = Field(0.5, le=1)
    kind: Literal["website", "folder"] = "website"
    names: tuple[str, ...] = ()
    documents: bool = True


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"name": 3}, "dit moet een tekst zijn, tussen aanhalingstekens"),
        ({"name": ""}, "dit mag niet leeg zijn"),
        ({"pages": "veel"}, "dit moet een heel getal zijn"),
        ({"pages": 0}, "dit moet 1 of meer zijn"),
        ({"share": 2}, "dit mag niet meer zijn dan 1.0"),
        ({"kind": "map"}, "kies uit: 'website' of 'folder'"),
        ({"names": "a"}, "dit moet een lijst zijn, tussen [ en ]"),
        ({"documents": "misschien"}, "dit moet true of false zijn"),
        ({"nmae": "a"}, "deze instelling bestaat niet"),
    ],
)
def test_why_wrong_says_what_a_value_must_be(values: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate(values)
    assert why_wrong(dict(caught.value.errors()[0])) == told


def test_why_wrong_passes_on_what_it_does_not_know() -> None:
    assert why_wrong({"type": "url_parsing", "msg": "Input is\nodd"}) == "technische melding: Input is odd"


def test_why_unusable_tells_a_missing_file_from_a_folder_and_from_other_bytes(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    for path, told in (
        (tmp_path / "weg", "het bestand of de map bestaat niet"),
        (tmp_path, "het is een map"),
        (tmp_path / "latin", "het is niet opgeslagen als UTF-8"),
    ):
        with pytest.raises((OSError, UnicodeDecodeError)) as caught:
            path.read_text(encoding="utf-8")
        assert why_unusable(caught.value) == told
    assert why_unusable(OSError(errno.EIO, "Input/output error")).startswith("technische melding: ")


def test_technical_is_one_line() -> None:
    assert technical("a\n  b") == "technische melding: a b"
