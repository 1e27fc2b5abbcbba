"""Which files make up a series: corrected exports, and properties of one site."""

from __future__ import annotations

import datetime
import itertools

import pytest

from tests.transforms.ingest.api_answers import search_console_totals
from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import ORGANIC, SAMPLES, SITE, search_console_zip, semrush, semrush_row
from tests.transforms.text_tables import KNOWN_LINKS, make, rows_of
from transforms.ingest.feeds.saved_answers import SavedAnswers
from transforms.ingest.inbox import discover, is_known
from transforms.ingest.properties import name_property, property_named, property_rank

IN_USE = "SELECT path, site_property FROM ingest.export_files WHERE superseded_by IS NULL AND status = 'loaded'"
BARE, WWW, BLOG = f"https://{SITE}/", f"https://www.{SITE}/", f"https://blog.{SITE}/"


def anchors(inbox: Inbox) -> list[tuple[str | None, ...]]:
    make(inbox.connection, *KNOWN_LINKS, as_of="2026-10-01")
    return rows_of(inbox.connection, "staging.links", ["source_url", "anchor_text"])


@pytest.mark.parametrize("number", range(4))
def test_a_corrected_export_of_the_day_replaces_the_first_whatever_its_hash(inbox: Inbox, number: int) -> None:
    path = f"{SITE}/links_2026-02-11.csv"
    wrong = semrush(semrush_row(anchor=f"fout{number}"), semrush_row("https://weg.example/"))
    right = semrush(semrush_row(anchor=f"goed{number}"))
    first = inbox.read_only(path, wrong)
    second = inbox.read_only(path, right)
    assert inbox.rows("SELECT file_id, superseded_by FROM ingest.export_files ORDER BY superseded_by") == [
        (first.file_id, second.file_id),
        (second.file_id, None),
    ]
    expected = [("https://www.kaasblog.nl/stukje", f"goed{number}")]
    assert anchors(inbox) == expected
    again = inbox.read_only(path, wrong)
    assert again.is_already_known
    assert f"superseded by file {second.file_id}" in (again.reason or "")
    assert anchors(inbox) == expected
    assert inbox.rows("SELECT count(*) FROM staging.link_observations") == [(3,)]


def test_another_day_path_or_site_replaces_nothing(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/links.csv", semrush(semrush_row(last="2026-02-01")))
    inbox.read_only(f"{SITE}/links.csv", semrush(semrush_row(last="2026-02-02")))
    inbox.read_only(f"{SITE}/more.csv", semrush(semrush_row(last="2026-02-02", anchor="x")))
    inbox.read(site="elders.nl")
    assert inbox.rows("SELECT count(*) FROM ingest.export_files WHERE superseded_by IS NOT NULL") == [(0,)]


def test_a_readable_file_in_its_place_ends_what_was_set_aside(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/links.csv", "naam,leeftijd\nJan,3\n")
    inbox.read_only(f"{SITE}/links.csv", semrush())
    assert inbox.rows("SELECT status, superseded_by IS NULL FROM ingest.export_files ORDER BY 1") == [
        ("loaded", True),
        ("set_aside", False),
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"https___www.{SITE}_-Performance-on-Search-2026-01-05.zip", WWW),
        (f"http___{SITE}_nl_-Performance-on-Search-2026-01-05.zip", f"http://{SITE}/nl/"),
        (f"{SITE}-Performance-on-Search-2026-01-05", SITE),
        (f"{SITE}-backlinks.csv", None),
        ("gsc-performance-pages.csv", None),
        ("Chart.csv", None),
    ],
)
def test_the_name_tells_the_property(name: str, told: str | None) -> None:
    assert property_named(("Chart.csv", name)) == told


@pytest.mark.parametrize(
    ("as_the_api_spells_it", "told"),
    [(f"sc-domain:{SITE}", SITE), (WWW, WWW), (f"{WWW}nl/winkel/", f"{WWW}nl/winkel/")],
)
def test_a_name_that_was_made_of_a_property_tells_it(as_the_api_spells_it: str, told: str) -> None:
    name = f"{name_property(as_the_api_spells_it)}.search_console_api.date.2026-01-02.fetched-2026-01-05.page-1.json"
    assert property_named((name, "search_console", SITE)) == told


def test_the_more_of_the_site_the_lower_the_rank() -> None:
    assert [property_rank(name) for name in (SITE, BARE, WWW, BLOG, f"{WWW}nl/")] == [0, 1, 1, 2, 2]


def put_property(inbox: Inbox, site_property: str, clicks: int) -> str:
    chart = f"Date,Clicks,Impressions,CTR,Position\n2026-01-02,{clicks},9999,7.5%,4.94"
    name = site_property.replace("://", "___").replace("/", "_")
    path = f"{SITE}/{name}-Performance-on-Search-2026-01-05/Chart.csv"
    inbox.put(path, chart)
    inbox.read()
    return path


@pytest.mark.parametrize("order", [*itertools.permutations([SITE, WWW, BLOG])])
def test_the_property_that_covers_most_is_the_series_in_any_order(inbox: Inbox, order: tuple[str, ...]) -> None:
    paths = {told: put_property(inbox, told, clicks) for clicks, told in enumerate(order, 1)}
    assert inbox.rows(IN_USE) == [(paths[SITE], SITE)]
    make(inbox.connection, "staging.search_performance", as_of="2026-10-01")
    inbox.read()  # what was set aside for one property is now set aside for another
    clicks = rows_of(inbox.connection, "staging.search_performance", ["clicks"])
    assert clicks == [(str(order.index(SITE) + 1),)]
    assert all(is_known(inbox.connection, file) for file in discover(str(inbox.folder)))


def put_answer(inbox: Inbox, site_property: str, clicks: int, site: str = SITE) -> str:
    name = f"{name_property(site_property)}.search_console_api.date.2026-01-02.fetched-2026-01-06.page-1.json"
    path = f"{site}/search_console/{name}"
    inbox.put(path, search_console_totals("2026-01-02", clicks, 9999))
    inbox.read()
    return path


def clicks_of_site(inbox: Inbox) -> list[tuple[str | None, ...]]:
    make(inbox.connection, "staging.search_performance", as_of="2026-10-01")
    return rows_of(inbox.connection, "staging.search_performance", ["clicks"])


def test_answers_of_the_api_and_exports_of_the_same_property_are_one_series(inbox: Inbox) -> None:
    paths = {(put_property(inbox, SITE, 1), SITE), (put_answer(inbox, f"sc-domain:{SITE}", 2), SITE)}
    assert set(inbox.rows(IN_USE)) == paths
    assert clicks_of_site(inbox) == [("2",)]


def test_an_answer_of_a_property_that_covers_less_is_set_aside(inbox: Inbox) -> None:
    paths = [(put_property(inbox, SITE, 1), SITE)]
    put_answer(inbox, WWW, 2)
    assert inbox.rows(IN_USE) == paths
    assert clicks_of_site(inbox) == [("1",)]


def test_days_of_the_api_take_the_place_of_an_export_that_covers_less(inbox: Inbox) -> None:
    put_property(inbox, WWW, 1)
    answer = put_answer(inbox, f"sc-domain:{SITE}", 2)
    assert inbox.rows(IN_USE) == [(answer, SITE)]
    assert clicks_of_site(inbox) == [("2",)]


def test_an_answer_about_another_sites_property_is_set_aside(inbox: Inbox) -> None:
    put_answer(inbox, f"sc-domain:{SITE}", 2, site="elders.nl")
    assert inbox.rows(IN_USE) == []


def test_of_two_answers_of_one_day_the_later_counts(inbox: Inbox) -> None:
    saved = SavedAnswers(str(inbox.folder), SITE, "search_console")
    series = f"{name_property(f'sc-domain:{SITE}')}.search_console_api.date.2026-01-02"
    for clicks in (3, 2):
        saved.save_revision(series, [search_console_totals("2026-01-02", clicks)], "json", datetime.date(2026, 1, 5))
    inbox.read()
    assert clicks_of_site(inbox) == [("2",)]


def test_of_two_alike_the_first_loaded_stays_and_the_other_says_why(inbox: Inbox) -> None:
    first = put_property(inbox, WWW, 1)
    second = put_property(inbox, BARE, 2)
    assert inbox.rows(IN_USE) == [(first, WWW)]
    reason = inbox.rows(f"SELECT reason FROM ingest.export_files WHERE path = '{second}'")[0][0]
    assert reason.startswith(f"Search Console property {BARE}: the site's series is that of {WWW}, already loaded")


def test_every_table_of_another_sites_export_is_set_aside_with_one_reason(inbox: Inbox) -> None:
    inbox.put("elders.nl/search.zip", search_console_zip())
    outcomes = inbox.read()
    assert {(outcome.status, outcome.reason) for outcome in outcomes.values()} == {
        (
            "set_aside",
            f"the folder says elders.nl, the pages of this export are about {SITE}; move the file to a folder "
            f"named {SITE}, or give --site if it belongs to elders.nl",
        )
    }
    assert all(is_known(inbox.connection, file) for file in discover(str(inbox.folder)))
    assert {outcome.status for outcome in inbox.read(site="elders.nl").values()} == {"loaded"}


def test_without_pages_the_property_tells_the_other_site(inbox: Inbox) -> None:
    path = f"elders.nl/https___www.{SITE}_-Performance-on-Search-2026-01-05/Chart.csv"
    outcome = inbox.read_only(path, SAMPLES["search_console_daily"][1])
    assert outcome.status == "set_aside"
    assert f"the Search Console property {WWW} is about {SITE}" in (outcome.reason or "")


def test_a_file_whose_rows_are_about_another_site_is_known_and_not_read_again(inbox: Inbox) -> None:
    inbox.read_only("elders.nl/links.csv", semrush())
    (file,) = discover(str(inbox.folder))
    assert is_known(inbox.connection, file)
    assert [is_known(inbox.connection, given) for given in discover(str(inbox.folder), site="elders.nl")] == [False]


@pytest.mark.parametrize(
    ("part", "device"), [("us", None), ("mobile-us", "mobile"), ("us-mobile", "mobile"), ("desktop-us", "desktop")]
)
def test_the_name_of_a_positions_export_tells_the_device(inbox: Inbox, part: str, device: str | None) -> None:
    path = f"{SITE}-organic.Positions-{part}-20260218-2026-02-19T10_06_17Z.csv"
    inbox.read_only(path, ORGANIC)
    assert inbox.rows("SELECT DISTINCT device, country FROM staging.ranking_observations") == [(device, "us")]
