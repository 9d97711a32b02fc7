"""docs/site-file.md and docs/ingest.md name every key, command and source kind that there is."""

from pathlib import Path
from typing import get_args

import pytest

import corpus.sites as sites
from ingest.cli import app
from ingest.sources import KINDS

DOCS = Path(__file__).parents[2] / "docs"
TABLES = (
    sites.Site, sites.Organisation, sites.Contact, sites.Source, sites.AudienceRule, sites.OtherCounter,
    sites.Thresholds,
)  # fmt: skip


@pytest.mark.parametrize("key", sorted({key for table in TABLES for key in table.model_fields} - {"folder"}))
def test_site_file_page_explains(key: str) -> None:
    text = (DOCS / "site-file.md").read_text(encoding="utf-8")
    assert f"`{key}`" in text or f"[{key}]" in text


@pytest.mark.parametrize(
    "command", [info.name or info.callback.__name__ for info in app.registered_commands if info.callback]
)
def test_ingest_page_explains(command: str) -> None:
    assert f"`ingest {command}" in (DOCS / "ingest.md").read_text(encoding="utf-8")


def test_every_kind_of_the_site_file_has_a_reader() -> None:
    assert set(get_args(sites.Source.model_fields["kind"].annotation)) == set(KINDS)


def test_the_demo_site_file_is_valid() -> None:
    site = sites.load_site("voorbeeldstad")
    assert site.today is not None
    assert len(site.other_counters) > 10
