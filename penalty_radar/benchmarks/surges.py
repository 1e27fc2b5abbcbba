"""The surge detector and its comparators on every set with a known answer, in one configuration.

``penalty-radar benchmark surges --data DIR`` prints the tables in some minutes on two cores;
``python -m penalty_radar.benchmarks.surges --scale 0.05`` a smaller run. Sets whose folder is absent are left out, and
a row says so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from penalty_radar.benchmarks import surge_speed
from penalty_radar.benchmarks import surge_tables as tables
from penalty_radar.benchmarks.page import render_benchmark
from penalty_radar.benchmarks.rows import Row
from penalty_radar.benchmarks.surge_methods import oracles
from penalty_radar.benchmarks.surge_methods.cases import CASES, Entry, find_case
from penalty_radar.benchmarks.surge_sets import background, daily_signals, recipe, star_months, survivors, survstat
from penalty_radar.benchmarks.surge_sets.count_set import Floats
from transforms.errors import UsageError

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = CHECKOUT.parent / "shared" / "benchmarks"
"""Where the sets lie unless ``--data`` names another folder."""

PROCESSES = 2
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Set to 1 in the processes: small products in many threads wait for each other longer than they compute."""

ORACLES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "true mean, weekly test": oracles.score_weeks,
    "true mean, scan of 1–3 weeks": oracles.score_scan,
}


@dataclass(frozen=True)
class Task:
    """One measurement: its set (a key of :data:`MEASURED`), its case, and the size of the run."""

    measured: str
    case: str
    data: Path
    scale: float


def measure_rows(data: Path | None = None, scale: float = 1.0) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}.

    Args:
        data: folder of the sets; :data:`DEFAULT_DATA` by default.
        scale: of replicates, runs and injections.

    Raises:
        UsageError: ``data`` is given and is no folder.
    """
    if data is not None and not data.is_dir():
        raise UsageError("--data", str(data), "a folder of benchmark sets", "Name the folder or leave the option out.")
    folder = (data or DEFAULT_DATA).resolve()
    names = [case.name for case in CASES]
    tasks = [Task(measured, case, folder, scale) for case in names for measured in tables.CASE_TABLES]
    tasks += [Task("oracles", name, folder, scale) for name in ORACLES]
    tasks += [Task("survivors", str(life), folder, scale) for life in survivors.LIVES]
    with _one_thread_each(), ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        rows = [row for part in pool.map(_measure, tasks) for row in part]
        # By itself, when the other process is idle.
        rows += pool.submit(_measure, Task("speed", "", folder, scale)).result()
    return tables.in_order([*rows, *tables.published_rows(folder)])


def _measure(task: Task) -> list[Row]:
    """Rows of one task; where its set or its library is not there, one row that says so."""
    try:
        return MEASURED[task.measured](task)
    except FileNotFoundError as error:
        missing = Path(error.filename).relative_to(task.data)
        return [tables.left_out(task.measured, f"not there: {missing} of --data")]
    except ImportError as error:
        return [tables.left_out(task.case, f"not installed: {error.name}")]


def _measure_survstat(task: Task) -> list[Row]:
    case = find_case(task.case)
    whole = survstat.evaluate(case.method, survstat.load(task.data), case.customary)
    own = survstat.evaluate(case.method, survstat.load(task.data, with_copy=False), case.customary)
    rows = tables.survstat_rows(case, whole, own)
    if case.name == tables.PORT_CASE:
        labelled = survstat.load(task.data)
        alarms = survstat.count_alarms(case.method(labelled.count_set), labelled, tables.PORT_ALARMS_ALPHA)
        rows += tables.survstat_port_rows(case, *alarms)
    return rows


def _measure_daily(task: Task) -> list[Row]:
    case = find_case(task.case)
    sets = daily_signals.load(task.data, runs=_scaled(case.runs, task.scale))
    return tables.daily_rows(case, daily_signals.evaluate(case.method, sets, case.customary))


def _measure_stars(task: Task) -> list[Row]:
    case = find_case(task.case)
    return tables.star_rows(case, star_months.evaluate(case.method, star_months.load(task.data)))


def _measure_power(task: Task) -> list[Row]:
    case = find_case(task.case)
    count_set = background.load(task.data)
    return tables.power_rows(case, background.evaluate(case.method, count_set, _scaled(case.places, task.scale)))


def _measure_recipe(task: Task) -> list[Row]:
    case = find_case(task.case)
    scores = recipe.score_recipe(case.method, _scaled(case.replicates, task.scale))
    return [*tables.recipe_rows(case, scores), *tables.scenario_rows(case, scores)]


def _measure_oracle(task: Task) -> list[Row]:
    score = ORACLES[task.case]
    replicates = _scaled(recipe.REPLICATES, task.scale)
    scores = recipe.score_blocks(lambda counts, block: score(counts, block.mean, block.shape), replicates)
    return tables.recipe_rows(Entry(name=task.case, reference="knows the truth"), scores)


def _measure_survivors(task: Task) -> list[Row]:
    life = float(task.case)
    counts, losses = survivors.simulate(life, _scaled(survivors.SIZE, task.scale, least=30))
    known, unknown = (survivors.evaluate_ours(counts, losses, is_horizon_known=known) for known in (True, False))
    return tables.survivor_rows(
        life, known, unknown, survivors.evaluate_plain(counts, 1), survivors.evaluate_plain(counts, 7)
    )


def _measure_speed(task: Task) -> list[Row]:
    scanned = surge_speed.time_scan(_scaled(surge_speed.SERIES, task.scale, least=50))
    sizes = [_scaled(series, task.scale, least=50) for series in surge_speed.MEMORY_SERIES]
    memory = tables.memory_rows(sizes, surge_speed.measure_peaks(sizes))
    try:
        regressed = surge_speed.time_regressions(_scaled(surge_speed.FITS, task.scale))
    except ImportError as error:
        missing = tables.left_out("a statsmodels GLM a series and day", f"not installed: {error.name}")
        return [*tables.speed_rows(scanned, float("nan")), *memory, missing]
    return [*tables.speed_rows(scanned, regressed), *memory]


MEASURED: dict[str, Callable[[Task], list[Row]]] = {
    tables.SURVSTAT: _measure_survstat,
    tables.RECIPE: _measure_recipe,
    tables.DAILY: _measure_daily,
    tables.STARS: _measure_stars,
    tables.POWER: _measure_power,
    "oracles": _measure_oracle,
    "survivors": _measure_survivors,
    "speed": _measure_speed,
}


def _scaled(size: int, scale: float, least: int = 5) -> int:
    return max(least, round(size * scale))


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """The environment of processes started inside; restored afterwards."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def main() -> None:
    """Print the tables of a run of another size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    chosen = parser.parse_args()
    print(render_benchmark("surges", measure_rows(chosen.data, chosen.scale)))


if __name__ == "__main__":
    main()
