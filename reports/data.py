"""Warehouse to views: the only module of the report that reads tables. The queries stand in ``queries/*.sql``."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from reports import quality_views, views
from transforms.schemas.vocabulary import RISKY_ORIGINS

MOST_RISKY_LINKS = 25
"""Links listed on a page: what a person checks in one sitting; the warehouse has them all."""
MOST_SPAM_LINKS = 10
"""Spam is not of the site's doing: examples are enough."""
MOST_REJECTED_ROWS = 20
"""Rejected rows shown a file, as many as the checks keep of failing rows; the ledger has the full count."""

_QUERIES = Path(__file__).parent / "queries"
_PARAMETER = re.compile(r"\$(\w+)")

View = TypeVar("View")


@functools.cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _select(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    sql = _query(name)
    asked = {parameter: values[parameter] for parameter in _PARAMETER.findall(sql)}
    result = connection.execute(sql, asked)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _read(
    connection: duckdb.DuckDBPyConnection, name: str, view: type[View], values: Mapping[str, object]
) -> tuple[View, ...]:
    return tuple(view(**row) for row in _select(connection, name, values))


def _read_links(
    connection: duckdb.DuckDBPyConnection, values: Mapping[str, object], origins: Sequence[str], most: int
) -> tuple[views.RiskyLink, ...]:
    rows = _select(connection, "site_links", {**values, "origins": list(origins), "most": most})
    for row in rows:
        row["evidence"] = tuple(views.Evidence(**evidence) for evidence in row["evidence"] or ())
    return tuple(views.RiskyLink(**row) for row in rows)


def read_portfolio(
    connection: duckdb.DuckDBPyConnection, *, as_of: datetime.date, held_back: frozenset[str] = frozenset()
) -> views.PortfolioView:
    """Every site (highest risk first, not assessed last), every finding of the night, and the events of all sites.

    A site in ``held_back`` is shown as on its newest earlier night without a broken minimum; its findings are left out.
    """
    values = {"as_of": as_of, "held_back": sorted(held_back), "recent_days": views.RECENT_DAYS}
    outcomes = _read(connection, "outcomes", quality_views.Outcome, values)
    files = _read(connection, "files", quality_views.ExportFile, values)
    return views.PortfolioView(
        as_of=as_of,
        sites=_read(connection, "portfolio_sites", views.SiteRow, values),
        findings=_read(connection, "findings", views.Finding, values),
        events=_read(connection, "events", views.Event, values),
        broken_check_count=sum(not outcome.is_met for outcome in outcomes),
        set_aside_count=sum(file.status == "set_aside" for file in files),
    )


def read_site(connection: duckdb.DuckDBPyConnection, site: views.SiteRow, *, as_of: datetime.date) -> views.SiteView:
    """Everything the page of one site shows, as known on ``as_of``."""
    values = {"as_of": as_of, "site_domain": site.site_domain, "most": MOST_REJECTED_ROWS}
    return views.SiteView(
        site=site,
        as_of=as_of,
        surges=_read(connection, "site_surges", views.Surge, values),
        drops=_read(connection, "site_drops", views.Drop, values),
        pairs=_read(connection, "site_pairs", views.Pair, values),
        causes=_read(connection, "site_causes", views.Cause, values),
        link_days=_read(connection, "site_link_days", views.LinkDay, values),
        visibility_days=_read(connection, "site_visibility_days", views.VisibilityDay, values),
        link_series=_read(connection, "site_link_series", views.LinkSeries, values),
        assessed=_read(connection, "site_assessed", views.AssessedSeries, values),
        origins=_read(connection, "site_origins", views.OriginCount, values),
        risky_links=_read_links(connection, values, RISKY_ORIGINS, MOST_RISKY_LINKS),
        spam_links=_read_links(connection, values, ("spam",), MOST_SPAM_LINKS),
        events=_read(connection, "site_events", views.Event, values),
        files=_read(connection, "site_files", quality_views.ExportFile, values),
        rejected_rows=_read(connection, "site_rejected_rows", quality_views.RejectedRow, values),
        outcomes=_read(connection, "site_outcomes", quality_views.Outcome, values),
        risk_days=_read(connection, "site_risk_days", views.RiskDay, values),
        ranking_day_count=_select(connection, "site_ranking_days", values)[0]["day_count"],
    )


def read_quality(connection: duckdb.DuckDBPyConnection, *, as_of: datetime.date) -> quality_views.QualityView:
    """What the checks found and what was read, over all sites."""
    values = {"as_of": as_of, "most": MOST_REJECTED_ROWS}
    return quality_views.QualityView(
        as_of=as_of,
        outcomes=_read(connection, "outcomes", quality_views.Outcome, values),
        failing_rows=_read(connection, "failing_rows", quality_views.FailingRow, values),
        files=_read(connection, "files", quality_views.ExportFile, values),
        rejected_rows=_read(connection, "rejected_rows", quality_views.RejectedRow, values),
        assessed_counts=tuple(
            (row["kind"], row["status"], row["series_count"]) for row in _select(connection, "assessed_counts", values)
        ),
    )
