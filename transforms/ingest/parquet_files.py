"""Parquet files as rows of text, a batch at a time."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import math
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.ingest.bounds import ContentError
from transforms.ingest.json_documents import json_text, plain_number

MAGIC = b"PAR1"
ROWS_PER_BATCH = 2_000
"""Held at a time; one value of a dictionary page may stand for every row of it."""


def rows_of(stream: BinaryIO) -> Iterator[list[str]]:
    """The header, then a row per record: days as ISO, true and false, numbers without exponent, nested values as JSON.

    Raises:
        ContentError: it is broken, or has no columns.
    """
    with _arrow_errors():
        file = pq.ParquetFile(stream, pre_buffer=False)
        header = list(file.schema_arrow.names)
        if not header:
            raise ContentError("a Parquet file without columns")
        yield header
        for batch in file.iter_batches(batch_size=ROWS_PER_BATCH, use_threads=False):
            columns = [map(_text_of(column.type), _values(column)) for column in batch.columns]
            yield from (list(row) for row in zip(*columns, strict=True))


@contextlib.contextmanager
def _arrow_errors() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, TypeError, OverflowError, NotImplementedError) as error:
        raise ContentError(f"a Parquet file that cannot be read: {error}"[:300]) from error


def _values(column: Any) -> list[Any]:
    # Nanoseconds do not fit Python's clock; exports never mean them.
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return list(column.to_pylist())


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
