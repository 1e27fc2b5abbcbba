"""The door to DuckDB: one short-lived writer, readers on a published snapshot.

DuckDB lets one process write a file and refuses even read-only opens meanwhile. So writers open late, close early and
wait for each other; everybody else reads the snapshot that :func:`publish_snapshot` swaps in atomically.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from transforms.errors import WarehouseError
from transforms.schemas import TABLES
from transforms.schemas.table import MARKER
from transforms.stages import SCHEMAS

FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 2.0
MEMORY_LIMIT = "2500MB"
"""What the engine may hold before it moves work to the disk beside the warehouse: a night's machine is shared, and the
largest file, not its memory, shall be the limit. With Python's own share the process stays under 4 GB."""


@contextlib.contextmanager
def open_writer(path: Path, *, timeout_seconds: float = 60.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write, with every declared schema and table in place.

    Waits up to ``timeout_seconds`` for another writer to finish.

    Raises:
        WarehouseError: still locked after the wait, not a DuckDB file, or made by another version.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = _connect(path, timeout_seconds)
    try:
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        _create_tables(connection, path)
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def open_reader(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the newest published snapshot of the warehouse at ``path``.

    Raises:
        WarehouseError: nothing has been published yet.
    """
    snapshot = snapshot_path(path)
    if not snapshot.is_file():
        raise WarehouseError(
            str(snapshot), "no snapshot", "a warehouse that a run has published", "Run `penalty-radar run` first."
        )
    connection = duckdb.connect(str(snapshot), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def open_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an engine without a file, without tables, for trying expressions."""
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit at the end, roll back on any error: a slice is replaced whole or not at all."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        with contextlib.suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def snapshot_path(path: Path) -> Path:
    """Where readers find the published copy of the warehouse at ``path``."""
    return path.with_name(f"{path.stem}.published{path.suffix}")


def publish_snapshot(path: Path, *, timeout_seconds: float = 60.0) -> Path:
    """Copy the warehouse beside itself and swap the copy in; readers see the old one or the new one, never half."""
    target = snapshot_path(path)
    part = target.with_name(f".{target.name}.part")  # a fixed name: what a killed run left is overwritten
    connection = _connect(path, timeout_seconds)
    try:  # the lock is held until the copy is whole, so no other writer comes between
        connection.execute("CHECKPOINT")
        shutil.copyfile(path, part)
    finally:
        connection.close()
    shutil.copymode(path, part)
    part.replace(target)
    return target


def compact_warehouse(path: Path, *, timeout_seconds: float = 60.0) -> None:
    """Copy every row into a new file and swap it in: deleted rows are gone from the disk, not only from the tables.

    The engine marks the blocks of deleted rows as free and keeps their bytes. No other writer comes between: the old
    file stays locked, for reading, until the new one has its name.
    """
    _connect(path, timeout_seconds).close()  # leaves nothing in the write-ahead log
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    connection = _connect(path, timeout_seconds, read_only=True)
    try:
        name = str(connection.execute("SELECT current_database()").fetchall()[0][0]).replace('"', '""')
        address = str(part).replace("'", "''")
        connection.execute(f"ATTACH '{address}' AS compacted (READ_WRITE)")
        connection.execute(f'COPY FROM DATABASE "{name}" TO compacted')
        connection.execute("DETACH compacted")
        shutil.copymode(path, part)
        part.replace(path)
    finally:
        connection.close()


def _connect(path: Path, timeout_seconds: float, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    started = time.monotonic()
    wait = FIRST_WAIT_SECONDS
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.IOException as error:
            if "lock" not in str(error):
                raise WarehouseError(
                    str(path),
                    str(error).splitlines()[0],
                    "a DuckDB 2 database file",
                    "Restore it or name another file.",
                ) from error
            if time.monotonic() - started > timeout_seconds:
                raise WarehouseError(
                    str(path),
                    "another process is writing to it",
                    f"the warehouse to be free within {timeout_seconds:g} s",
                    "Wait for that run to end, or read the published snapshot beside it.",
                ) from error
            # Jitter keeps several waiting writers from trying in step.
            time.sleep(wait * (0.5 + random.random()))  # noqa: S311
            wait = min(wait * 1.6, LONGEST_WAIT_SECONDS)
        except duckdb.Error as error:
            raise WarehouseError(
                str(path), str(error).splitlines()[0], "a DuckDB 2 database file", "Restore it or name another file."
            ) from error


def _create_tables(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Every table that does not stand there, and every view.

    A night opens the warehouse a score of times: a hundred statements that change nothing would take seconds of it.
    """
    names = connection.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    present = {name for (name,) in names}
    with transaction(connection):
        for schema in SCHEMAS:
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for table in TABLES:
            if table.slice != "view" and table.name not in present:
                connection.execute(table.create_statement())
    _refuse_other_version(connection, path)
    with transaction(connection):
        for table in TABLES:
            if table.slice == "view":
                query = (Path(__file__).parent / table.stage / f"{table.thing}.sql").read_text(encoding="utf-8")
                is_compiled = MARKER.search(query) is not None
                connection.execute(table.empty_view_statement() if is_compiled else table.view_statement(query))


def _refuse_other_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """WarehouseError for a table that lacks columns, or stands where a view belongs."""
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns() "
        "JOIN duckdb_tables() USING (schema_name, table_name)"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table_name, column_name in rows:
        found.setdefault(table_name, []).append(column_name)
    for table in TABLES:
        columns = found.get(table.name, [])
        missing = set(table.column_names) - set(columns)
        if table.slice == "view" and not columns:
            continue
        if missing or table.slice == "view":
            raise WarehouseError(
                f"{path}, {table.name}",
                f"columns {', '.join(columns)}" if missing else "a table",
                f"also {', '.join(sorted(missing))}" if missing else "a view",
                "The warehouse was made by another version: make a new one from the exports with `penalty-radar run`.",
            )
