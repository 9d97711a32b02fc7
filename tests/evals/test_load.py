import json
from pathlib import Path
from typing import Any

import pytest

from evals.errors import SetError
from evals.load import choose_split, find_set, load_set, read_map, read_qrels, sets_of


def write(path: Path, *lines: dict[str, Any] | str) -> Path:
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines) + "\n", encoding="utf-8")
    return path


def test_load_keeps_every_line_its_place_and_its_unknown_fields(tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.jsonl",
        {"id": "a", "question": "x?", "gold": ["/p"], "editor": "Jo"},
        "",
        {"id": "b", "question": "y?"},
    )
    loaded = load_set(path)
    assert [item.where for item in loaded.items] == [f"{path}:1", f"{path}:3"]
    assert loaded.items[0].model_extra == {"editor": "Jo"}
    assert loaded.name == "s"
    assert len(loaded.digest) == 64


def test_load_turns_a_conversation_into_items_with_the_users_earlier_turns(tmp_path: Path) -> None:
    turns = [{"question": "wat kost een paspoort"}, {"question": "en voor mijn kind?", "gold": ["/kind"]}]
    first, second = load_set(write(tmp_path / "s.jsonl", {"id": "c1", "style": "kort", "turns": turns})).items
    assert (first.id, first.turn, second.id, second.turn) == ("c1#1", 1, "c1#2", 2)
    assert [turn.content for turn in second.history] == ["wat kost een paspoort"]
    assert second.style == "kort"
    assert second.conversation == "c1"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "b", ', "geen JSON"),
        ("[1]", "zet op elke regel"),
        ('{"id": "b"}', "'question'"),
        ('{"id": "b", "question": ""}', "'question'"),
        ('{"id": "b", "question": "x", "gold": "/p"}', "'gold'"),
        ('{"id": "b", "question": "x", "status": ["answerd"]}', "'status.0'"),
        ('{"id": "a", "question": "x"}', "id 'a' staat ook op"),
        ('{"id": "b", "turns": []}', "'turns'"),
    ],
)
def test_load_names_file_and_line_of_what_is_wrong(tmp_path: Path, line: str, told: str) -> None:
    path = write(tmp_path / "s.jsonl", {"id": "a", "question": "x?"}, line)
    with pytest.raises(SetError) as caught:
        load_set(path)
    assert f"{path}:2" in str(caught.value)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_load_names_all_bad_lines_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", "{", "{", {"id": "a", "question": "x"})
    with pytest.raises(SetError, match=r"s\.jsonl:1: .*s\.jsonl:2: "):
        load_set(path)


def test_load_refuses_an_empty_set(tmp_path: Path) -> None:
    with pytest.raises(SetError, match="staan geen vragen"):
        load_set(write(tmp_path / "s.jsonl", ""))


def test_load_refuses_a_page_in_both_halves(tmp_path: Path) -> None:
    lines = [{"id": s, "question": "x", "gold": ["/p"], "split": s} for s in ("dev", "test")]
    with pytest.raises(SetError, match=r"de pagina '/p' staat in beide helften: dev in .*:1, test in .*:2"):
        load_set(write(tmp_path / "s.jsonl", *lines))


def test_choose_split_keeps_one_half(tmp_path: Path) -> None:
    lines = [{"id": s, "question": "x", "gold": [f"/{s}"], "split": s} for s in ("dev", "test")]
    loaded = load_set(write(tmp_path / "s.jsonl", *lines))
    assert [item.id for item in choose_split(loaded, "test").items] == ["test"]
    assert choose_split(loaded, "all") == loaded


def test_choose_split_refuses_a_set_that_states_none(tmp_path: Path) -> None:
    loaded = load_set(write(tmp_path / "s.jsonl", {"id": "a", "question": "x"}))
    with pytest.raises(SetError, match=r"s\.jsonl:1 heeft geen 'split'"):
        choose_split(loaded, "dev")


def test_find_set_takes_a_name_of_the_site_or_any_path(tmp_path: Path) -> None:
    (tmp_path / "proefstad").mkdir()
    own = write(tmp_path / "proefstad" / "residents.jsonl", {"id": "a", "question": "x"})
    assert find_set("residents", "proefstad", tmp_path) == own
    assert find_set(str(own), "elders", tmp_path) == own
    assert sets_of("proefstad", tmp_path) == [own]
    with pytest.raises(SetError, match="De vragensets van proefstad: residents"):
        find_set("bewoners", "proefstad", tmp_path)


def test_read_map_translates_ids_to_paths_and_names_a_bad_line(tmp_path: Path) -> None:
    assert read_map(write(tmp_path / "map.tsv", "/p/0.html\tro:1")) == {"ro:1": "/p/0.html"}
    with pytest.raises(SetError, match=r"bad\.tsv:1"):
        read_map(write(tmp_path / "bad.tsv", "/p/0.html ro:1"))


def test_read_qrels_keeps_the_relevant_pages_and_names_a_bad_line(tmp_path: Path) -> None:
    assert read_qrels(write(tmp_path / "q.txt", "a 0 p1 1", "a 0 p2 0", "b 0 p3 2")) == {"a": ("p1",), "b": ("p3",)}
    with pytest.raises(SetError, match=r"bad\.txt:1"):
        read_qrels(write(tmp_path / "bad.txt", "a 0 p1"))
