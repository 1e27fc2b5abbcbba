"""Alerts: raised once per finding and step up, never lost, closed when the finding is over.

The order is: write the alerts and commit, tell people, note that they were told. ``last_notified_at`` is null in
between, so a run that dies while telling leaves alerts that the next run tells (:func:`tell_people` does all three).
Telling twice does no harm: the alerts file knows the ids it holds.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import duckdb

from reports.alert_delivery import Alert, deliver_alerts, name_check, say_alert
from reports.alert_feeds import find_held_back, find_stale_feeds, held_back_on
from reports.alert_findings import AlertParameters, Finding, find_drops, find_pairs, find_surges
from reports.alert_news import RANKS, is_history, read_missed, read_rows, read_told
from reports.alert_statuses import update_statuses
from transforms.ingest.listed_sites import unlisted_sites

__all__ = [
    "Alert",
    "deliver_alerts",
    "find_new_alerts",
    "held_back_on",
    "mark_notified",
    "name_check",
    "raise_alerts",
    "say_alert",
    "tell_people",
]

DEFAULTS = AlertParameters()


def tell_people(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime.date,
    held_back: frozenset[str] | None = None,
    raised_at: datetime.datetime,
    file: Path,
    language: str,
    echo: Callable[[str], None],
) -> list[Alert]:
    """Raise what is new, tell people on the console and in ``file``, and note that they were told.

    Returns what was told: the new alerts and those a broken-off run had left untold.
    """
    alerts = raise_alerts(connection, as_of=as_of, held_back=held_back, raised_at=raised_at)
    deliver_alerts(alerts, file=file, language=language, echo=echo)
    mark_notified(connection, alerts, notified_at=raised_at)
    return alerts


def raise_alerts(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime.date,
    held_back: frozenset[str] | None = None,
    raised_at: datetime.datetime,
) -> list[Alert]:
    """Write the alerts of a night, open and close older ones, and commit.

    Returns every alert people have not been told of, most urgent first: the new ones and those whose delivery broke
    off. Call :func:`mark_notified` once they were delivered, or they come back. A second run raises nothing new; a
    repeated or backfilled night (:func:`reports.alert_news.is_history`) raises nothing.

    Args:
        connection: one that may write, outside any transaction.
        as_of: the night, already assessed and checked.
        held_back: sites whose findings are not to be trusted tonight; only that they are held back is told. None =
            those that the night's outcomes hold back (:func:`reports.alert_feeds.held_back_on`).
        raised_at: now (UTC).
    """
    held_back = held_back_on(connection, as_of) if held_back is None else held_back
    connection.begin()
    try:
        for alert in find_new_alerts(connection, as_of=as_of, held_back=held_back, raised_at=raised_at):
            _insert(connection, alert)
        if not is_history(connection, as_of, late_days=DEFAULTS.late_days):
            update_statuses(connection, as_of, held_back)
        untold = _read_untold(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return untold


def find_new_alerts(
    connection: duckdb.DuckDBPyConnection,
    *,
    as_of: datetime.date,
    held_back: Collection[str] | None = None,
    raised_at: datetime.datetime,
    parameters: AlertParameters = DEFAULTS,
) -> list[Alert]:
    """The alerts that :func:`raise_alerts` would raise, most urgent first; writes nothing (a dry run)."""
    if is_history(connection, as_of, late_days=parameters.late_days):
        return []
    held_back = held_back_on(connection, as_of) if held_back is None else held_back
    silent = unlisted_sites(connection) | frozenset(held_back)
    keys = {row["dedupe_key"] for row in read_rows(connection, "SELECT dedupe_key FROM reports.alerts")}
    told, missed = read_told(connection), read_missed(connection, as_of)
    news: list[Finding] = [
        *find_surges(connection, as_of, told, missed, parameters),
        *find_drops(connection, as_of, told, missed, parameters),
        *find_pairs(connection, as_of, told, missed, parameters),
        *find_held_back(connection, as_of),
        *find_stale_feeds(connection, parameters),
    ]
    alerts = [
        _alert(finding, as_of, raised_at)
        for finding in news
        if finding.dedupe_key not in keys and (finding.kind == "held_back" or finding.site_domain not in silent)
    ]
    return sorted(alerts, key=_urgency)


def mark_notified(
    connection: duckdb.DuckDBPyConnection, alerts: Sequence[Alert], *, notified_at: datetime.datetime
) -> None:
    """Note that people were told of ``alerts``."""
    connection.execute(
        "UPDATE reports.alerts SET last_notified_at = $notified_at WHERE list_contains($alert_ids, alert_id)",
        {"notified_at": notified_at, "alert_ids": ["", *(alert.alert_id for alert in alerts)]},
    )


def _alert(finding: Finding, as_of: datetime.date, raised_at: datetime.datetime) -> Alert:
    return Alert(
        alert_id=hashlib.sha256(finding.dedupe_key.encode()).hexdigest()[:16],
        dedupe_key=finding.dedupe_key,
        site_domain=finding.site_domain,
        kind=finding.kind,
        severity=finding.severity,
        finding_id=finding.finding_id,
        message_key=finding.message_key,
        arguments=finding.arguments,
        as_of=as_of,
        raised_at=raised_at,
    )


def _urgency(alert: Alert) -> tuple[int, str, str]:
    return -RANKS[alert.severity], alert.site_domain, alert.dedupe_key


def _insert(connection: duckdb.DuckDBPyConnection, alert: Alert) -> None:
    row = vars(alert) | {"arguments": json.dumps(alert.arguments, sort_keys=True), "status": "open"}
    columns = ", ".join(row)
    values = ", ".join(f"${name}" for name in row)
    connection.execute(f"INSERT INTO reports.alerts ({columns}) VALUES ({values})", row)  # noqa: S608 - field names


def _read_untold(connection: duckdb.DuckDBPyConnection) -> list[Alert]:
    rows = read_rows(
        connection,
        "SELECT * EXCLUDE (last_notified_at, status, judgement, judged_at) FROM reports.alerts "
        "WHERE last_notified_at IS NULL",
    )
    return sorted((Alert(**row | {"arguments": json.loads(row["arguments"])}) for row in rows), key=_urgency)
