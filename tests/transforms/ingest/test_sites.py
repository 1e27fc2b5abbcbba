"""Which site a file is about."""

from __future__ import annotations

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SAMPLES, SITE, semrush, semrush_row
from transforms.ingest.inbox import discover
from transforms.ingest.sites import site_in_name

ELSEWHERE = semrush(*[semrush_row(f"https://a{n}.example/", "https://www.andersite.nl/") for n in range(3)])


@pytest.mark.parametrize(
    ("path", "site", "source"),
    [
        ("www.kaashandel.nl/2026/links.csv", "kaashandel.nl", "folder"),
        ("klant.kaas.nl/kaashandel.nl/links.csv", "kaashandel.nl", "folder"),
        ("map/links.csv", SITE, "content"),
    ],
)
def test_folder_before_content(inbox: Inbox, path: str, site: str, source: str) -> None:
    inbox.put(path, semrush())
    [found] = discover(str(inbox.folder))
    assert (found.site_domain, found.site_source) == (site, source)


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("https___www.voorbeeldwinkel.nl_-Performance-on-Search-2026-01-01.zip", SITE),
        ("voorbeeldwinkel.nl-backlinks.csv", SITE),
        ("www.voorbeeldwinkel.nl-backlinks-subdomains_2026-01-01.csv", SITE),
        ("voorbeeldwinkel_nl__positions_detailed_2026-02-10 (1).csv", SITE),
        ("winkel_co_uk__positions_detailed_2026-02-10.csv", "winkel.co.uk"),
        ("mijn-winkel.co.uk-organic.Positions-uk.csv", "mijn-winkel.co.uk"),
        ("Queries.csv", None),
        ("lijst.csv", None),
    ],
)
def test_file_name_begins_with_the_domain(name: str, site: str | None) -> None:
    assert site_in_name(name) == site


def test_exports_folder_itself_may_be_named_as_the_site(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/Chart.csv", SAMPLES["search_console_daily"][1])
    [found] = discover(str(inbox.folder / SITE))
    assert (found.path, found.site_domain) == ("Chart.csv", SITE)


def test_folder_of_another_site_is_a_conflict(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/links.csv", ELSEWHERE)
    assert outcome.status == "set_aside"
    assert "the folder says voorbeeldwinkel.nl, most rows are about andersite.nl" in (outcome.reason or "")
    assert inbox.rows("SELECT count(*) FROM staging.link_observations") == [(0,)]


def test_given_site_is_believed(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/links.csv", ELSEWHERE, site=SITE)
    assert (outcome.status, outcome.site_domain, outcome.loaded_count) == ("loaded", SITE, 3)


def test_some_rows_of_another_site_are_no_conflict(inbox: Inbox) -> None:
    mixed = semrush(
        semrush_row(), semrush_row("https://b.example/"), semrush_row("c.example/", "https://andersite.nl/")
    )
    assert inbox.read_only(f"{SITE}/links.csv", mixed).loaded_count == 3


@pytest.mark.parametrize(("first", "second"), [(SITE, "elders.nl"), (f"www.{SITE}", "elders.nl")])
def test_a_second_site_far_down_in_a_file_is_not_added_to_the_first(inbox: Inbox, first: str, second: str) -> None:
    rows = [f"2026-10-{1 + at % 28:02d},kaas nummer {at // 28},{1 + at % 50}" for at in range(3_000)]
    text = "\n".join(["date,keyword,rank,domain", *(f"{row},{first}" for row in rows), f"2026-10-01,brood,1,{second}"])
    outcome = inbox.read_only("rangen.csv", f"{text}\n2026-10-01,melk,2,winkel.{SITE}\n2026-10-01,room,2,\n")
    assert (outcome.site_domain, outcome.loaded_count, outcome.rejected_count) == (SITE, 3_002, 1)
    assert inbox.rows("SELECT row_number, column_name, value, reason FROM ingest.rejected_rows") == [
        (3_001, "domain", second, f"{first}, as in the first rows; keep one file per site")
    ]


def test_a_second_property_far_down_in_a_bulk_export_is_not_counted_twice(inbox: Inbox) -> None:
    header = "data_date,site_url,query,country,device,impressions,clicks,sum_top_position"
    row = "2026-10-20,{name},kaas nummer {at},nld,MOBILE,1,1,3"
    names = (f"sc-domain:{SITE}", f"https://www.{SITE}/")
    rows = [row.format(name=name, at=at) for name in names for at in range(2_000)]
    outcome = inbox.read_only(f"{SITE}/bulk.csv", "\n".join([header, *rows]))
    assert (outcome.loaded_count, outcome.merged_count, outcome.rejected_count) == (2_000, 0, 2_000)
    assert inbox.rows("SELECT sum(clicks) FROM staging.performance_observations") == [(2_000.0,)]
