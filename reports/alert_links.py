"""Where to read more about an alert: the incident's page, the site's, or for no single site the data quality page."""

from __future__ import annotations

from pathlib import Path

import duckdb

from reports.addresses import Place, place_internal, place_site
from reports.alert_rows import OF_NO_SITE, Alert


def link_alert(
    connection: duckdb.DuckDBPyConnection, alert: Alert, *, report: Path, report_url: str | None, language: str
) -> str | None:
    """The most particular page that stands in the report; None where there is none.

    An address below ``report_url``, or without one the path of the file.
    """
    for place in _places(connection, alert):
        path = place.path(language)
        if (report / path).is_file():
            return str(report / path) if report_url is None else f"{report_url.rstrip('/')}/{path}"
    return None


def _places(connection: duckdb.DuckDBPyConnection, alert: Alert) -> list[Place]:
    if alert.site_domain == OF_NO_SITE:
        return [place_internal("quality.html"), place_internal("index.html")]
    incidents = [place_site(alert.site_domain, f"incident-{drop_id}.html") for drop_id in _drop_ids(connection, alert)]
    return [*incidents, place_site(alert.site_domain)]


def _drop_ids(connection: duckdb.DuckDBPyConnection, alert: Alert) -> list[str]:
    """The drop that the alert is about, and the one that drop is part of: an incident is one that stands alone."""
    if alert.kind not in ("drop", "pair"):
        return []
    rows = connection.execute(
        """
SELECT d.drop_id, d.part_of_drop_id FROM drops.ranking_drops AS d
WHERE d.drop_id = $id OR d.drop_id IN (SELECT drop_id FROM correlation.surge_drop_pairs WHERE pair_id = $id)
ORDER BY d.as_of DESC LIMIT 1
""",
        {"id": alert.finding_id},
    ).fetchall()
    found = [drop_id for row in rows for drop_id in row if drop_id is not None]
    return found or ([alert.finding_id] if alert.kind == "drop" else [])
