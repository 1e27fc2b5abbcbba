"""Alerts for whoever runs the walk: sites held back by a check, and feeds that fell silent."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import duckdb

from reports.alert_findings import Finding, make_finding
from reports.alert_news import Row, read_rows
from reports.alert_parameters import AlertParameters

WAREHOUSE = "*"
"""The site_domain of an outcome that concerns the warehouse as a whole."""


def held_back_on(connection: duckdb.DuckDBPyConnection, as_of: datetime.date) -> frozenset[str]:
    """Sites that broke a minimum that night (expectations.outcomes); a broken warehouse (``*``) holds back no site."""
    rows = connection.execute(
        "SELECT DISTINCT site_domain FROM expectations.outcomes "
        "WHERE as_of = $as_of AND severity = 'minimum' AND NOT is_met AND site_domain <> $warehouse",
        {"as_of": as_of, "warehouse": WAREHOUSE},
    ).fetchall()
    return frozenset(site for (site,) in rows)


def is_broken_on(connection: duckdb.DuckDBPyConnection, as_of: datetime.date) -> bool:
    """Whether a minimum of the warehouse itself broke that night: the walk stopped there, half of it is worked out."""
    rows = connection.execute(
        "SELECT count(*) > 0 FROM expectations.outcomes "
        "WHERE as_of = $as_of AND severity = 'minimum' AND NOT is_met AND site_domain = $warehouse",
        {"as_of": as_of, "warehouse": WAREHOUSE},
    ).fetchall()
    return bool(rows[0][0])


def find_held_back(
    connection: duckdb.DuckDBPyConnection, as_of: datetime.date, parameters: AlertParameters
) -> Iterator[Finding]:
    """Broken minima, once while they last: an open alert of the same check keeps it quiet. A broken warehouse pages.

    The first night is part of the key, so that the same check broken again later is told again.
    """
    rows = read_rows(
        connection,
        """
SELECT o.*, (
    SELECT min(b.as_of) FROM expectations.outcomes AS b
    WHERE b.site_domain = o.site_domain AND b.check_name = o.check_name AND NOT b.is_met AND b.as_of <= $as_of
      AND b.as_of > coalesce((
        SELECT max(m.as_of) FROM expectations.outcomes AS m
        WHERE m.site_domain = o.site_domain AND m.check_name = o.check_name AND m.is_met AND m.as_of < $as_of
      ), DATE '0001-01-01')
  ) AS since_on
FROM expectations.outcomes AS o
WHERE as_of = $as_of AND severity = 'minimum' AND NOT is_met AND NOT EXISTS (
  SELECT 1 FROM reports.alerts AS a
  WHERE a.kind = 'held_back' AND a.is_open AND a.site_domain = o.site_domain AND a.finding_id = o.check_name
)
ORDER BY site_domain, check_name
""",
        as_of=as_of,
    )
    names = ("stage", "table_name", "check_name", "since_on", "observed_value", "least_value", "most_value")
    for row in rows:
        is_warehouse = row["site_domain"] == WAREHOUSE
        yield make_finding(
            "held_back",
            row["check_name"],
            row,
            "critical" if is_warehouse else "warning",
            "held_back.warehouse" if is_warehouse else "held_back",
            (*names, "failing_count"),
            dedupe_key=f"held_back:{row['site_domain']}:{row['check_name']}:{as_of.isoformat()}",
            is_page=is_warehouse and "held_back" in parameters.page_kinds,
            about=row["check_name"],
        )


def find_stale_feeds(connection: duckdb.DuckDBPyConnection, parameters: AlertParameters) -> Iterator[Finding]:
    """Feeds that fell silent lately."""
    for row in read_stale_feeds(connection):
        if row["age_days"] - row["allowed_days"] <= parameters.stale_news_days:
            yield make_finding(
                "stale_feed",
                row["provider"],
                row,
                "warning",
                f"stale_feed.{row['cadence_source']}",
                ("provider", "newest_on", "age_days", "cadence"),
                dedupe_key=stale_key(row),
                about=row["provider"],
            )


def read_stale_feeds(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Feeds that are late on the night (ingest.feeds); a single export, unlisted, is no feed that fell silent."""
    return read_rows(
        connection,
        "SELECT * FROM ingest.feeds WHERE is_stale AND (export_count >= 2 OR cadence_source = 'listed') "
        "ORDER BY site_domain, provider",
    )


def stale_key(row: Row) -> str:
    """Dedupe key of a silent feed: its newest export is part of it, so that a later silence is told again."""
    return f"stale_feed:{row['site_domain']}:{row['provider']}:{row['newest_on'].isoformat()}"
