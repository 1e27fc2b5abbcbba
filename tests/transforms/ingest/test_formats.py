"""The formats with rules of their own: wide positions, organic positions, outgoing links."""

from __future__ import annotations

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import (
    ORGANIC,
    OUTLINKS_2017,
    OUTLINKS_2025,
    SE_RANKING,
    SE_RANKING_PLAIN,
    SITE,
)
from transforms.ingest.formats import all_formats, describe_formats, render_sources_page
from transforms.schemas import table

RANKINGS = (
    "SELECT keyword, CAST(ranked_on AS VARCHAR), position, page_url, country, search_volume, tracked_depth "
    "FROM staging.ranking_observations ORDER BY 1, 2"
)


def test_se_ranking_turns_days_into_rows(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/x.csv", SE_RANKING)
    page = f"https://{SITE}/kaas"
    assert inbox.rows(RANKINGS) == [
        ("jonge kaas", "2026-02-01", None, None, "nl", 400.0, 100),
        ("jonge kaas", "2026-02-03", None, None, "nl", 400.0, 100),
        ("oude kaas", "2026-02-01", 4.0, page, "nl", 900.0, 100),
        ("oude kaas", "2026-02-02", 5.0, page, "nl", 900.0, 100),
    ]
    assert (outcome.row_count, outcome.loaded_count, outcome.passed_over_count) == (3, 2, 1)
    assert "1 rows passed over: totals of keyword groups" in (outcome.reason or "")


def test_se_ranking_without_addresses_and_with_the_other_day_spelling(inbox: Inbox) -> None:
    outcome = inbox.read_only("voorbeeldwinkel_nl__positions_detailed_2026-02-20.csv", SE_RANKING_PLAIN)
    assert (outcome.site_domain, outcome.loaded_count) == (SITE, 2)
    assert inbox.rows(RANKINGS) == [
        ("jonge kaas", "2026-02-20", None, None, "nl", 400.0, 100),
        ("oude kaas", "2026-02-20", 4.0, None, "nl", 900.0, 100),
    ]


def test_bad_cell_of_a_wide_export_names_its_day(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/x.csv", SE_RANKING.replace(",5,-1", ",vijf,-1"))
    assert (outcome.row_count, outcome.loaded_count, outcome.rejected_count, outcome.passed_over_count) == (3, 1, 1, 1)
    assert inbox.rows("SELECT row_number, column_name, value FROM ingest.rejected_rows") == [(2, "2026-02-02", "vijf")]


def test_organic_keeps_the_best_organic_place_and_the_day_of_the_check(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/{SITE}-organic.Positions-uk-20260218-2026-02-19T10_06_17Z.csv", ORGANIC)
    assert (outcome.provider, outcome.loaded_count, outcome.merged_count) == ("semrush_organic", 1, 1)
    assert outcome.passed_over_count == 1
    assert inbox.rows(RANKINGS) == [("oude kaas", "2026-01-30", 3.0, f"https://{SITE}/kaas", "gb", 900.0, 100)]


def test_organic_market_from_a_word_in_the_name_else_unknown(inbox: Inbox) -> None:
    for name in ("posities_francia.csv", "posities_eeuu.csv", "posities.csv"):
        inbox.put(f"{SITE}/{name}", ORGANIC.replace("oude kaas", name))
    inbox.read()
    assert inbox.rows("SELECT keyword, country FROM staging.ranking_observations ORDER BY 1") == [
        ("posities.csv", None),
        ("posities_eeuu.csv", "us"),
        ("posities_francia.csv", "fr"),
    ]


def test_outlinks_are_hyperlinks_that_leave_the_site(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/all_outlinks.csv", OUTLINKS_2017)
    assert (outcome.row_count, outcome.loaded_count, outcome.merged_count, outcome.rejected_count) == (5, 1, 1, 0)
    assert outcome.passed_over_count == 3
    assert inbox.rows(
        "SELECT target_domain, target_host, anchor_text, is_nofollow, merged_count FROM staging.outlink_observations"
    ) == [("partnersite.nl", "www.partnersite.nl", "Partner", True, 1)]


def test_outlinks_of_2025_and_the_inlinks_title_read_alike(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/nieuw.csv", OUTLINKS_2025)
    inbox.put(f"{SITE}/in.csv", OUTLINKS_2017.replace("All Outlinks", "All Inlinks"))
    outcomes = inbox.read()
    assert {outcome.loaded_count for outcome in outcomes.values()} == {1}
    assert inbox.rows("SELECT target_domain, is_nofollow FROM staging.outlink_observations ORDER BY 1") == [
        ("elders.example", False),
        ("partnersite.nl", True),
    ]


def test_formats_are_consistent_with_the_tables_they_fill() -> None:
    for declared in all_formats():
        if declared.thing is None:
            continue
        known = set(table(f"arrived.{declared.thing}").column_names)
        targets = {column.target for column in declared.columns} | set(declared.constants)
        targets |= {*declared.key, *declared.days, *([declared.site_column] if declared.site_column else [])}
        assert targets <= known, declared.name
        assert set(declared.key) <= targets, declared.name
        assert not {name for column in declared.columns for name in column.headers} & set(declared.ignored), (
            declared.name
        )


def test_page_names_every_format() -> None:
    page = render_sources_page()
    assert all(f"`{described['name']}`" in page for described in describe_formats())
    assert "Semrush referring domains" in page
