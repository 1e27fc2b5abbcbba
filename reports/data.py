"""Warehouse to views: the only module of the report that reads tables. The queries stand in ``queries/*.sql``."""

from __future__ import annotations

import datetime
import functools
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from reports import quality_views, views
from reports.client_words import clear_row
from reports.hit_rates import HitRate
from transforms.schemas import TABLES
from transforms.schemas.vocabulary import RISKY_ORIGINS

MOST_RISKY_LINKS = 25
"""Links listed on a page: what a person checks in one sitting; the warehouse has them all."""
MOST_SPAM_LINKS = 10
"""Spam is not of the site's doing: examples are enough."""
SITES_AT_ONCE = 50
"""Sites whose links are read by one query."""
MOST_LOST_PLACEMENTS = 25
"""Lost placements listed on a page: what a person checks in one sitting; the warehouse has them all."""
MOST_FILES_OF_SITE = 30
"""Files listed on a site's page: about a month of nights; and as many again that have something amiss."""
MOST_FILES = 40
"""Files listed under one heading of the data quality page, over all sites."""
MOST_FEEDS = 60
"""Feeds listed on the data quality page, the late ones first; the portfolio page finds the sites of the rest."""
MOST_READ_SITES = 60
"""Sites listed on the data quality page with what was read of them, those with most rejected rows first."""
MOST_REJECTED_ROWS_OF_FILE = 20
"""Rejected rows shown a file, as many as the checks keep of failing rows; the ledger has the full count."""
MOST_REJECTED_ROWS = 120
"""Rejected rows on one page, shared out among its files: a page stays below 400 KB whatever arrives."""
MOST_UNMET_CHECKS = 60
"""Checks not met that the data quality page lists; when more fail at once, the first of them tell the cause."""
MOST_FAILING_ROWS = 120
"""Failing rows on the data quality page, shared out among its checks."""
MOST_LETTERS_OF_ROW = 500
"""Letters shown of a failing row; the warehouse has the whole row."""

_QUERIES = Path(__file__).parent / "queries"
_PARAMETER = re.compile(r"\$(\w+)")
_STAMPS = frozenset(column.name for table in TABLES for column in table.columns if column.type == "TIMESTAMP")

View = TypeVar("View")


@functools.cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _select(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    sql = _query(name)
    asked = {parameter: values[parameter] for parameter in _PARAMETER.findall(sql)}
    result = connection.execute(sql, asked)
    names = [column[0] for column in result.description or ()]
    return [clear_row(dict(zip(names, row, strict=True))) for row in result.fetchall()]


def _read(
    connection: duckdb.DuckDBPyConnection, name: str, view: type[View], values: Mapping[str, object]
) -> tuple[View, ...]:
    return tuple(view(**row) for row in _select(connection, name, values))


def read_query(name: str) -> str:
    """The text of ``queries/<name>.sql``."""
    return _query(name)


def select_rows(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object]) -> list[dict[str, Any]]:
    """Rows of ``queries/<name>.sql`` as dictionaries; of ``values`` those are bound that the query asks for."""
    return _select(connection, name, values)


def read_rows(
    connection: duckdb.DuckDBPyConnection, name: str, view: type[View], values: Mapping[str, object]
) -> tuple[View, ...]:
    """Rows of ``queries/<name>.sql`` as views, whose fields are the query's columns."""
    return _read(connection, name, view, values)


def _read_links(
    connection: duckdb.DuckDBPyConnection, sites: Sequence[str]
) -> dict[tuple[str, bool], list[views.RiskyLink]]:
    """(site, whether spam) to the links its page lists. One query for many sites: planning costs more than a site."""
    values = {
        "sites": list(sites), "risky_origins": list(RISKY_ORIGINS), "most_risky": MOST_RISKY_LINKS,
        "most_spam": MOST_SPAM_LINKS,
    }  # fmt: skip
    links: dict[tuple[str, bool], list[views.RiskyLink]] = defaultdict(list)
    for row in _select(connection, "site_links", values):
        row["evidence"] = tuple(views.Evidence(**evidence) for evidence in row["evidence"] or ())
        links[row.pop("site_domain"), row.pop("is_spam")].append(views.RiskyLink(**row))
    return links


def _read_files(
    connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object]
) -> quality_views.FileList:
    rows = _select(connection, name, values)
    counts = {row.pop("file_count") for row in rows}
    return quality_views.FileList(
        listed=tuple(quality_views.ExportFile(**row) for row in rows), file_count=max(counts, default=0)
    )


def _read_rejected_rows(
    connection: duckdb.DuckDBPyConnection, *lists: quality_views.FileList
) -> tuple[quality_views.RejectedRow, ...]:
    values = {
        "file_ids": sorted({file.file_id for files in lists for file in files.listed}),
        "most_rows_of_file": MOST_REJECTED_ROWS_OF_FILE,
        "most_rows": MOST_REJECTED_ROWS,
    }
    return _read(connection, "rejected_rows", quality_views.RejectedRow, values)


def tidy_row(row: str) -> str:
    """A failing row (JSON) as a page shows it: without stamps of the run, which are no data, and cut when very long."""
    kept = {name: value for name, value in json.loads(row).items() if name not in _STAMPS}
    text = json.dumps(kept, ensure_ascii=False)
    return text if len(text) <= MOST_LETTERS_OF_ROW else f"{text[:MOST_LETTERS_OF_ROW]}…"


def read_portfolio(
    connection: duckdb.DuckDBPyConnection, *, as_of: datetime.date, held_back: frozenset[str] = frozenset()
) -> views.PortfolioView:
    """Every site (highest risk first, not assessed last), every finding of the night, and the events of all sites.

    A site in ``held_back`` is shown as on its newest earlier night without a broken minimum; its findings are left out.
    """
    values = {
        "as_of": as_of, "held_back": sorted(held_back), "recent_days": views.RECENT_DAYS, "site_domain": None,
    }  # fmt: skip
    return views.PortfolioView(
        as_of=as_of,
        sites=_read(connection, "portfolio_sites", views.SiteRow, values),
        findings=_read(connection, "findings", views.Finding, values),
        events=_read(connection, "events", views.Event, values),
        hit_rates=_read(connection, "hit_rates", HitRate, values),
        associations=_read(connection, "portfolio_association", views.Association, values),
        **_select(connection, "quality_counts", values)[0],
    )


def read_site(connection: duckdb.DuckDBPyConnection, site: views.SiteRow, *, as_of: datetime.date) -> views.SiteView:
    """Everything the page of one site shows, as known on ``as_of``."""
    return next(read_sites(connection, [site], as_of=as_of))


def read_sites(
    connection: duckdb.DuckDBPyConnection, sites: Sequence[views.SiteRow], *, as_of: datetime.date
) -> Iterator[views.SiteView]:
    """Everything the page of each site shows, as known on ``as_of``, in the order given."""
    for start in range(0, len(sites), SITES_AT_ONCE):
        some = sites[start : start + SITES_AT_ONCE]
        links = _read_links(connection, [site.site_domain for site in some])
        for site in some:
            yield _read_site(connection, site, as_of, links)


def _read_site(
    connection: duckdb.DuckDBPyConnection,
    site: views.SiteRow,
    as_of: datetime.date,
    links: Mapping[tuple[str, bool], Sequence[views.RiskyLink]],
) -> views.SiteView:
    values = {"as_of": as_of, "site_domain": site.site_domain, "most_files": MOST_FILES_OF_SITE}
    files = _read_files(connection, "site_files", values)
    return views.SiteView(
        site=site,
        as_of=as_of,
        surges=_read(connection, "site_surges", views.Surge, values),
        compositions=_read(connection, "site_compositions", views.Composition, values),
        surge_parts=_read(connection, "site_surge_parts", views.SurgePart, values),
        declarations=_read(connection, "site_declarations", views.Declaration, values),
        placements=_read(connection, "site_placements", views.PlacementCounts, values)[0],
        lost_placements=_read(
            connection, "site_lost_placements", views.LostPlacement, values | {"most": MOST_LOST_PLACEMENTS}
        ),
        drops=_read(connection, "site_drops", views.Drop, values),
        pairs=_read(connection, "site_pairs", views.Pair, values),
        associations=_read(connection, "site_association", views.SiteAssociation, values),
        causes=_read(connection, "site_causes", views.Cause, values),
        link_days=_read(connection, "site_link_days", views.LinkDay, values),
        visibility_days=_read(connection, "site_visibility_days", views.VisibilityDay, values),
        link_series=_read(connection, "site_link_series", views.LinkSeries, values),
        assessed=_read(connection, "site_assessed", views.AssessedSeries, values),
        origins=_read(connection, "site_origins", views.OriginCount, values),
        risky_links=tuple(links.get((site.site_domain, False), ())),
        spam_links=tuple(links.get((site.site_domain, True), ())),
        events=_read(connection, "site_events", views.Event, values),
        files=files,
        rejected_rows=_read_rejected_rows(connection, files),
        outcomes=_read(connection, "site_outcomes", quality_views.Outcome, values),
        risk_days=_read(connection, "site_risk_days", views.RiskDay, values),
        forecasts=_read(connection, "site_forecasts", views.Forecast, values),
        recovery_events=_read(connection, "site_recovery_events", views.RecoveryEvent, values),
        hit_rates=_read(connection, "hit_rates", HitRate, values),
        ranking_day_count=_select(connection, "site_ranking_days", values)[0]["day_count"],
    )


def read_broken_minima(
    connection: duckdb.DuckDBPyConnection, site_domain: str, *, as_of: datetime.date
) -> tuple[quality_views.Outcome, ...]:
    """The checks that hold back a site on ``as_of``, all of them."""
    values = {"as_of": as_of, "site_domain": site_domain}
    outcomes = _read(connection, "site_outcomes", quality_views.Outcome, values)
    return tuple(outcome for outcome in outcomes if outcome.is_holding_back)


def read_known_sites(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Every site the warehouse knows, on whatever day."""
    return frozenset(row["site_domain"] for row in _select(connection, "known_sites", {}))


def read_quality(connection: duckdb.DuckDBPyConnection, *, as_of: datetime.date) -> quality_views.QualityView:
    """What the checks found and what was read, over all sites; every list of it has a bound, and says what is left."""
    values = {
        "as_of": as_of,
        "most_files": MOST_FILES,
        "most_unmet": MOST_UNMET_CHECKS,
        "most_failing_rows": MOST_FAILING_ROWS,
        "most_feeds": MOST_FEEDS,
        "most_read_sites": MOST_READ_SITES,
    }
    set_aside = _read_files(connection, "set_aside_files", values)
    with_rejected_rows = _read_files(connection, "files_with_rejected_rows", values)
    failing_rows = _select(connection, "failing_rows", values)
    return quality_views.QualityView(
        as_of=as_of,
        counts=_read(connection, "methods_counts", quality_views.MethodCounts, values)[0],
        unmet=_read(connection, "unmet_checks", quality_views.Outcome, values),
        unmet_count=_select(connection, "quality_counts", values)[0]["broken_check_count"],
        met=_read(connection, "met_checks", quality_views.MetCheck, values),
        failing_rows=tuple(quality_views.FailingRow(**{**row, "row": tidy_row(row["row"])}) for row in failing_rows),
        set_aside=set_aside,
        with_rejected_rows=with_rejected_rows,
        of_no_site=_read_files(connection, "files_of_no_site", values),
        read_sites=_read(connection, "read_sites", quality_views.ReadSite, values),
        inferred_count=_select(connection, "inferred_sites", values)[0]["inferred_count"],
        feeds=_read(connection, "feeds", quality_views.Feed, values),
        rejected_rows=_read_rejected_rows(connection, set_aside, with_rejected_rows),
        assessed_counts=tuple(
            (row["kind"], row["status"], row["series_count"]) for row in _select(connection, "assessed_counts", values)
        ),
        label_corrections=_read(connection, "label_corrections", quality_views.LabelCorrection, values),
    )
