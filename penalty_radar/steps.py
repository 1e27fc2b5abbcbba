"""How long work is shown: a spinner and a line per step on a terminal, one line per step elsewhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.text import Text


class Steps:
    """Counts and times the steps of a command; a step may leave one note that ends its line."""

    def __init__(self, total: int, *, console: Console | None = None) -> None:
        self._total = total
        self._number = 0
        self._console = console or Console(highlight=False, soft_wrap=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """Run one step; the callable given back sets the note, for example how many rows were written."""
        self._number += 1
        label = f"[{self._number:>{len(str(self._total))}}/{self._total}] {name}"
        notes: list[str] = [""]
        started = time.monotonic()
        spinner = self._console.status(Text(label)) if self._console.is_terminal else contextlib.nullcontext()
        try:
            with spinner:
                yield lambda note: notes.__setitem__(0, note)
        except BaseException:
            self._print(label, started, "FAILED", "red", notes[0])
            raise
        self._print(label, started, "OK", "green", notes[0])

    def _print(self, label: str, started: float, word: str, colour: str, note: str) -> None:
        line = Text(f"{label:<28} ")
        line.append(word, style=colour)
        line.append(f" {time.monotonic() - started:6.1f} s  {note}".rstrip())
        self._console.print(line)
