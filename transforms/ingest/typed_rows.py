"""One generated SQL statement that types a file's cells into ``arrived_<thing>`` and says what it could not type.

The cells come as columns ``c0``, ``c1``, ... of text that is never null, with ``row_number`` and ``shape_problem``.
``misfits`` (null for good rows) lists column, value and what was expected, by the same predicate that types the value.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.ingest.formats.format import ExportFormat, PassesOver, Reads
from transforms.ingest.formats.written import Day, sql_text, sql_texts
from transforms.ingest.hosts import HOST_COLUMNS, host_sql
from transforms.ingest.recognition import header_days
from transforms.schemas import table
from transforms.schemas.table import Column

LONGEST_VALUE = 200
"""Characters of a rejected value that are kept."""

Constants = Mapping[str, str | datetime.date]


@dataclass(frozen=True)
class ReadPlan:
    """Which cells of a file are read, and as what."""

    declared: ExportFormat
    """The format."""

    header: tuple[str, ...]
    """The file's header."""

    positions: tuple[int, ...]
    """Positions in a record of the cells handed over, as ``c0``, ``c1``, ..."""

    cells: Mapping[int, str]
    """Position in a record to the name of its cell column."""

    days: Mapping[int, datetime.date]
    """Positions of day columns (wide exports)."""

    used: tuple[str, ...]
    """Header names read."""

    ignored: tuple[str, ...]
    """Header names known and not needed."""

    unknown: tuple[str, ...]
    """Header names that the format does not know, and day columns that lie in the future."""

    latest_on: datetime.date | None = None
    """The last day the file can speak of; None for no bound."""


@dataclass(frozen=True)
class Misfit:
    """One way in which a row can be unreadable, as SQL."""

    predicate: str
    """True for unreadable rows."""

    column: str | None
    """Header name; None for the day column of the check."""

    cell: str
    """Expression of the value."""

    expected: str
    """Expression of what was expected."""


def plan_reading(declared: ExportFormat, header: tuple[str, ...], latest_on: datetime.date | None = None) -> ReadPlan:
    """What to read of a file with this header; a column of a day later than ``latest_on`` counts as unknown."""
    days = header_days(declared, header)
    if latest_on is not None:
        days = {position: day for position, day in days.items() if day <= latest_on}
    read = {name for column in declared.columns for name in column.headers}
    looked_at = {name for rule in declared.passes_over for name in rule.headers}
    wanted = [position for position, name in enumerate(header) if position in days or name in read | looked_at]
    used = [name for position, name in enumerate(header) if position in days or name in read]
    others = [name for position, name in enumerate(header) if position not in days and name not in read]
    return ReadPlan(
        declared=declared,
        header=header,
        positions=tuple(wanted),
        cells={position: f"c{at}" for at, position in enumerate(wanted)},
        days=days,
        used=tuple(used),
        ignored=tuple(dict.fromkeys(name for name in others if name in declared.known_headers)),
        unknown=tuple(dict.fromkeys(name for name in others if name not in declared.known_headers)),
        latest_on=latest_on,
    )


def typed_rows_sql(plan: ReadPlan, constants: Constants, source: str) -> str:
    """``CREATE OR REPLACE TEMP TABLE arrived_<thing>`` from the cells in ``source``; rows passed over are left out.

    A day later than the plan's ``latest_on`` is a misfit, but for events: those may be planned.
    """
    declared = plan.declared
    values: dict[str, str] = {name: _constant(value) for name, value in {**declared.constants, **constants}.items()}
    misfits = [Misfit("shape_problem <> ''", "*", "shape_value", "shape_problem")]
    for column in declared.columns:
        found = _cell_of(plan, column)
        if found is None:
            continue
        name, cell = found
        values[column.target] = column.written.value(cell)
        misfits.append(Misfit(column.written.misfit(cell), name, cell, sql_text(column.written.expected)))
        if isinstance(column.written, Day) and plan.latest_on is not None and declared.thing != "events":
            expected = f"a day not later than {plan.latest_on}: the file was read before it"
            misfits.append(Misfit(column.written.is_after(cell, plan.latest_on), name, cell, sql_text(expected)))
        if column.is_filled:
            misfits.append(Misfit(f"trim({cell}) = ''", name, cell, "'a value: the column may not be empty'"))
    rows = source
    if declared.day_columns is not None:
        wide = declared.day_columns
        values |= {wide.target: wide.written.value("check_cell"), wide.day_target: "check_day"}
        expected = sql_text(wide.written.expected)
        misfits.append(Misfit(wide.written.misfit("check_cell"), None, "check_cell", expected))
        rows = _unpivoted(plan, source)
    thing = table(f"arrived.{declared.thing}")
    _add_hosts(declared.thing or "", values)
    typed = ",\n    ".join(_typed(column, values) for column in thing.columns)
    possible = [misfit for misfit in misfits if misfit.predicate != "false"]
    flags = ",\n    ".join(f"{misfit.predicate} AS is_misfit_{at}" for at, misfit in enumerate(possible))
    return (
        f"CREATE OR REPLACE TEMP TABLE arrived_{declared.thing} AS\n"
        f"SELECT {', '.join(thing.column_names)},\n  {_misfit_list(possible)} AS misfits\n"
        f"FROM (\n  SELECT\n    {typed},\n    {flags},\n    {_kept_cells(possible)}\n"
        f"  FROM {rows}\n  WHERE {_is_read(plan)}\n)"
    )


def _kept_cells(misfits: list[Misfit]) -> str:
    """The texts that a misfit may have to show; the engine reads them for bad rows only."""
    cells = {misfit.cell: None for misfit in misfits} | {"shape_problem": None}
    cells |= {"check_header": None} if any(misfit.column is None for misfit in misfits) else {}
    return ", ".join(cells)


def _cell_of(plan: ReadPlan, column: Reads) -> tuple[str, str] | None:
    for position, name in enumerate(plan.header):
        if name in column.headers and position in plan.cells:
            return name, plan.cells[position]
    return None


def _misfit_list(misfits: list[Misfit]) -> str:
    """The list of what is wrong with a row; null for a good row, whose list is never built."""
    is_bad = " OR ".join(f"is_misfit_{at}" for at in range(len(misfits)))
    found = ", ".join(
        f"CASE WHEN is_misfit_{at} THEN struct_pack(column_name := "
        f"{'check_header' if misfit.column is None else sql_text(misfit.column)}, "
        f"value := left({misfit.cell}, {LONGEST_VALUE}), reason := {misfit.expected}) END"
        for at, misfit in enumerate(misfits)
    )
    return f"CASE WHEN {is_bad} THEN list_filter([{found}], lambda misfit: misfit IS NOT NULL) END"


def _constant(value: str | datetime.date) -> str:
    return f"DATE '{value.isoformat()}'" if isinstance(value, datetime.date) else sql_text(value)


def _add_hosts(thing: str, values: dict[str, str]) -> None:
    for address, host_column in HOST_COLUMNS[thing]:
        if host_column and address in values:
            values[host_column] = host_sql(values[address])


def _typed(column: Column, values: Mapping[str, str]) -> str:
    if column.name == "row_number":
        return "row_number"
    return f"CAST({values.get(column.name, 'NULL')} AS {column.ddl_type}) AS {column.name}"


def _unpivoted(plan: ReadPlan, source: str) -> str:
    """One row per record and day; days that were not checked are left out."""
    checks = ", ".join(
        f"struct_pack(day := DATE '{day.isoformat()}', header := {sql_text(plan.header[position])}, "
        f"cell := {plan.cells[position]})"
        for position, day in plan.days.items()
    )
    wide = plan.declared.day_columns
    none = sql_texts(wide.no_observation) if wide else "''"
    return (
        "(SELECT * EXCLUDE (checked), checked.day AS check_day, checked.header AS check_header, "  # noqa: S608
        f"checked.cell AS check_cell FROM (SELECT *, unnest([{checks}]) AS checked FROM {source}) "
        f"WHERE trim(checked.cell) NOT IN ({none}) OR shape_problem <> '')"
    )


def _is_read(plan: ReadPlan) -> str:
    rules = [rule for declared in plan.declared.passes_over if (rule := _rule(plan, declared))]
    # A row of the wrong shape is never passed over: what stands in its columns means nothing.
    return f"shape_problem <> '' OR ({' AND '.join(rules)})" if rules else "true"


def _rule(plan: ReadPlan, declared: PassesOver) -> str | None:
    for position, name in enumerate(plan.header):
        if name in declared.headers:
            words = f"IN ({sql_texts(declared.words)})"
            return f"trim({plan.cells[position]}) {words if declared.keeps else 'NOT ' + words}"
    return None
