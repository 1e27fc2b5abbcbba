"""An empty warehouse in memory."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.transforms.text_tables import open_memory


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Every declared table, empty."""
    with open_memory() as connection:
        yield connection
