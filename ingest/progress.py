"""Show how far a sync is (home of rich): bars on a terminal, nothing elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

Seen = Callable[[int, int], None]
# What a person sees of a step; its name stays the same for programs.
LABELS = {
    "crawl": "website lezen", "read": "bestanden lezen", "extract": "tekst herkennen", "chunk": "tekst verdelen",
    "embed": "betekenis bepalen", "build": "index maken", "verify": "index controleren", "gate": "kwaliteitspoort",
}  # fmt: skip


class Progress:
    """The steps of a sync, each timed; `timings` maps a step to its seconds. Enter it to see the bars."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.timings: dict[str, float] = {}
        self._bars: Any = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bars

            columns = (TextColumn("{task.description:>17}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bars = Bars(*columns, console=Console(stderr=True))

    def __enter__(self) -> Self:
        if self._bars is not None:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    @contextmanager
    def step(self, name: str) -> Iterator[Seen]:
        """Time a step; the function given is told how much is done, and of how much."""
        began = time.perf_counter()
        if self._bars is None:
            yield lambda done, known: None
        else:
            bar = self._bars.add_task(LABELS.get(name, name), total=None)
            yield lambda done, known: self._bars.update(bar, completed=done, total=known)
            # A step that never knew its size still ends with a full bar.
            done = self._bars.tasks[bar].completed or 1
            self._bars.update(bar, completed=done, total=done)
        self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - began, 3)
