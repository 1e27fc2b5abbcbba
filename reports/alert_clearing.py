"""The all-clear: when what people were told of ends, they are told once, by the way they heard of it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator

import duckdb

from reports.alert_news import Row, read_rows
from reports.alert_rows import Alert, name_alert

_ENDED = """
SELECT a.*, d.recovered_on, s.ends_on AS surge_ends_on, p.verdict, p.probability AS probability_now,
  e.ends_on AS lifted_on, f.newest_on
FROM reports.alerts AS a
LEFT JOIN drops.ranking_drops AS d ON a.kind = 'drop' AND d.as_of = $as_of AND d.drop_id = a.finding_id
LEFT JOIN surges.link_surges AS s ON a.kind = 'surge' AND s.as_of = $as_of AND s.surge_id = a.finding_id
LEFT JOIN correlation.surge_drop_pairs AS p ON a.kind = 'pair' AND p.as_of = $as_of AND p.pair_id = a.finding_id
LEFT JOIN staging.search_events AS e ON a.kind = 'manual_action' AND e.event_id = a.finding_id
LEFT JOIN ingest.feeds AS f ON a.kind = 'stale_feed' AND f.site_domain = a.site_domain AND f.provider = a.finding_id
WHERE list_contains($were_open, a.alert_id) AND NOT a.is_open AND NOT EXISTS (
  SELECT 1 FROM reports.alerts AS later WHERE later.dedupe_key = a.dedupe_key || ':cleared'
) AND a.status <> 'false_alarm' AND a.site_domain NOT IN (
  SELECT site_domain FROM ingest.listed_sites WHERE standing = 'unlisted'
) AND CASE a.kind
  WHEN 'drop' THEN d.recovered_on IS NOT NULL
  WHEN 'surge' THEN a.severity <> 'info' AND s.is_active IS FALSE
  WHEN 'pair' THEN p.verdict <> 'links_likely'
  WHEN 'manual_action' THEN e.ends_on < $as_of
  WHEN 'stale_feed' THEN NOT coalesce(f.is_stale, true)
  WHEN 'held_back' THEN EXISTS (SELECT 1 FROM expectations.outcomes AS o
    WHERE o.as_of = $as_of AND o.site_domain = a.site_domain AND o.check_name = a.finding_id AND o.is_met)
  ELSE a.kind = 'outage'
END
QUALIFY row_number() OVER (
  PARTITION BY a.kind, a.site_domain, a.finding_id ORDER BY a.raised_at DESC, a.dedupe_key DESC
) = 1
ORDER BY a.dedupe_key
"""
"""Alerts that were told, are over tonight, and whose end can be said. Not told: that a finding is no longer listed (it
may come back under another name), and the end of what was information or a false alarm."""


def read_open_told(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Ids of the alerts that people were told of and that are not over, as far as is known before tonight."""
    rows = connection.execute(
        "SELECT alert_id FROM reports.alerts WHERE is_open AND last_notified_at IS NOT NULL ORDER BY alert_id"
    ).fetchall()
    return [alert_id for (alert_id,) in rows]


def find_cleared(
    connection: duckdb.DuckDBPyConnection,
    were_open: list[str],
    *,
    as_of: datetime.date,
    raised_at: datetime.datetime,
) -> Iterator[Alert]:
    """The all-clears of a night, one for each finding of ``were_open`` that is over now, by what the tables say.

    It pages nobody: who was paged hears of it on the same channel, but nobody need be woken for good news.
    """
    for row in read_rows(connection, _ENDED, as_of=as_of, were_open=["", *were_open]):
        arguments = json.loads(row["arguments"]) | _how_it_ended(row, as_of)
        dedupe_key = f"{row['dedupe_key']}:cleared"
        cause = f".{arguments['cause']}" if row["kind"] == "outage" and arguments["cause"] == "stopped" else ""
        yield Alert(
            alert_id=name_alert(dedupe_key),
            dedupe_key=dedupe_key,
            site_domain=row["site_domain"],
            owner=row["owner"],
            group_name=row["group_name"],
            kind=row["kind"],
            step="cleared",
            severity="info",
            finding_id=row["finding_id"],
            message_key=f"alert.{row['kind']}{cause}.cleared",
            arguments=arguments,
            as_of=as_of,
            raised_at=raised_at,
        )


def _how_it_ended(row: Row, as_of: datetime.date) -> Row:
    days = {
        "recovered_on": row["recovered_on"],
        "surge_ends_on": row["surge_ends_on"],
        "lifted_on": row["lifted_on"],
        "newest_on": row["newest_on"],
        "cleared_on": as_of,
    }
    told = {name: day.isoformat() for name, day in days.items() if day is not None}
    return told | ({} if row["probability_now"] is None else {"probability_now": row["probability_now"]})
