"""Why a file is read as it is: what was considered, what was told by what, and what each column became. Writes nothing.

Only the head of the file is looked at. The rows of the head are typed by the very statement that types them when the
file is read, so that what is shown as rejected is what would be.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

import duckdb

from transforms.ingest.accounting import days_covered
from transforms.ingest.arrived_rows import CellStream, cell_batches, type_rows
from transforms.ingest.export_days import believable, export_day, latest_day
from transforms.ingest.formats import ExportFormat, all_formats
from transforms.ingest.formats.written import Written, sql_text
from transforms.ingest.inbox import Found
from transforms.ingest.recognition import Recognition, missing_columns, wide_groups
from transforms.ingest.typed_rows import ReadPlan, plan_reading

MOST_CONSIDERED = 4
"""Formats shown beside the chosen one: those that know most columns of the file."""

MOST_SPELLINGS = 2
"""Spellings of a lacking column that are shown."""

EXAMPLES = 2
"""Values of each column that are shown."""

Fate = Literal["used", "looked_at", "site", "ignored", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Considered:
    """A format that was looked at and not chosen."""

    name: str
    """Its name."""

    known_count: int
    """Columns of the file that it knows."""

    lacks: tuple[str, ...]
    """What the file lacks to be one of its kind; empty where it fits and knows fewer columns than the chosen one."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """A value of the file, and what the first target makes of it."""

    value: str
    """As it stands."""

    becomes: str | None
    """The typed value as text; None where it becomes nothing, or cannot be read."""

    is_misfit: bool = False
    """It cannot be read."""


@dataclass(frozen=True, kw_only=True)
class ColumnFate:
    """What one column of the file becomes."""

    header: str
    """Its name."""

    fate: Fate
    """Used; looked at for rows to pass over; names the site; known and not needed; not known (or of a day to come)."""

    targets: tuple[str, ...] = ()
    """Target columns it fills."""

    written: str = ""
    """How its values are expected to be written."""

    examples: tuple[Example, ...] = ()
    """Its first different values."""

    is_repeated: bool = False
    """One of a wide export's columns per day or group."""


@dataclass(frozen=True, kw_only=True)
class RejectedValue:
    """A value in the head that rejects its row; fields as in ``ingest.rejected_rows``."""

    row_number: int
    column_name: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class HeadRows:
    """What became of the rows of the head."""

    row_count: int = 0
    """Complete rows in the head."""

    rejected: tuple[RejectedValue, ...] = ()
    """What could not be read, by row."""

    last_day_on: datetime.date | None = None
    """The newest day they speak of."""

    @property
    def rejected_count(self) -> int:
        """Rows with a value that could not be read."""
        return len({each.row_number for each in self.rejected})


@dataclass(frozen=True, kw_only=True)
class FileExplanation:
    """Everything that the head of one content tells."""

    found: Found
    """The content, what it was recognised as, and what is handed on."""

    considered: tuple[Considered, ...]
    """Other formats, the nearest first."""

    exported_on: datetime.date | None
    """Day of the export as far as name, set and head tell; None when it is not read."""

    exported_on_source: str | None
    """Where that comes from, as in ``ingest.export_files``."""

    columns: tuple[ColumnFate, ...]
    """One per column of the file, in its order."""

    head: HeadRows
    """Rows of the head."""

    @property
    def is_mapped(self) -> bool:
        """Whether the format was declared by a mapping file."""
        return self.found.recognition.format in self.found.mapped


def explain_file(found: Found, *, read_at: datetime.datetime) -> FileExplanation:
    """Explain one content as :func:`~transforms.ingest.inbox.look_into` found it, to be read at ``read_at``."""
    declared, recognition = found.recognition.format, found.recognition
    considered = _considered(recognition, found.mapped)
    if declared is None or recognition.reason or declared.thing is None:
        return FileExplanation(
            found=found, considered=considered, exported_on=None, exported_on_source=None, columns=(), head=HeadRows()
        )
    latest_on = latest_day(read_at)
    plan = plan_reading(declared, recognition.header, latest_on)
    with duckdb.connect(":memory:") as connection:
        head = _read_head(connection, plan, recognition)
        columns = _fates(connection, plan, recognition)
    last_day_on = min(head.last_day_on, latest_on) if head.last_day_on else None
    exported_on, source = export_day(believable(found.arrived, latest_on), last_day_on, None)
    return FileExplanation(
        found=found,
        considered=considered,
        exported_on=exported_on,
        exported_on_source=source,
        columns=columns,
        head=head,
    )


def _considered(recognition: Recognition, mapped: tuple[ExportFormat, ...]) -> tuple[Considered, ...]:
    """The formats that know most of the file's columns, but for the chosen one."""
    header = recognition.header
    others = []
    for declared in (*mapped, *all_formats()):
        known_count = sum(
            declared.is_ignored(name) or any(declared.reads_header(column, name) for column in declared.columns)
            for name in header
        )
        if declared is not recognition.format and known_count:
            others.append(Considered(name=declared.name, known_count=known_count, lacks=_lacks(declared, recognition)))
    others.sort(key=lambda each: (-each.known_count, len(each.lacks), each.name))
    return tuple(others[:MOST_CONSIDERED])


def _lacks(declared: ExportFormat, recognition: Recognition) -> tuple[str, ...]:
    header = recognition.header
    lacking = [spellings for spellings in declared.recognised_by if not set(header) & set(spellings)]
    lacks = [_spelt(spellings) for spellings in lacking]
    named = {name for spellings in lacking for name in spellings}
    lacks += [name for name in missing_columns(declared, header) if name not in named]
    if declared.knows_all and (others := sorted(set(header) - declared.known_headers)):
        lacks.append(f"a header without {', '.join(others[:3])}")
    return tuple(lacks)


def _spelt(spellings: tuple[str, ...]) -> str:
    """The first spellings, of those that differ by capitals only the first."""
    different = {name.lower(): name for name in reversed(spellings)}
    return " or ".join(list(reversed(different.values()))[:MOST_SPELLINGS])


def _read_head(connection: duckdb.DuckDBPyConnection, plan: ReadPlan, recognition: Recognition) -> HeadRows:
    stream = CellStream()
    records = iter([list(row) for row in recognition.rows])
    type_rows(connection, plan, {}, cell_batches(records, plan, stream))
    rows = connection.execute(
        "SELECT row_number, column_name, value, reason FROM arrived_misfits ORDER BY row_number, column_name"
    ).fetchall()
    return HeadRows(
        row_count=stream.record_count,
        rejected=tuple(
            RejectedValue(row_number=number, column_name=name, value=value or "", reason=reason)
            for number, name, value, reason in rows
        ),
        last_day_on=days_covered(connection, plan.declared)[1],
    )


def _fates(connection: duckdb.DuckDBPyConnection, plan: ReadPlan, recognition: Recognition) -> tuple[ColumnFate, ...]:
    declared = plan.declared
    rows = [row for row in recognition.rows if _is_read(plan, row)]
    ways = [_ways(plan, position, name) for position, name in enumerate(recognition.header)]
    shown = [
        list(dict.fromkeys(row[position].strip() for row in rows if len(row) > position and row[position].strip()))
        for position in range(len(recognition.header))
    ]
    asked = [(ways[at][0][1], value) for at in range(len(ways)) if ways[at] for value in shown[at][:EXAMPLES]]
    typed = iter(_type_values(connection, asked))
    fates = []
    for at, name in enumerate(recognition.header):
        if not ways[at]:
            examples = tuple(Example(value=value, becomes=None) for value in shown[at][:EXAMPLES])
            fates.append(ColumnFate(header=name, fate=_other_fate(declared, name), examples=examples))
            continue
        fates.append(
            ColumnFate(
                header=name,
                fate="used",
                targets=tuple(target for target, _ in ways[at]),
                written=ways[at][0][1].expected,
                examples=tuple(next(typed) for _ in shown[at][:EXAMPLES]),
                is_repeated=not any(declared.reads_header(column, name) for column in declared.columns),
            )
        )
    return tuple(fates)


def _is_read(plan: ReadPlan, row: tuple[str, ...]) -> bool:
    """Whether no rule passes the row over: its values are no examples of what the columns become."""
    for rule in plan.declared.passes_over:
        position = next((at for at, name in enumerate(plan.header) if name in rule.headers), None)
        if position is not None and position < len(row) and (row[position].strip() in rule.words) != rule.keeps:
            return False
    return True


def _other_fate(declared: ExportFormat, name: str) -> Fate:
    if any(name in rule.headers for rule in declared.passes_over):
        return "looked_at"
    if name in declared.site_headers:
        return "site"
    return "ignored" if declared.is_ignored(name) else "unknown"


def _ways(plan: ReadPlan, position: int, name: str) -> list[tuple[str, Written]]:
    """Targets that the column fills, each with the way its values are written."""
    declared = plan.declared
    ways = [(column.target, column.written) for column in declared.columns if declared.reads_header(column, name)]
    if declared.wide is not None:
        for group in wide_groups(declared, plan.header):
            if group not in plan.groups:
                continue
            if group.position == position:
                ways.append((declared.wide.target, declared.wide.written))
            ways += [
                (beside.target, beside.written)
                for beside in declared.wide.beside
                if group.beside.get(beside.target) == position
            ]
    return ways


def _type_values(connection: duckdb.DuckDBPyConnection, asked: list[tuple[Written, str]]) -> list[Example]:
    """What each value becomes in its way of writing."""
    if not asked:
        return []
    cells = [f"CAST({sql_text(value)} AS VARCHAR)" for _, value in asked]
    typed = [
        f"CAST({written.value(cell)} AS VARCHAR), {written.misfit(cell)}"
        for (written, _), cell in zip(asked, cells, strict=True)
    ]
    told = connection.execute(f"SELECT {', '.join(typed)}").fetchall()[0]
    return [
        Example(
            value=value,
            becomes=None if told[2 * at + 1] or told[2 * at] is None else str(told[2 * at]).removesuffix(".0"),
            is_misfit=bool(told[2 * at + 1]),
        )
        for at, (_, value) in enumerate(asked)
    ]
