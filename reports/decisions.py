"""What people say of alerts: a log that every later run keeps, and the status that follows from it.

A decision is about a finding: it counts for the alert it names and for what was told of the same finding before. What
is told after it (the finding got worse) is new again, so that worsening reopens by itself.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable

import duckdb

from reports.alert_news import Row, read_rows
from reports.alert_rows import Alert, read_alerts
from transforms.errors import UsageError
from transforms.schemas.vocabulary import ALERT_STATUSES

ALIASES = {"right": "handled"}
"""Other words for a decision: what was right has been dealt with."""

_APPLY = """
UPDATE reports.alerts AS a SET status = coalesce(d.status, 'new'), decided_by = d.decided_by, decided_at = d.decided_at
FROM (
  SELECT told.alert_id, max_by(said.status, said.decided_at) AS status,
    arg_max_null(said.decided_by, said.decided_at) AS decided_by, max(said.decided_at) AS decided_at
  FROM reports.alerts AS told
  LEFT JOIN (
    SELECT decisions.*, named.raised_at
    FROM reports.decisions AS decisions JOIN reports.alerts AS named USING (alert_id)
  ) AS said ON said.kind = told.kind AND said.site_domain = told.site_domain AND said.finding_id = told.finding_id
    AND said.raised_at >= told.raised_at
  GROUP BY told.alert_id
) AS d
WHERE d.alert_id = a.alert_id AND (
  a.status IS DISTINCT FROM coalesce(d.status, 'new') OR a.decided_at IS DISTINCT FROM d.decided_at
)
"""

_UNTAKEN = """
SELECT o.alert_id, o.status, o.decided_by, o.note, CAST(o.decided_on AS TIMESTAMP) AS decided_at, o.row_number
FROM staging.decision_observations AS o
JOIN ingest.export_files AS f USING (file_id)
WHERE f.superseded_by IS NULL AND o.alert_id IN (SELECT alert_id FROM reports.alerts)
  AND NOT (o.decided_on = o.observed_on AND EXISTS (
    SELECT 1 FROM reports.decisions AS d WHERE d.told_through = 'file' AND d.alert_id = o.alert_id
      AND d.status = o.status AND d.decided_by IS NOT DISTINCT FROM o.decided_by AND d.note IS NOT DISTINCT FROM o.note
  ))
ORDER BY o.decided_on, o.observed_on, o.file_id, o.row_number
"""
"""A row without a day of its own bears the day of its file: in the next version of the file it is what was said before,
not said again on that day."""


def decide(
    connection: duckdb.DuckDBPyConnection,
    alert_id: str,
    word: str,
    *,
    name: str,
    note: str | None = None,
    decided_at: datetime.datetime,
    told_through: str,
) -> Alert:
    """Note what a person says of an alert, and set its status; returns the alert.

    Args:
        connection: one that may write.
        alert_id: of an alert that was raised.
        word: new, acknowledged, handled (or right), false_alarm.
        name: who says so.
        note: why.
        decided_at: when (UTC).
        told_through: command or form.

    Raises:
        UsageError: no such alert or word, or no name. Nothing is written.
    """
    status = ALIASES.get(word, word)
    if status not in ALERT_STATUSES:
        raise UsageError("WORD", repr(word), f"one of {', '.join((*ALERT_STATUSES, *ALIASES))}", "Choose one of them.")
    if not name.strip():
        raise UsageError("--name", "nothing", "who decides", "Give a name: the report shows it.")
    found = read_alerts(connection, "alert_id = $alert_id", alert_id=alert_id.strip().lower())
    if not found:
        raise UsageError(
            "ALERT",
            repr(alert_id),
            "the alert_id of an alert that was raised",
            "See the alerts file or reports.alerts.",
        )
    said: Row = {"alert_id": found[0].alert_id, "status": status, "decided_by": name.strip()}
    said |= {"note": (note or "").strip() or None, "decided_at": decided_at}
    _write(connection, [said], told_through)
    apply_decisions(connection)
    return found[0]


def take_over_decisions(connection: duckdb.DuckDBPyConnection) -> int:
    """Take over what the team's decisions.csv files say and is not known yet; returns how many rows that were.

    Rows about alerts that were never raised are left where they are; a check names them
    (``decisions_know_their_alert``).
    """
    rows = read_rows(connection, _UNTAKEN)
    for row in rows:  # of several on one day the later row counts
        row["decided_at"] += datetime.timedelta(milliseconds=row.pop("row_number"))
    return _write(connection, rows, "file")


def apply_decisions(connection: duckdb.DuckDBPyConnection) -> None:
    """Set the status of every alert to what was said last of its finding, ``new`` where nothing was said since."""
    connection.execute(_APPLY)


def read_open_alerts(connection: duckdb.DuckDBPyConnection) -> list[Alert]:
    """What waits for a decision: alerts nobody has called handled or false, told by themselves, the newest step each.

    An all-clear asks nothing.
    """
    return read_alerts(
        connection,
        "status IN ('new', 'acknowledged') AND step <> 'cleared' AND told_in IS NULL AND NOT EXISTS ("
        "SELECT 1 FROM reports.alerts AS later WHERE later.kind = a.kind AND later.site_domain = a.site_domain "
        "AND later.finding_id = a.finding_id AND later.step <> 'cleared' AND (later.raised_at, later.alert_id) > "
        "(a.raised_at, a.alert_id))",
    )


def _write(connection: duckdb.DuckDBPyConnection, rows: Iterable[Row], told_through: str) -> int:
    written = 0
    for row in rows:
        said = ":".join(str(row[name]) for name in ("alert_id", "status", "decided_by", "decided_at", "note"))
        values = row | {"decision_id": hashlib.sha256(said.encode()).hexdigest()[:16], "told_through": told_through}
        count = connection.execute(
            """
INSERT INTO reports.decisions BY NAME
SELECT $decision_id AS decision_id, a.alert_id, a.site_domain, a.kind, a.finding_id, $status AS status,
  $decided_by AS decided_by, $note AS note, CAST($decided_at AS TIMESTAMP) AS decided_at, $told_through AS told_through
FROM reports.alerts AS a
WHERE a.alert_id = $alert_id AND $decision_id NOT IN (SELECT decision_id FROM reports.decisions)
""",
            values,
        ).fetchall()
        written += count[0][0]
    return written
