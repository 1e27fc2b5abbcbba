"""Rank trackers, estimates and indexes: what their rows become."""

from __future__ import annotations

import json

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_rankings_exports import (
    AHREFS_COMPARED,
    AHREFS_COMPARED_ROW,
    AHREFS_INSIDE,
    AHREFS_KEYWORDS,
    AHREFS_NEW_ROW,
    AHREFS_ROW,
    RANK_LOG,
    RANK_TRACKER,
    RANK_TRACKER_FRENCH,
    SISTRIX_JSON,
    SISTRIX_XML,
    SITE,
    TREND_DAYS,
    TREND_MONTHS,
    ahrefs_keywords,
    tracking,
)

RANKINGS = (
    "SELECT keyword, CAST(ranked_on AS VARCHAR), position, page_url, country, device, search_volume, tracked_depth "
    "FROM staging.ranking_observations ORDER BY ALL"
)
VISIBILITY = (
    "SELECT metric, country, CAST(measured_on AS VARCHAR), visibility FROM staging.visibility_index_observations "
    "ORDER BY ALL"
)
PAGE = f"https://{SITE}/kaas"
UNKNOWN = "SELECT unknown_columns FROM ingest.export_files"


@pytest.mark.parametrize(("delimiter", "name"), [(",", "tracking.csv"), (";", "tracking.csv.xls")])
def test_semrush_tracking_has_organic_places_only(inbox: Inbox, delimiter: str, name: str) -> None:
    outcome = inbox.read_only(f"semrush/{name}", tracking(delimiter))
    assert (outcome.format, outcome.site_domain) == ("semrush_tracking", SITE)
    assert (outcome.row_count, outcome.loaded_count, outcome.passed_over_count) == (3, 3, 0)
    assert inbox.rows(RANKINGS) == [
        ("kaas kopen", "2026-05-02", None, None, None, None, None, 100),
        ("kaasplank", "2026-05-01", 4.0, PAGE, None, None, 40.0, 100),
        ("oude kaas", "2026-05-01", 3.0, PAGE, None, None, 900.0, 100),
        ("oude kaas", "2026-05-02", 5.0, PAGE, None, None, 900.0, 100),
    ]
    assert inbox.rows(UNKNOWN) == [(None,)]


def test_semrush_tracking_never_takes_a_rival_for_the_site(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/tracking.csv", tracking(rival="concurrent.example"))
    assert inbox.rows("SELECT count(*) FROM staging.ranking_observations WHERE position = 9") == [(0,)]
    (unknown,) = inbox.rows(UNKNOWN)[0]
    assert "*.concurrent.example/*_20260501" in unknown
    aside = inbox.read_only("elders.nl/tracking.csv", tracking())
    assert f"the file is about {SITE}" in (aside.reason or "")


def test_semrush_trend_by_month_and_by_day(inbox: Inbox) -> None:
    months = inbox.read_only("trend/maanden.csv", TREND_MONTHS)
    assert (months.site_domain, months.row_count, months.loaded_count, months.passed_over_count) == (SITE, 3, 2, 1)
    inbox.read_only("trend/dagen.csv", TREND_DAYS)
    assert inbox.rows(VISIBILITY) == [
        ("organic_keywords", "nl", "2025-10-01", 10.0),
        ("organic_keywords", "nl", "2025-12-01", 20.0),
        ("organic_traffic", None, "2025-10-01", 100.0),
        ("organic_traffic", None, "2025-11-01", 120.0),
        ("organic_traffic", None, "2025-12-01", 140.0),
        ("paid_traffic_cost", "gb", "2026-02-09", 3.0),
        ("paid_traffic_cost", "gb", "2026-02-10", 4.0),
    ]


def test_semrush_trend_of_several_sites_is_set_aside_and_an_unknown_metric_rejected(inbox: Inbox) -> None:
    several = TREND_MONTHS + "concurrent.example,root domain,Organic Traffic,Worldwide,3,1,1,1\n"
    assert "rows about several sites (concurrent.example" in (
        inbox.read_only(f"{SITE}/trend.csv", several).reason or ""
    )
    assert inbox.read_only(f"{SITE}/t.csv", TREND_MONTHS.replace("Organic Keywords", "Moon")).rejected_count == 1


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-16", "\t"), ("utf-8", ",")])
def test_ahrefs_keywords_of_one_date(inbox: Inbox, encoding: str, delimiter: str) -> None:
    content = ahrefs_keywords(AHREFS_KEYWORDS, AHREFS_ROW, AHREFS_INSIDE, encoding=encoding, delimiter=delimiter)
    outcome = inbox.read_only(f"{SITE}/k.csv", content)
    assert (outcome.format, outcome.loaded_count, outcome.passed_over_count) == ("ahrefs_keywords", 1, 1)
    assert "result-page features" in (outcome.reason or "")
    assert inbox.rows(RANKINGS) == [("oude kaas", "2026-01-14", 3.0, PAGE, "nl", None, 900.0, 100)]


def test_ahrefs_comparison_gives_each_date_its_place(inbox: Inbox) -> None:
    content = ahrefs_keywords(AHREFS_COMPARED, AHREFS_COMPARED_ROW, AHREFS_NEW_ROW)
    outcome = inbox.read_only(f"{SITE}/k.csv", content)
    assert (outcome.format, outcome.loaded_count) == ("ahrefs_keywords_compared", 2)
    assert inbox.rows(RANKINGS) == [
        ("kaas", "2026-01-14", 3.0, PAGE, "nl", None, 900.0, 100),
        ("oude kaas", "2025-07-01", 7.0, f"https://{SITE}/oud", "nl", None, 900.0, 100),
        ("oude kaas", "2026-01-14", 3.0, PAGE, "nl", None, 900.0, 100),
    ]


def test_ahrefs_comparison_without_dates_is_read_for_its_current_half(inbox: Inbox) -> None:
    header = [name for name in AHREFS_COMPARED if not name.endswith(" date")]
    name = f"{SITE}/{SITE}-organic-keywords-subdomains-nl-_2026-01-22_12-33-55.csv"
    inbox.read_only(name, ahrefs_keywords(header, AHREFS_COMPARED_ROW))
    assert inbox.rows(RANKINGS) == [("oude kaas", "2026-01-22", 3.0, PAGE, "nl", None, 900.0, 100)]


def test_rank_tracker_reads_google_and_tells_devices_apart(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/posities_2026-05-03.csv", RANK_TRACKER.encode("cp1252"))
    assert (outcome.format, outcome.loaded_count, outcome.rejected_count) == ("rank_tracker", 2, 0)
    assert inbox.rows(RANKINGS) == [
        ("crème kaas", "2026-05-03", None, None, None, "desktop", None, None),
        ("oude kaas", "2026-05-03", 1.0, PAGE, None, "desktop", None, None),
        ("oude kaas", "2026-05-03", 4.0, PAGE, "us", "mobile", None, None),
    ]
    assert inbox.rows(UNKNOWN) == [(None,)]


def test_rank_tracker_in_french(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/positions_2026-05-03.csv", RANK_TRACKER_FRENCH.encode("cp1252"))
    assert (outcome.row_count, outcome.loaded_count, outcome.passed_over_count) == (2, 1, 1)
    assert inbox.rows(RANKINGS) == [("fromage", "2026-05-03", 12.0, f"https://{SITE}/fr", "fr", "desktop", None, None)]


def test_rank_tracker_two_towns_are_not_one_series(inbox: Inbox) -> None:
    text = "Keyword,Visibility,Google HOU Rank,Google NYC Rank\noude kaas,1%,4,2\n"
    inbox.read_only(f"{SITE}/posities_2026-05-03.csv", text)
    assert inbox.rows("SELECT position FROM staging.ranking_observations") == [(4.0,)]
    assert inbox.rows(UNKNOWN) == [("Google NYC Rank",)]


def test_sistrix_as_xml_and_as_json(inbox: Inbox) -> None:
    one = inbox.read_only("sistrix/index.xml", SISTRIX_XML)
    assert (one.format, one.site_domain, one.loaded_count) == ("sistrix_visibility", SITE, 1)
    assert inbox.read_only("sistrix/index.json", SISTRIX_JSON).loaded_count == 2
    assert set(inbox.rows(VISIBILITY)) == {
        ("sistrix_visibility", None, "2026-04-02", 1.5),
        ("sistrix_visibility", None, "2026-04-09", 1.6181),
    }


def test_sistrix_answer_whose_credits_come_first(inbox: Inbox) -> None:
    index = [{"domain": SITE, "date": "2026-04-09T00:00:00+02:00", "value": 1.6181}]
    answer = {"credits": [{"used": 1}], "answer": [{"sichtbarkeitsindex": index}]}
    assert inbox.read_only("sistrix/index.json", json.dumps(answer)).loaded_count == 1
    assert inbox.rows(VISIBILITY) == [("sistrix_visibility", None, "2026-04-09", 1.6181)]


def test_se_ranking_with_the_month_first_is_not_read_with_the_day_first(inbox: Inbox) -> None:
    text = f'"Google USA, interface language: English"\nKeyword,URL,03/02/2026,03/14/2026\nkaas,https://{SITE}/,5,6\n'
    outcome = inbox.read_only(f"{SITE}/posities.csv", text)
    assert (outcome.format, outcome.status) == ("se_ranking_positions", "set_aside")
    assert "column '03/14/2026' is no day when read with the day before the month" in (outcome.reason or "")


def test_a_plain_table_of_domain_date_value_is_not_taken_for_sistrix(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/x.csv", f"domain,date,value\n{SITE},2026-04-09,12\n")
    assert (outcome.loaded_count, outcome.rejected_count) == (0, 1)


def test_rank_log_with_and_without_a_domain(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/log.csv", RANK_LOG)
    told = inbox.read_only("logs/log.csv", f"date,keyword,rank,domain,device\n2026-07-26,kaas,2,www.{SITE},mobile\n")
    assert told.site_domain == SITE
    assert inbox.rows(RANKINGS) == [
        ("kaas", "2026-07-26", 2.0, None, None, "mobile", None, None),
        ("kaas kopen", "2026-07-25", None, None, None, None, None, None),
        ("oude kaas", "2026-07-25", 4.0, None, None, None, None, None),
    ]


def test_rank_log_zero_is_not_guessed(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/log.csv", RANK_LOG.replace(",4", ",0"))
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 1)
