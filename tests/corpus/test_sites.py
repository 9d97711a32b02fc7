"""corpus.sites: reading the site file."""

from pathlib import Path

import pytest

from corpus.errors import SiteError
from corpus.sites import load_site

MINIMAL = 'name = "proef"\nurl = "https://proef.example"\n[organisation]\nname = "Gemeente Proef"\n'


def write(folder: Path, text: str) -> str:
    path = folder / "proef.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_load_site_fills_in_the_defaults(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, MINIMAL))
    assert site.url == "https://proef.example/"
    assert [source.kind for source in site.sources] == ["website"]


def test_load_site_names_the_nearest_known_key(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"instelling 'langauges' bestaat niet\. Bedoelt u 'languages'\?"):
        load_site(write(tmp_path, 'langauges = ["nl"]\n' + MINIMAL))


def test_load_site_names_the_file_and_line_of_bad_toml(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"proef\.toml heeft een fout in regel 1, teken \d+: de waarde klopt niet"):
        load_site(write(tmp_path, "name = \n"))


def test_load_site_says_how_to_make_a_missing_file() -> None:
    with pytest.raises(SiteError, match=r"geen sitebestand voor 'nergens'.*ingest init"):
        load_site("nergens")


def test_load_site_fills_a_url_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = MINIMAL.replace("https://proef.example", "http://127.0.0.1:${PROEF_PORT:-8800}")
    assert load_site(write(tmp_path, text)).url == "http://127.0.0.1:8800/"
    monkeypatch.setenv("PROEF_PORT", "9000")
    assert load_site(write(tmp_path, text)).url == "http://127.0.0.1:9000/"


def test_load_site_refuses_an_address_without_scheme(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"'url' klopt niet: begin met http"):
        load_site(write(tmp_path, MINIMAL.replace("https://", "")))
