"""Small cases and replies that a reader can check by hand, and a small real index."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chatbot.records import Card, CardLine, Choice, Citation, ContactBlock, Reply, Status
from corpus.index.generation import Paths, new_generation_id, publish, write_generation
from corpus.language.encoder import load_encoder
from corpus.records import Audience, Block, Chunk, Page, Section, encoder_input, page_id, short_digest
from evals.records import Case, Item, Judged, Judgement, Outcome

QUOTE = "Een paspoort kost € 83,87."


class Samples:
    """Makes the records of an evaluation with only what a test cares about."""

    def item(self, name: str = "q", question: str = "wat kost een paspoort", **fields: Any) -> Item:
        return Item(id=name, question=question, where=f"set.jsonl:{name}", **fields)

    def case(
        self, name: str = "q", gold: tuple[str, ...] = ("pas",), missing: tuple[str, ...] = (), **fields: Any
    ) -> Case:
        own = {key: fields.pop(key) for key in ("expected", "forbidden", "also_ok", "topic", "seen") if key in fields}
        return Case(self.item(name, gold=(*gold, *missing), **fields), frozenset(gold), missing, **own)

    def citation(self, n: int, page: str, quote: str = QUOTE) -> Citation:
        url = f"https://proefstad.example/{page}"
        return Citation(
            n=n, url=url, page_id=page, title=page, heading="Kosten", quote=quote, deep_link=f"{url}#kosten"
        )

    def choice(self, page: str) -> Choice:
        return Choice(label=page, question="wat kost een paspoort", url=f"/{page}", page_id=page, quote="Een quote.")

    def reply(self, status: Status = Status.ANSWERED, text: str = f"{QUOTE} [1]", *pages: str, **fields: Any) -> Reply:
        cited = tuple(self.citation(n, page) for n, page in enumerate(pages, 1))
        fields = {"citations": cited} | fields
        return Reply(status=status, text=text, contact=ContactBlock(organisation="Gemeente Proefstad"), **fields)

    def card(self, text: str) -> Card:
        return Card(cost=CardLine(text=text, n=1))

    def judged(self, case: Case, verdict: Judgement | None = None, **outcome: Any) -> Judged:
        return Judged(Outcome(case, **outcome), verdict or Judgement("answered"))


@pytest.fixture
def samples() -> Samples:
    return Samples()


SITE = "https://proefstad.example/"
TOML = f"""
name = "proefstad"
url = "{SITE}"
today = 2026-11-23
organisation = {{ name = "Gemeente Proefstad" }}
contact = {{ phone = "14 012", page = "{SITE}contact" }}
"""
# path → title, and per heading the text under it
CONTENT = {
    "burgerzaken/paspoort": (
        "Paspoort aanvragen",
        {
            "Kosten": "Een paspoort voor volwassenen kost € 83,87. Voor kinderen kost het € 63,42.",
            "Meenemen": "Neem uw oude paspoort en een pasfoto mee naar de balie.",
        },
    ),
    "burgerzaken/rijbewijs": (
        "Rijbewijs aanvragen of verlengen",
        {"Kosten": "Een rijbewijs kost € 51,95.", "Hoe lang duurt het": "Na 5 werkdagen ligt uw rijbewijs klaar."},
    ),
    "afval/grofvuil": (
        "Grofvuil laten ophalen",
        {"Afspraak": "U maakt een afspraak om grof huishoudelijk afval te laten ophalen. Ophalen kost € 15,00."},
    ),
    "verkeer/parkeervergunning": (
        "Parkeervergunning voor bewoners",
        {"Voorwaarden": "U woont in een straat met betaald parkeren en heeft een auto op uw naam staan."},
    ),
}  # fmt: skip


class Town:
    """A small municipality with a published index of four pages."""

    content = CONTENT

    def __init__(self, folder: Path) -> None:
        self.folder, self.home, self.file = folder, folder / "var", folder / "proefstad.toml"
        self.file.write_text(TOML, encoding="utf-8")

    def build(self, content: Mapping[str, tuple[str, Mapping[str, str]]]) -> str:
        """Index pages; returns the id of the generation, which is not published."""
        pages, chunks = [], []
        for path, (title, sections) in content.items():
            page = Page(id=page_id(SITE + path, SITE), url=SITE + path, title=title)
            pages.append(page.model_copy(update={"sections": tuple(map(self._section, sections.items()))}))
            chunks += [self._chunk(page, n, *section) for n, section in enumerate(sections.items())]
        encoder, paths, generation = load_encoder(), Paths(self.home / "proefstad"), new_generation_id()
        by_id = {page.id: page for page in pages}
        vectors = encoder.encode([encoder_input(by_id[chunk.page_id], chunk) for chunk in chunks])
        for audience in Audience:
            write_generation(
                paths.generation(generation, audience), site="proefstad", audience=audience, pages=pages, chunks=chunks,
                vectors=vectors, encoder=encoder,
            )  # fmt: skip
        return generation

    def _section(self, section: tuple[str, str]) -> Section:
        return Section(heading_path=section[:1], blocks=(Block(kind="paragraph", text=section[1]),))

    def _chunk(self, page: Page, position: int, heading: str, text: str) -> Chunk:
        name = short_digest(page.id, heading)
        return Chunk(id=name, page_id=page.id, position=position, heading_path=(heading,), text=text, tokens=20)

    def write_set(self, name: str, *items: dict[str, Any]) -> Path:
        """Write a set of questions."""
        path = self.folder / f"{name}.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in items), encoding="utf-8")
        return path


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town with its index, built once; the bank is compiled into its home at the first question."""
    town = Town(tmp_path_factory.mktemp("town"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VRAAGBAAK_HOME", str(town.home))
        publish(Paths(town.home / "proefstad"), town.build(CONTENT))
    return town


@pytest.fixture
def town(built_town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setenv("VRAAGBAAK_HOME", str(built_town.home))
    return built_town
