"""chatbot.reading: a page as units, words, tokens and vectors, read once."""

import numpy as np
import pytest

from chatbot.answer import MAX_CHUNKS, Task, read_relevant
from chatbot.services import Services


def page_titled(services: Services, title: str) -> str:
    return next(page.id for page in services.index.generation.store.pages() if page.title == title)


def test_it_reads_a_page_once(services: Services) -> None:
    readings = services.index.retriever.readings
    page_id = page_titled(services, "Paspoort aanvragen")
    assert readings.of(page_id) is readings.of(page_id)


def test_all_parts_of_a_reading_have_a_row_per_unit(services: Services) -> None:
    reading = services.index.retriever.readings.of(page_titled(services, "Paspoort aanvragen"))
    parts = (reading.tokens, reading.context_tokens, reading.words, reading.context_words, reading.label_words)
    vectors = (reading.vectors, reading.context_vectors, reading.whole_vectors)
    assert {len(part) for part in (*parts, *vectors)} == {len(reading.units)}
    row = next(at for at, unit in enumerate(reading.units) if unit.kind == "row")
    assert "18" in reading.label_words[row]
    assert np.allclose(np.linalg.norm(reading.vectors, axis=1), 1, atol=1e-5)


def test_a_page_that_is_gone_has_no_units(services: Services) -> None:
    assert services.index.retriever.readings.of("gone").units == []


def test_of_a_long_page_it_reads_the_passages_nearest_to_the_question(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    retriever = services.index.retriever
    page_id = page_titled(services, "Paspoort aanvragen")
    chunk = retriever.generation.store.chunks_of_page(page_id)[0]
    about_roads = [f"Deel {n} gaat over verkeer en wegen." for n in range(2 * MAX_CHUNKS)]
    texts = ["Eerste deel.", *about_roads, "Een hond uitlaten."]
    long = [chunk.model_copy(update={"id": f"{page_id}#{n}", "text": text}) for n, text in enumerate(texts)]
    whole = retriever.readings.part("Lange pagina", long)
    monkeypatch.setattr(retriever.readings, "of", lambda _: whole)
    page = retriever.generation.store.page(page_id)
    assert page is not None
    kept = [chunk.text for chunk in read_relevant(Task("hond", "hond", page, long[5]), retriever).chunks]
    assert len(kept) <= MAX_CHUNKS
    assert {"Eerste deel.", "Een hond uitlaten.", long[5].text} <= set(kept)
