"""Warehouse to views: the right night, the right site, nothing counted twice."""

from __future__ import annotations

import datetime

import duckdb

from reports.data import MOST_RISKY_LINKS, MOST_SPAM_LINKS, read_portfolio, read_quality, read_site
from reports.views import SiteRow
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    HOSTILE_SITE,
    LINKS_ONLY,
    RANKINGS_ONLY,
    insert,
    make_link,
)


def read_rows(warehouse: duckdb.DuckDBPyConnection, held_back: frozenset[str] = frozenset()) -> dict[str, SiteRow]:
    view = read_portfolio(warehouse, as_of=AS_OF, held_back=held_back)
    return {site.site_domain: site for site in view.sites}


def test_sites_stand_by_risk_and_the_not_assessed_last(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert list(read_rows(warehouse)) == [EVERYTHING, LINKS_ONLY, HOSTILE_SITE, EMPTY, RANKINGS_ONLY]


def test_a_site_row_tells_the_night(warehouse: duckdb.DuckDBPyConnection) -> None:
    site = read_rows(warehouse)[EVERYTHING]
    assert (site.risk_score, site.previous_score, site.tier, site.basis) == (72.0, 64.0, "high", "both")
    assert (site.active_surge_count, site.active_drop_count) == (1, 2)
    assert (site.strongest_cause, site.strongest_cause_probability) == ("links", 0.71)
    assert (site.links_until_on, site.rankings_until_on) == (AS_OF, AS_OF - datetime.timedelta(days=2))


def test_unknown_is_null_and_not_zero(warehouse: duckdb.DuckDBPyConnection) -> None:
    site = read_rows(warehouse)[EMPTY]
    assert (site.risk_score, site.links_until_on, site.strongest_cause) == (None, None, None)


def test_a_held_back_site_is_shown_as_on_its_last_good_night(warehouse: duckdb.DuckDBPyConnection) -> None:
    site = read_rows(warehouse, frozenset({EVERYTHING}))[EVERYTHING]
    assert site.is_held_back
    assert (site.night, site.risk_score) == (datetime.date(2026, 11, 14), 64.0)
    findings = read_portfolio(warehouse, as_of=AS_OF, held_back=frozenset({EVERYTHING})).findings
    assert EVERYTHING not in {finding.site_domain for finding in findings}


def test_only_what_no_earlier_night_knew_is_new(warehouse: duckdb.DuckDBPyConnection) -> None:
    findings = read_portfolio(warehouse, as_of=AS_OF).findings
    of_site = [finding for finding in findings if finding.site_domain == EVERYTHING]
    assert {(finding.kind, finding.starts_on.isoformat()) for finding in of_site if finding.is_new} == {
        ("surge", "2026-10-30"), ("drop", "2026-09-27"),
    }  # fmt: skip


def test_a_past_night_does_not_see_the_future(warehouse: duckdb.DuckDBPyConnection) -> None:
    past = datetime.date(2026, 9, 1)
    site = read_site(warehouse, read_rows(warehouse)[EVERYTHING], as_of=past)
    assert max(row.day for row in site.link_days) == past
    assert all(event.starts_on <= past for event in site.events)
    assert site.files == ()


def test_links_are_one_a_domain_and_strongest_first(warehouse: duckdb.DuckDBPyConnection) -> None:
    link, origins = make_link(EVERYTHING, 200, "bought", source_domain="partner-00.example", probability=0.5)
    insert(warehouse, "staging.links", link)
    insert(warehouse, "signals.link_origins", origins)
    view = read_site(warehouse, read_rows(warehouse)[EVERYTHING], as_of=AS_OF)
    domains = [found.source_domain for found in view.risky_links]
    assert len(domains) == len(set(domains)) == MOST_RISKY_LINKS
    assert view.risky_links[0].source_domain == "partner-00.example"
    assert view.risky_links[0].domain_link_count == 2
    assert [found.probability for found in view.risky_links] == sorted(
        (found.probability for found in view.risky_links), reverse=True
    )
    assert {found.origin for found in view.spam_links} == {"spam"}
    assert len(view.spam_links) == MOST_SPAM_LINKS


def test_events_of_other_sites_stay_theirs(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = read_rows(warehouse)
    kinds = {
        site: {event.kind for event in read_site(warehouse, rows[site], as_of=AS_OF).events}
        for site in (EVERYTHING, HOSTILE_SITE)
    }
    assert "site_change" in kinds[HOSTILE_SITE]
    assert "site_change" not in kinds[EVERYTHING]
    assert "site_change" not in {event.kind for event in read_portfolio(warehouse, as_of=AS_OF).events}


def test_quality_lists_what_broke_first(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_quality(warehouse, as_of=AS_OF)
    assert [outcome.is_met for outcome in view.outcomes] == [False, True, True]
    assert len(view.failing_rows) == 20
    assert len(view.rejected_rows) == 20
    assert ("surge", "tested", 4) in view.assessed_counts


def test_what_was_not_tested_into_the_last_days_is_not_counted_as_none(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_rows(warehouse)[EVERYTHING].is_tested_for_surges
    warehouse.execute("UPDATE surges.assessed_series SET tested_until_on = ?", [AS_OF - datetime.timedelta(days=15)])
    assert not read_rows(warehouse)[EVERYTHING].is_tested_for_surges
    assert read_rows(warehouse)[EVERYTHING].is_tested_for_drops
    assert not read_rows(warehouse)[LINKS_ONLY].is_tested_for_drops
