"""Fixtures of the chatbot tests: one tiny published site, shared by all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.services import Services, open_services
from corpus.records import Audience
from corpus.sites import Site
from tests.chatbot.tiny import build_tiny_generation, load_tiny_site


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A VRAAGBAAK_HOME of its own for the whole session."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VRAAGBAAK_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def tiny_site(tiny_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of tests/chatbot/tiny.py, published."""
    site = load_tiny_site(tmp_path_factory.mktemp("site"))
    build_tiny_generation(site)
    return site


@pytest.fixture(scope="session")
def services(tiny_site: Site) -> Services:
    """The residents' services of the tiny site."""
    return open_services(tiny_site)


@pytest.fixture(scope="session")
def staff_services(tiny_site: Site) -> Services:
    """The staff's services of the tiny site."""
    return open_services(tiny_site, Audience.STAFF)
