"""How long ingest and staging take, beside the engine's bare load of the same files in the same run.

``penalty-radar benchmark ingest`` prints the table at 10 million rows (about 2.6 GB on disk, some minutes);
``python -m penalty_radar.benchmarks.ingest_speed --rows 30000000`` at another size. Every measurement runs in a
process of its own, so that its peak memory is its own; ratios are of one run, for machines are noisy.
"""

from __future__ import annotations

import argparse
import datetime
import math
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from penalty_radar.benchmarks.ingest_files import write_links, write_utf16, write_workbook
from penalty_radar.benchmarks.process_cost import Cost, measure_apart
from penalty_radar.benchmarks.rows import Row, make_row

ROWS = 10_000_000
ROWS_PER_FILE = 5_000_000
"""A site's export; of the largest sites."""

NEW_ROWS = 10_000
OTHER_SHAPE_ROWS = 200_000
"""Rows in UTF-16 and as UTF-8 beside it, for the ratio of the two."""

WORKBOOK_ROWS = 50_000
READ_AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
SITE = "client{number}.example"


def measure_rows(row_count: int = ROWS) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}."""
    with tempfile.TemporaryDirectory(prefix="penalty-radar-benchmark-") as folder:
        return [*_measure_bulk(Path(folder), row_count), *_measure_shapes(Path(folder))]


def _measure_bulk(folder: Path, row_count: int) -> list[Row]:
    exports, warehouse = folder / "exports", folder / "ours.duckdb"
    files = []
    for number, first in enumerate(range(0, row_count, ROWS_PER_FILE)):
        site = SITE.format(number=number)
        files.append(exports / site / f"{site}-backlinks.csv")
        write_links(files[-1], site, min(ROWS_PER_FILE, row_count - first), first_row=first)
    # The bare load stands on both sides of ours, so that a machine that slows down favours neither.
    before = cost_of(load_bare, folder / "before.duckdb", files)
    ours = cost_of(ingest_and_stage, warehouse, exports)
    after = cost_of(load_bare, folder / "after.duckdb", files)
    bare = Cost(*((one + other) / 2 for one, other in zip(before, after, strict=True)))
    site = SITE.format(number=0)
    new = folder / "new" / site / f"{site}-backlinks-2026-02-20.csv"
    write_links(new, site, NEW_ROWS, first_row=row_count - NEW_ROWS // 2)
    incremental = cost_of(_ingest, warehouse, folder / "new")
    case, table = f"{row_count / 1e6:g} million rows", "ingest and staging"
    ratio, memory = ours.seconds / bare.seconds, ours.peak_megabytes / 1024
    return [
        make_row(table, case, "bare load, s", bare.seconds),
        make_row(table, case, "ours, s", ours.seconds),
        make_row(table, case, "ratio", ratio, "≤ 2", ratio <= 2),
        make_row(table, case, "ratio of processor time", ours.processor_seconds / bare.processor_seconds),
        make_row(table, case, "peak memory, GB", memory, "≤ 4", memory <= 4),
        make_row(table, case, "10,000 new rows, s", incremental.seconds, "≤ 3", incremental.seconds <= 3),
    ]


def _measure_shapes(folder: Path) -> list[Row]:
    rows = []
    for shape, write, ending, count in (
        ("UTF-16, quoted", write_utf16, "csv", OTHER_SHAPE_ROWS),
        ("workbook", write_workbook, "xlsx", WORKBOOK_ROWS),
    ):
        site = SITE.format(number=99)
        plain = folder / f"plain-{ending}" / site / f"{site}-backlinks.csv"
        write_links(plain, site, count)
        other = folder / f"other-{ending}" / site / f"{site}-backlinks-again.{ending}"
        write(plain, other)
        costs = [
            cost_of(_ingest, folder / f"{path.parent.parent.name}.duckdb", path.parent.parent)
            for path in (plain, other)
        ]
        case = f"{shape}, {count:,} rows"
        rows.append(make_row("other shapes", case, "times UTF-8", costs[1].seconds / costs[0].seconds))
        rows.append(make_row("other shapes", case, "rows a second", count / costs[1].seconds))
    return rows


def cost_of(call: Callable[..., None], *arguments: object) -> Cost:
    """What the call takes in a fresh process."""
    return measure_apart(call, *arguments)[0]


def load_bare(warehouse: Path, files: Sequence[Path]) -> None:
    """The engine's own load of the files: what ours is compared with."""
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("SET enable_progress_bar = false")
        names = ", ".join(f"'{file}'" for file in files)
        connection.execute(f"CREATE TABLE links AS SELECT * FROM read_csv([{names}])")  # noqa: S608
        connection.execute("CHECKPOINT")


def _ingest(warehouse: Path, exports: Path) -> None:
    ingest_and_stage(warehouse, exports, stages=False)


def ingest_and_stage(warehouse: Path, exports: Path, *, stages: bool = True) -> None:
    """Read the exports, and stage them if asked.

    Raises:
        AssertionError: a made-up file was not read whole.
    """
    from transforms import pipeline
    from transforms.ingest.inbox import discover
    from transforms.warehouse import open_writer

    with open_writer(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false")
        outcomes = [pipeline.ingest_file(connection, file, ingested_at=READ_AT) for file in discover(str(exports))]
        if any(outcome.status != "loaded" or outcome.rejected_count for outcome in outcomes):
            raise AssertionError(f"the made-up files were not read whole: {outcomes}")
        if stages:
            pipeline.run_stage(connection, "staging", as_of=READ_AT.date())
        connection.execute("CHECKPOINT")


def main() -> None:
    """Print the figures of a run of another size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    for row in measure_rows(parser.parse_args().rows):
        value = math.nan if row["value"] is None else row["value"]
        print(f"{row['table']:<20} {row['case']:<28} {row['metric']:<26} {value:>12.3f}  {row['bar']}")


if __name__ == "__main__":
    main()
