"""One immutable generation of the index, and the small file CURRENT that says which one answers.

<site home>/generations/<id>/{public,staff}/{manifest.json, store.sqlite, vectors.npy, lexical/, chroma/, …}
Readers open one audience's folder; the two never share a file.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from corpus.errors import GenerationError, NothingPublished
from corpus.index.lexical import Lexical, build_lexical
from corpus.index.store import Store, write_store
from corpus.index.subwords import Subwords
from corpus.index.vectors import VectorIndex, write_collection
from corpus.language.encoder import Encoder, StaticEncoder, load_encoder
from corpus.language.vocabulary import Vocabulary
from corpus.language.words import tokenize
from corpus.records import Audience, Chunk, Page, Record, encoder_input

FORMAT = 1
KEEP = 5
FOLDERS = {Audience.RESIDENT: "public", Audience.STAFF: "staff"}
GENERATION_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")


class Manifest(Record):
    """What a generation holds. `digests` covers every file but Chroma's, which opening rewrites."""

    format: int
    id: str
    site: str
    audience: Audience
    created: datetime
    encoder_id: str
    encoder_digest: str
    dimension: int
    pages: int
    chunks: int
    digests: dict[str, str]


@dataclass(frozen=True)
class Paths:
    """Where the state of one site lies."""

    home: Path

    @property
    def generations(self) -> Path:
        """Return the folder of all generations."""
        return self.home / "generations"

    @property
    def current(self) -> Path:
        """Return the file that names the published generation."""
        return self.home / "CURRENT"

    @property
    def cache(self) -> Path:
        """Return the folder of the embedding cache."""
        return self.home / "cache"

    @property
    def snapshots(self) -> Path:
        """Return the folder of saved responses."""
        return self.home / "snapshots"

    @property
    def state(self) -> Path:
        """Return the database of pauses, feedback and masked questions."""
        return self.home / "state.db"

    def generation(self, generation_id: str, audience: Audience) -> Path:
        """Return the folder of one generation for one audience."""
        return self.generations / generation_id / FOLDERS[audience]


def new_generation_id(now: datetime | None = None) -> str:
    """Return a fresh id that sorts by time, to the microsecond; a last random digit tells apart what ties."""
    moment = now or datetime.now(UTC)
    return f"{moment:%Y%m%dT%H%M%S}-{moment.microsecond:05x}{secrets.token_hex(1)[0]}"


def read_current(paths: Paths) -> str | None:
    """Return the published generation's id, or None."""
    try:
        return paths.current.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None


def publish(paths: Paths, generation_id: str) -> None:
    """Make a generation the one that answers, atomically.

    Raises GenerationError if it is not complete.
    """
    if not is_complete(paths, generation_id):
        raise GenerationError(
            f"Generatie {generation_id} bestaat niet of is niet af. Bekijk de lijst met: ingest generations"
        )
    draft = paths.current.with_name(f"CURRENT.{secrets.token_hex(4)}")
    with draft.open("w", encoding="ascii") as file:
        file.write(generation_id + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, paths.current)


def is_complete(paths: Paths, generation_id: str) -> bool:
    """Tell whether both audiences of a generation are written to the end."""
    return all((paths.generation(generation_id, audience) / "manifest.json").is_file() for audience in FOLDERS)


def list_generations(paths: Paths) -> list[str]:
    """Return the ids of complete generations, oldest first."""
    if not paths.generations.is_dir():
        return []
    names = (folder.name for folder in paths.generations.iterdir())
    return sorted(name for name in names if GENERATION_ID.fullmatch(name) and is_complete(paths, name))


def remove_unfinished(paths: Paths) -> list[str]:
    """Delete what interrupted syncs left behind; call it under build_lock. Returns the ids removed."""
    if not paths.generations.is_dir():
        return []
    left = [f for f in paths.generations.iterdir() if f.is_dir() and not is_complete(paths, f.name)]
    for folder in left:
        shutil.rmtree(folder)
    for draft in paths.home.glob("CURRENT.*"):
        draft.unlink()
    return sorted(folder.name for folder in left)


def keep_last(paths: Paths, count: int = KEEP) -> list[str]:
    """Delete all but the newest generations; the published one always stays. Returns the ids removed."""
    current = read_current(paths)
    gone = [name for name in list_generations(paths)[:-count] if name != current]
    for name in gone:
        shutil.rmtree(paths.generations / name)
    return gone


@contextmanager
def build_lock(paths: Paths) -> Iterator[None]:
    """Hold the site's build lock; the kernel frees it when the process dies. Children do not inherit it.

    Raises GenerationError if another sync holds it.
    """
    paths.home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(paths.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise GenerationError(
            f"{paths.home.name} wordt al bijgewerkt. Wacht tot dat klaar is, of stop het eerst."
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)


def write_generation(
    folder: Path,
    *,
    site: str,
    audience: Audience,
    pages: Sequence[Page],
    chunks: Sequence[Chunk],
    vectors: NDArray[np.float32],
    encoder: Encoder,
    beside: Executor | None = None,
) -> Manifest:
    """Write one audience's index; the manifest comes last, so its presence means complete.

    `vectors` has a unit row per chunk, chunks follow the order of pages. Chroma's part, half of the work, is written
    by `beside` if there is one.
    """
    (folder / "lexical").mkdir(parents=True)
    metadatas = [{"page_id": chunk.page_id, "facet": str(chunk.facet)} for chunk in chunks]
    ids = [chunk.id for chunk in chunks]
    collection = beside.submit(write_collection, folder / "chroma", ids, vectors, metadatas) if beside else None
    by_id = {page.id: page for page in pages}
    texts = [tokenize(indexed_text(by_id[chunk.page_id], chunk)) for chunk in chunks]
    vocabulary = Vocabulary.of_tokens(texts)
    write_store(folder / "store.sqlite", pages, chunks)
    np.save(folder / "vectors.npy", np.asarray(vectors, np.float32))
    build_lexical([vocabulary.stems_of(text) for text in texts]).save(folder / "lexical")
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary.counts, ensure_ascii=False), encoding="utf-8")
    static = static_encoder(encoder)
    inputs = [encoder_input(by_id[chunk.page_id], chunk) for chunk in chunks]
    Subwords.of(static.token_ids(inputs)).save(folder / "subwords.npz")
    Subwords.of(static.token_ids([page.title for page in pages])).save(folder / "titles.npz")
    if collection is None:
        write_collection(folder / "chroma", ids, vectors, metadatas)
    else:
        collection.result()
    manifest = Manifest(
        format=FORMAT,
        id=folder.parent.name,
        site=site,
        audience=audience,
        created=datetime.now(UTC),
        encoder_id=encoder.id,
        encoder_digest=encoder.digest,
        dimension=int(vectors.shape[1]),
        pages=len(pages),
        chunks=len(chunks),
        digests=_digests(folder),
    )
    _write_durably(folder / "manifest.json", manifest.model_dump_json(indent=2))
    return manifest


def copy_generation(source: Path, folder: Path, audience: Audience) -> Manifest:
    """Write the index of another audience that is to see exactly the same; the manifest comes last here too."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("manifest.json"))
    manifest = read_manifest(source).model_copy(update={"audience": audience, "created": datetime.now(UTC)})
    _write_durably(folder / "manifest.json", manifest.model_dump_json(indent=2))
    return manifest


def indexed_text(page: Page, chunk: Chunk) -> str:
    """Return what the word index sees of a chunk: the encoder's text and the page's keywords."""
    return "\n".join([encoder_input(page, chunk), ", ".join(page.keywords)])


def static_encoder(encoder: Encoder) -> StaticEncoder:
    """Return the encoder if it is static, else the shipped one: late interaction and the bank need token vectors."""
    return encoder if isinstance(encoder, StaticEncoder) else cast(StaticEncoder, load_encoder())


def _write_durably(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "chroma" not in path.parts)
    return {path.relative_to(folder).as_posix(): _file_digest(path) for path in files}


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Generation:
    """One audience's index, open for reading."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.folder, self.encoder = folder, encoder
        self.manifest = read_manifest(folder)
        _refuse_other_encoder(self.manifest, encoder)
        self.store = Store(folder / "store.sqlite")
        self.vectors: NDArray[np.float32] = np.load(folder / "vectors.npy", mmap_mode="r")
        self.lexical = Lexical.open(folder / "lexical")
        self.subwords = Subwords.open(folder / "subwords.npz")
        self.titles = Subwords.open(folder / "titles.npz")
        counts = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
        self.vocabulary = Vocabulary(counts)
        if not len(self.vectors) == len(self.store.chunk_pages) == self.manifest.chunks:
            raise GenerationError(
                f"{folder} is beschadigd: de delen passen niet bij elkaar. Maak de index opnieuw met: ingest sync"
            )
        self.nearest = VectorIndex(folder / "chroma", self.store.chunk_ids(), self.vectors)

    def check_digests(self) -> list[str]:
        """Return the files whose content is not what the build wrote."""
        wrong = []
        for name, digest in self.manifest.digests.items():
            path = self.folder / name
            if not path.is_file() or _file_digest(path) != digest:
                wrong.append(name)
        return wrong

    def close(self) -> None:
        """Let go of all files."""
        self.store.close()
        self.nearest.close()


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest. Raises GenerationError if it is missing, broken or of another format."""
    try:
        manifest = Manifest.model_validate_json((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GenerationError(f"In {folder} staat geen generatie. Bekijk de lijst met: ingest generations") from error
    except (OSError, ValidationError) as error:
        raise GenerationError(
            f"{folder}/manifest.json is beschadigd. Maak de index opnieuw met: ingest sync"
        ) from error
    if manifest.format != FORMAT:
        raise GenerationError(
            f"{folder} is van een andere versie (vorm {manifest.format}, nodig {FORMAT}). "
            "Maak de index opnieuw met: ingest sync"
        )
    return manifest


def _refuse_other_encoder(manifest: Manifest, encoder: Encoder) -> None:
    if (manifest.encoder_id, manifest.encoder_digest) != (encoder.id, encoder.digest):
        raise GenerationError(
            f"De index van {manifest.site} is gemaakt met encoder {manifest.encoder_id} "
            f"({manifest.encoder_digest[:8]}), maar het sitebestand vraagt {encoder.id} ({encoder.digest[:8]}). "
            f"Werk de site bij met: ingest sync --site {manifest.site}"
        )


def open_generation(paths: Paths, audience: Audience, encoder: Encoder, generation_id: str | None = None) -> Generation:
    """Open a generation, by default the published one.

    Raises NothingPublished if there is none yet, GenerationError if it cannot be opened.
    """
    chosen = generation_id or read_current(paths)
    if chosen is None:
        raise NothingPublished(
            f"Voor {paths.home.name} is nog niets gepubliceerd. "
            f"Werk de site bij met: ingest sync --site {paths.home.name}"
        )
    return Generation(paths.generation(chosen, audience), encoder)
