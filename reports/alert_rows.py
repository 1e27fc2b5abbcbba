"""An alert: a row of reports.alerts, and which of them people have not been told of."""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import dataclass, field, fields
from typing import Any

import duckdb

from reports.alert_news import RANKS, read_rows
from reports.silences import SILENCED

OF_NO_SITE = "*"
"""site_domain of an alert about no single site: only people of the house see it, never a client."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A row of reports.alerts; ``arguments`` are what the sentences name (dates as ISO text)."""

    alert_id: str
    dedupe_key: str
    site_domain: str
    kind: str
    severity: str
    finding_id: str
    message_key: str
    arguments: dict[str, Any] = field(default_factory=dict)
    as_of: datetime.date
    raised_at: datetime.datetime
    step: str = "new"
    """new, confirmed, worse or cleared."""
    is_page: bool = False
    """Whether it pages someone now; else it waits for the digest."""
    owner: str | None = None
    group_name: str | None = None
    told_in: str | None = None
    """The alert that tells of it together with others; None = it is told by itself."""

    @property
    def urgency(self) -> tuple[bool, int, str, str]:
        """What to sort by, most urgent first."""
        return not self.is_page, -RANKS[self.severity], self.site_domain, self.dedupe_key


def name_alert(dedupe_key: str) -> str:
    """The alert_id that belongs to a dedupe_key."""
    return hashlib.sha256(dedupe_key.encode()).hexdigest()[:16]


COLUMNS = ", ".join(column.name for column in fields(Alert))


def insert_alert(connection: duckdb.DuckDBPyConnection, alert: Alert) -> None:
    """Write a new row: open (but for an all-clear), and nobody has said anything of it."""
    row = vars(alert) | {"arguments": json.dumps(alert.arguments, sort_keys=True), "status": "new"}
    row["is_open"] = alert.step != "cleared"
    names, values = ", ".join(row), ", ".join(f"${name}" for name in row)
    connection.execute(f"INSERT INTO reports.alerts ({names}) VALUES ({values})", row)  # noqa: S608 - field names


def read_alerts(connection: duckdb.DuckDBPyConnection, condition: str, **values: object) -> list[Alert]:
    """Alerts ``AS a`` that meet ``condition``, most urgent first."""
    rows = read_rows(connection, f"SELECT {COLUMNS} FROM reports.alerts AS a WHERE {condition}", **values)  # noqa: S608 - declared text only
    alerts = [Alert(**row | {"arguments": json.loads(row["arguments"])}) for row in rows]
    return sorted(alerts, key=lambda alert: alert.urgency)


def read_untold(connection: duckdb.DuckDBPyConnection, *, on: datetime.date) -> list[Alert]:
    """What people are to be told on that day: not told yet, not told within another alert, not silenced.

    What came and went while it was silenced is never told: it stands in the log.
    """
    return read_alerts(
        connection,
        f"last_notified_at IS NULL AND told_in IS NULL AND NOT ({SILENCED.format(day='$today')}) "
        f"AND NOT (NOT is_open AND {SILENCED.format(day='CAST(a.raised_at AS DATE)')})",
        today=on,
    )
