"""Alerts about links that come and go together, and about what the search engine itself says: manual actions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import duckdb

from reports.alert_findings import Finding, known_row, make_finding
from reports.alert_news import Told, choose_news, read_rows
from reports.alert_parameters import AlertParameters
from reports.alert_rows import OF_NO_SITE

SHARED_MEMBERS = 0.5
"""Share of the smaller of two groups' sources from which they are one network, as within one provider
(docs/methods-lockstep.md)."""


def find_manual_actions(
    connection: duckdb.DuckDBPyConnection, as_of: datetime.date, told: Sequence[Told], parameters: AlertParameters
) -> Iterator[Finding]:
    """Manual actions that a calendar or note has named lately, and that are not over; each pages."""
    rows = read_rows(
        connection,
        """
SELECT e.*, coalesce(e.site_domain, '*') AS site_domain, 'critical' AS severity, false AS is_provisional,
  coalesce(e.site_domain, '*') AS "group", 'manual_action' AS series, e.starts_on AS from_on, e.starts_on AS until_on,
  (e.ends_on IS NULL OR e.ends_on >= $as_of) AS is_active,
  (e.ends_on IS NULL OR e.ends_on >= $as_of) AND e.starts_on > $as_of - $event_days
    AND coalesce(o.first_said_on, e.starts_on) > $as_of - $days AS is_news
FROM staging.search_events AS e
LEFT JOIN (
  SELECT event_id, min(observed_on) AS first_said_on FROM staging.event_observations GROUP BY event_id
) AS o USING (event_id)
WHERE e.kind = 'manual_action' AND e.starts_on <= $as_of
ORDER BY e.starts_on DESC, e.event_id
""",
        as_of=as_of,
        days=parameters.recent_days,
        event_days=parameters.event_news_days,
    )
    known = [
        known_row(alert, alert.site_domain, "manual_action", "starts_on", "starts_on")
        for alert in told
        if alert.kind == "manual_action"
    ]
    for row in choose_news(rows, known, id_name="event_id", days=parameters.merge_days):
        yield make_finding(
            "manual_action",
            row["event_id"],
            row,
            "critical",
            "manual_action",
            ("name", "starts_on", "scope", "source"),
            f"manual_action:{row['event_id']}:{as_of.isoformat()}" if row["step"] else "",
            is_page="manual_action" in parameters.page_kinds,
        )


def find_lost_batches(
    connection: duckdb.DuckDBPyConnection, as_of: datetime.date, told: Sequence[Told], parameters: AlertParameters
) -> Iterator[Finding]:
    """Batches of links that look rented and vanished together lately."""
    rows = read_rows(
        connection,
        """
SELECT b.*, b.site_domain AS "group", b.provider AS series, b.lost_from_on AS from_on, b.lost_to_on AS until_on,
  false AS is_active, false AS is_provisional, b.lost_to_on > $as_of - $days AS is_news, r.tier,
  CASE WHEN list_contains($risky, r.tier) THEN 'warning' ELSE 'info' END AS severity
FROM signals.link_batches AS b
LEFT JOIN risk.site_risk AS r ON r.day = $as_of AND r.site_domain = b.site_domain
WHERE b.kind = 'rented' AND b.lost_to_on <= $as_of
ORDER BY b.domain_count DESC, b.provider, b.batch_id
""",
        as_of=as_of,
        days=parameters.batch_news_days,
        risky=list(parameters.risky_tiers),
    )
    known = [
        known_row(alert, alert.site_domain, alert.arguments["provider"], "lost_from_on", "lost_to_on")
        for alert in told
        if alert.kind == "batch_lost"
    ]
    names = ("provider", "domain_count", "expected_count", "months", "placed_from_on", "lost_from_on", "lost_to_on")
    for row in choose_news(rows, known, id_name="batch_id", days=parameters.merge_days):
        yield make_finding(
            "batch_lost",
            row["batch_id"],
            row,
            row["severity"],
            "batch_lost",
            (*names, "p_value"),
            about=row["provider"],
        )


def find_networks(
    connection: duckdb.DuckDBPyConnection, as_of: datetime.date, told: Sequence[Told], parameters: AlertParameters
) -> Iterator[Finding]:
    """Groups of sources that linked several monitored sites in step lately: of no single site, so never a client's.

    One network in two providers' indexes is told once: groups that share half of the smaller one's sources are one.
    """
    rows = read_rows(
        connection,
        """
SELECT m.provider, m.group_id, max(m.source_count) AS source_count, max(m.target_count) AS target_count,
  min(m.starts_on) AS starts_on, max(m.ends_on) AS ends_on, max(m.chance) AS chance,
  count(DISTINCT m.site_domain) AS site_count, string_agg(DISTINCT m.site_domain, ', ' ORDER BY m.site_domain) AS sites,
  list(DISTINCT m.source_domain) AS sources, bool_or(list_contains($risky, r.tier)) AS is_risky,
  max(m.ends_on) > $as_of - $days AS is_news
FROM signals.lockstep_members AS m
LEFT JOIN risk.site_risk AS r ON r.day = $as_of AND r.site_domain = m.site_domain
GROUP BY m.provider, m.group_id
HAVING count(DISTINCT m.site_domain) >= 2
ORDER BY source_count DESC, m.provider, m.group_id
""",
        as_of=as_of,
        days=parameters.batch_news_days,
        risky=list(parameters.risky_tiers),
    )
    ids = {alert.finding_id for alert in told if alert.kind == "network"}
    known = [set(row["sources"]) for row in rows if row["group_id"] in ids]
    names = ("provider", "sites", "site_count", "source_count", "target_count", "starts_on", "ends_on", "chance")
    for row in rows:
        sources = set(row["sources"])
        if not row["is_news"] or any(_is_same(sources, others) for others in known):
            continue
        known.append(sources)
        yield make_finding(
            "network",
            row["group_id"],
            row | {"site_domain": OF_NO_SITE},
            "warning" if row["is_risky"] else "info",
            "network",
            names,
            about=row["group_id"],
        )


def _is_same(sources: set[str], others: set[str]) -> bool:
    return len(sources & others) >= SHARED_MEMBERS * min(len(sources), len(others))
