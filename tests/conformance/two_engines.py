"""Runs the same stages on DuckDB and on Spark over the same Parquet inputs, and compares the rows."""

from __future__ import annotations

import datetime
import json
import math
import os
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.conformance.portable import Stage, compile_for_spark, find_stages, tables_read, view_name
from tests.transforms.text_tables import parameters_of, query_of
from transforms.schemas import ARRIVED_TABLES, table
from transforms.stages import SCHEMAS

WORKER = Path(__file__).with_name("spark_worker.py")
RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12
"""Both engines compute in doubles, but exp() may differ in the last digit."""

EMPTY = "empty"
"""Folder of tables without rows, beside the tables."""

Row = tuple[object, ...]


@dataclass(frozen=True)
class Case:
    """A stage with one set of inputs: Parquet files by table name."""

    case_id: str
    stage: Stage
    inputs: Mapping[str, Path]
    as_of: datetime.date

    @property
    def values(self) -> dict[str, Any]:
        """Values bound into the query, by name."""
        return parameters_of(self.stage.name, self.as_of)


def capture_arrived(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Path]:
    """Write the relations in which a file has just arrived (``arrived_links``, ...) as Parquet; by table name.

    Call it after the reader has filled them. Relations that an earlier file has left behind are written too: the
    caller knows which stages the file is for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    present = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    present |= {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    captured = {}
    for declared in ARRIVED_TABLES:
        relation = f"arrived_{declared.thing}"
        if relation in present:
            captured[declared.name] = _write(connection, relation, declared.name, folder)
    return captured


def capture_warehouse(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Path]:
    """Write every table that some stage reads as Parquet; by table name."""
    names = sorted({name for stage in find_stages() for name in tables_read(stage)})
    return capture_tables(connection, [name for name in names if not name.startswith("arrived.")], folder)


def capture_tables(connection: duckdb.DuckDBPyConnection, names: Sequence[str], folder: Path) -> dict[str, Path]:
    """Write these tables as Parquet; by table name. Of a memo, what it holds and, beside it, nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        if table(name).slice == "memo":
            _write(connection, f"{name} WHERE false", name, folder / EMPTY)
    return {name: _write(connection, name, name, folder) for name in names}


def cases_over(
    inputs: Mapping[str, Path], label: str, as_of: datetime.date, *, only: Collection[str] | None = None
) -> list[Case]:
    """A case for every stage whose inputs are all there; ``only`` names the tables wanted, default all."""
    cases = []
    for stage in find_stages():
        names = tables_read(stage)
        if set(names) <= set(inputs) and (only is None or stage.name in only):
            own = {name: inputs[name] for name in names}
            if table(stage.name).slice == "memo":  # what it knows already it would not work out again
                own[stage.name] = own[stage.name].parent / EMPTY / own[stage.name].name
            cases.append(Case(f"{stage.name}@{label}", stage, own, as_of))
    return cases


def run_on_duckdb(case: Case) -> list[Row]:
    """Rows of the case on DuckDB, in declared columns and types."""
    with duckdb.connect(":memory:") as connection:
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, path in case.inputs.items():
            relation = name.replace("arrived.", "arrived_")
            connection.execute(f"CREATE VIEW {relation} AS SELECT * FROM read_parquet('{path}')")
        return _fetch(connection, case.stage.name, f"(\n{query_of(case.stage.name)}\n)", case.values)


def run_on_spark(cases: Sequence[Case], python: Path, folder: Path) -> dict[str, list[Row]]:
    """Rows of all cases on Spark, by case id; one subprocess, one session."""
    folder.mkdir(parents=True, exist_ok=True)
    job = {
        "scratch": str(folder / "scratch"),
        "cases": [
            {
                "case_id": case.case_id,
                "query": compile_for_spark(case.stage),
                "values": {name: _typed(value) for name, value in case.values.items()},
                "views": {view_name(name): str(path) for name, path in case.inputs.items()},
                "result": str(folder / result_name(case)),
            }
            for case in cases
        ],
    }
    job_file = folder / "job.json"
    job_file.write_text(json.dumps(job), encoding="utf-8")
    environment = os.environ | {"PYSPARK_PYTHON": str(python), "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(
        [str(python), str(WORKER), str(job_file)],
        capture_output=True, text=True, env=environment, cwd=folder, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"Spark failed:\n{done.stderr[-4000:]}"
    with duckdb.connect(":memory:") as connection:
        return {
            case.case_id: _fetch(
                connection, case.stage.name, f"read_parquet('{folder / result_name(case)}/*.parquet')", {}
            )
            for case in cases
        }


def differences_between(stage_name: str, ours: Iterable[Row], theirs: Iterable[Row], limit: int = 5) -> list[str]:
    """What differs between two sets of rows, in words; empty when they are equal in any order."""
    ours, theirs = sorted(ours, key=_order), sorted(theirs, key=_order)
    found = [] if len(ours) == len(theirs) else [f"{len(ours)} rows on DuckDB, {len(theirs)} on Spark"]
    names = table(stage_name).column_names
    for our_row, their_row in zip(ours, theirs, strict=False):
        for name, our_cell, their_cell in zip(names, our_row, their_row, strict=True):
            if not _equal(our_cell, their_cell):
                found.append(f"{name}: {our_cell!r} on DuckDB, {their_cell!r} on Spark, in {our_row}")
        if len(found) >= limit:
            break
    return found[:limit]


def result_name(case: Case) -> str:
    """Folder in which Spark writes the rows of a case."""
    return view_name(case.case_id).replace(" ", "_").replace("@", "_at_")


def _write(connection: duckdb.DuckDBPyConnection, relation: str, name: str, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{view_name(name)}.parquet"
    connection.execute(f"COPY (SELECT * FROM {relation}) TO '{path}' (FORMAT parquet)")
    return path


def _fetch(
    connection: duckdb.DuckDBPyConnection, stage_name: str, source: str, values: Mapping[str, object]
) -> list[Row]:
    columns = ", ".join(f'CAST("{c.name}" AS {c.ddl_type}) AS "{c.name}"' for c in table(stage_name).columns)
    return connection.execute(f"SELECT {columns} FROM {source}", dict(values) or None).fetchall()


def _typed(value: object) -> dict[str, object]:
    if isinstance(value, datetime.date):
        return {"type": "date", "value": value.isoformat()}
    return {"type": "plain", "value": value}


def _order(row: Row) -> list[str]:
    """Sort key in which a last digit cannot change the order: floats are left to four significant digits."""
    return [f"{cell:.4g}" if isinstance(cell, float) else str(cell) for cell in row if not isinstance(cell, list)]


def _equal(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        same_nan = math.isnan(ours) and math.isnan(theirs)
        return same_nan or math.isclose(ours, theirs, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_equal, ours, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_equal(ours[key], theirs[key]) for key in ours)
    return ours == theirs
