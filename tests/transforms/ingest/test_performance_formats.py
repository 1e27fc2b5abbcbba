"""Search performance that comes in rows: the Search Analytics API, the bulk export, Bing."""

from __future__ import annotations

import datetime
import json

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_rankings_exports import (
    API_ROWS,
    BING_DAYS,
    BING_KEYWORDS,
    BING_PAGES,
    SITE,
    api_answer,
    bulk,
)
from tests.transforms.text_tables import make, rows_of

ROWS = (
    "SELECT dimension_set, CAST(performed_on AS VARCHAR), page_url, query, country, device, clicks, impressions, "
    "position FROM staging.performance_observations ORDER BY ALL"
)
PAGE = f"https://{SITE}/kaas"


def test_an_answer_of_the_api_has_the_dimensions_that_were_asked_for(inbox: Inbox) -> None:
    outcome = inbox.read_only("api/answer.json", api_answer())
    assert (outcome.format, outcome.provider, outcome.site_domain) == ("search_console_rows", "search_console", SITE)
    assert inbox.rows(ROWS) == [
        ("page_query_country_device", "2026-10-20", PAGE, "kaas", "be", "desktop", 0.0, 7.0, 16.135),
        ("page_query_country_device", "2026-10-20", PAGE, "oude kaas", "nl", "mobile", 2.0, 40.0, 3.25),
    ]


@pytest.mark.parametrize(
    ("dimensions", "words"),
    [
        ((0,), "day"),
        ((0, 1), "page"),
        ((0, 2), "query"),
        ((2,), "query"),
        ((1, 2), "page_query"),
        ((0, 2, 3, 4), "query_country_device"),
        ((0, 1, 4), "page_device"),
    ],
)
def test_the_dimension_set_is_told_by_the_columns(inbox: Inbox, dimensions: tuple[int, ...], words: str) -> None:
    inbox.read_only(f"{SITE}/answer.json", api_answer(API_ROWS, *dimensions))
    days = {None if 0 not in dimensions else datetime.date(2026, 10, 20)}
    assert set(inbox.rows("SELECT dimension_set, performed_on FROM staging.performance_observations")) == {
        (words, day) for day in days
    }


def test_pages_of_one_answer_count_together_and_a_later_fetch_revises(inbox: Inbox) -> None:
    name = "search_console_api.date-query.2026-10-20.fetched-2026-10-{}.page-{}.json"
    for page, row in enumerate(API_ROWS, 1):
        inbox.put(f"{SITE}/{name.format('23', page)}", api_answer([row], 0, 2))
    inbox.put(f"{SITE}/{name.format('24', 1)}", api_answer([{**API_ROWS[0], "clicks": 5}], 0, 2))
    outcomes = inbox.read()
    assert {outcome.status for outcome in outcomes.values()} == {"loaded"}
    make(inbox.connection, "staging.search_performance", as_of="2026-10-31")
    columns = ["query", "clicks", "observed_on"]
    assert rows_of(inbox.connection, "staging.search_performance", columns) == [
        ("kaas", "0", "2026-10-23"),
        ("oude kaas", "5", "2026-10-24"),
    ]


def test_pages_of_totals_count_together(inbox: Inbox) -> None:
    for page, row in enumerate(API_ROWS, 1):
        inbox.put(f"{SITE}/api.query.fetched-2026-10-23.page-{page}.json", api_answer([row], 2))
    inbox.read()
    make(inbox.connection, "staging.search_performance_periods", as_of="2026-10-31")
    assert rows_of(inbox.connection, "staging.search_performance_periods", ["query", "starts_on"]) == [
        ("kaas", None),
        ("oude kaas", None),
    ]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("date,page,clicks,impressions,ctr,position", "page"),
        ("Date,Landing Page,Clicks,Impressions,CTR,Position", "page"),
        ("Date,Landing Page,Url Clicks,Impressions,Site CTR,Average Position", "page"),
    ],
)
def test_tables_people_keep_of_the_api(inbox: Inbox, header: str, words: str) -> None:
    outcome = inbox.read_only("git/pages.csv", f"{header}\n2026-10-20,{PAGE},2,40,0.05,3.5\n")
    assert (outcome.site_domain, outcome.first_day_on) == (SITE, datetime.date(2026, 10, 20))
    assert inbox.rows(ROWS) == [(words, "2026-10-20", PAGE, None, None, None, 2.0, 40.0, 3.5)]


def test_landing_page_and_query_in_any_order(inbox: Inbox) -> None:
    header = "Landing Page,Query,Country,Device,Date,Clicks,Impressions,CTR,Position"
    text = f"{header}\n{PAGE},kaas,nld,MOBILE,2026-10-20,1,2,50%,3\n"
    inbox.read_only(f"{SITE}/x.csv", text)
    assert inbox.rows(ROWS) == [
        ("page_query_country_device", "2026-10-20", PAGE, "kaas", "nl", "mobile", 1.0, 2.0, 3.0)
    ]


def test_keywords_with_clicks_are_search_performance_and_no_rank_log(inbox: Inbox) -> None:
    text = "date,keyword,clicks,impressions,ctr,position\n2026-10-20,kaas,1,2,0.5,3.5\n"
    assert inbox.read_only(f"{SITE}/x.csv", text).format == "search_console_rows"
    assert inbox.rows(ROWS) == [("query", "2026-10-20", None, "kaas", None, None, 1.0, 2.0, 3.5)]


@pytest.mark.parametrize("extra", ["hour", "campaign"])
def test_a_dimension_that_is_not_known_is_not_lost(inbox: Inbox, extra: str) -> None:
    text = f"date,{extra},clicks,impressions,ctr,position\n2026-10-20,1,2,40,0.05,3.5\n"
    assert inbox.read_only(f"{SITE}/x.csv", text).status == "set_aside"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Date,Page,Search type,Clicks,Impressions,CTR,Position", "2026-10-20,https://{site}/{at},web,{at},9,1%,3"),
        ("Top queries,Campaign,Clicks,Impressions,CTR,Position", "kaas,c{at},{at},9,1%,3"),
        ("Page,Keyword,Impressions,Clicks,CTR,Avg. Position", "https://{site}/,k{at},9,{at},1%,3"),
    ],
)
def test_rows_that_differ_in_a_column_that_is_not_known_are_no_copies_of_each_other(
    inbox: Inbox, header: str, row: str
) -> None:
    rows = [row.format(site=SITE, at=at) for at in range(1, 4)]
    outcome = inbox.read_only(f"{SITE}/x.csv", "\n".join([header, *rows]))
    assert outcome.status == "set_aside"
    unknown = {"Date": "Search type", "Top ": "Campaign", "Page": "Page"}[header[:4]]
    assert f"which has no column '{unknown}'" in (outcome.reason or "")
    assert "`penalty-radar mapping` proposes how to read it" in (outcome.reason or "")


def test_one_table_of_the_interface_stays_a_table_of_the_interface(inbox: Inbox) -> None:
    text = "Date,Clicks,Impressions,CTR,Position\n2026-10-20,1,2,50%,3\n"
    assert inbox.read_only(f"{SITE}/x.csv", text).format == "search_console_daily"


def test_the_bulk_export_is_added_up_and_hidden_queries_stay_one_row(inbox: Inbox) -> None:
    outcome = inbox.read_only("bigquery/url.parquet", bulk())
    assert (outcome.format, outcome.site_domain) == ("search_console_bulk_url", SITE)
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count, outcome.passed_over_count) == (5, 2, 2, 1)
    assert "other searches than web search" in (outcome.reason or "")
    words = "page_query_country_device"
    assert inbox.rows(ROWS) == [
        (words, "2026-10-20", PAGE, "oude kaas", "nl", "mobile", 3.0, 40.0, 160 / 40 + 1),
        (words, "2026-10-20", PAGE, None, "nl", "mobile", 1.0, 11.0, 22 / 11 + 1),
    ]
    assert inbox.rows("SELECT sum(merged_count) FROM staging.performance_observations") == [(2,)]


def test_the_bulk_export_by_property_names_its_site(inbox: Inbox) -> None:
    outcome = inbox.read_only("bigquery/site.parquet", bulk(by_url=False))
    assert (outcome.format, outcome.provider, outcome.site_domain) == (
        "search_console_bulk_site",
        "search_console_bulk",
        SITE,
    )
    assert inbox.rows("SELECT DISTINCT dimension_set FROM staging.performance_observations") == [
        ("query_country_device",)
    ]


def test_the_bulk_export_of_another_site_or_of_two_properties_is_set_aside(inbox: Inbox) -> None:
    elsewhere = inbox.read_only("elders.nl/site.parquet", bulk(by_url=False))
    assert (elsewhere.status, elsewhere.reason) == (
        "set_aside",
        f"the folder says elders.nl, the file is about {SITE}; move the file to a folder named {SITE}, "
        "or give --site if it belongs to elders.nl",
    )
    header = "data_date,site_url,query,country,device,impressions,clicks,sum_top_position"
    rows = [f"2026-10-20,{name},kaas,nld,MOBILE,1,0,3" for name in (f"sc-domain:{SITE}", f"https://www.{SITE}/")]
    both = inbox.read_only(f"{SITE}/both.csv", "\n".join([header, *rows]))
    assert "rows about several sites" in (both.reason or "")


def test_bing_pages_and_keywords_are_kept_as_they_are(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/p.csv", BING_PAGES)
    inbox.put(f"{SITE}_KeywordReport_7_18_2026.csv", BING_KEYWORDS)
    outcomes = inbox.read()
    assert {outcome.provider for outcome in outcomes.values()} == {"bing"}
    assert outcomes[f"{SITE}_KeywordReport_7_18_2026.csv"].exported_on == datetime.date(2026, 7, 18)
    assert inbox.rows(
        "SELECT coalesce(query, page_url), clicks, impressions, position, starts_on "
        "FROM staging.performance_observations ORDER BY 1"
    ) == [
        (f"https://{SITE}/", 26.0, 8155.0, 5.79988620478234, None),
        (PAGE, 2.0, 1.0, 632.0, None),
        ('kaas "oude" 48+', 0.0, 4.0, 9.0, None),
        ("oude kaas", 3.0, 40.0, 4.5, None),
    ]


def test_bing_days_have_the_month_first(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/d.csv", BING_DAYS)
    assert inbox.rows(
        "SELECT dimension_set, CAST(performed_on AS VARCHAR), clicks, position FROM staging.performance_observations "
        "ORDER BY 2"
    ) == [("day", "2026-07-01", 3.0, None), ("day", "2026-07-31", 0.0, None)]


def test_an_error_of_the_api_is_no_answer(inbox: Inbox) -> None:
    refused = json.dumps({"error": {"code": 403, "message": "User does not have sufficient permission"}})
    assert "sufficient permission" in (inbox.read_only(f"{SITE}/x.json", refused).reason or "")
