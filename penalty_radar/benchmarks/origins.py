"""Everything measured of the origins of links, in one command.

``penalty-radar benchmark origins`` prints the tables: the simulated portfolio with every origin and what families of
rules add, swaps and rings, bought and rented batches, groups in lockstep, and two real sites whose links somebody else
has judged. Speed is measured by ``penalty-radar benchmark origins-speed``.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from penalty_radar.benchmarks import batches, exchanges, lockstep, origin_exports, origin_portfolio
from penalty_radar.benchmarks.page import render_benchmark
from penalty_radar.benchmarks.rows import Row
from transforms.errors import UsageError

PARTS: Mapping[str, Callable[[Path | None], list[Row]]] = {
    "portfolio": lambda data: origin_portfolio.measure_rows(),
    "exchanges": lambda data: _name("exchanges", exchanges.measure_rows()),
    "batches": lambda data: _name("batches", batches.measure_rows()),
    "lockstep": lambda data: _name("lockstep", lockstep.measure_rows(data)),
    "exports": origin_exports.measure_rows,
}
"""Part of the benchmark to its rows, given the folder of sets with a known answer; in order of printing."""


def measure_rows(data: Path | None = None) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}.

    Args:
        data: folder of the sets; real exports lie beside it, in ``exports``. By default that of ``lockstep``.

    Raises:
        UsageError: ``data`` is given and is no folder.
    """
    if data is not None and not data.is_dir():
        raise UsageError("--data", str(data), "a folder of benchmark sets", "Name the folder or leave the option out.")
    return [row for measure in PARTS.values() for row in measure(data)]


def _name(part: str, rows: list[Row]) -> list[Row]:
    """The rows with the part's name before that of their table, which stands among those of other parts."""
    return [row | {"table": f"{part}: {row['table']}"} for row in rows]


def main() -> None:
    """Print the tables of some parts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"{', '.join(PARTS)}; default: all")
    parser.add_argument("--data", type=Path)
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - PARTS.keys():
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for part in chosen.parts or PARTS:
        began = time.monotonic()
        print(render_benchmark("origins", PARTS[part](chosen.data)))
        print(f"\n{part}: {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
