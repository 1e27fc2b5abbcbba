"""How a number can be traced: the query behind each part of a page, the tables it reads, and its rows as files."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

QUERIES = Path(__file__).parent / "queries"

_TABLE = re.compile(
    r"\b(?:FROM|JOIN)\s+((?:ingest|staging|signals|surges|drops|correlation|risk|expectations|reports)\.\w+)"
)
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A query of a page: its text, the tables it reads, and how many rows it gave."""

    query: str
    sql: str
    tables: tuple[str, ...]
    row_count: int

    @property
    def has_files(self) -> bool:
        """Whether its rows stand beside the page: a query without rows has no files."""
        return self.row_count > 0


def trace(query: str, rows: Sequence[object]) -> Trace:
    """The trace of ``queries/<query>.sql`` that gave ``rows``."""
    sql = (QUERIES / f"{query}.sql").read_text(encoding="utf-8").strip()
    return Trace(query=query, sql=sql, tables=tuple(sorted(set(_TABLE.findall(sql)))), row_count=len(rows))


def _flat(row: object) -> dict[str, Any]:
    values = asdict(row) if is_dataclass(row) and not isinstance(row, type) else dict(row)  # type: ignore[call-overload]
    return {name: _flat_value(value) for name, value in values.items()}


def _flat_value(value: Any) -> Any:
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return value


def _cell(value: Any) -> Any:
    """A value for a spreadsheet: text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, datetime.date) else value


def to_csv(rows: Sequence[object]) -> bytes:
    """Rows (dataclasses or mappings of one shape) as CSV in UTF-8, safe to open in a spreadsheet."""
    flat = [_flat(row) for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(flat[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in flat)
    return text.getvalue().encode("utf-8")


def to_parquet(rows: Sequence[object]) -> bytes:
    """Rows (dataclasses or mappings of one shape) as Parquet; lists and structures as JSON text."""
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([_flat(row) for row in rows]), sink, compression="zstd")
    return sink.getvalue()
