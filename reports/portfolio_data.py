"""What the portfolio page shows beside its sites: whose they are, their last nights, incidents, alerts, late feeds."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import duckdb

from reports.alert_rows import OF_NO_SITE
from reports.changes import Comparison, read_changes
from reports.data import read_rows
from reports.incident_data import INCIDENT_DAYS, MOST_INCIDENTS
from reports.views import PortfolioView

SPARK_DAYS = 60
"""Nights drawn beside a site: two months, so that what began last month is still seen to begin."""


@dataclass(frozen=True, kw_only=True)
class ListedSite:
    """Whose a site is (``group_name``) and who looks after it, as sites.toml says."""

    site_domain: str
    group_name: str | None
    owner: str | None


@dataclass(frozen=True, kw_only=True)
class RecentDays:
    """Values of one site over the last :data:`SPARK_DAYS`: ``ages`` are days before the night, oldest first."""

    site_domain: str
    ages: list[int]
    amounts: list[float]


@dataclass(frozen=True, kw_only=True)
class Incident:
    """An open drop with a page of its own, its most probable cause and its strongest pair with a surge."""

    site_domain: str
    drop_id: str
    provider: str
    segment: str
    starts_on: datetime.date
    detected_on: datetime.date
    depth_share: float
    is_provisional: bool
    cause: str | None
    cause_probability: float | None
    verdict: str | None
    links_probability: float | None


@dataclass(frozen=True, kw_only=True)
class OpenAlert:
    """A row of reports.alerts whose finding goes on and that nobody dealt with; ``arguments`` is a JSON object."""

    alert_id: str
    site_domain: str
    kind: str
    severity: str
    is_page: bool
    status: str
    owner: str | None
    message_key: str
    arguments: str
    raised_at: datetime.datetime


@dataclass(frozen=True, kw_only=True)
class LateFeed:
    """A feed without an export for longer than its cadence allows."""

    site_domain: str
    provider: str
    newest_on: datetime.date
    age_days: int
    allowed_days: int


@dataclass(frozen=True, kw_only=True)
class PortfolioBoard:
    """Everything the portfolio page shows; ``view`` holds the sites and their findings."""

    view: PortfolioView
    listed: Mapping[str, ListedSite] = field(default_factory=dict)
    risk_days: Mapping[str, RecentDays] = field(default_factory=dict)
    visibility_days: Mapping[str, RecentDays] = field(default_factory=dict)
    changes: tuple[Comparison, ...] = ()
    incidents: tuple[Incident, ...] = ()
    alerts: tuple[OpenAlert, ...] = ()
    late_feeds: tuple[LateFeed, ...] = ()


OfSite = TypeVar("OfSite", Incident, OpenAlert, LateFeed)


def _of(names: Collection[str], rows: Iterable[OfSite]) -> tuple[OfSite, ...]:
    return tuple(row for row in rows if row.site_domain in names)


def read_board(connection: duckdb.DuckDBPyConnection, view: PortfolioView) -> PortfolioBoard:
    """The portfolio of ``view`` as known on its day; sites held back show no incident, sites that left show nothing."""
    held_back = sorted(site.site_domain for site in view.sites if site.is_held_back)
    values = {
        "as_of": view.as_of, "held_back": ["", *held_back], "spark_days": SPARK_DAYS, "incident_days": INCIDENT_DAYS,
        "most_incidents": MOST_INCIDENTS,
    }  # fmt: skip
    names = {site.site_domain for site in view.sites}
    changes = read_changes(connection, None, view.as_of)
    return PortfolioBoard(
        view=view,
        listed={row.site_domain: row for row in read_rows(connection, "portfolio_listed", ListedSite, values)},
        risk_days={row.site_domain: row for row in read_rows(connection, "portfolio_risk_days", RecentDays, values)},
        visibility_days={
            row.site_domain: row for row in read_rows(connection, "portfolio_visibility_days", RecentDays, values)
        },
        changes=tuple(one for one in changes if one.site_domain in names),
        incidents=_of(names, read_rows(connection, "portfolio_incidents", Incident, values)),
        alerts=_of({*names, OF_NO_SITE}, read_rows(connection, "portfolio_alerts", OpenAlert, values)),
        late_feeds=_of(names, read_rows(connection, "portfolio_late_feeds", LateFeed, values)),
    )
