"""Two ways to read cells, one result."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transforms.ingest.made_exports import SEMRUSH_HEADER, SITE, semrush_row
from transforms.ingest.arrived_file import ArrivedFile
from transforms.ingest.arrived_rows import CellStream
from transforms.ingest.formats import format_named
from transforms.ingest.inbox import discover
from transforms.ingest.records import exact_batches, fast_batches, plain_line_count, read_cells
from transforms.ingest.typed_rows import ReadPlan, plan_reading

PIECES = st.lists(
    st.sampled_from(["a", '"', ",", "\n", " ", "é", '""', '","', ', ""b', "\r\n", "1", "\t"]), max_size=14
)


def opened(folder: Path, text: str) -> tuple[ArrivedFile, ReadPlan]:
    """A Semrush export with that text as its rows, as discovered, and how to read it."""
    path = folder / SITE / "links.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(f"{SEMRUSH_HEADER}\n{text}".encode())
    [arrived] = discover(str(folder))
    return arrived, plan_reading(format_named("semrush_backlinks"), arrived.header)


def cells(batches: Iterator[pa.RecordBatch]) -> list[dict[str, object]]:
    """Every row of the batches."""
    return [row for batch in batches for row in batch.to_pylist()]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES.map("".join), st.sampled_from(['"oude ""kaas"""', '"kaas, ""oud"", 3"'])), max_size=4))
def test_fast_path_reads_what_the_exact_path_reads_or_gives_up(anchors: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(semrush_row().replace("oude kaas", anchor) for anchor in anchors)
        arrived, plan = opened(Path(folder), text)
        line_count = plain_line_count(arrived, plan, 0)
        exact, fast = CellStream(), CellStream()
        expected = cells(exact_batches(arrived, plan, exact))
        if line_count is None:
            return
        found = cells(fast_batches(arrived, plan, fast))
        if fast.trouble is None and fast.record_count == line_count:
            assert found == expected
            assert fast.record_count == exact.record_count


@pytest.mark.parametrize(
    ("anchor", "is_plain"),
    [
        ("kaas", True),
        ('"kaas, ""oud"" en jong"', True),
        ("5 inch", True),
        (' "kaas"', False),
        ('"kaas" ', False),
        ('"kaas\r"', False),
        ("\n\n", False),
    ],
)
def test_what_is_plain(tmp_path: Path, anchor: str, *, is_plain: bool) -> None:
    arrived, plan = opened(tmp_path, semrush_row().replace("oude kaas", anchor))
    assert (plain_line_count(arrived, plan, 0) is not None) is is_plain


@pytest.mark.parametrize("bad", ['"open', "te,veel", '"a"b', '"twee\nregels"', "goed"])
def test_trouble_is_read_again_by_the_exact_path(tmp_path: Path, bad: str) -> None:
    rows = [semrush_row(f"https://a{number}.example/") for number in range(50)]
    rows[20] = rows[20].replace("oude kaas", bad)
    arrived, plan = opened(tmp_path, "\n".join(rows) + "\n")
    kept = []
    for least_bytes in (0, 10**12):
        with duckdb.connect() as connection:
            connection.execute("BEGIN")
            stream = read_cells(connection, arrived, plan, {}, least_bytes=least_bytes)
            links = connection.execute("SELECT * FROM arrived_links ORDER BY row_number").fetchall()
            misfits = connection.execute("SELECT * FROM arrived_misfits ORDER BY ALL").fetchall()
            connection.execute("COMMIT")
            kept.append((stream, links, misfits))
    assert kept[0] == kept[1]
    assert kept[0][0].trouble is None
