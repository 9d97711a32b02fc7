"""Questions from the command line or a file of JSON lines, answered in order with one open generation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chatbot.converse import ask
from chatbot.errors import QuestionError
from chatbot.records import Question, Turn
from chatbot.search import search
from chatbot.services import Services
from corpus.dutch import technical, why_unusable, why_wrong


def run(path: Path, work: Callable[[dict[str, Any]], dict[str, Any]], write: Callable[[dict[str, Any]], None]) -> int:
    """Do the work for each line, in order; a bad line gives {id, error}. Returns 1 if there was one, else 0.

    Raises QuestionError if the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"{path} is niet te lezen: {why_unusable(error)}. Geef een bestand in UTF-8 met JSON-regels."
        ) from error
    failed = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        item: Any = None
        try:
            item = json.loads(line)
            if not isinstance(item, dict) or not isinstance(item.get("question"), str):
                raise QuestionError("zet {...} op elke regel, met een tekst bij 'question'")
            write({"id": item.get("id"), **work(item)})
        except (ValueError, QuestionError) as error:
            failed = 1
            known = item.get("id") if isinstance(item, dict) else None
            write({"id": known, "error": f"regel {number}: {_reason(error)}"})
    return failed


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) if isinstance(error, QuestionError) else technical(error)


def read_history(path: Path | None) -> list[dict[str, str]]:
    """Read earlier turns from a JSON file. Raises QuestionError if it is not a list of {role, content}."""
    if path is None:
        return []
    try:
        turns = json.loads(path.read_text(encoding="utf-8"))
        return [Turn.model_validate(turn).model_dump() for turn in turns]
    except (OSError, ValueError, TypeError) as error:
        raise QuestionError(f"{path} klopt niet. Geef een JSON-lijst van {{role, content}}.") from error


def to_question(item: dict[str, Any]) -> Question:
    """Read one batch item. Raises QuestionError naming the field that is wrong."""
    try:
        return Question(text=item["question"], history=item.get("history") or (), page_id=item.get("page_id"))
    except ValidationError as error:
        first = error.errors()[0]
        raise QuestionError(
            f"'{'.'.join(str(part) for part in first['loc'])}' klopt niet: {why_wrong(first)}"
        ) from error


def answer(item: dict[str, Any], services: Services) -> dict[str, Any]:
    """Answer one item; the reply as JSON data."""
    return ask(to_question(item), services).model_dump(mode="json")


def hits(item: dict[str, Any], services: Services, k: int) -> list[dict[str, Any]]:
    """Search for one item; hits as JSON data, best first."""
    return [
        {
            "url": hit.page.url,
            "page_id": hit.page.id,
            "chunk_id": hit.chunk.id,
            "score": hit.score,
            "title": hit.page.title,
            "heading": " › ".join(hit.chunk.heading_path),
            "text": hit.chunk.text,
            "parts": hit.parts,
        }
        for hit in search(to_question(item).text, services, k)
    ]


def show_reply(reply: dict[str, Any]) -> str:
    """Write a reply for a terminal."""
    lines = [reply["text"].replace("**", "")]  # bold, in our own sentences
    card = {name: line for name, line in reply["card"].items() if line}
    labels = {
        "cost": "Kosten",
        "bring": "Meenemen",
        "term": "Termijn",
        "apply": "Regelen",
        "digid": "DigiD",
        "objection": "Bezwaar",
    }
    lines += [f"{labels[name]}: {line['text']} [{line['n']}]" for name, line in card.items()]
    lines += [f"→ {action['label']}: {action['url']}" for action in reply["actions"]]
    lines += [f"? {choice['label']}: {choice['quote']} ({choice['url']})" for choice in reply["choices"]]
    lines += [
        f"[{c['n']}] {c['title']}, {c['modified'] or 'zonder datum'}: {c['deep_link']}" for c in reply["citations"]
    ]
    contact = reply["contact"]
    lines.append(f"Contact: {contact['organisation']} {contact['phone']} {contact['today']}".strip())
    return "\n".join(lines)


def show_hits(found: list[dict[str, Any]]) -> str:
    """Write hits for a terminal."""
    if not found:
        return "Niets gevonden."
    return "\n".join(f"{hit['score']:7.2f}  {hit['title']} › {hit['heading']}\n         {hit['url']}" for hit in found)
