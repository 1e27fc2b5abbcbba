"""The day of an export: days to come are slips, and files without a day."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from tests.transforms.ingest.conftest import STAMP, Inbox
from tests.transforms.ingest.made_exports import OUTLINKS_2017, SAMPLES, SITE, ahrefs, semrush, semrush_row
from transforms.ingest.export_days import latest_day
from transforms.ingest.inbox import discover

DAYS = "SELECT CAST(exported_on AS VARCHAR), exported_on_source FROM ingest.export_files"
LATEST = latest_day(STAMP)


def touch(path: Path, day: str) -> None:
    moment = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()
    os.utime(path, (moment, moment))


def test_a_day_may_be_tomorrow_in_utc_and_no_later() -> None:
    amsterdam = datetime.timezone(datetime.timedelta(hours=2))
    assert latest_day(datetime.datetime(2026, 11, 2, 1, 30, tzinfo=amsterdam)) == datetime.date(2026, 11, 2)


def test_one_mistyped_day_rejects_its_row_and_moves_nothing(inbox: Inbox) -> None:
    rows = [semrush_row(), semrush_row("https://b.example/", last="2062-02-10")]
    outcome = inbox.read_only(f"{SITE}/links.csv", semrush(*rows))
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 1)
    assert inbox.rows("SELECT row_number, column_name, value, reason FROM ingest.rejected_rows") == [
        (2, "Last seen", "2062-02-10", f"a day not later than {LATEST}: the file was read before it")
    ]
    assert inbox.rows(DAYS) == [("2026-02-01", "content")]
    (file,) = discover(str(inbox.folder))
    assert file.is_dated


@pytest.mark.parametrize("days_later", [0, 1])
def test_the_last_believable_day_loads_and_the_next_does_not(inbox: Inbox, days_later: int) -> None:
    day = LATEST + datetime.timedelta(days=days_later)
    outcome = inbox.read_only(f"{SITE}/x.csv", ahrefs({"Last seen": f"{day} 01:02:03"}))
    assert (outcome.loaded_count, outcome.rejected_count) == (1 - days_later, days_later)


def test_days_to_come_in_names_are_passed_by(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/2026-02-04/links_2062-02-03.csv", semrush())
    inbox.read()
    assert inbox.rows(DAYS) == [("2026-02-04", "file_name")]


def test_a_column_of_a_day_to_come_is_not_read_and_is_named(inbox: Inbox) -> None:
    text = SAMPLES["se_ranking_positions"][1].decode().replace("2026-02-03", "2062-02-03")
    outcome = inbox.read_only(f"{SITE}/posities.csv", text)
    assert (outcome.status, outcome.rejected_count) == ("loaded", 0)
    assert f"columns of days later than {LATEST} not read: 2062-02-03" in (outcome.reason or "")
    assert inbox.rows("SELECT max(ranked_on) FROM staging.ranking_observations") == [(datetime.date(2026, 2, 2),)]
    assert inbox.rows("SELECT unknown_columns FROM ingest.export_files") == [("2062-02-03",)]


def test_only_columns_of_days_to_come_set_the_file_aside(inbox: Inbox) -> None:
    text = SAMPLES["se_ranking_positions"][1].decode().replace("2026-02-0", "2062-02-0")
    outcome = inbox.read_only(f"{SITE}/posities.csv", text)
    assert (outcome.status, outcome.reason) == ("set_aside", f"every column is of a day later than {LATEST}")


def test_one_mistyped_day_of_a_daily_table_leaves_its_set_alone(inbox: Inbox) -> None:
    chart = "Date,Clicks,Impressions,CTR,Position\n2026-01-01,1,2,50%,1\n2062-01-02,1,2,50%,1"
    inbox.put(f"{SITE}/Chart.csv", chart)
    inbox.put(f"{SITE}/Queries.csv", "Top queries,Clicks,Impressions,CTR,Position\nkaas,1,2,50%,1")
    outcomes = inbox.read()
    assert {outcome.exported_on for outcome in outcomes.values()} == {datetime.date(2026, 1, 1)}
    assert outcomes[f"{SITE}/Queries.csv"].last_day_on == datetime.date(2026, 1, 1)
    assert outcomes[f"{SITE}/Chart.csv"].rejected_count == 1


def test_events_may_be_planned_and_do_not_date_their_file_ahead(inbox: Inbox) -> None:
    planned = SAMPLES["event_calendar"][1].decode().replace("2026-01-10", "2027-05-01")
    outcome = inbox.read_only("notities.csv", planned)
    assert (outcome.loaded_count, outcome.rejected_count) == (1, 0)
    assert outcome.exported_on == LATEST


@pytest.mark.parametrize(
    ("modified", "day", "said"),
    [
        ("2026-10-20", "2026-02-01", "as old as the site's newest dated export (2026-02-01; last modified 2026-10-20)"),
        ("2026-01-20", "2026-01-20", "day of the last modification taken"),
    ],
)
def test_a_crawl_without_a_day_is_no_later_than_the_sites_newest_export(
    inbox: Inbox, modified: str, day: str, said: str
) -> None:
    inbox.read_only(f"{SITE}/links.csv", semrush())
    inbox.read_only("elders.example/links_2026-03-01.csv", semrush(semrush_row(target="https://elders.example/")))
    crawl = inbox.put(f"{SITE}/all_outlinks.csv", OUTLINKS_2017)
    touch(crawl, modified)
    outcome = inbox.read()[f"{SITE}/all_outlinks.csv"]
    assert (str(outcome.exported_on), said in (outcome.reason or "")) == (day, True)
    observed = inbox.rows("SELECT DISTINCT CAST(observed_on AS VARCHAR) FROM staging.outlink_observations")
    assert observed == [(day,)]


@pytest.mark.parametrize(
    ("path", "name", "is_dated"),
    [
        ("all_outlinks.csv", "screaming_frog_outlinks", False),
        ("all_outlinks_2026-02-01.csv", "screaming_frog_outlinks", True),
        ("links.csv", "semrush_backlinks", True),
        ("posities.csv", "se_ranking_positions", True),
        ("Queries.csv", "search_console_queries", False),
        ("Chart.csv", "search_console_daily", True),
    ],
)
def test_files_tell_whether_anything_can_date_them(inbox: Inbox, path: str, name: str, is_dated: bool) -> None:
    inbox.put(f"{SITE}/{path}", SAMPLES[name][1])
    inbox.put(f"{SITE}/notitie.txt", "niets\n")
    found = {file.path: file.is_dated for file in discover(str(inbox.folder))}
    assert found == {f"{SITE}/{path}": is_dated, f"{SITE}/notitie.txt": False}


def test_files_set_aside_have_a_day_too(inbox: Inbox) -> None:
    touch(inbox.put(f"{SITE}/a.txt", "niets\n"), "2026-01-20")
    touch(inbox.put(f"{SITE}/b_2026-01-05.txt", "ook niets\n"), "2026-01-20")
    inbox.read()
    assert inbox.rows(f"{DAYS} ORDER BY path") == [("2026-01-20", "file_modified"), ("2026-01-05", "file_name")]
