"""Parquet files as rows of text, a batch at a time."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import io
import math
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.ingest.archives import TOO_MUCH
from transforms.ingest.bounds import MIB, ContentError, unpacked_limit
from transforms.ingest.json_documents import json_text, plain_number

MAGIC = b"PAR1"
ROWS_PER_BATCH = 2_000
"""Held at a time, fewer where rows are long."""

NESTED_ROWS_PER_BATCH = 16
"""The same where values lie inside of values, whose texts are not shared between rows."""

BYTES_PER_BATCH = 64 * MIB
"""Held at a time, by the mean length of the rows of a row group."""


def rows_of(stream: BinaryIO) -> Iterator[list[str]]:
    """The header, then a row per record: days as ISO, true and false, numbers without exponent, nested values as JSON.

    Raises:
        ContentError: it is broken, has no columns, or unpacks to far more than its size.
    """
    with _arrow_errors():
        file = _open(stream)
        header = list(file.schema_arrow.names)
        if not header:
            raise ContentError("a Parquet file without columns")
        yield header
        most = NESTED_ROWS_PER_BATCH if any(map(pa.types.is_nested, file.schema_arrow.types)) else ROWS_PER_BATCH
        for group in range(file.num_row_groups):
            size = _rows_per_batch(file.metadata.row_group(group), most)
            for batch in file.iter_batches(batch_size=size, row_groups=[group], use_threads=False):
                columns = [_texts(column) for column in batch.columns]
                yield from (list(row) for row in zip(*columns, strict=True))


def _open(stream: BinaryIO) -> pq.ParquetFile:
    """The file, read so that a text which many rows share is held once: one page may say it of every row."""
    packed_bytes = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    metadata = pq.ParquetFile(stream, pre_buffer=False).metadata
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > unpacked_limit(packed_bytes):
        raise ContentError(TOO_MUCH)
    kinds = {field.name: field.type for field in metadata.schema.to_arrow_schema()}
    shared = [name for name, kind in kinds.items() if _is_text(kind)]
    stream.seek(0)
    return pq.ParquetFile(stream, pre_buffer=False, read_dictionary=shared)


def _is_text(kind: Any) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(is_kind(kind) for is_kind in kinds)


def _rows_per_batch(group: Any, most: int) -> int:
    row_bytes = int(group.total_byte_size) // max(int(group.num_rows), 1)
    return max(1, min(most, BYTES_PER_BATCH // max(row_bytes, 1)))


@contextlib.contextmanager
def _arrow_errors() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, TypeError, OverflowError, NotImplementedError) as error:
        raise ContentError(f"a Parquet file that cannot be read: {error}"[:300]) from error


def _texts(column: Any) -> list[str]:
    """The cells of a column, as text."""
    if pa.types.is_dictionary(column.type):
        # Only the words of these rows: a row group has one dictionary, and many batches.
        used = column.indices.dictionary_encode()
        words = _texts(column.dictionary.take(used.dictionary))
        return ["" if at is None else words[at] for at in used.indices.to_pylist()]
    # Nanoseconds do not fit Python's clock; exports never mean them.
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [*map(_text_of(column.type), column.to_pylist())]


def _text_of(kind: Any) -> Callable[[Any], str]:
    return str_or_empty if pa.types.is_string(kind) or pa.types.is_integer(kind) else value_text


def str_or_empty(value: Any) -> str:
    """The text; empty for null."""
    return "" if value is None else str(value)


def value_text(value: Any) -> str:
    """A value as text; empty for null and for what is no number."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | decimal.Decimal):
        return plain_number(str(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict | list | tuple):
        return json_text(_plain(value))
    return str(value)


def _plain(value: Any) -> Any:
    """The value with everything inside it as JSON has it."""
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else value_text(value)
