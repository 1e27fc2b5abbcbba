"""The cells of one arrived file as a stream: the exact path for every file, the fast path for large plain ones.

The exact path is Python's ``csv`` module. The fast path lets the engine parse the CSV, on a connection of its own so
that an error cannot abort the caller's transaction. It is taken only for files without the few things that the two
parsers read differently (spaces between a quote and a delimiter, carriage returns), and believed only when every line
was one record: the engine drops what follows an unclosed quote without a word. Otherwise the file is read again by the
exact path; the result is the same either way.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

import duckdb
import numpy as np
import pyarrow as pa

from transforms.ingest.arrived_file import ArrivedFile
from transforms.ingest.arrived_rows import (
    ROWS_PER_BATCH,
    STREAM_ERRORS,
    CellStream,
    cell_batches,
    cell_schema,
    type_rows,
)
from transforms.ingest.contents import open_content
from transforms.ingest.decoding import UTF_8, records_of
from transforms.ingest.typed_rows import Constants, ReadPlan

LEAST_BYTES = 8 * 1024 * 1024
"""Smaller files gain nothing: reading them takes less time than opening a second connection."""

BLOCK = 1 << 20
OVERLAP = 256
"""Bytes of a block looked at again with the next one, so that nothing hides between two blocks."""


def read_cells(
    connection: duckdb.DuckDBPyConnection,
    arrived: ArrivedFile,
    plan: ReadPlan,
    constants: Constants,
    *,
    least_bytes: int = LEAST_BYTES,
) -> CellStream:
    """Fill ``arrived_<thing>`` and ``arrived_misfits`` with the file's rows; what comes back counts the records."""
    line_count = plain_line_count(arrived, plan, least_bytes)
    if line_count is not None:
        stream = CellStream()
        type_rows(connection, plan, constants, fast_batches(arrived, plan, stream))
        if stream.trouble is None and stream.record_count == line_count:
            return stream
    stream = CellStream()
    type_rows(connection, plan, constants, exact_batches(arrived, plan, stream))
    return stream


def exact_batches(arrived: ArrivedFile, plan: ReadPlan, stream: CellStream) -> Iterator[pa.RecordBatch]:
    """Arrow batches of the file's data records; ``stream`` counts them and keeps what went wrong."""
    try:
        with open_content(arrived.address, arrived.member) as opened:
            records = records_of(opened, arrived.encoding, arrived.delimiter)
            yield from cell_batches(itertools.islice(records, arrived.header_at + 1, None), plan, stream)
    except STREAM_ERRORS as error:
        stream.trouble = f"cannot be read: {error}"[:300]


def plain_line_count(arrived: ArrivedFile, plan: ReadPlan, least_bytes: int = LEAST_BYTES) -> int | None:
    """Lines after the header of a large local UTF-8 file that both parsers read alike; None for any other file."""
    if arrived.byte_count < least_bytes or arrived.member is not None or "://" in arrived.address:
        return None
    if arrived.encoding != UTF_8 or arrived.header_at != 0 or plan.declared.short_rows or len(plan.header) < 2:
        return None
    is_disputed = _disputes(arrived.delimiter)
    newline_count, kept, last = 0, b"\n", b""
    with open_content(arrived.address, None) as stream:
        while block := stream.read(BLOCK):
            newline_count += block.count(b"\n")
            if is_disputed(kept + block):
                return None
            kept, last = (kept + block)[-OVERLAP:], block[-1:]
    ends_in_line = last != b"\n"
    if ends_in_line and is_disputed(kept + b"\n"):
        return None
    return newline_count - 1 + ends_in_line


def _disputes(delimiter: str) -> Callable[[bytes], bool]:
    """A test for what the two parsers may read differently; patterns begin with literals, which are searched fast."""
    mark = re.escape(delimiter).encode()
    never = (b"\r", b"\x00", b"\xef\xbb\xbf", b"\n\n", b" " * (OVERLAP // 2))
    # A space before an opening or after a closing quote; not the text `, ""word` inside a quoted value.
    patterns = (
        re.compile(rb' "(?<=[%b\n ] ")(?!"[^%b\n"])' % (mark, mark)),
        re.compile(rb'" (?= *[%b\n])' % mark),
        re.compile(rb"\n (?= *\n)"),
    )
    return lambda block: any(bad in block for bad in never) or any(pattern.search(block) for pattern in patterns)


def fast_batches(arrived: ArrivedFile, plan: ReadPlan, stream: CellStream) -> Iterator[pa.RecordBatch]:
    """The same batches, parsed by the engine; ``stream.trouble`` is set at anything that is not plain."""
    names = {f"f{position}": "VARCHAR" for position in range(len(plan.header))}
    cells = ", ".join(f"coalesce(f{position}, '') AS {name}" for position, name in plan.cells.items())
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in names.items())
    query = (
        f"SELECT {cells} FROM read_csv($address, header = true, auto_detect = false, columns = {{{columns}}}, "  # noqa: S608
        "delim = $delimiter, quote = '\"', escape = '\"', strict_mode = true, null_padding = false, parallel = false)"
    )
    schema = cell_schema(plan)
    try:
        with duckdb.connect(":memory:") as parser:
            values = {"address": arrived.address, "delimiter": arrived.delimiter}
            reader = parser.sql(query, params=values).to_arrow_reader(ROWS_PER_BATCH)
            for batch in reader:
                first = stream.record_count + 1
                stream.record_count += batch.num_rows
                numbers = pa.array(np.arange(first, first + batch.num_rows, dtype=np.int64))
                nothing = pa.array([""] * batch.num_rows, pa.string())
                texts = [column.cast(pa.string()) for column in batch.columns]
                yield pa.RecordBatch.from_arrays([numbers, *texts, nothing, nothing], schema=schema)
    except (*STREAM_ERRORS, pa.ArrowException) as error:
        stream.trouble = f"not plain: {error}"[:300]
