"""Small nights of findings for the tests of alerts."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from reports.alerts import Alert, mark_notified, raise_alerts
from tests.transforms.text_tables import make
from transforms.schemas import TABLES, stage_tables, table
from transforms.stages import SCHEMAS

AS_OF = datetime.date(2026, 11, 15)
NOW = datetime.datetime(2026, 11, 15, 4)  # noqa: DTZ001 - TIMESTAMP columns are UTC without a zone
SITE = "shop.example"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(f"2026-{text}")


class Night:
    """One night's findings; every method adds a row that would alert, changed as told."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.filled: set[str] = set()

    def add(self, name: str, row: dict[str, Any]) -> None:
        self.filled.add(name)
        given = {"as_of": AS_OF, "day": AS_OF, "site_domain": SITE, "provider": "ahrefs_backlinks"} | row
        row = {column: value for column, value in given.items() if column in table(name).column_names}
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        self.connection.execute(f"INSERT INTO {name} ({names}) VALUES ({marks})", list(row.values()))

    def assessed(self, **row: Any) -> None:
        self.add("surges.assessed_series", {"origin": "bought", "status": "tested"} | row)

    def surge(self, surge_id: str = "s1", **row: Any) -> None:
        usual = {"origin": "bought", "starts_on": day("11-08"), "ends_on": day("11-12"), "detected_on": day("11-09")}
        counts = {"observed_count": 60, "expected_count": 4.0, "excess_count": 56.0, "q_value": 0.0004}
        self.add("surges.link_surges", {"surge_id": surge_id, "is_active": True} | usual | counts | row)

    def declare(self, surge_id: str = "s1", **row: Any) -> None:
        counts = {"source_domain_count": 60, "declared_domain_count": 35, "declared_share": 35 / 60}
        self.add("surges.surge_declarations", {"surge_id": surge_id} | counts | row)

    def drop(self, drop_id: str = "d1", **row: Any) -> None:
        usual = {"segment": "site", "starts_on": day("11-10"), "detected_on": day("11-12"), "depth_share": 0.3}
        flags = {"is_active": True, "is_provisional": False, "q_value": 0.01, "provider": "search_console"}
        given = {"drop_id": drop_id, "is_confirmed": True} | usual | flags | row
        self.add("drops.ranking_drops", {"confirmed_on": given["detected_on"]} | given)

    def pair(self, pair_id: str = "p1", **row: Any) -> None:
        usual = {"surge_id": "s1", "drop_id": "d1", "origin": "bought", "verdict": "links_likely", "confounders": "[]"}
        days = {"surge_starts_on": day("11-08"), "drop_starts_on": day("11-10"), "lag_days": 2, "probability": 0.7}
        self.add("correlation.surge_drop_pairs", {"pair_id": pair_id, "p_time_shift": 0.05} | usual | days | row)

    def cause(self, drop_id: str = "d1", cause: str = "tracker", probability: float = 0.8, **row: Any) -> None:
        self.add("correlation.drop_causes", {"drop_id": drop_id, "cause": cause, "probability": probability} | row)

    def manual_action(self, event_id: str = "e1", **row: Any) -> None:
        usual = {"kind": "manual_action", "name": "Unnatural links", "starts_on": day("11-10"), "source": "note"}
        self.add("staging.search_events", {"event_id": event_id} | usual | row)

    def outcome(self, check_name: str, **row: Any) -> None:
        usual = {"stage": "staging", "table_name": "staging.links", "severity": "minimum", "is_met": False}
        self.add("expectations.outcomes", {"check_name": check_name, "failing_count": 3} | usual | row)

    def export(self, exported_on: datetime.date, **row: Any) -> None:
        usual = {"file_id": f"f{exported_on}", "status": "loaded", "exported_on": exported_on}
        self.add("ingest.export_files", usual | row)

    def raise_alerts(self, as_of: datetime.date = AS_OF, held_back: frozenset[str] = frozenset()) -> list[Alert]:
        """Raise as a run does that tells people without trouble."""
        make(self.connection, "ingest.feeds", as_of=as_of.isoformat())
        raised_at = datetime.datetime.combine(as_of, NOW.time())
        alerts = raise_alerts(self.connection, as_of=as_of, held_back=held_back, raised_at=raised_at)
        mark_notified(self.connection, alerts, notified_at=raised_at)
        return alerts

    def next_night(self) -> datetime.date:
        """The same findings, a day later."""
        tomorrow = AS_OF + datetime.timedelta(days=1)
        for name in ("surges.link_surges", "surges.assessed_series", "drops.ranking_drops"):
            self.connection.execute(
                f"INSERT INTO {name} SELECT * REPLACE (as_of + 1 AS as_of) FROM {name} WHERE as_of = ?", [AS_OF]
            )
        return tomorrow

    def open_ones(self) -> dict[str, bool]:
        return dict(self.connection.execute("SELECT dedupe_key, is_open FROM reports.alerts").fetchall())


@functools.cache
def warehouse() -> duckdb.DuckDBPyConnection:
    """One empty warehouse for all tests of the process: making its tables takes longer than a test."""
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA {schema}")
    for declared in TABLES:
        connection.execute(declared.create_statement())
    return connection


@contextmanager
def open_night() -> Iterator[Night]:
    """An empty warehouse in which the site was assessed tonight; emptied again afterwards."""
    made = Night(warehouse())
    made.assessed()
    yield made
    for name in sorted(made.filled | {declared.name for declared in stage_tables("reports")} | {"ingest.feeds"}):
        made.connection.execute(f"DELETE FROM {name}")


def told(alerts: list[Alert]) -> list[tuple[str, str, str]]:
    return [(alert.kind, alert.finding_id, alert.severity) for alert in alerts]
