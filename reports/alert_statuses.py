"""Open or over: whether what an alert told of still goes on."""

from __future__ import annotations

import datetime
from collections.abc import Collection

import duckdb

from reports.alert_feeds import WAREHOUSE, read_stale_feeds, stale_key
from reports.alert_news import ASSESSED_NIGHTS
from transforms.ingest.listed_sites import unlisted_sites


def update_statuses(connection: duckdb.DuckDBPyConnection, as_of: datetime.date, held_back: Collection[str]) -> None:
    """Open while the finding goes on; the alerts of a site that was not assessed tonight stay as they are.

    A surge goes on while it is active, a drop until it has recovered, a pair as long as its drop and while links
    explain it, a manual action until its last day, an outage while one of the alerts told within it does. A lost batch
    and a network are over once told.

    A held-back site's alert closes when its check is met, and also when the site was assessed and the check, though
    perhaps not measured, is not among those it breaks: left open for ever it would keep a later breakage quiet.
    Alerts of a site that sites.toml no longer lists close too.
    """
    connection.execute(
        f"""
UPDATE reports.alerts AS a SET is_open =
  EXISTS (SELECT 1 FROM surges.link_surges AS s
    WHERE a.kind = 'surge' AND s.as_of = $as_of AND s.surge_id = a.finding_id AND s.is_active)
  OR EXISTS (SELECT 1 FROM drops.ranking_drops AS d
    WHERE a.kind = 'drop' AND d.as_of = $as_of AND d.drop_id = a.finding_id AND d.is_active
      AND d.recovered_on IS NULL)
  OR EXISTS (SELECT 1 FROM correlation.surge_drop_pairs AS p JOIN drops.ranking_drops AS d USING (as_of, drop_id)
    WHERE a.kind = 'pair' AND p.as_of = $as_of AND p.pair_id = a.finding_id AND d.is_active
      AND d.recovered_on IS NULL AND p.verdict = 'links_likely')
WHERE a.kind IN ('surge', 'drop', 'pair') AND a.step <> 'cleared'
  AND NOT list_contains($held_back, a.site_domain) AND a.site_domain IN (
  SELECT site_domain FROM ({ASSESSED_NIGHTS}) WHERE as_of = $as_of
)
""",  # noqa: S608 - declared text only
        {"as_of": as_of, "held_back": ["", *sorted(held_back)]},
    )
    connection.execute(
        f"""
UPDATE reports.alerts AS a SET is_open = false
WHERE a.kind = 'held_back' AND (
  EXISTS (SELECT 1 FROM expectations.outcomes AS o
    WHERE o.as_of = $as_of AND o.site_domain = a.site_domain AND o.check_name = a.finding_id AND o.is_met)
  OR (
    NOT list_contains($held_back, a.site_domain)
    AND a.site_domain IN (
      SELECT site_domain FROM ({ASSESSED_NIGHTS}) WHERE as_of = $as_of
      UNION SELECT $warehouse FROM ({ASSESSED_NIGHTS}) WHERE as_of = $as_of
    )
    AND NOT EXISTS (SELECT 1 FROM expectations.outcomes AS o
      WHERE o.as_of = $as_of AND o.site_domain = a.site_domain AND o.check_name = a.finding_id
        AND o.severity = 'minimum' AND NOT o.is_met)
  )
)
""",  # noqa: S608 - declared text only
        {"as_of": as_of, "held_back": ["", *sorted(held_back)], "warehouse": WAREHOUSE},
    )
    connection.execute(
        "UPDATE reports.alerts SET is_open = false WHERE kind IN ('batch_lost', 'network') "
        "OR list_contains($unlisted, site_domain) OR kind = 'manual_action' AND finding_id NOT IN ("
        "SELECT event_id FROM staging.search_events WHERE ends_on IS NULL OR ends_on >= $as_of)",
        {"unlisted": ["", *sorted(unlisted_sites(connection))], "as_of": as_of},
    )
    stale = [stale_key(row) for row in read_stale_feeds(connection)]
    connection.execute(
        "UPDATE reports.alerts SET is_open = false WHERE kind = 'stale_feed' AND NOT list_contains($stale, dedupe_key)",
        {"stale": ["", *stale]},
    )
    connection.execute(
        "UPDATE reports.alerts AS a SET is_open = EXISTS ("
        "SELECT 1 FROM reports.alerts AS told WHERE told.told_in = a.alert_id AND told.is_open) "
        "WHERE kind = 'outage' AND step <> 'cleared'"
    )
