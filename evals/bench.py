"""How fast and how large: cold starts, questions per step, indexing, and the server's memory."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chatbot.converse import STEPS, ask
from chatbot.records import Question
from chatbot.search import search
from chatbot.services import Services, open_services
from chatbot.turn import Turn
from corpus.index.generation import Paths, new_generation_id, publish
from corpus.language.encoder import load_encoder
from corpus.language.topics import load_bank
from corpus.records import Audience, Page
from corpus.sites import Site, Thresholds, load_site
from evals.answers import is_answered
from evals.ask import open_pinned
from evals.errors import EvalError
from evals.evaluate import percentile
from evals.load import load_set, sets_of
from evals.scratch import scratch_home
from evals.synthetic import bank_pages, grow
from ingest.build import build, cut, inputs, second_core
from ingest.embed import embed

COMMANDS = ("ingest", "chatbot", "evals")
ROUNDS = 5
WARM = 20
# Fewer than the server lets one visitor ask in a minute.
ADMITTED = 8
MOST_QUESTIONS = 200
START_SECONDS = 60
EXAMPLE = "wat kost een paspoort"


def run_bench(site_name: str, chunks: int, questions_file: Path | None) -> dict[str, float]:
    """Measure everything on a published site, and questions and indexing on a synthetic index of `chunks` chunks.

    Times in the figure's name are seconds or milliseconds, memory is in MB. Raises GenerationError, SetError or
    EvalError.
    """
    site = load_site(site_name)
    own = open_pinned(site, None)
    questions = _questions(site, questions_file)
    figures = {f"help_{command}_s": _wall([command, "--help"], ROUNDS) for command in COMMANDS}
    figures["ask_cold_s"] = _wall(["chatbot", "ask", "--site", site_name, EXAMPLE], ROUNDS)
    figures |= {f"site_{name}": value for name, value in time_questions(own, questions).items()}
    figures |= _synthetic(own, chunks, questions)
    figures |= weigh_server(site_name, questions)
    # Other work on the machine makes every time above longer.
    return figures | {"load_average": round(os.getloadavg()[0], 1)}


def _questions(site: Site, file: Path | None) -> list[str]:
    paths = [file] if file else sets_of(site.name)
    if not paths:
        raise EvalError(f"{site.name} heeft geen vragensets. Geef een JSONL-bestand met --questions.")
    questions = [item.question for path in paths for item in load_set(path).items]
    step = -(-len(questions) // MOST_QUESTIONS)
    return questions[::step]


def _wall(command: Sequence[str], rounds: int) -> float:
    """Return the median wall time of a command in fresh processes.

    Raises EvalError if it fails.
    """
    program = [str(Path(sys.executable).with_name(command[0])), *command[1:]]
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        done = subprocess.run(program, capture_output=True, text=True, check=False)
        times.append(time.perf_counter() - started)
        if done.returncode:
            raise EvalError(f"'{' '.join(command)}' is mislukt: {done.stderr.strip()[-200:]}")
    return round(statistics.median(times), 3)


def time_questions(services: Services, questions: Sequence[str]) -> dict[str, float]:
    """Time searching, answering, and each step of answering, warm, in milliseconds (p50 and p95).

    `first_search` is the first time that a question finds its pages, which are read then. `ask` is over all questions,
    `answer` over those that got one; `answered` is their share.
    """
    for question in questions[:WARM]:
        ask(Question(text=question), services)
    figures: dict[str, float] = {}
    for name in ("first_search", "search"):
        figures |= _spread(name, [_timed(lambda text=q: search(text, services)) for q in questions])  # type: ignore[misc]
    asked = [_timed_answer(question, services) for question in questions]
    figures |= _spread("ask", [milliseconds for milliseconds, _ in asked])
    figures |= _spread("answer", [milliseconds for milliseconds, answered in asked if answered])
    figures["answered"] = round(statistics.mean(answered for _, answered in asked), 2)
    steps: dict[str, list[float]] = {name: [] for name, *_ in STEPS}
    for question in questions:
        for name, milliseconds in _step_times(question, services):
            steps[name].append(milliseconds)
    for name, times in steps.items():
        figures |= _spread(f"step_{name}", times)
    return figures | _retrieval_parts(services, questions)


def _timed_answer(question: str, services: Services) -> tuple[float, bool]:
    """Return how long a question took, and whether an answer came of it."""
    started = time.perf_counter()
    reply = ask(Question(text=question), services)
    return 1000 * (time.perf_counter() - started), is_answered(reply)


def _step_times(question: str, services: Services) -> Iterator[tuple[str, float]]:
    turn = Turn(Question(text=question), services, services.index, services.now())
    for name, step, *_ in STEPS:
        yield name, _timed(lambda step=step: step(turn))  # type: ignore[misc]
        if turn.status is not None:
            return


def _retrieval_parts(services: Services, questions: Sequence[str]) -> dict[str, float]:
    """Time what searching is made of: reading the question, gathering and describing pages, ranking, confidence."""
    index, ranker = services.index, services.ranker
    parts: dict[str, list[float]] = {"view": [], "candidates": [], "rank": [], "confidence": []}
    for question in questions:
        view = _timed(lambda text=question: index.retriever.view(text))  # type: ignore[misc]
        started = time.perf_counter()
        found = index.retriever.candidates(question)
        gathered = time.perf_counter()
        scores = ranker.rank(found, index.retriever)
        ranked = time.perf_counter()
        index.judge.judge(found, scores)
        judged = time.perf_counter()
        parts["view"].append(view)
        parts["candidates"].append(1000 * (gathered - started) - view)
        parts["rank"].append(1000 * (ranked - gathered))
        parts["confidence"].append(1000 * (judged - ranked))
    return {key: value for name, times in parts.items() for key, value in _spread(f"part_{name}", times).items()}


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - started)


def _spread(name: str, times: Sequence[float]) -> dict[str, float]:
    if not times:
        return {}
    return {f"{name}_p50_ms": round(statistics.median(times), 2), f"{name}_p95_ms": round(percentile(times, 0.95), 2)}


def _synthetic(own: Services, chunks: int, questions: Sequence[str]) -> dict[str, float]:
    """Index a synthetic site in a folder of its own, and time questions on it."""
    pages = own.index.generation.store.pages()
    with scratch_home(own):
        # Many of these pages are alike, so few questions would be answered; at 0 every one goes the whole way.
        always = Thresholds(choice=0, presence=0)
        site = own.site.model_copy(update={"name": "groot", "url": "https://groot.example/", "thresholds": always})
        noted = site.model_copy(update={"name": "groot-met-notities"})
        with_notes = time_indexing(noted, pages, chunks, notes=True)
        figures = {"index_with_notes_chunks_per_s": with_notes["index_chunks_per_s"]}
        figures |= time_indexing(site, pages, chunks)
        services = open_services(site)
        figures |= {f"large_{name}": value for name, value in time_questions(services, questions).items()}
    return figures


def time_indexing(site: Site, pages: Sequence[Page], wanted: int, *, notes: bool = False) -> dict[str, float]:
    """Time a sync from chunk to published: both audiences, an empty cache, without verify and gate.

    With `notes` one page in fifty is for staff alone, so that two indexes have to be made.
    """
    encoder = load_encoder(site.encoder)
    encoder.encode(["warm"])
    grown = grow(pages, bank_pages(load_bank()), wanted)
    if notes:
        grown = [_for_staff(page) if number % 50 == 1 else page for number, page in enumerate(grown)]
    paths, generation = Paths(site.home), new_generation_id()
    moments = [time.perf_counter()]
    chunks = cut(grown, encoder)
    moments.append(time.perf_counter())
    with second_core(len(chunks)) as pool:
        vectors, _ = embed(inputs(grown, chunks), encoder, paths.cache, generation)
        moments.append(time.perf_counter())
        build(paths, generation, site.name, grown, chunks, vectors, encoder, pool)
        publish(paths, generation)
        moments.append(time.perf_counter())
    steps = zip(("cut", "embed", "write"), moments, moments[1:], strict=False)
    figures = {f"index_{name}_s": round(end - start, 2) for name, start, end in steps}
    rate = round(len(chunks) / (moments[-1] - moments[0]))
    return {"index_chunks": len(chunks)} | figures | {"index_chunks_per_s": rate}


def _for_staff(page: Page) -> Page:
    sections = tuple(section.model_copy(update={"audience": Audience.STAFF}) for section in page.sections)
    return page.model_copy(update={"sections": sections})


def weigh_server(site_name: str, questions: Sequence[str]) -> dict[str, float]:
    """Start `chatbot serve`, ask it some questions, and read its resident memory before and after.

    Raises EvalError if it does not answer in time.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(Path(sys.executable).with_name("chatbot"))
    started = time.perf_counter()
    server = subprocess.Popen(
        [program, "serve", "--site", site_name, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        _await(f"http://127.0.0.1:{port}/", server)
        figures = {"serve_start_s": round(time.perf_counter() - started, 2), "serve_rss_mb": _resident_mb(server.pid)}
        for question in questions[:ADMITTED]:
            _post(f"http://127.0.0.1:{port}/v1/vragen", question)
        return figures | {"serve_rss_after_questions_mb": _resident_mb(server.pid)}
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def _await(url: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(START_SECONDS * 5):
        if server.poll() is not None:
            told = server.stderr.read().decode()[-200:] if server.stderr else ""
            raise EvalError(f"chatbot serve stopte meteen: {told.strip()}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise EvalError(f"chatbot serve gaf na {START_SECONDS} s nog geen antwoord op {url}.")


def _post(url: str, question: str) -> None:
    body = json.dumps({"vraag": question}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def _resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)
