"""One generated SQL statement that types a file's cells into ``arrived_<thing>`` and says what it could not type.

The cells come as columns ``c0``, ``c1``, ... of text that is never null, with ``row_number`` and ``shape_problem``.
``misfits`` (null for good rows) lists column, value and what was expected, by the same predicate that types the value.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.ingest.formats.format import Beside, ExportFormat, PassesOver, Reads, WideColumns, Words
from transforms.ingest.formats.written import Day, sql_text, sql_texts
from transforms.ingest.hosts import HOST_COLUMNS, host_sql
from transforms.ingest.recognition import WideGroup, wide_groups
from transforms.schemas import table
from transforms.schemas.table import Column

LONGEST_VALUE = 200
"""Characters of a rejected value that are kept."""

Constants = Words


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

    groups: tuple[WideGroup, ...]
    """Groups of columns that are read (wide exports)."""

    future_days: tuple[datetime.date, ...]
    """Days of groups that lie in the future and are not read."""

    used: tuple[str, ...]
    """Header names read."""

    ignored: tuple[str, ...]
    """Header names known and not needed."""

    unknown: tuple[str, ...]
    """Header names that the format does not know, and groups of columns that lie in the future."""

    latest_on: datetime.date | None = None
    """The last day the file can speak of; None for no bound."""


@dataclass(frozen=True)
class Misfit:
    """One way in which a row can be unreadable, as SQL."""

    predicate: str
    """True for unreadable rows."""

    column: str | None
    """Header name; None for the main column of the group."""

    cell: str
    """Expression of the value."""

    expected: str
    """Expression of what was expected."""


def plan_reading(declared: ExportFormat, header: tuple[str, ...], latest_on: datetime.date | None = None) -> ReadPlan:
    """What to read of a file with this header; a group of columns of a day after ``latest_on`` counts as unknown."""
    every_group = wide_groups(declared, header)
    groups = tuple(group for group in every_group if not _is_future(declared.wide, group, latest_on))
    future = [group for group in every_group if group not in groups]
    wide = {position for group in groups for position in group.positions}
    looked_at = {name for rule in declared.passes_over for name in rule.headers}
    read = {name for name in header if any(declared.reads_header(column, name) for column in declared.columns)}
    wanted = [position for position, name in enumerate(header) if position in wide or name in read | looked_at]
    used = [name for position, name in enumerate(header) if position in wide or name in read]
    others = [name for position, name in enumerate(header) if position not in wide and name not in read]
    return ReadPlan(
        declared=declared,
        header=header,
        positions=tuple(wanted),
        cells={position: f"c{at}" for at, position in enumerate(wanted)},
        groups=groups,
        future_days=tuple(day for group in future if isinstance(day := _day_of(declared.wide, group), datetime.date)),
        used=tuple(used),
        ignored=tuple(dict.fromkeys(name for name in others if declared.is_ignored(name))),
        unknown=tuple(dict.fromkeys(name for name in others if not declared.is_ignored(name))),
        latest_on=latest_on,
    )


def _day_of(wide: WideColumns | None, group: WideGroup) -> str | datetime.date | None:
    return group.words.get(wide.day_target) if wide is not None and wide.day_target else None


def _is_future(wide: WideColumns | None, group: WideGroup, latest_on: datetime.date | None) -> bool:
    day = _day_of(wide, group)
    return latest_on is not None and isinstance(day, datetime.date) and day > latest_on


@dataclass(frozen=True)
class Typing:
    """How a file's cells become rows, as SQL."""

    rows: str
    """Relation with a row per record, or per record and group of a wide export."""

    is_read: str
    """Predicate of the rows that are ours."""

    columns: tuple[str, ...]
    """Typed expressions of the arrived relation's columns, with their names."""

    misfits: tuple[Misfit, ...]
    """What may be wrong with a row."""

    @property
    def flags(self) -> str:
        """One boolean column per possible misfit."""
        return ",\n    ".join(f"{misfit.predicate} AS is_misfit_{at}" for at, misfit in enumerate(self.misfits))


def typed_rows_sql(plan: ReadPlan, constants: Constants, source: str) -> str:
    """``CREATE OR REPLACE TEMP TABLE arrived_<thing>`` from the cells in ``source``; rows passed over are left out.

    A day later than the plan's ``latest_on`` is a misfit, but for events: those may be planned.
    """
    typing = _type(plan, constants, source)
    thing = table(f"arrived.{plan.declared.thing}")
    typed = ",\n    ".join(typing.columns)
    return (
        f"CREATE OR REPLACE TEMP TABLE arrived_{plan.declared.thing} AS\n"
        f"SELECT {', '.join(thing.column_names)},\n  {_misfit_list(typing.misfits)} AS misfits\n"
        f"FROM (\n  SELECT\n    {typed},\n    {typing.flags},\n    {_kept_cells(typing.misfits)}\n"
        f"  FROM {typing.rows}\n  WHERE {typing.is_read}\n)"
    )


def judged_rows_sql(plan: ReadPlan, constants: Constants, source: str) -> str:
    """Query of all rows, typed, with ``is_good``: no misfit but, it may be, the host of a web address.

    For exports with a row per record. A row is judged by its values, which are null where a cell cannot be read: no
    cell is looked at twice, and no filter, which the engine would work out once more, stands between.
    """
    declared = plan.declared
    values = _constants_of(plan, constants)
    verdicts = []
    for column in declared.columns:
        if found := _cell_of(plan, column):
            cell, target = found[1], column.target
            values[target] = column.written.strict(cell)
            is_read = "false" if column.is_filled else f"NOT {column.written.misfit(cell)}"
            # CASE, for the engine works out both sides of an OR.
            verdicts.append(f"CASE WHEN {target} IS NOT NULL THEN true ELSE {is_read} END")
            if isinstance(column.written, Day) and plan.latest_on is not None:
                verdicts.append(f"coalesce({target} <= DATE '{plan.latest_on.isoformat()}', true)")
    names = [column.name for column in table(f"arrived.{declared.thing}").columns]
    typed = ", ".join(_typed(column, values) for column in table(f"arrived.{declared.thing}").columns)
    cells = ", ".join(plan.cells.values())
    return (
        f"SELECT {', '.join(names)}, ({' AND '.join(verdicts)}) AS is_good "  # noqa: S608
        f"FROM (SELECT {typed}, {cells} FROM {source})"
    )


def _constants_of(plan: ReadPlan, constants: Constants) -> dict[str, str]:
    declared = plan.declared
    told = declared.constants_of(plan.header) if declared.constants_of else {}
    return {name: _constant(value) for name, value in {**declared.constants, **told, **constants}.items()}


def bad_rows_sql(plan: ReadPlan, constants: Constants, source: str) -> str:
    """Query of the rows that have one: row_number and the list of misfits."""
    typing = _type(plan, constants, source)
    return (
        f"SELECT row_number, {_misfit_list(typing.misfits)} AS misfits FROM (SELECT row_number, {typing.flags}, "  # noqa: S608
        f"{_kept_cells(typing.misfits)} FROM {typing.rows} WHERE {typing.is_read}) "
        f"WHERE {' OR '.join(f'is_misfit_{at}' for at in range(len(typing.misfits)))}"
    )


def _type(plan: ReadPlan, constants: Constants, source: str) -> Typing:
    declared = plan.declared
    constant = _constants_of(plan, constants)
    values = dict(constant)
    misfits = [Misfit("shape_problem <> ''", "*", "shape_value", "shape_problem")]
    for column in declared.columns:
        if found := _cell_of(plan, column):
            value, said = column.written.value(found[1]), constant.get(column.target)
            values[column.target] = f"coalesce({value}, {said})" if said else value
            misfits += _misfits_of(plan, column, *found)
    rows = source
    if declared.wide is not None:
        measured, wide_misfits = _measured(plan, declared.wide)
        values |= measured
        misfits += wide_misfits
        rows = _unpivoted(plan, declared.wide, source)
    thing = table(f"arrived.{declared.thing}")
    for derived in declared.derived:
        values[derived.target] = derived.sql.format_map({name: values.get(name, "NULL") for name in thing.column_names})
    _add_hosts(declared.thing or "", values)
    return Typing(
        rows=rows,
        is_read=_is_read(plan),
        columns=tuple(_typed(column, values) for column in thing.columns),
        misfits=tuple(misfit for misfit in misfits if misfit.predicate != "false"),
    )


def _misfits_of(plan: ReadPlan, column: Reads, name: str, cell: str) -> list[Misfit]:
    misfits = [Misfit(column.written.misfit(cell), name, cell, sql_text(column.written.expected))]
    if isinstance(column.written, Day) and plan.latest_on is not None and plan.declared.thing != "events":
        expected = f"a day not later than {plan.latest_on}: the file was read before it"
        misfits.append(Misfit(column.written.is_after(cell, plan.latest_on), name, cell, sql_text(expected)))
    if column.is_filled:
        misfits.append(Misfit(f"trim({cell}) = ''", name, cell, "'a value: the column may not be empty'"))
    return misfits


def _measured(plan: ReadPlan, wide: WideColumns) -> tuple[dict[str, str], list[Misfit]]:
    """Values of a group of columns by target, and what may be wrong with them."""
    values = {target: f"said_{target}" for target in _said_targets(plan)}
    misfits = []
    read = {wide.target: (wide.written, "main_cell")}
    read |= {beside.target: (beside.written, f"beside_{beside.target}") for beside in _besides(plan, wide)}
    for target, (written, cell) in read.items():
        values[target] = written.value(cell)
        misfits.append(Misfit(written.misfit(cell), None, cell, sql_text(written.expected)))
    for beside in wide.beside:
        if beside.is_filled:
            misfits.append(Misfit(f"trim(beside_{beside.target}) = ''", None, "''", sql_text("a value beside it")))
    return values, misfits


def _kept_cells(misfits: tuple[Misfit, ...]) -> str:
    """The texts that a misfit may have to show; the engine reads them for bad rows only."""
    cells = {misfit.cell: None for misfit in misfits} | {"shape_problem": None}
    cells |= {"main_header": None} if any(misfit.column is None for misfit in misfits) else {}
    return ", ".join(cells)


def _cell_of(plan: ReadPlan, column: Reads) -> tuple[str, str] | None:
    """Header name and cell that fill the column: of several spellings in one file, the one declared first."""
    found = [
        (column.headers.index(name) if name in column.headers else len(column.headers), position)
        for position, name in enumerate(plan.header)
        if plan.declared.reads_header(column, name) and position in plan.cells
    ]
    if not found:
        return None
    _, position = min(found)
    return plan.header[position], plan.cells[position]


def _misfit_list(misfits: tuple[Misfit, ...]) -> str:
    """The list of what is wrong with a row; null for a good row, whose list is never built."""
    is_bad = " OR ".join(f"is_misfit_{at}" for at in range(len(misfits)))
    found = ", ".join(
        f"CASE WHEN is_misfit_{at} THEN struct_pack(column_name := "
        f"{'main_header' if misfit.column is None else sql_text(misfit.column)}, "
        f"value := left({misfit.cell}, {LONGEST_VALUE}), reason := {misfit.expected}) END"
        for at, misfit in enumerate(misfits)
    )
    return f"CASE WHEN {is_bad} THEN list_filter([{found}], lambda misfit: misfit IS NOT NULL) END"


def _constant(value: str | datetime.date | None) -> str:
    if value is None:
        return "NULL"
    return f"DATE '{value.isoformat()}'" if isinstance(value, datetime.date) else sql_text(value)


def _add_hosts(thing: str, values: dict[str, str]) -> None:
    for address, host_column in HOST_COLUMNS[thing]:
        if host_column and address in values:
            values[host_column] = host_sql(values[address])


def _typed(column: Column, values: Mapping[str, str]) -> str:
    if column.name == "row_number":
        return "row_number"
    return f"CAST({values.get(column.name, 'NULL')} AS {column.ddl_type}) AS {column.name}"


def _said_targets(plan: ReadPlan) -> list[str]:
    return sorted({target for group in plan.groups for target in group.words})


def _besides(plan: ReadPlan, wide: WideColumns) -> list[Beside]:
    """The further columns that at least one group has."""
    return [beside for beside in wide.beside if any(beside.target in group.beside for group in plan.groups)]


def _unpivoted(plan: ReadPlan, wide: WideColumns, source: str) -> str:
    """One row per record and group; groups in which nothing was measured are left out."""
    targets = _said_targets(plan)
    groups = []
    for group in plan.groups:
        fields = {"main_header": sql_text(group.header), "main_cell": plan.cells[group.position]}
        fields |= {
            f"said_{target}": _constant(group.words[target]) if target in group.words else "NULL" for target in targets
        }
        fields |= {
            f"beside_{beside.target}": plan.cells[group.beside[beside.target]]
            if beside.target in group.beside
            else "''"
            for beside in _besides(plan, wide)
        }
        fields |= {"kind_cell": "''" if group.kind is None else plan.cells[group.kind]} if wide.kind else {}
        groups.append(f"struct_pack({', '.join(f'{name} := {value}' for name, value in fields.items())})")
    names = ["main_header", "main_cell", *(f"said_{target}" for target in targets)]
    names += [f"beside_{beside.target}" for beside in _besides(plan, wide)]
    measured = ", ".join(f"measured.{name} AS {name}" for name in names)
    of_kind = f"AND trim(measured.kind_cell) IN ({sql_texts(wide.kind.words)}) " if wide.kind else ""
    return (
        f"(SELECT * EXCLUDE (measured), {measured} FROM (SELECT *, unnest([{', '.join(groups)}]) AS measured "  # noqa: S608
        f"FROM {source}) WHERE trim(measured.main_cell) NOT IN ({sql_texts(wide.no_observation)}) "
        f"{of_kind}OR shape_problem <> '')"
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
