"""Everything measured of whether links explain drops, in one command.

``penalty-radar benchmark cause`` prints the tables: the pooled tests on worlds with and without an effect, single pairs
on the same worlds, eight scenarios that must be told apart, probabilities and verdicts in the world for testing, and
speed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping

from penalty_radar.benchmarks import association, association_pools, association_speed, cause_scenarios, cause_verdicts
from penalty_radar.benchmarks.page import render_benchmark
from penalty_radar.benchmarks.rows import Row

PARTS: Mapping[str, Callable[[], list[Row]]] = {
    "worlds": association_pools.measure_rows,
    "pairs": association.measure_rows,
    "scenarios": cause_scenarios.measure_rows,
    "verdicts": cause_verdicts.measure_rows,
    "speed": association_speed.measure_rows,
}
"""Part of the benchmark to its rows, in order of printing."""


def measure_rows() -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}, each table's name after that of its part."""
    return [row | {"table": f"{part}: {row['table']}"} for part, measure in PARTS.items() for row in measure()]


def main() -> None:
    """Print the tables of some parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; default: all")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - PARTS.keys():
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for part in chosen.parts or PARTS:
        began = time.monotonic()
        print(render_benchmark("cause", PARTS[part]()))
        print(f"\n{part}: {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
