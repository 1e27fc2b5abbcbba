"""An exports folder and an empty warehouse in memory, and what a test does with them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.transforms.text_tables import open_memory
from transforms.ingest.inbox import ArrivedFile, FileOutcome, discover
from transforms.pipeline import ingest_file

STAMP = datetime.datetime(2026, 11, 1, 5, 0, tzinfo=datetime.UTC)


class Inbox:
    """An exports folder and the warehouse it is read into."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.folder = folder
        self.connection = connection

    def put(self, path: str, content: bytes | str) -> Path:
        """Write a file into the exports folder."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def read_one(self, arrived: ArrivedFile) -> FileOutcome:
        """Read one file into ledger and staging, as the pipeline does."""
        return ingest_file(self.connection, arrived, ingested_at=STAMP)

    def read(self, **options: Any) -> dict[str, FileOutcome]:
        """Read everything in the folder; outcomes by display path."""
        arrived = discover(str(self.folder), **options)
        return {file.path: self.read_one(file) for file in arrived}

    def read_only(self, path: str, content: bytes | str, **options: Any) -> FileOutcome:
        """Write one file, read the folder, and give back what became of that file."""
        self.put(path, content)
        return self.read(**options)[path]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.connection.execute(query).fetchall()


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    """An empty exports folder and warehouse."""
    folder = tmp_path / "exports"
    folder.mkdir()
    connection = open_memory()
    yield Inbox(folder, connection)
    connection.close()
