"""Which three sentences open a page, and what is said to be missing."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import duckdb
import pytest

from reports.data import read_portfolio, read_site
from reports.messages import catalogue
from reports.sentences import Speaker, find_gaps, open_portfolio, open_site, read_stored
from reports.views import SiteView
from tests.reports.invented_rows import AS_OF, EMPTY, EVERYTHING, LINKS_ONLY, RANKINGS_ONLY


class Keys(Speaker):
    """Says which sentence was chosen instead of the sentence."""

    def say(self, key: str, /, **arguments: object) -> str:
        super().say(key, **arguments)
        return key


def read_view(warehouse: duckdb.DuckDBPyConnection, site_domain: str) -> SiteView:
    sites = {site.site_domain: site for site in read_portfolio(warehouse, as_of=AS_OF).sites}
    return read_site(warehouse, sites[site_domain], as_of=AS_OF)


def inactive(findings: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dataclasses.replace(finding, is_active=False) for finding in findings)


@pytest.mark.parametrize(
    ("site", "changed", "next_step"),
    [
        (EVERYTHING, "site.changed.surge site.changed.drop", "site.next.check_links"),
        (LINKS_ONLY, "site.changed.surge", "site.next.ask_who"),
        (RANKINGS_ONLY, "site.changed.drop", "site.next.other_cause"),
        (EMPTY, "site.unchanged.none", "gap.no_links.help"),
    ],
)
def test_a_page_opens_with_what_weighs_most(
    warehouse: duckdb.DuckDBPyConnection, site: str, changed: str, next_step: str
) -> None:
    opening = open_site(read_view(warehouse, site), Keys("en"))
    assert (opening[0], opening[2]) == (changed, next_step)


def test_what_is_over_is_not_told_as_news(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    calm = dataclasses.replace(view, surges=inactive(view.surges), drops=inactive(view.drops))
    assert all(row.covers(AS_OF) for row in view.assessed if row.status == "tested")
    changed, _, _ = open_site(calm, Keys("en"))
    assert changed == "site.unchanged.both site.changed.past"


def test_arranged_links_of_the_past_half_year_are_asked_about(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, LINKS_ONLY)
    over = tuple(
        dataclasses.replace(surge, is_active=False, ends_on=AS_OF - datetime.timedelta(days=180))
        for surge in view.surges
    )
    assert open_site(dataclasses.replace(view, surges=over), Keys("en"))[2] == "site.next.ask_recent"
    longer = tuple(dataclasses.replace(surge, ends_on=AS_OF - datetime.timedelta(days=181)) for surge in over)
    assert open_site(dataclasses.replace(view, surges=longer), Keys("en"))[2] != "site.next.ask_recent"


def test_a_series_that_ended_long_ago_says_nothing_of_today(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, EVERYTHING)
    old = tuple(
        dataclasses.replace(row, tested_until_on=AS_OF - datetime.timedelta(days=15) if row.tested_until_on else None)
        for row in view.assessed
    )
    late = dataclasses.replace(view, surges=(), drops=(), pairs=(), assessed=old)
    changed, _, _ = open_site(late, Keys("en"))
    assert changed == "site.unchanged.old"
    assert {"gap.old_links", "gap.old_rankings"} <= {gap for gap, _ in find_gaps(late)}


def test_an_unknown_cause_is_called_unknown(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_view(warehouse, RANKINGS_ONLY)
    causes = tuple(dataclasses.replace(cause, probability=float(cause.cause == "unknown")) for cause in view.causes)
    _, why, next_step = open_site(dataclasses.replace(view, causes=causes), Keys("en"))
    assert (why, next_step) == ("site.why.unknown", "gap.no_links.help")


def test_a_drop_without_causes_is_not_explained(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = dataclasses.replace(read_view(warehouse, RANKINGS_ONLY), causes=())
    assert open_site(view, Keys("en"))[1] == "site.why.drop_unexplained"


def test_rankings_without_a_daily_series_are_not_called_missing(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = dataclasses.replace(read_view(warehouse, LINKS_ONLY), ranking_day_count=3)
    assert "gap.no_series" in [gap for gap, _ in find_gaps(view)]
    assert "gap.no_rankings" not in [gap for gap, _ in find_gaps(view)]


def test_gaps_come_with_the_export_that_would_help(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert [gap for gap, _ in find_gaps(read_view(warehouse, EMPTY))] == ["gap.no_links", "gap.no_rankings"]
    view = read_view(warehouse, EVERYTHING)
    assert [gap for gap, _ in find_gaps(view)] == ["gap.truncated"]
    undated = tuple(dataclasses.replace(series, dated_share=0.0, export_count=1) for series in view.link_series)
    gaps = find_gaps(dataclasses.replace(view, link_series=undated, assessed=()))
    assert [gap for gap, _ in gaps] == ["gap.no_dates", "gap.short_rankings", "gap.truncated", "gap.single_export"]
    assert all(gap in catalogue() and help_key in catalogue() for gap, help_key in gaps)


def test_first_night_is_not_compared_with_anything(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_portfolio(warehouse, as_of=AS_OF)
    assert open_portfolio(view, Keys("en"))[0] == "portfolio.changed"
    first = tuple(dataclasses.replace(site, previous_night=None) for site in view.sites)
    assert open_portfolio(dataclasses.replace(view, sites=first), Keys("en"))[0] == "portfolio.changed.first"


def test_a_fall_seen_by_two_providers_is_one_site(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_portfolio(warehouse, as_of=AS_OF)
    drop = next(finding for finding in view.findings if finding.kind == "drop")
    seen = tuple(
        dataclasses.replace(drop, provider=provider, is_active=True, is_new=True)
        for provider in ("search_console", "se_ranking")
    )
    changed, _, _ = open_portfolio(dataclasses.replace(view, findings=seen), Speaker("en"))
    assert changed.endswith("0 of 5 sites show a new surge of links, and 1 shows a new drop in visibility.")


def test_no_assessed_site_means_nothing_is_said_about_risk(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_portfolio(warehouse, as_of=AS_OF)
    none = tuple(dataclasses.replace(site, risk_score=None, tier="not_assessed") for site in view.sites)
    _, why, next_step = open_portfolio(dataclasses.replace(view, sites=none), Keys("nl"))
    assert (why, next_step) == ("portfolio.why.none", "portfolio.next.exports")


def test_a_held_back_site_comes_first(warehouse: duckdb.DuckDBPyConnection) -> None:
    view = read_portfolio(warehouse, as_of=AS_OF, held_back=frozenset({EVERYTHING}))
    assert open_portfolio(view, Keys("en"))[2] == "portfolio.next.held_back"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (None, []),
        ("[]", []),
        ('["survivors"]', [("survivors", {}, 0.0)]),
        ('[{"key": "a", "points": 2, "args": {"x": 1}}, {"key": "b"}]', [("a", {"x": 1}, 2.0), ("b", {}, 0.0)]),
    ],
)
def test_stored_lists_are_read_with_or_without_arguments(stored: str | None, read: list[object]) -> None:
    assert read_stored(stored) == read
