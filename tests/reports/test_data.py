"""Warehouse to views: the right night, the right site, nothing counted twice."""

from __future__ import annotations

import datetime
from collections import Counter

import duckdb
import pytest

from reports.data import (
    MOST_FAILING_ROWS,
    MOST_FILES_OF_SITE,
    MOST_LETTERS_OF_ROW,
    MOST_RISKY_LINKS,
    MOST_SPAM_LINKS,
    MOST_UNMET_CHECKS,
    read_portfolio,
    read_quality,
    read_site,
    tidy_row,
)
from reports.views import SiteRow
from tests.reports.invented_rows import (
    AS_OF,
    EMPTY,
    EVERYTHING,
    HOSTILE_SITE,
    LINKS_ONLY,
    RANKINGS_ONLY,
    Row,
    insert,
    make_file,
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
    assert (site.files.listed, site.files.older_count) == ((), 0)


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
    assert [outcome.check_name for outcome in view.unmet] == ["rejected_share"]
    assert (view.unmet_count, view.met_count) == (1, 2)
    assert [(check.check_name, check.site_count) for check in view.met] == [
        ("key_unique:signals.link_origins", 0), ("origin_probability", 1),
    ]  # fmt: skip
    assert len(view.failing_rows) == 20
    assert len(view.rejected_rows) == 20
    assert ("surge", "tested", 4) in view.assessed_counts


def test_quality_tells_what_was_read_of_each_site(warehouse: duckdb.DuckDBPyConnection) -> None:
    insert(warehouse, "ingest.export_files", make_file(None, "events/calendar.csv", "calendar"))
    view = read_quality(warehouse, as_of=AS_OF)
    read = {site.site_domain: site for site in view.read_sites}
    assert list(read) == [None, EVERYTHING, HOSTILE_SITE, LINKS_ONLY, RANKINGS_ONLY]
    assert (read[EVERYTHING].file_count, read[EVERYTHING].rejected_count) == (3, 26)
    assert read[EVERYTHING].newest_on == AS_OF
    assert [file.path for file in view.of_no_site.listed] == ["events/calendar.csv"]
    assert [file.site_domain for file in view.set_aside.listed] == [EMPTY]
    assert [file.path for file in view.with_rejected_rows.listed] == [f"{EVERYTHING}/audit.csv"]


def nightly_files(count: int, **changes: object) -> list[Row]:
    """Files of one site, one a night until the last; ``night-000`` is the newest."""
    return [
        make_file(EVERYTHING, f"night-{number:03d}.csv", "semrush_audit",
                  **{"exported_on": AS_OF - datetime.timedelta(days=number), **changes})
        for number in range(count)
    ]  # fmt: skip


def site_files(warehouse: duckdb.DuckDBPyConnection) -> tuple[list[str], int]:
    files = read_site(warehouse, read_rows(warehouse)[EVERYTHING], as_of=AS_OF).files
    return [file.path for file in files.listed], files.older_count


def test_a_site_lists_its_newest_files_and_counts_the_older(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DELETE FROM ingest.export_files")
    insert(warehouse, "ingest.export_files", *nightly_files(MOST_FILES_OF_SITE + 12))
    assert site_files(warehouse) == ([f"night-{number:03d}.csv" for number in range(MOST_FILES_OF_SITE)], 12)


def test_an_older_file_with_something_amiss_stays_listed(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DELETE FROM ingest.export_files")
    insert(warehouse, "ingest.export_files", *nightly_files(50))
    warehouse.execute("UPDATE ingest.export_files SET status = 'set_aside' WHERE path = 'night-044.csv'")
    warehouse.execute("UPDATE ingest.export_files SET rejected_count = 3 WHERE path = 'night-047.csv'")
    listed, older_count = site_files(warehouse)
    assert (listed[0], listed[-1], older_count) == ("night-044.csv", "night-047.csv", 50 - MOST_FILES_OF_SITE - 2)


def test_files_with_something_amiss_have_a_bound_too(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DELETE FROM ingest.export_files")
    insert(warehouse, "ingest.export_files", *nightly_files(90, rejected_count=2))
    assert len(site_files(warehouse)[0]) == MOST_FILES_OF_SITE


def test_a_replaced_file_counts_as_older(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("DELETE FROM ingest.export_files")
    insert(warehouse, "ingest.export_files", *nightly_files(MOST_FILES_OF_SITE + 1))
    warehouse.execute("UPDATE ingest.export_files SET superseded_by = 'x' WHERE path = 'night-000.csv'")
    listed, older_count = site_files(warehouse)
    assert (listed[0], listed[-1], older_count) == ("night-001.csv", f"night-{MOST_FILES_OF_SITE:03d}.csv", 1)


def test_many_broken_checks_each_show_some_of_their_rows(warehouse: duckdb.DuckDBPyConnection) -> None:
    sites = [f"site-{number:03d}.example" for number in range(MOST_UNMET_CHECKS + 30)]
    insert(warehouse, "expectations.outcomes", *(
        {"as_of": AS_OF, "stage": "signals", "table_name": "signals.link_origins", "check_name": "origin_probability",
         "site_domain": site, "severity": "minimum", "is_met": False, "failing_count": 100 + number}
        for number, site in enumerate(sites)
    ))  # fmt: skip
    insert(warehouse, "expectations.failing_rows", *(
        {"as_of": AS_OF, "stage": "signals", "check_name": "origin_probability", "site_domain": site,
         "row_number": number, "row": "{}"} for site in sites for number in range(1, 6)
    ))  # fmt: skip
    view = read_quality(warehouse, as_of=AS_OF)
    assert view.unmet_count == len(sites) + 1
    assert [outcome.site_domain for outcome in view.unmet] == sites[:29:-1]
    assert Counter(row.site_domain for row in view.failing_rows) == dict.fromkeys(
        sites[30:], MOST_FAILING_ROWS // MOST_UNMET_CHECKS
    )


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ('{"file_id":"a","ingested_at":"2026-11-16 04:30:00","n":1.5}', '{"file_id": "a", "n": 1.5}'),
        ('{"word":"überall","share":NaN}', '{"word": "überall", "share": NaN}'),
        ('{"kept":null}', '{"kept": null}'),
    ],
)
def test_a_failing_row_is_shown_without_the_stamp_of_the_run(stored: str, shown: str) -> None:
    assert tidy_row(stored) == shown


def test_a_very_long_failing_row_is_cut() -> None:
    assert tidy_row(f'{{"url":"{"y" * 9000}"}}').endswith("y…")
    assert len(tidy_row(f'{{"url":"{"y" * 9000}"}}')) == MOST_LETTERS_OF_ROW + 1


def test_what_was_not_tested_into_the_last_days_is_not_counted_as_none(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert read_rows(warehouse)[EVERYTHING].is_tested_for_surges
    warehouse.execute("UPDATE surges.assessed_series SET tested_until_on = ?", [AS_OF - datetime.timedelta(days=15)])
    assert not read_rows(warehouse)[EVERYTHING].is_tested_for_surges
    assert read_rows(warehouse)[EVERYTHING].is_tested_for_drops
    assert not read_rows(warehouse)[LINKS_ONLY].is_tested_for_drops
