"""How long it takes to classify links, beside the engine's bare load of the same files in the same run; and lockstep.

``penalty-radar benchmark origins-speed`` prints the tables at 10 million rows (about 2.6 GB of files on disk and as
much again of warehouse, many minutes); ``python -m penalty_radar.benchmarks.origin_speed --rows 1000000`` at another
size. Classification is every table of ``signals`` up to the origins of combinations of rules; reading and staging the
files comes first and is not counted. Every measurement runs in a process of its own.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
import time
from pathlib import Path

from penalty_radar.benchmarks import lockstep_speed
from penalty_radar.benchmarks.ingest_files import write_links
from penalty_radar.benchmarks.ingest_speed import (
    NEW_ROWS,
    READ_AT,
    ROWS,
    ROWS_PER_FILE,
    SITE,
    cost_of,
    ingest_and_stage,
    load_bare,
)
from penalty_radar.benchmarks.process_cost import Cost, measure_apart
from penalty_radar.benchmarks.rows import Row, make_row

SPEED = "links classified, beside the bare load of the same files"
NIGHT = "an incremental night"
SLOWEST = "the slowest tables"

LAST = "signals.evidence_combinations"
"""The table with which every link has an origin."""

MOST_RATIO = 1.5
MOST_REREAD = 1.0
"""Texts read in a night, as a multiple of the links that are new."""
SHOWN_TABLES = 8


def classification() -> tuple[str, ...]:
    """Names of the tables that classifying links takes, in the order in which they are made."""
    from transforms.schemas import stage_tables

    names = [declared.name for declared in stage_tables("signals")]
    return tuple(names[: names.index(LAST) + 1])


def measure_rows(row_count: int = ROWS) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}."""
    with tempfile.TemporaryDirectory(prefix="penalty-radar-benchmark-") as folder:
        rows = _measure_classification(Path(folder), row_count)
    return [*rows, *lockstep_speed.measure_rows(row_count)]


def _measure_classification(folder: Path, row_count: int) -> list[Row]:
    warehouse, files = folder / "ours.duckdb", []
    for number, first in enumerate(range(0, row_count, ROWS_PER_FILE)):
        site = SITE.format(number=number)
        files.append(folder / "exports" / site / f"{site}-backlinks.csv")
        write_links(files[-1], site, min(ROWS_PER_FILE, row_count - first), first_row=first)
    staged = cost_of(ingest_and_stage, warehouse, folder / "exports")
    # The bare load stands on both sides of ours, so that a machine that slows down favours neither.
    before = cost_of(load_bare, folder / "before.duckdb", files)
    ours, made = measure_apart(classify, warehouse, READ_AT.date())
    after = cost_of(load_bare, folder / "after.duckdb", files)
    bare = Cost(*((one + other) / 2 for one, other in zip(before, after, strict=True)))
    case = f"{row_count / 1e6:g} million rows"
    ratio, memory = ours.seconds / bare.seconds, ours.peak_megabytes / 1024
    rows = [
        make_row(SPEED, case, "bare load, s", bare.seconds),
        make_row(SPEED, case, "ingest and staging before (not counted), s", staged.seconds),
        make_row(SPEED, case, "ours, s", ours.seconds),
        make_row(SPEED, case, "ratio", ratio, f"≤ {MOST_RATIO}", ratio <= MOST_RATIO),
        make_row(SPEED, case, "ratio of processor time", ours.processor_seconds / bare.processor_seconds),
        make_row(SPEED, case, "peak memory, GB", memory),
        make_row(SPEED, case, "texts read", made["signals.text_marks"][1]),
    ]
    slowest = sorted(made.items(), key=lambda table: -table[1][0])[:SHOWN_TABLES]
    rows += [make_row(SLOWEST, name, "s", seconds) for name, (seconds, _) in slowest]
    return [*rows, *_measure_night(folder, warehouse, row_count)]


def _measure_night(folder: Path, warehouse: Path, row_count: int) -> list[Row]:
    """One more export of the first site, of links that nobody saw before, read the day after."""
    site = SITE.format(number=0)
    night = READ_AT.date() + datetime.timedelta(days=1)
    new = folder / "new" / site / f"{site}-backlinks-{night}.csv"
    write_links(new, site, NEW_ROWS, first_row=row_count)
    staged, new_links = measure_apart(_read_night, warehouse, folder / "new", night)
    ours, made = measure_apart(classify, warehouse, night)
    texts = made["signals.text_marks"][1]
    case = f"{NEW_ROWS:,} new rows on {row_count / 1e6:g} million"
    bar = f"≤ {MOST_REREAD:g}"
    return [
        make_row(NIGHT, case, "new links", new_links),
        make_row(NIGHT, case, "texts read", texts),
        make_row(NIGHT, case, "texts a new link", texts / new_links, bar, texts <= MOST_REREAD * new_links),
        make_row(NIGHT, case, "ingest and staging, s", staged.seconds),
        make_row(NIGHT, case, "classification, s", ours.seconds),
        make_row(NIGHT, case, "of which texts, s", made["signals.text_marks"][0]),
        make_row(NIGHT, case, "peak memory, GB", ours.peak_megabytes / 1024),
    ]


def _read_night(warehouse: Path, exports: Path, night: datetime.date) -> int:
    """Read and stage one more night; how many links became known."""
    from transforms import pipeline
    from transforms.ingest.inbox import discover
    from transforms.warehouse import open_writer

    with open_writer(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false")
        before = connection.execute("SELECT count(*) FROM staging.links").fetchall()[0][0]
        for file in discover(str(exports)):
            pipeline.ingest_file(connection, file, ingested_at=READ_AT + datetime.timedelta(days=1))
        pipeline.run_stage(connection, "staging", as_of=night)
        after = connection.execute("SELECT count(*) FROM staging.links").fetchall()[0][0]
    return int(after) - int(before)


def classify(warehouse: Path, as_of: datetime.date) -> dict[str, tuple[float, int]]:
    """Make the tables of :func:`classification`; seconds and rows written of each."""
    from transforms import pipeline
    from transforms.warehouse import open_writer

    made = {}
    with open_writer(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in classification():
            began = time.monotonic()
            outcomes = pipeline.run_stage(connection, "signals", as_of=as_of, only={name})
            made[name] = (time.monotonic() - began, sum(outcome.row_count for outcome in outcomes))
        connection.execute("CHECKPOINT")
    return made


def main() -> None:
    """Print the figures of a run of another size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=ROWS)
    for row in measure_rows(parser.parse_args().rows):
        print(f"{row['table']:<58} {row['case']:<40} {row['metric']:<44} {row['value']:>14.3f}  {row['bar']}")


if __name__ == "__main__":
    main()
