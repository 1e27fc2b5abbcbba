"""``penalty-radar ingest --explain``: why a file is read as it is, in English or Dutch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from penalty_radar.clock import now
from reports.messages import say
from transforms.errors import BadInputError
from transforms.ingest.file_explanation import ColumnFate, Example, FileExplanation, explain_file
from transforms.ingest.formats import ExportFormat
from transforms.ingest.inbox import look_into
from transforms.ingest.recognition import Recognition

MOST_ALIKE = 2
"""Columns of the same kind (one per day, or of the same name) that are shown."""

MOST_REJECTED = 10
"""Rejected values that are shown."""

LONGEST_VALUE = 48
"""Characters of a value that are shown."""

WIDTH_ELSEWHERE = 120
"""Columns in a file or a log."""

ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "cp1252": "Windows-1252"}


def explain_files(
    address: str,
    language: str,
    *,
    site: str | None = None,
    format_name: str | None = None,
    mappings: Path | None = None,
    console: Console | None = None,
) -> bool:
    """Print an explanation of each content at the address; returns whether all of them can be read."""
    console = console or Console(highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = WIDTH_ELSEWHERE
    found = look_into(address, site=site, format_name=format_name, mappings=mappings)
    if not found:
        raise BadInputError(address, "nothing there", "a file or a folder with files", "Check the path.")
    for each in found:
        print_explanation(explain_file(each, read_at=now()), language, console)
    console.print(say("explaining.nothing_written", language))
    return all(each.arrived.reason is None for each in found)


def print_explanation(explained: FileExplanation, language: str, console: Console) -> None:
    """Print one explanation: what it is and why, its columns, and the rows that would be rejected."""
    arrived = explained.found.arrived
    console.print(arrived.path, style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, text in _facts(explained, language):
        table.add_row(f"  {say(f'explaining.{label}', language)}" if label else "", Text(text))
    console.print(table)
    if explained.columns:
        console.print()
        console.print(_columns(explained.columns, language))
        console.print()
        _print_rejected(explained, language, console)
    console.print()


def _facts(explained: FileExplanation, language: str) -> Iterable[tuple[str, str]]:
    """Label (of the messages, empty for a line that goes on) and text."""
    found, recognition = explained.found, explained.found.recognition
    arrived, declared = found.arrived, found.recognition.format
    if declared is None:
        yield "format", say("explaining.nothing_chosen", language)
    elif declared.thing is None and declared.described and not declared.columns:
        yield "format", say("explaining.mapping_file", language, described=declared.described)
    else:
        yield "format", _chosen(explained, declared, language)
        yield "told_by", ", ".join(_told_by(declared, recognition))
    if arrived.reason:
        yield "set_aside", arrived.reason
    for at, other in enumerate(explained.considered):
        key = "lacks" if other.lacks else "fits"
        lacks = "; ".join(other.lacks)
        yield (
            "" if at else "others",
            say(f"explaining.{key}", language, name=other.name, known=other.known_count, lacks=lacks),
        )
    if recognition.header:
        yield "text", _as_text(explained, language)
        yield "header", _header(recognition, language)
    if declared is not None and recognition.header:
        yield "site", say(f"explaining.site.{arrived.site_source or 'none'}", language, site=arrived.site_domain or "")
        if explained.exported_on:
            yield "day", say(f"explaining.day.{explained.exported_on_source}", language, day=explained.exported_on)
        for label, told in (("country", arrived.country), ("device", arrived.device)):
            yield label, _told(explained, label, told, language)


def _chosen(explained: FileExplanation, declared: ExportFormat, language: str) -> str:
    header = explained.found.recognition.header
    known = sum(
        declared.is_ignored(name) or any(declared.reads_header(column, name) for column in declared.columns)
        for name in header
    )
    text = say("explaining.chosen", language, format=declared.name, title=declared.title, known=known, all=len(header))
    return f"{text}; {say('explaining.mapped', language)}" if explained.is_mapped else text


def _told_by(declared: ExportFormat, recognition: Recognition) -> list[str]:
    return [
        next((name for name in spellings if name in recognition.header), spellings[0])
        for spellings in declared.recognised_by
    ]


def _as_text(explained: FileExplanation, language: str) -> str:
    content, recognition = explained.found.content, explained.found.recognition
    if content.kind != "text":
        text = say("explaining.converted", language, kind=content.kind)
    else:
        delimiter = say(f"explaining.delimiter.{recognition.delimiter}", language)
        encoding = ENCODINGS.get(recognition.encoding, recognition.encoding)
        text = say("explaining.as_text", language, encoding=encoding, delimiter=delimiter)
    return f"{text}; {say('explaining.packed', language)}" if content.is_packed else text


def _header(recognition: Recognition, language: str) -> str:
    if not recognition.header_at:
        return say("explaining.header_first", language)
    preamble = " | ".join(recognition.preamble)[:200]
    return say("explaining.header_after", language, place=recognition.header_at + 1, preamble=preamble)


def _told(explained: FileExplanation, target: str, told: str | None, language: str) -> str:
    column = next((each.header for each in explained.columns if target in each.targets), None)
    if column is not None:
        return say("explaining.from_column", language, column=column)
    return say("explaining.from_file", language, value=told) if told else say("explaining.not_told", language)


def _columns(columns: tuple[ColumnFate, ...], language: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("column", "becomes", "written", "examples"):
        table.add_column(say(f"explaining.{name}", language), overflow="fold")
    seen: Counter[tuple[str, ...]] = Counter()
    left_out = 0
    for each in columns:
        alike = ("", *each.targets) if each.is_repeated else (each.header, *each.targets)
        seen[alike] += 1
        if seen[alike] > MOST_ALIKE:
            left_out += 1
            continue
        table.add_row(*(Text(cell) for cell in _row(each, language)), style="" if each.fate == "used" else "dim")
    if left_out:
        table.add_row(Text(f"  {say('explaining.more_columns', language, count=left_out)}"), style="dim")
    return table


def _row(each: ColumnFate, language: str) -> tuple[str, str, str, str]:
    becomes = ", ".join(each.targets) if each.fate == "used" else say(f"explaining.fate.{each.fate}", language)
    examples = "; ".join(_example(example, each, language) for example in each.examples)
    return f"  {each.header}", becomes, each.written, examples


def _example(example: Example, each: ColumnFate, language: str) -> str:
    value = _short(example.value)
    if each.fate != "used":
        return value
    if example.is_misfit:
        return say("explaining.misfit", language, value=value)
    if example.becomes is None:
        return say("explaining.no_value", language, value=value)
    return value if example.becomes == example.value else f"{value} → {_short(example.becomes)}"


def _short(value: str) -> str:
    plain = " ".join(value.split())
    return plain if len(plain) <= LONGEST_VALUE else plain[: LONGEST_VALUE - 1] + "…"


def _print_rejected(explained: FileExplanation, language: str, console: Console) -> None:
    head = explained.head
    count, rejected = head.row_count, head.rejected_count
    console.print(f"  {say('explaining.rows', language, count=count, rejected=rejected)}")
    for each in head.rejected[:MOST_REJECTED]:
        sentence = say(
            "explaining.rejected",
            language,
            row=each.row_number,
            column=each.column_name,
            value=repr(_short(each.value)),
            expected=each.reason,
        )
        console.print(f"    {sentence}", style="yellow")
    if (rest := len(head.rejected) - MOST_REJECTED) > 0:
        console.print(f"    {say('explaining.more_rejected', language, count=rest)}")
