"""Records of one file into the temporary relation ``arrived_<thing>``, streamed as Arrow and typed by one statement."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from transforms.ingest.contents import UNREADABLE
from transforms.ingest.typed_rows import Constants, ReadPlan, typed_rows_sql

ROWS_PER_BATCH = 20_000
"""Records handed over at a time, at most: about 10 MB of a backlinks export."""

CHARACTERS_PER_BATCH = 32 * 1024 * 1024
"""Or earlier: a file of megabyte fields must not become gigabytes in memory."""

SOURCE = "arrived_cells"
STREAM_ERRORS = (csv.Error, duckdb.Error, *UNREADABLE)
"""What may go wrong while cells stream in."""


@dataclass
class CellStream:
    """Cells of a file on their way into the engine; counts records and remembers what went wrong.

    Errors never reach the engine: one that does would abort the whole transaction.
    """

    record_count: int = 0
    """Data records seen."""

    trouble: str | None = None
    """Why reading stopped before the end."""


def cell_schema(plan: ReadPlan) -> pa.Schema:
    """Row number, cells and what is wrong with the record as a whole."""
    cells = [(name, pa.string()) for name in plan.cells.values()]
    return pa.schema([("row_number", pa.int64()), *cells, ("shape_problem", pa.string()), ("shape_value", pa.string())])


def cell_batches(records: Iterator[list[str]], plan: ReadPlan, stream: CellStream) -> Iterator[pa.RecordBatch]:
    """Arrow batches of the records' cells."""
    schema = cell_schema(plan)
    while True:
        chunk: list[list[str]] = []
        try:
            _take(records, chunk)
        except STREAM_ERRORS as error:
            stream.trouble = f"cannot be read after record {stream.record_count + len(chunk)}: {error}"[:300]
            return
        if not chunk:
            return
        first = stream.record_count + 1
        stream.record_count += len(chunk)
        yield _batch(chunk, first, plan, schema)


def _take(records: Iterator[list[str]], chunk: list[list[str]]) -> None:
    """Move the records of one batch into ``chunk``; those before an error are there as well."""
    characters = 0
    for record in itertools.islice(records, ROWS_PER_BATCH):
        chunk.append(record)
        characters += sum(map(len, record))
        if characters > CHARACTERS_PER_BATCH:
            return


def _batch(chunk: list[list[str]], first: int, plan: ReadPlan, schema: pa.Schema) -> pa.RecordBatch:
    width = len(plan.header)
    problems, values = [""] * len(chunk), [""] * len(chunk)
    for at, record in enumerate(chunk):
        if len(record) != width:
            chunk[at], problems[at] = _fit(record, width, plan)
            values[at] = ", ".join(record)[:200].encode("utf-8", "replace").decode() if problems[at] else ""
    try:
        columns = [pa.array([record[position] for record in chunk], pa.string()) for position in plan.positions]
    except UnicodeEncodeError:
        _replace_bad_bytes(chunk, problems, values)
        columns = [pa.array([record[position] for record in chunk], pa.string()) for position in plan.positions]
    numbers = pa.array(range(first, first + len(chunk)), pa.int64())
    return pa.RecordBatch.from_arrays([numbers, *columns, pa.array(problems), pa.array(values)], schema=schema)


def _fit(record: list[str], width: int, plan: ReadPlan) -> tuple[list[str], str]:
    """The record at the width of the header, and what is wrong with it."""
    if len(record) > width and not any(cell.strip() for cell in record[width:]):
        return record[:width], ""
    if len(record) < width and plan.declared.short_rows:
        return record + [""] * (width - len(record)), ""
    problem = f"{width} columns as in the header; found {len(record)}"
    longest = max(record, key=len)
    if longest.count("\n") > 1:
        problem += f"; a quote may not be closed: {longest.count(chr(10))} lines lie inside one value"
    return (record + [""] * width)[:width], problem


def _replace_bad_bytes(chunk: list[list[str]], problems: list[str], values: list[str]) -> None:
    for at, record in enumerate(chunk):
        try:
            "".join(record).encode()
        except UnicodeEncodeError:
            shown = [cell.encode("utf-8", "replace").decode() for cell in record]
            chunk[at] = shown
            problems[at] = problems[at] or "text in UTF-8"
            values[at] = ", ".join(shown)[:200]


def type_rows(
    connection: duckdb.DuckDBPyConnection, plan: ReadPlan, constants: Constants, batches: Iterator[pa.RecordBatch]
) -> None:
    """:func:`type_cells` for cells that stream in from Python."""
    connection.register(SOURCE, pa.RecordBatchReader.from_batches(cell_schema(plan), batches))
    try:
        type_cells(connection, plan, constants, SOURCE)
    finally:
        connection.unregister(SOURCE)


def type_cells(connection: duckdb.DuckDBPyConnection, plan: ReadPlan, constants: Constants, source: str) -> None:
    """Fill ``arrived_<thing>`` from the relation ``source``, then move what could not be typed to ``arrived_misfits``.

    A row with a misfit is taken out as a whole.
    """
    thing = plan.declared.thing
    connection.execute(typed_rows_sql(plan, constants, source))
    list_misfits(connection, f"SELECT row_number, misfits FROM arrived_{thing} WHERE misfits IS NOT NULL")  # noqa: S608
    connection.execute(
        f"DELETE FROM arrived_{thing} WHERE row_number IN (SELECT row_number FROM arrived_misfits)"  # noqa: S608
    )
    connection.execute(f"ALTER TABLE arrived_{thing} DROP COLUMN misfits")


def list_misfits(connection: duckdb.DuckDBPyConnection, bad_rows: str) -> None:
    """Write ``arrived_misfits`` (row_number, column_name, value, reason) from a query of bad rows and their misfits."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE arrived_misfits AS "  # noqa: S608
        "SELECT DISTINCT row_number, misfit.column_name AS column_name, misfit.value AS value, "
        f"misfit.reason AS reason FROM (SELECT row_number, unnest(misfits) AS misfit FROM ({bad_rows}))"
    )


def no_misfits(connection: duckdb.DuckDBPyConnection) -> None:
    """Write an empty ``arrived_misfits``."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE arrived_misfits "
        "(row_number BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
    )
