"""How a number can be traced: the query behind each part of a page, the tables it reads, and its rows as files."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

QUERIES = Path(__file__).parent / "queries"
MOST_SHOWN = 3
"""Members of a list that stand in the value of a parameter: enough to see what it holds."""

_TABLE = re.compile(
    r"\b(?:FROM|JOIN)\s+((?:ingest|staging|signals|surges|drops|correlation|risk|expectations|reports)\.\w+)"
)
_PARAMETER = re.compile(r"\$(\w+)")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A query of a page: its text, the tables it reads, how many rows it gave, and what it was asked.

    ``values`` are (parameter, value in short form), without those that the page says once for every query.
    """

    query: str
    sql: str
    tables: tuple[str, ...]
    row_count: int
    values: tuple[tuple[str, str], ...] = ()

    @property
    def has_files(self) -> bool:
        """Whether its rows stand beside the page: a query without rows has no files."""
        return self.row_count > 0


def trace(query: str, rows: Sequence[object], values: Mapping[str, str] | None = None) -> Trace:
    """The trace of ``queries/<query>.sql`` that gave ``rows``; of ``values`` those that it asks for."""
    sql = (QUERIES / f"{query}.sql").read_text(encoding="utf-8").strip()
    asked = tuple((name, values[name]) for name in sorted(set(_PARAMETER.findall(sql))) if values and name in values)
    tables = tuple(sorted(set(_TABLE.findall(sql))))
    return Trace(query=query, sql=sql, tables=tables, row_count=len(rows), values=asked)


def show_value(value: object) -> str:
    """The value of a parameter as SQL writes it; of a long list the first :data:`MOST_SHOWN` and how many there are."""
    if isinstance(value, (list, tuple)):
        shown = [show_value(one) for one in value[:MOST_SHOWN]]
        more = [f"… {len(value)}"] if len(value) > MOST_SHOWN else []
        return f"[{', '.join([*shown, *more])}]"
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, (str, datetime.date)) else str(value)


def flatten(rows: Sequence[object]) -> list[dict[str, Any]]:
    """Rows (dataclasses or mappings) as plain columns: what is a list or a structure becomes JSON text."""
    return [{name: _flat_value(value) for name, value in _fields(row).items()} for row in rows]


def _fields(row: object) -> dict[str, Any]:
    return dict(row) if isinstance(row, Mapping) else vars(row)


def _flat_value(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, default=_fields) if isinstance(value, (list, tuple, dict)) else value


def _cell(value: Any) -> Any:
    """A value for a spreadsheet: text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value


def to_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Flat rows of one shape as CSV in UTF-8, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return text.getvalue().encode("utf-8")


def to_parquet(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Flat rows of one shape as Parquet."""
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, compression="zstd")
    return sink.getvalue()


def list_data_files(tables: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, bytes]]:
    """(file name, content) of each table (query to its rows) that has rows, as CSV and as Parquet."""
    for query, rows in tables.items():
        if rows:
            flat = flatten(rows)
            yield f"{query}.csv", to_csv(flat)
            yield f"{query}.parquet", to_parquet(flat)
