"""The cells of one arrived file, record by record: the careful path, which reads every file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import duckdb
import pyarrow as pa

from transforms.ingest.arrived_file import ArrivedFile
from transforms.ingest.arrived_rows import STREAM_ERRORS, CellStream, cell_batches, type_cells, type_rows
from transforms.ingest.contents import open_content
from transforms.ingest.decoding import records_of
from transforms.ingest.plain_files import NotPlainError, PlainFile, cells_sql, is_every_record
from transforms.ingest.typed_rows import Constants, ReadPlan


def read_cells(
    connection: duckdb.DuckDBPyConnection,
    arrived: ArrivedFile,
    plan: ReadPlan,
    constants: Constants,
    plain: PlainFile | None,
) -> CellStream:
    """Fill ``arrived_<thing>`` and ``arrived_misfits`` with the file's rows; what comes back counts the records.

    Raises:
        NotPlainError: the engine did not read every record of a plain file.
    """
    stream = CellStream()
    if plain is None:
        type_rows(connection, plan, constants, exact_batches(arrived, plan, stream))
        return stream
    type_cells(connection, plan, constants, f"({cells_sql(plain, plan, is_numbered=True)})")
    cells = cells_sql(plain, plan, is_numbered=False)
    stream.record_count = int(connection.execute(f"SELECT count(*) FROM ({cells})").fetchall()[0][0])  # noqa: S608
    if not is_every_record(plain, stream.record_count):
        raise NotPlainError("the engine did not read every record")
    return stream


def exact_batches(arrived: ArrivedFile, plan: ReadPlan, stream: CellStream) -> Iterator[pa.RecordBatch]:
    """Arrow batches of the file's data records; ``stream`` counts them and keeps what went wrong."""
    try:
        with open_content(arrived.address, arrived.member) as opened:
            records = records_of(opened, arrived.encoding, arrived.delimiter)
            yield from cell_batches(itertools.islice(records, arrived.header_at + 1, None), plan, stream)
    except STREAM_ERRORS as error:
        stream.trouble = f"cannot be read: {error}"[:300]
