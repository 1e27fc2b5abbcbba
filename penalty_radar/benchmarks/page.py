"""Every benchmark by name, and docs/benchmarks.md: the figures, the command that printed them, the machine."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from penalty_radar.benchmarks.rows import WHY, Row
from transforms.errors import UsageError

BENCHMARKS = {
    "detectors": "penalty_radar.benchmarks.null_alarms",
    "false-discovery": "penalty_radar.benchmarks.false_discovery",
    "cause": "penalty_radar.benchmarks.cause",
    "readings": "penalty_radar.benchmarks.surge_readings",
    "origins": "penalty_radar.benchmarks.origins",
    "origins-speed": "penalty_radar.benchmarks.origin_speed",
    "ingest": "penalty_radar.benchmarks.ingest_speed",
    "surges": "penalty_radar.benchmarks.surges",
    "forecast": "penalty_radar.benchmarks.forecast",
    "backtest": "penalty_radar.benchmarks.backtest",
    "drops": "penalty_radar.benchmarks.drops",
    "report": "penalty_radar.benchmarks.report_speed",
    "alerts": "penalty_radar.benchmarks.alerts",
}
"""Name of a benchmark to the module whose ``measure_rows()`` gives its rows."""

READS_DATA = frozenset({"surges", "origins", "drops"})
"""Benchmarks whose ``measure_rows`` takes the folder of sets with a known answer."""


def measure(name: str | None = None, data: Path | None = None) -> dict[str, list[Row]]:
    """Rows of {table, case, metric, value, reference, bar, meets} by benchmark; of one, or of all.

    Args:
        name: a key of :data:`BENCHMARKS`; None: all.
        data: folder of the sets with a known answer; None: each benchmark's own default.

    Raises:
        UsageError: no benchmark has that name.
    """
    if name is not None and name not in BENCHMARKS:
        raise UsageError("NAME", repr(name), f"one of {', '.join(BENCHMARKS)}", "Name one or leave it out.")
    chosen = [name] if name else list(BENCHMARKS)
    measured = {}
    for benchmark in chosen:
        measure_rows = importlib.import_module(BENCHMARKS[benchmark]).measure_rows
        measured[benchmark] = measure_rows(data) if benchmark in READS_DATA else measure_rows()
    return measured


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
        "# Benchmarks\n\nWritten by `make benchmark`. Simulated series with known truth and fixed seeds, and sets with "
        f"a published answer; figures that are bad stand here too. Machine: {machine}.\n"
    )
    return "\n".join([head, *(render_benchmark(name, rows) for name, rows in measured.items())])


def _cell(row: Row | None) -> str:
    if row is None:
        return "–"
    if row["value"] is None:
        return row["reference"] if row["metric"] == WHY else "–"
    value = f"{row['value']:g}" if isinstance(row["value"], float) else str(row["value"])
    return f"{value} (bar {row['bar']}: {'met' if row['meets'] else 'NOT met'})" if row["bar"] else value
