"""The bank of residents' Dutch: concepts and topics, read from plain text (corpus/language/bank/README.md)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import BankError

BANK_FOLDER = Path(__file__).parent / "bank"
SINGLE_KEYS = ("terms", "upl", "event")
PHRASE_LANGUAGES = ("nl", "en")


@dataclass(frozen=True)
class Concept:
    """A thing or act: official terms, residents' words for it, English words. `source` is file:line."""

    official: tuple[str, ...]
    lay: tuple[str, ...]
    english: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Topic:
    """A need: its official name, terms and passages, and how residents say it, per language."""

    name: str
    domain: str
    terms: tuple[str, ...]
    passages: tuple[str, ...]
    phrases: Mapping[str, tuple[str, ...]]
    upl: str = ""
    event: str = ""
    source: str = ""

    @property
    def all_phrases(self) -> tuple[str, ...]:
        """Return the phrases in every language."""
        return tuple(phrase for phrases in self.phrases.values() for phrase in phrases)


@dataclass(frozen=True)
class Bank:
    """The whole bank; `digest` changes with any line of it."""

    concepts: tuple[Concept, ...]
    topics: tuple[Topic, ...]
    most_asked: tuple[str, ...]
    digest: str


@dataclass
class _Draft:
    name: str
    source: str
    single: dict[str, str] = field(default_factory=dict)
    passages: list[str] = field(default_factory=list)
    phrases: dict[str, list[str]] = field(default_factory=dict)


def load_bank(folder: Path = BANK_FOLDER) -> Bank:
    """Read every file of the bank. Raises BankError naming file and line."""
    files = sorted(folder.rglob("*.txt"))
    if not files:
        raise BankError(f"No bank files in {folder}. Reinstall, or restore corpus/language/bank from git.")
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    concepts = tuple(c for path in sorted((folder / "concepts").glob("*.txt")) for c in read_concepts(path))
    drafts: dict[str, _Draft] = {}
    domains: dict[str, str] = {}
    for path in sorted((folder / "topics").glob("*.txt")):
        for draft in read_topics(path):
            if draft.name in drafts:
                raise BankError(
                    f"{draft.source}: topic '{draft.name}' stands also at {drafts[draft.name].source}. Merge them."
                )
            drafts[draft.name], domains[draft.name] = draft, path.stem
    for path in sorted((folder / "phrases").glob("*.txt")):
        _add_phrases(path, drafts)
    most_asked = tuple(_known_names(folder / "most_asked.txt", drafts))
    topics = tuple(_finish(draft, domains[name]) for name, draft in drafts.items())
    return Bank(concepts, topics, most_asked, digest.hexdigest()[:16])


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (file:line, text) of the lines that say something."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield f"{path.parent.name}/{path.name}:{number}", line.strip()


def read_concepts(path: Path) -> Iterator[Concept]:
    """Read `official, terms | lay, terms | English, terms`, one concept a line."""
    for source, line in _lines(path):
        fields = [tuple(term.strip() for term in part.split(",") if term.strip()) for part in line.split("|")]
        if len(fields) != 3 or not fields[0]:
            raise BankError(
                f"{source}: a concept is 'official, … | lay, … | English, …', with three fields; found {len(fields)}."
            )
        yield Concept(fields[0], fields[1], fields[2], source)


def read_topics(path: Path) -> Iterator[_Draft]:
    """Read topics: `== name`, then `key: value` lines."""
    draft: _Draft | None = None
    for source, line in _lines(path):
        if line.startswith("=="):
            if draft:
                yield draft
            draft = _Draft(line[2:].strip(), source)
            continue
        key, colon, value = (part.strip() for part in line.partition(":"))
        if draft is None or not colon or not value:
            raise BankError(f"{source}: expected '== topic name' or 'key: value', found '{line[:40]}'.")
        if key in SINGLE_KEYS and key not in draft.single:
            draft.single[key] = value
        elif key == "passage":
            draft.passages.append(value)
        elif key in PHRASE_LANGUAGES:
            draft.phrases.setdefault(key, []).append(value)
        else:
            known = ", ".join((*SINGLE_KEYS, "passage", *PHRASE_LANGUAGES))
            raise BankError(f"{source}: key '{key}' is unknown or given twice. Known keys: {known}.")
    if draft:
        yield draft


def _add_phrases(path: Path, drafts: Mapping[str, _Draft]) -> None:
    """Add phrases in the file's language: `== topic name`, then `- phrase` lines."""
    draft: _Draft | None = None
    for source, line in _lines(path):
        if line.startswith("=="):
            draft = drafts.get(line[2:].strip())
            if draft is None:
                raise BankError(f"{source}: no topic is named '{line[2:].strip()}'. Correct the name.")
        elif draft is None or not line.startswith("- "):
            raise BankError(f"{source}: expected '== topic name' or '- phrase', found '{line[:40]}'.")
        else:
            draft.phrases.setdefault(path.stem, []).append(line[2:].strip())


def _known_names(path: Path, drafts: Mapping[str, _Draft]) -> Iterator[str]:
    if not path.is_file():
        return
    for source, line in _lines(path):
        if line not in drafts:
            raise BankError(f"{source}: no topic is named '{line}'. Correct the name.")
        yield line


def _finish(draft: _Draft, domain: str) -> Topic:
    if not draft.passages or not draft.phrases:
        raise BankError(f"{draft.source}: topic '{draft.name}' needs a 'passage:' and at least one 'nl:' line.")
    terms = tuple(term.strip() for term in draft.single.get("terms", "").split(",") if term.strip())
    phrases = {language: tuple(lines) for language, lines in draft.phrases.items()}
    single = draft.single
    return Topic(
        draft.name,
        domain,
        terms,
        tuple(draft.passages),
        phrases,
        single.get("upl", ""),
        single.get("event", ""),
        draft.source,
    )
