"""A tiny municipality, built as a real generation on disk: real store, real Chroma, the shipped encoder."""

from datetime import date
from pathlib import Path

from corpus.index.generation import Paths, new_generation_id, publish, write_generation
from corpus.language.encoder import load_encoder
from corpus.records import Audience, Block, Chunk, Facet, Link, Page, Section, encoder_input, page_id, short_digest
from corpus.sites import Site, load_site

SITE = """
name = "proefdorp"
url = "http://127.0.0.1:8123/"
today = 2026-11-23

[organisation]
name = "Gemeente Proefdorp"

[contact]
phone = "14 0998"
hours = "maandag t/m vrijdag van 8.30 tot 17.00 uur"
form = "/contactformulier"

[synonyms]
flappentap = ["geldautomaat"]

[[other_counters]]
name = "RDW"
words = ["apk", "kenteken overschrijven"]
url = "https://www.rdw.example/"
"""

Passage = tuple[tuple[str, ...], Facet, str, str]
PAGES: dict[str, tuple[str, tuple[Passage, ...]]] = {
    "/paspoort": (
        "Paspoort aanvragen",
        (
            (
                (),
                Facet.DESCRIPTION,
                "Met een paspoort kunt u naar alle landen reizen. U vraagt het aan bij de gemeente.",
                "",
            ),
            (
                ("Kosten",),
                Facet.COST,
                "| 18 jaar en ouder | € 84,20 | 10 jaar |\n| jonger dan 18 jaar | € 63,70 | 5 jaar |",
                "Wat kost een paspoort?\n| Leeftijd | Prijs | Geldig |",
            ),
            (
                ("Meenemen",),
                Facet.BRING,
                "Neem mee naar de afspraak:\n- uw oude paspoort\n- een pasfoto in kleur\n"
                "- toestemming van de ouders bij kinderen",
                "",
            ),
            (("Hoe lang duurt het?",), Facet.TERM, "U haalt het paspoort op na 5 werkdagen.", ""),
            (("Bezwaar",), Facet.OBJECTION, "U kunt binnen 6 weken bezwaar maken.", ""),
        ),
    ),
    "/rijbewijs": (
        "Rijbewijs verlengen",
        (
            ((), Facet.DESCRIPTION, "Is uw rijbewijs bijna verlopen? Dan verlengt u het bij de gemeente.", ""),
            (("Kosten",), Facet.COST, "Een rijbewijs kost € 48,90. Met spoed betaalt u € 34,10 extra.", ""),
        ),
    ),
    "/grofvuil": (
        "Grofvuil laten ophalen",
        (
            ((), Facet.DESCRIPTION, "Oude meubels zoals een bank of kast laat u ophalen als grofvuil.", ""),
            (
                ("Kosten",),
                Facet.COST,
                "Twee keer per jaar is het ophalen gratis. Daarna betaalt u € 27,50 per keer.",
                "",
            ),
        ),
    ),
    "/parkeervergunning": (
        "Parkeervergunning voor bewoners",
        (
            (
                (),
                Facet.DESCRIPTION,
                "Met een parkeervergunning parkeert u in uw eigen wijk zonder te betalen bij de automaat.",
                "",
            ),
            (("Voorwaarden",), Facet.CONDITIONS, "U woont in zone A of zone B. De auto staat op uw naam.", ""),
        ),
    ),
    "/bezwaar": (
        "Bezwaar maken tegen een besluit",
        (
            (
                (),
                Facet.DESCRIPTION,
                "Bent u het niet eens met een besluit van de gemeente? Dan kunt u bezwaar maken.",
                "",
            ),
            (("Hoe werkt het",), Facet.PROCEDURE, "Vul het formulier in met DigiD. Doe dat binnen 6 weken.", ""),
        ),
    ),
    "/bijstand": (
        "Bijstandsuitkering aanvragen",
        (
            (
                (),
                Facet.DESCRIPTION,
                "Heeft u te weinig geld om van te leven? Dan kunt u misschien bijstand krijgen.",
                "",
            ),
            (
                ("Voorwaarden",),
                Facet.CONDITIONS,
                "U bent 18 jaar of ouder. U woont in Proefdorp. U heeft weinig spaargeld.",
                "",
            ),
        ),
    ),
    "/afvalkalender": (
        "Afvalkalender",
        (
            (
                (),
                Facet.DESCRIPTION,
                "Vul uw postcode in en zie wanneer wij uw container legen: restafval, gft, papier en pmd.",
                "",
            ),
        ),
    ),
    "/energietoeslag": (
        "Energietoeslag",
        (
            (
                (),
                Facet.DESCRIPTION,
                "De energietoeslag was een bedrag van € 800 voor inwoners met een laag inkomen.",
                "",
            ),
        ),
    ),
    "/contact": (
        "Contact en openingstijden",
        (
            (
                (),
                Facet.CONTACT,
                "Bel 14 0998. De telefoon is bereikbaar van maandag t/m vrijdag van 8.30 tot 17.00 uur.",
                "",
            ),
            (("Bezoekadres",), Facet.CONTACT, "Het gemeentehuis staat op Dorpsplein 1, 4321 AB Proefdorp.", ""),
        ),
    ),
}
STAFF_NOTE = "KANARIE-7731: verbind boze bellers door met toestel 2314."


def load_tiny_site(folder: Path) -> Site:
    """Write the site file and load it."""
    path = folder / "proefdorp.toml"
    path.write_text(SITE, encoding="utf-8")
    return load_site(str(path))


def build_tiny_generation(site: Site, extra: dict[str, tuple[str, tuple[Passage, ...]]] | None = None) -> str:
    """Build and publish a generation of PAGES for both audiences; staff also gets a note."""
    pages, chunks = _records(site, {**PAGES, **(extra or {})})
    note_pages, note_chunks = _records(
        site, {"/intern/memo": ("Memo boze bellers", (((), Facet.NOTICE, STAFF_NOTE, ""),))}
    )
    paths, generation_id, encoder = Paths(site.home), new_generation_id(), load_encoder()
    for audience, own_pages, own_chunks in (
        (Audience.RESIDENT, pages, chunks),
        (Audience.STAFF, pages + note_pages, chunks + note_chunks),
    ):
        by_id = {page.id: page for page in own_pages}
        vectors = encoder.encode([encoder_input(by_id[chunk.page_id], chunk) for chunk in own_chunks])
        write_generation(
            paths.generation(generation_id, audience),
            site=site.name,
            audience=audience,
            pages=own_pages,
            chunks=own_chunks,
            vectors=vectors,
            encoder=encoder,
        )
    publish(paths, generation_id)
    return generation_id


def _records(site: Site, content: dict[str, tuple[str, tuple[Passage, ...]]]) -> tuple[list[Page], list[Chunk]]:
    pages, chunks = [], []
    for path, (title, passages) in content.items():
        url = site.url.rstrip("/") + path
        own = page_id(url, site.url)
        audience = Audience.STAFF if path.startswith("/intern/") else Audience.RESIDENT
        sections = tuple(
            Section(heading_path=heading, facet=facet, audience=audience, blocks=(Block(kind="paragraph", text=text),))
            for heading, facet, text, _ in passages
        )
        pages.append(
            Page(
                id=own,
                url=url,
                title=title,
                modified=date(2026, 9, 14),
                valid_until=date(2025, 12, 31) if path == "/energietoeslag" else None,
                sections=sections,
                links=(Link(label="Formulier invullen", url=f"{url}/formulier", kind="form"),),
            )
        )
        for position, (heading, facet, text, header) in enumerate(passages):
            chunks.append(
                Chunk(
                    id=short_digest(own, *heading, text),
                    page_id=own,
                    position=position,
                    heading_path=heading,
                    anchor=heading[0].lower().replace(" ", "-") if heading else None,
                    facet=facet,
                    text=text,
                    table_header=header,
                    tokens=len(text.split()),
                )
            )
    return pages, chunks
