"""The outbox: which messages there are, when each is due, and what became of it.

The order is: plan and commit; mark the due ones as tried and commit; send; note the outcome and commit. So a message is
delivered at least once: a run that dies after sending and before noting leaves it to be sent again, under the same
``message_id``. Messages that were never tried are planned anew by every run, from what there is to tell by then.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

import duckdb

from reports.alert_news import read_rows
from reports.alert_rows import Alert, read_alerts
from reports.audiences import Audience
from reports.message_plan import Message, OutboxParameters, plan_digest, plan_pages
from reports.silences import SILENCED

NO_ALERT = "-"
"""Stands for the alert of a site of which there is nothing to tell."""


def plan_messages(
    connection: duckdb.DuckDBPyConnection,
    audiences: Sequence[Audience],
    *,
    now: datetime.datetime,
    parameters: OutboxParameters,
    is_kept: bool = True,
) -> list[Message]:
    """Plan what each audience is to be told, and commit; returns the messages not tried yet, by when they are due.

    ``audiences`` are those whose channel can be reached from here; what was planned for others stays as it is. A plan
    that is not kept is rolled back (a dry run).
    """
    connection.begin()
    try:
        planned = list(_plan(connection, audiences, now, parameters))
        _insert(connection, planned, now)
    except BaseException:
        connection.rollback()
        raise
    connection.commit() if is_kept else connection.rollback()
    return sorted(planned, key=lambda message: (message.due_at, message.audience.key, message.message_id))


def take_due(
    connection: duckdb.DuckDBPyConnection,
    audiences: Sequence[Audience],
    *,
    now: datetime.datetime,
    parameters: OutboxParameters,
) -> list[Message]:
    """The messages to send now, marked as tried (so that no other run takes them meanwhile), pages first."""
    by_key = {audience.key: audience for audience in audiences}
    rows = read_rows(
        connection,
        "SELECT * FROM reports.outbox WHERE delivered_at IS NULL AND attempt_count < $most AND due_at <= $now "
        "AND coalesce(next_attempt_at <= $now, true) ORDER BY kind <> 'page', due_at, recipient, message_id",
        most=parameters.most_attempts,
        now=now,
    )
    taken = []
    for row in rows:
        audience = by_key.get((row["recipient"], row["group_name"] or "", row["language"]))
        if audience is None:
            continue
        attempt_count = row["attempt_count"] + 1
        connection.execute(
            "UPDATE reports.outbox SET attempt_count = $count, next_attempt_at = $next WHERE message_id = $id",
            {"count": attempt_count, "next": now + parameters.wait(attempt_count), "id": row["message_id"]},
        )
        taken.append(
            Message(
                message_id=row["message_id"],
                kind=row["kind"],
                audience=audience,
                due_at=row["due_at"],
                alert_ids=_alert_ids(connection, row["message_id"]),
                attempt_count=attempt_count,
            )
        )
    return taken


def note_outcome(
    connection: duckdb.DuckDBPyConnection,
    message: Message,
    *,
    subject: str,
    error: str | None,
    at: datetime.datetime,
) -> None:
    """Note that the message was delivered, or in words of ours why not."""
    connection.execute(
        "UPDATE reports.outbox SET subject = $subject, last_error = $error, "
        "delivered_at = CASE WHEN $error IS NULL THEN $at END WHERE message_id = $id",
        {"subject": subject, "error": error, "at": at, "id": message.message_id},
    )


def count_silenced(connection: duckdb.DuckDBPyConnection, audience: Audience, *, on: datetime.date) -> int:
    """Open alerts of the audience's sites that a silence keeps out."""
    return len(
        read_alerts(
            connection,
            f"is_open AND told_in IS NULL AND {SILENCED.format(day='$today')} AND list_contains($sites, a.site_domain)",
            today=on,
            sites=list(audience.sites),
        )
    )


def _plan(
    connection: duckdb.DuckDBPyConnection,
    audiences: Sequence[Audience],
    now: datetime.datetime,
    parameters: OutboxParameters,
) -> Iterator[Message]:
    carried = _drop_untried(connection, audiences)
    waiting: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in _read_waiting(connection, now, parameters):
        waiting[alert.site_domain].append(alert)
    covered, given_up = _read_told(connection, parameters)
    used = {row["message_id"] for row in read_rows(connection, "SELECT message_id FROM reports.outbox")}
    for audience in audiences:
        told = [alert for site in audience.sites for alert in waiting[site]]
        told = [alert for alert in told if (audience.recipient, alert.alert_id) not in covered]
        told.sort(key=lambda alert: alert.urgency)
        pages = [a for a in told if a.is_page and (audience.recipient, a.alert_id) not in given_up]
        yield from plan_pages(audience, pages, now, parameters)
        rest = [alert for alert in told if alert not in pages]
        yield plan_digest(audience, rest, carried.get(audience.key), used, now, parameters)


def _drop_untried(
    connection: duckdb.DuckDBPyConnection, audiences: Sequence[Audience]
) -> dict[tuple[str, str, str], datetime.datetime]:
    """Delete what was planned and not tried; by audience when its digest was due."""
    keys = {audience.key for audience in audiences}
    rows = read_rows(connection, "SELECT * FROM reports.outbox WHERE attempt_count = 0")
    carried = {}
    dropped = [""]
    for row in rows:
        key = row["recipient"], row["group_name"] or "", row["language"]
        if key in keys:
            dropped.append(row["message_id"])
            if row["kind"] != "page":
                carried[key] = row["due_at"]
    for table in ("reports.outbox_alerts", "reports.outbox"):
        connection.execute(f"DELETE FROM {table} WHERE list_contains($ids, message_id)", {"ids": dropped})  # noqa: S608
    return carried


def _read_waiting(
    connection: duckdb.DuckDBPyConnection, now: datetime.datetime, parameters: OutboxParameters
) -> list[Alert]:
    """What may be told: recent, or silenced when it was raised and still going on; not silenced now, nor dealt with."""
    since = now - datetime.timedelta(days=parameters.memory_days)
    when_raised = SILENCED.format(day="CAST(a.raised_at AS DATE)")
    return read_alerts(
        connection,
        f"told_in IS NULL AND status IN ('new', 'acknowledged') AND NOT {SILENCED.format(day='$today')} "
        f"AND CASE WHEN {when_raised} THEN is_open ELSE raised_at > $since END",
        today=now.date(),
        since=since,
    )


def _read_told(
    connection: duckdb.DuckDBPyConnection, parameters: OutboxParameters
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(recipient, alert_id) that were told or are still being tried, and those of messages that were given up."""
    rows = connection.execute(
        "SELECT o.recipient, a.alert_id, o.delivered_at IS NOT NULL OR o.attempt_count < $most AS is_covered "
        "FROM reports.outbox AS o JOIN reports.outbox_alerts AS a USING (message_id)",
        {"most": parameters.most_attempts},
    ).fetchall()
    covered = {(recipient, alert_id) for recipient, alert_id, is_covered in rows if is_covered}
    return covered, {(recipient, alert_id) for recipient, alert_id, _ in rows} - covered


def _insert(connection: duckdb.DuckDBPyConnection, messages: Sequence[Message], now: datetime.datetime) -> None:
    """All in two statements: a thousand sites have hundreds of recipients, planned every quarter of an hour."""
    rows = [_row(message, now) for message in messages]
    _insert_rows(connection, "reports.outbox", rows)
    sites = _sites_of(connection, [alert_id for message in messages for alert_id in message.alert_ids])
    told: list[dict[str, object]] = []
    for message in messages:
        pairs = [(sites[alert_id], alert_id) for alert_id in message.alert_ids]
        if message.kind != "page":
            about = {site for site, _ in pairs}
            pairs += [(site, NO_ALERT) for site in message.audience.sites if site not in about]
        told += [
            {"message_id": message.message_id, "site_domain": site, "alert_id": alert_id} for site, alert_id in pairs
        ]
    _insert_rows(connection, "reports.outbox_alerts", told)


def _row(message: Message, now: datetime.datetime) -> dict[str, object]:
    audience = message.audience
    return {
        "message_id": message.message_id,
        "kind": message.kind,
        "recipient": audience.recipient,
        "channel": audience.channel,
        "group_name": audience.group_name,
        "language": audience.language,
        "time_zone": audience.time_zone,
        "planned_at": now,
        "due_at": message.due_at,
        "attempt_count": 0,
    }


def _insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        names = list(rows[0])
        values = ", ".join(f"unnest(${name})" for name in names)
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}",
            {name: [row[name] for row in rows] for name in names},
        )


def _sites_of(connection: duckdb.DuckDBPyConnection, alert_ids: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(
        "SELECT alert_id, site_domain FROM reports.alerts WHERE list_contains($ids, alert_id)",
        {"ids": ["", *alert_ids]},
    ).fetchall()
    return dict(rows)


def _alert_ids(connection: duckdb.DuckDBPyConnection, message_id: str) -> tuple[str, ...]:
    alerts = read_alerts(
        connection,
        "alert_id IN (SELECT alert_id FROM reports.outbox_alerts WHERE message_id = $id)",
        id=message_id,
    )
    return tuple(alert.alert_id for alert in alerts)
