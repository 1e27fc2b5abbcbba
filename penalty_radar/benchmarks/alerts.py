"""Benchmark ``alerts``: how often people are woken for nothing, and how long the digest is, with 200 sites.

Not the detectors are measured here but what is told of their findings: tables of findings are drawn at the detectors'
published rates of false alarms (docs/benchmarks.md), with true events planted beside them, and handed to the real
:func:`reports.alerts.raise_alerts` night by night.
"""

from __future__ import annotations

import datetime
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from penalty_radar.benchmarks.alert_worlds import BASELINE_DAYS, FIRST_NIGHT, SITES, AlertRates, AlertWorld, plant_world
from penalty_radar.benchmarks.rows import Row, make_row
from reports.alerts import Alert, mark_notified, raise_alerts
from transforms.schemas import table
from transforms.warehouse import open_writer

WEEKS = 6
"""Weeks in which people are told, after the two that are a baseline: short enough for a coffee break."""
MOST_FALSE_PAGES = 2.0
"""False pages a week at 200 sites that the project allows itself."""

TABLE = f"{SITES} sites, {WEEKS} weeks, a week"
CASES = {
    "published rates": AlertRates(),
    "published rates, every false drop severe": AlertRates(severe_false_share=1.0),
    "ten times the published rates": AlertRates(times=10.0),
}


@dataclass(frozen=True)
class Told:
    """What people were told in one world."""

    alerts: tuple[Alert, ...]
    world: AlertWorld
    folded_count: int

    def count(self, *, is_page: bool, is_true: bool | None = None) -> float:
        """Messages a week: pages or lines of the digest, all of them or only those of true or of false events."""
        chosen = [alert for alert in self.alerts if alert.is_page == is_page]
        if is_true is not None:
            chosen = [alert for alert in chosen if (alert.finding_id in self.world.true_pages) == is_true]
        return len(chosen) / WEEKS


def measure_rows() -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}."""
    return [row for seed, (case, rates) in enumerate(CASES.items()) for row in measure_case(case, rates, seed)]


def measure_case(case: str, rates: AlertRates, seed: int) -> list[Row]:
    """The rows of one world."""
    told = replay(plant_world(rates, nights=BASELINE_DAYS + 7 * WEEKS, seed=seed))
    false_pages = told.count(is_page=True, is_true=False)
    paged = {alert.finding_id for alert in told.alerts if alert.is_page}
    kinds = Counter(alert.kind for alert in told.alerts if alert.step != "cleared" and not alert.is_page)
    has_bar = rates.times == 1.0
    bar = f"≤ {MOST_FALSE_PAGES:g}" if has_bar else ""
    meets = false_pages <= MOST_FALSE_PAGES if has_bar else None
    return [
        make_row(TABLE, case, "false pages", false_pages, bar, meets),
        make_row(TABLE, case, "true pages", told.count(is_page=True, is_true=True)),
        make_row(
            TABLE, case, "planted pages told, share", len(told.world.true_pages & paged) / len(told.world.true_pages)
        ),
        make_row(TABLE, case, "digest lines", told.count(is_page=False)),
        make_row(TABLE, case, "of these all-clears", _weekly(alert.step == "cleared" for alert in told.alerts)),
        make_row(TABLE, case, "of these about outages", kinds["outage"] / WEEKS),
        make_row(TABLE, case, "told within an outage instead", told.folded_count / WEEKS),
    ]


def replay(world: AlertWorld) -> Told:
    """Raise and deliver the alerts of every night of ``world``."""
    alerts: list[Alert] = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        open_writer(Path(folder) / "w.duckdb") as connection,
    ):
        connection.execute("SET threads = 1")  # tables of a few hundred rows
        for night in range(world.nights):
            as_of = FIRST_NIGHT + datetime.timedelta(days=night)
            for name, rows in world.tables(night).items():
                if (
                    "as_of" in table(name).column_names
                ):  # the night before stays: what was known then decides what is news
                    connection.execute(f"DELETE FROM {name} WHERE as_of < ?", [as_of - datetime.timedelta(days=1)])  # noqa: S608 - declared names
                else:
                    connection.execute(f"DELETE FROM {name}")  # noqa: S608 - declared names
                _insert(connection, name, rows)
            raised_at = datetime.datetime.combine(as_of, datetime.time(4))
            told = raise_alerts(connection, as_of=as_of, raised_at=raised_at)
            mark_notified(connection, told, notified_at=raised_at)
            alerts += told
        folded = connection.execute("SELECT count(*) FROM reports.alerts WHERE told_in IS NOT NULL").fetchall()[0][0]
    return Told(tuple(alerts), world, folded)


def _insert(connection: Any, name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        import pandas as pd

        frame = pd.DataFrame(rows)
        connection.register("rows", frame)
        columns = ", ".join(
            f'CAST("{column.name}" AS {column.ddl_type}) AS "{column.name}"'
            for column in table(name).columns
            if column.name in frame.columns
        )
        connection.execute(f"INSERT INTO {name} BY NAME SELECT {columns} FROM rows")  # noqa: S608 - declared names
        connection.unregister("rows")


def _weekly(flags: Iterable[bool]) -> float:
    return sum(flags) / WEEKS
