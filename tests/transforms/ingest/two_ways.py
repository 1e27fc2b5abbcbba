"""One export read in both ways, by the engine's own parsing and record by record, and all that each leaves behind."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.text_tables import KNOWN_LINKS, make, open_memory
from transforms import pipeline

LEFT_BEHIND = {
    "ledger": "SELECT * EXCLUDE (ingested_at) FROM ingest.export_files",
    "rejected": "SELECT * FROM ingest.rejected_rows",
    "hosts": "SELECT * FROM staging.hosts",
    "observations": "SELECT * FROM staging.link_observations",
    "observed": "SELECT * FROM observed_links",
    "links": "SELECT * FROM staging.links",
}
"""Everything that a file leaves in the warehouse, but for its stamp."""


@dataclasses.dataclass(frozen=True)
class Read:
    """Exports read one after the other into an empty warehouse."""

    outcomes: list[dict[str, Any]]
    """What became of each, without the time it took."""

    left: dict[str, list[tuple[Any, ...]]]
    """Rows by what they are."""

    attempts: list[int]
    """For each export: 1, or 2 where the engine's own parsing was given up."""


def read_both_ways(folder: Path, exports: Sequence[tuple[str, bytes]], *, complete: bool = False) -> tuple[Read, Read]:
    """The exports, in that order, read by the engine as far as it can, and then record by record."""
    return (
        _read(folder / "engine", exports, least_bytes=0, complete=complete),
        _read(folder / "careful", exports, least_bytes=None, complete=complete),
    )


def _read(folder: Path, exports: Sequence[tuple[str, bytes]], *, least_bytes: int | None, complete: bool) -> Read:
    outcomes, attempts = [], []
    inbox = Inbox(folder, _empty_warehouse())
    for path, content in exports:
        with (
            patch.object(pipeline, "LEAST_BYTES", least_bytes),
            patch.object(pipeline, "_ingest", wraps=pipeline._ingest) as calls,
        ):
            put = inbox.put(path, content)
            [outcome] = inbox.read(complete=complete).values()
        put.unlink()
        outcomes.append(dataclasses.asdict(outcome) | {"seconds": 0.0})
        attempts.append(calls.call_count)
    make(inbox.connection, *KNOWN_LINKS, as_of="2030-01-01")
    left = {name: sorted(inbox.rows(query), key=repr) for name, query in LEFT_BEHIND.items()}
    return Read(outcomes, left, attempts)


_open = functools.cache(open_memory)


def _empty_warehouse() -> duckdb.DuckDBPyConnection:
    """One warehouse for all, emptied: making every table takes longer than reading a small file."""
    connection = _open()
    for name in ("ingest.export_files", "ingest.rejected_rows", "staging.link_observations", "staging.hosts"):
        connection.execute(f"DELETE FROM {name}")
    return connection
