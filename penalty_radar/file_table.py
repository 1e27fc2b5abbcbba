"""The table of files that ``ingest`` and ``run`` print: one line per file by site, reasons below, totals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from reports.messages import say

LEAST_FILE_WIDTH = 24
"""Characters of a path that are always shown, the last ones: the name of the file is at the end."""

LONGEST_FORMAT = 18
"""Characters of a format's name on a terminal of a hundred columns."""

UNBOUNDED = 2_000
"""Columns of a file or a log, which have no width: no path is ever shortened or broken there."""

WIDE = 120
"""Columns of a terminal from which nothing but paths is shortened."""


def print_files(outcomes: Sequence[Any], language: str, *, console: Console | None = None) -> None:
    """Print one line per export file, grouped by site; then reasons, then totals.

    On a terminal paths are shortened to fit; elsewhere lines are as long as they have to be.
    """
    console = console or Console(highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = UNBOUNDED
    ordered = sorted(outcomes, key=lambda outcome: (outcome.site_domain or "", outcome.path))
    if ordered:
        console.print(_table(ordered, language, console.width if console.is_terminal else None), crop=False)
    for heading, lines in (("reasons", _reasons(ordered)), ("cuts", _cuts(ordered, language))):
        if lines:
            console.print()
            console.print(say(f"command.files.{heading}", language), style="bold")
            for path, reason in lines:
                console.print(f"  {path}", style="yellow")
                console.print(f"    {reason}")
    console.print()
    console.print(_total(ordered, language))
    if any(outcome.rejected_count and not outcome.is_already_known for outcome in ordered):
        console.print(say("command.files.where_rejected", language))


def watch_files(files: Sequence[Any], language: str, *, console: Console | None = None) -> Iterator[Any]:
    """The files one by one, with a bar and the file's path on a terminal; nothing is shown elsewhere."""
    console = console or Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield from files
        return
    columns = (
        TextColumn(say("command.files.reading", language)),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(files))
        for file in files:
            progress.update(task, description=_shorten(file.path, console.width // 2))
            yield file
            progress.advance(task)


def _table(outcomes: Sequence[Any], language: str, width: int | None) -> Table:
    gap = 2 if width is None or width >= WIDE else 1
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
    for name in ("file", "format"):
        table.add_column(say(f"command.files.{name}", language), no_wrap=True)
    for name in ("rows", "rejected"):
        table.add_column(say(f"command.files.{name}", language), justify="right", no_wrap=True)
    for name in ("truncated", "days"):
        table.add_column(say(f"command.files.{name}", language), no_wrap=True)
    table.add_column(say("command.files.time", language), justify="right", no_wrap=True)
    rows = [_cells(outcome, language, width) for outcome in outcomes]
    used = [max(len(cell) for cell in column) for column in zip(*rows, _labels(language), strict=True)][1:]
    room = None if width is None else max(width - sum(used) - gap * len(used), LEAST_FILE_WIDTH)
    for site, group in groupby(zip(outcomes, rows, strict=True), key=lambda pair: pair[0].site_domain or ""):
        table.add_row(Text(site or say("command.files.no_site", language), style="bold"))
        for outcome, (path, *cells) in group:
            shown = _shorten(f"  {path.removeprefix(f'{site}/')}", room)
            table.add_row(*(Text(cell) for cell in (shown, *cells)), style=_style(outcome))
    return table


def _labels(language: str) -> list[str]:
    names = ("file", "format", "rows", "rejected", "truncated", "days", "time")
    return [say(f"command.files.{name}", language) for name in names]


def _style(outcome: Any) -> str:
    if outcome.status == "set_aside":
        return "yellow"
    return "dim" if outcome.is_already_known else ""


def _cells(outcome: Any, language: str, width: int | None) -> tuple[str, ...]:
    """File, format, rows, rejected, cut off, days and time as text."""
    longest = LONGEST_FORMAT if width is not None and width < WIDE else None
    days = sorted({day for day in (outcome.first_day_on, outcome.last_day_on) if day is not None})
    if outcome.status == "set_aside":
        took = say("command.files.set_aside", language)
    elif outcome.is_already_known:
        took = say("command.files.known", language)
    else:
        took = say("command.files.seconds", language, seconds=outcome.seconds)
    return (
        outcome.path,
        _shorten(outcome.format or "-", longest, at_end=True),
        say("command.files.count", language, count=outcome.row_count) if outcome.status == "loaded" else "",
        say("command.files.count", language, count=outcome.rejected_count) if outcome.rejected_count else "",
        say("command.files.yes", language) if outcome.is_truncated else "",
        " ".join(day.isoformat() for day in days),
        took,
    )


def _shorten(text: str, width: int | None, *, at_end: bool = False) -> str:
    """The text in at most ``width`` characters; without its beginning, or with ``at_end`` without its end."""
    if width is None or len(text) <= width:
        return text
    return text[: width - 1] + "…" if at_end else "…" + text[1 - width :]


def _reasons(outcomes: Iterable[Any]) -> list[tuple[str, str]]:
    return [(outcome.path, outcome.reason or "") for outcome in outcomes if outcome.status == "set_aside"]


def _cuts(outcomes: Iterable[Any], language: str) -> list[tuple[str, str]]:
    cut = (outcome for outcome in outcomes if outcome.is_truncated and not outcome.is_already_known)
    return [(outcome.path, outcome.truncated_by or say("command.files.cut", language)) for outcome in cut]


def _total(outcomes: Sequence[Any], language: str) -> str:
    new = [outcome for outcome in outcomes if outcome.status == "loaded" and not outcome.is_already_known]
    set_aside = sum(outcome.status == "set_aside" for outcome in outcomes)
    return say(
        "command.files.total",
        language,
        files=len(outcomes),
        loaded=len(new),
        known=len(outcomes) - len(new) - set_aside,
        set_aside=set_aside,
        rows=sum(outcome.row_count for outcome in new),
        kept=sum(outcome.loaded_count for outcome in new),
        merged=sum(outcome.merged_count for outcome in new),
        rejected=sum(outcome.rejected_count for outcome in new),
        passed_over=sum(outcome.passed_over_count for outcome in new),
        seconds=sum(outcome.seconds for outcome in outcomes),
    )
