"""Every benchmark by name, and docs/benchmarks.md: the figures, the command that printed them, the machine."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Sequence

from penalty_radar.benchmarks.rows import Row
from transforms.errors import UsageError

BENCHMARKS = {
    "detectors": "penalty_radar.benchmarks.null_alarms",
    "association": "penalty_radar.benchmarks.association",
    "readings": "penalty_radar.benchmarks.surge_readings",
    "ingest": "penalty_radar.benchmarks.ingest_speed",
}
"""Name of a benchmark to the module whose ``measure_rows()`` gives its rows."""


def measure(name: str | None = None) -> dict[str, list[Row]]:
    """Rows of {table, case, metric, value, reference, bar, meets} by benchmark; of one, or of all.

    Raises:
        UsageError: no benchmark has that name.
    """
    if name is not None and name not in BENCHMARKS:
        raise UsageError("NAME", repr(name), f"one of {', '.join(BENCHMARKS)}", "Name one or leave it out.")
    chosen = [name] if name else list(BENCHMARKS)
    return {benchmark: importlib.import_module(BENCHMARKS[benchmark]).measure_rows() for benchmark in chosen}


def render_benchmark(name: str, rows: Sequence[Row]) -> str:
    """A Markdown section: one table per table name, a row per case, a column per metric."""
    parts = [f"## {name}\n\nPrinted by `penalty-radar benchmark {name}`."]
    for title in dict.fromkeys(row["table"] for row in rows):
        part = [row for row in rows if row["table"] == title]
        metrics = list(dict.fromkeys(row["metric"] for row in part))
        values = {(row["case"], row["metric"]): row for row in part}
        lines = [f"\n### {title}\n", f"| case | {' | '.join(metrics)} |", f"| --- |{' ---: |' * len(metrics)}"]
        lines += [
            f"| {case} | {' | '.join(_cell(values.get((case, metric))) for metric in metrics)} |"
            for case in dict.fromkeys(row["case"] for row in part)
        ]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def render_page(measured: dict[str, list[Row]]) -> str:
    """The whole of docs/benchmarks.md."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    head = (
        "# Benchmarks\n\nWritten by `make benchmark`. Simulated series with known truth and fixed seeds; figures that "
        f"are bad stand here too. Machine: {machine}.\n"
    )
    return "\n".join([head, *(render_benchmark(name, rows) for name, rows in measured.items())])


def _cell(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return "–"
    value = f"{row['value']:g}" if isinstance(row["value"], float) else str(row["value"])
    return f"{value} (bar {row['bar']}: {'met' if row['meets'] else 'NOT met'})" if row["bar"] else value
