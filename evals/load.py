"""Read sets of questions: JSONL, one item a line. What is wrong is named by file and line; nothing is dropped."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corpus.dutch import technical, why_unusable, why_wrong
from evals.errors import SetError
from evals.records import EvalSet, Item
from evals.split import check_halves

SETS = Path(__file__).parent / "sets"
SHOWN = 5


def sets_of(site: str, folder: Path = SETS) -> list[Path]:
    """Return the files of a site's own sets, by name."""
    return sorted((folder / site).glob("*.jsonl"))


def find_set(name_or_path: str, site: str, folder: Path = SETS) -> Path:
    """Find a set: a path if it ends in .jsonl or holds a slash, else one of the site's own sets.

    Raises SetError if there is none.
    """
    is_path = name_or_path.endswith(".jsonl") or "/" in name_or_path
    path = Path(name_or_path) if is_path else folder / site / f"{name_or_path}.jsonl"
    if path.is_file():
        return path
    own = ", ".join(p.stem for p in sets_of(site, folder)) or "geen"
    raise SetError(f"{path} bestaat niet. De vragensets van {site}: {own}. Noem er een, of geef een .jsonl-bestand.")


def load_set(path: Path) -> EvalSet:
    """Read one set. A line with `turns` is a conversation and becomes one item a turn.

    Raises SetError for an unreadable file, bad lines, an id that occurs twice, a page in both halves, or no item.
    """
    try:
        data = path.read_bytes()
        lines = data.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"{path} is niet te lezen: {why_unusable(error)}.") from error
    items: list[Item] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            items += _read_line(line, f"{path}:{number}")
        except SetError as error:
            wrong.append(str(error))
    wrong += _repeated(items)
    if wrong:
        more = f" … en nog {len(wrong) - SHOWN}" if len(wrong) > SHOWN else ""
        raise SetError("; ".join(wrong[:SHOWN]) + more)
    if not items:
        raise SetError(f"In {path} staan geen vragen. Er is dus niets te meten.")
    check_halves(items)
    return EvalSet(path.stem, str(path), hashlib.sha256(data).hexdigest(), tuple(items))


def choose_split(loaded: EvalSet, split: str) -> EvalSet:
    """Keep one half of a set; `all` keeps everything.

    Raises SetError if the set does not say which half its items belong to, or if the half is empty.
    """
    if split == "all":
        return loaded
    undecided = [item.where for item in loaded.items if not item.split]
    if undecided:
        raise SetError(f"{undecided[0]} heeft geen 'split'. De helft {split} is dus niet bekend. Gebruik --split all.")
    items = tuple(item for item in loaded.items if item.split == split)
    if not items:
        raise SetError(f"De helft {split} van {loaded.path} is leeg.")
    return replace(loaded, items=items)


def read_map(path: Path) -> dict[str, str]:
    """Read `path <tab> id` lines and return id → path.

    Raises SetError naming file and line.
    """
    mapping: dict[str, str] = {}
    for number, fields in _table(path):
        if len(fields) != 2:
            raise SetError(f"{path}:{number}: zet op elke regel 'pad<TAB>id'. Hier staan {len(fields)} delen.")
        mapping[fields[1]] = fields[0]
    return mapping


def read_qrels(path: Path) -> dict[str, tuple[str, ...]]:
    """Read TREC qrels (`question 0 page relevance`) and return the relevant pages of each question.

    Raises SetError naming file and line.
    """
    gold: dict[str, list[str]] = {}
    for number, fields in _table(path, separator=None):
        if len(fields) != 4 or not fields[3].lstrip("-").isdigit():
            raise SetError(f"{path}:{number}: zet op elke regel 'vraag 0 pagina relevantie'.")
        pages = gold.setdefault(fields[0], [])
        if int(fields[3]) > 0:
            pages.append(fields[2])
    return {question: tuple(pages) for question, pages in gold.items()}


def _table(path: Path, separator: str | None = "\t") -> Iterator[tuple[int, list[str]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"{path} is niet te lezen: {why_unusable(error)}.") from error
    return ((number, line.split(separator)) for number, line in enumerate(lines, 1) if line.strip())


def _read_line(line: str, where: str) -> list[Item]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise SetError(f"{where}: geen JSON, fout bij teken {error.colno} ({technical(error.msg)})") from error
    if not isinstance(data, dict):
        raise SetError(f"{where}: zet op elke regel {{...}}")
    if "turns" in data:
        return _read_turns(data, where)
    return [_item(data, where)]


def _read_turns(data: dict[str, Any], where: str) -> list[Item]:
    """Make an item of every turn; its history holds the user's earlier turns only."""
    turns = data["turns"]
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, dict) for turn in turns):
        raise SetError(f"{where}: 'turns' moet een lijst zijn van {{...}} met elk een vraag")
    common = {key: value for key, value in data.items() if key not in ("turns", "id")}
    items: list[Item] = []
    history: list[dict[str, str]] = []
    for number, turn in enumerate(turns, 1):
        merged = common | turn | {"id": f"{data.get('id', '')}#{number}", "conversation": data.get("id", "")}
        items.append(_item(merged | {"history": list(history)}, where))
        history.append({"role": "user", "content": items[-1].question})
    return items


def _item(data: dict[str, Any], where: str) -> Item:
    try:
        return Item.model_validate(data | {"where": where})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise SetError(f"{where}: '{field}' klopt niet: {why_wrong(first)}") from error


def _repeated(items: Iterable[Item]) -> list[str]:
    seen: dict[str, str] = {}
    wrong = []
    for item in items:
        if item.id in seen:
            wrong.append(f"{item.where}: id '{item.id}' staat ook op {seen[item.id]}")
        seen.setdefault(item.id, item.where)
    return wrong
