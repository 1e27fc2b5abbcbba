"""signals.lockstep_members: sources that link the same pages within days, and what only looks like it."""

from __future__ import annotations

import datetime

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.transforms.text_tables import make
from transforms.signals import lockstep_members

SITE = "voorbeeldwinkel.nl"
FIRST = datetime.date(2026, 3, 2)
AS_OF = datetime.date(2026, 6, 30)
Link = tuple[str, str, str, int]
"""Source, site, page and days after :data:`FIRST`."""


def ordinary_links(seed: int = 1, count: int = 400) -> list[Link]:
    """Links as any site has them: most sources have one, and pages differ in popularity."""
    random = np.random.default_rng(seed)
    page = np.minimum(random.zipf(1.6, count), 60)
    source = random.integers(0, count * 3 // 4, count)
    day = random.integers(0, 60, count)
    return [(f"blog{s}.example", SITE, f"/page{p}", int(d)) for s, p, d in zip(source, page, day, strict=True)]


def network(
    sources: int = 8, pages: int = 4, *, site: str = SITE, day: int = 20, name: str = "net", first: int = 0
) -> list[Link]:
    """Every source links every page, within four days."""
    return [
        (f"{name}{source}.example", site, f"/offer{page}", day + (source + page) % 4)
        for source in range(first, first + sources)
        for page in range(pages)
    ]


def members_of(warehouse: duckdb.DuckDBPyConnection, links: list[Link]) -> pd.DataFrame:
    """The table as the pipeline makes it, from links of one provider."""
    rows = pd.DataFrame(links, columns=["source_domain", "site_domain", "page", "after"])
    rows["link_id"] = [str(number) for number in range(len(rows))]
    rows["provider"] = "ahrefs_backlinks"
    rows["target_url"] = [
        page if page.startswith("http") else f"https://{site}{page}"
        for page, site in zip(rows["page"], rows["site_domain"], strict=True)
    ]
    rows["first_seen_on"] = pd.to_datetime(FIRST) + pd.to_timedelta(rows["after"], unit="D")
    warehouse.execute("DELETE FROM staging.links")
    warehouse.execute("INSERT INTO staging.links BY NAME SELECT * EXCLUDE (page, after) FROM rows")
    make(warehouse, "signals.lockstep_edges", as_of=AS_OF.isoformat())
    edges = warehouse.execute("SELECT * FROM signals.lockstep_edges").df()
    pairs = rows.drop_duplicates(["source_domain", "target_url"])
    assert edges["edge_count"].sum() == len(pairs.dropna(subset=["first_seen_on"])), "an edge was lost"
    return lockstep_members.build({"signals.lockstep_edges": edges}, as_of=AS_OF)


def test_a_network_is_found_with_its_members(warehouse: duckdb.DuckDBPyConnection) -> None:
    members = members_of(warehouse, ordinary_links() + network())
    assert set(members["source_domain"]) == {f"net{source}.example" for source in range(8)}
    group = members.iloc[0]
    assert members["group_id"].nunique() == 1
    assert (group["source_count"], group["target_count"], group["site_count"], group["link_count"]) == (8, 4, 1, 4)
    assert group["starts_on"] == pd.Timestamp(2026, 3, 22)
    assert group["ends_on"] == pd.Timestamp(2026, 3, 25)
    assert 0 <= group["chance"] < 0.01


def test_ordinary_links_make_no_group(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert members_of(warehouse, ordinary_links()).empty


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_viral_week_is_no_network(warehouse: duckdb.DuckDBPyConnection, seed: int) -> None:
    random = np.random.default_rng(seed)
    viral = []
    for blog in range(120):
        day = 20 + int(random.integers(0, 7))
        viral.append((f"fan{blog}.example", SITE, "/viral", day))
        if random.random() < 0.6:
            viral.append((f"fan{blog}.example", SITE, "/", day))
        if random.random() < 0.1:
            viral.append((f"fan{blog}.example", SITE, f"/page{random.integers(1, 20)}", day))
    assert members_of(warehouse, ordinary_links(seed) + viral).empty


def test_many_sources_of_two_pages_are_no_network(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert members_of(warehouse, ordinary_links() + network(60, 2)).empty


def test_pages_that_others_link_as_much_do_not_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    popular = [(f"fan{blog}.example", SITE, f"/offer{page}", 21) for page in (0, 1) for blog in range(page, 40, 2)]
    assert members_of(warehouse, ordinary_links() + network(8, 4) + popular).empty
    assert len(members_of(warehouse, ordinary_links() + network(8, 5) + popular)) == 8


def test_the_same_pages_over_months_are_no_lockstep(warehouse: duckdb.DuckDBPyConnection) -> None:
    slow = [(source, site, page, 7 * number) for number, (source, site, page, _) in enumerate(network(8, 4))]
    assert members_of(warehouse, ordinary_links() + slow).empty


def test_the_order_of_rows_means_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    links = ordinary_links() + network() + network(6, 5, day=40, name="ring")
    shuffled = [links[position] for position in np.random.default_rng(5).permutation(len(links))]
    found, again = members_of(warehouse, links), members_of(warehouse, shuffled)
    assert found["group_id"].nunique() == 2
    pd.testing.assert_frame_equal(found, again)


def test_a_group_keeps_its_name_as_it_grows(warehouse: duckdb.DuckDBPyConnection) -> None:
    first = members_of(warehouse, ordinary_links() + network(8, 4))
    grown = network(8, 4) + network(4, 4, day=24, first=8) + [(f"net{n}.example", SITE, "/new", 25) for n in range(12)]
    second = members_of(warehouse, ordinary_links() + grown)
    assert len(second) == 12
    assert set(second["group_id"]) == set(first["group_id"])
    assert set(second["target_count"]) == {5}


def test_one_network_on_two_sites_is_one_group(warehouse: duckdb.DuckDBPyConnection) -> None:
    members = members_of(warehouse, ordinary_links() + network(8, 3) + network(8, 3, site="andere.example", day=22))
    assert members["group_id"].nunique() == 1
    assert set(members["site_count"]) == {2}
    assert members.groupby("site_domain").size().to_dict() == {SITE: 8, "andere.example": 8}
    assert set(members["target_count"]) == {6}


def test_a_network_that_comes_back_is_the_same_group(warehouse: duckdb.DuckDBPyConnection) -> None:
    later = [(source, site, page.replace("offer", "deal"), day + 30) for source, site, page, day in network()]
    members = members_of(warehouse, ordinary_links() + network() + later)
    assert members["group_id"].nunique() == 1
    assert set(members["target_count"]) == {8}


def test_two_spellings_of_a_page_are_one_page(warehouse: duckdb.DuckDBPyConnection) -> None:
    spellings = [f"https://{SITE}/", f"http://{SITE}", f"https://www.{SITE}/", f"https://{SITE}/#top"]
    links = [(f"net{source}.example", SITE, page, 20) for source in range(12) for page in spellings]
    assert members_of(warehouse, ordinary_links() + links).empty


def test_sites_on_a_hosting_platform_are_sources_of_their_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    links = [(source.replace(".example", ".blogs.example"), site, page, day) for source, site, page, day in network()]
    members = members_of(warehouse, ordinary_links() + links)
    assert set(members["source_domain"]) == {f"net{source}.blogs.example" for source in range(8)}
    one = [("blogs.example", site, page, day) for _, site, page, day in network()]
    assert members_of(warehouse, ordinary_links() + one).empty


def test_without_dates_there_is_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute(
        "INSERT INTO staging.links (link_id, site_domain, provider, source_domain, target_url) "
        "SELECT source || '/' || page, 'kaas.example', 'p', source || '.example', page || '.html' "
        "FROM range(20) AS s (source), range(5) AS t (page)"
    )
    make(warehouse, "signals.lockstep_edges")
    edges = warehouse.execute("SELECT * FROM signals.lockstep_edges").df()
    assert edges.empty
    members = lockstep_members.build({"signals.lockstep_edges": edges}, as_of=AS_OF)
    assert members.empty
    assert list(members.columns) == lockstep_members.COLUMNS


def test_indexes_are_never_mixed() -> None:
    rows = [
        ("kaas.example", f"index{number % 2}", source, f"https://kaas.example{page}", pd.Timestamp(FIRST), 1)
        for number, (source, _, page, _) in enumerate(network(8, 4) + network(8, 4, name="more"))
    ]
    columns = ["site_domain", "provider", "source_domain", "target_url", "day", "edge_count"]
    edges = pd.DataFrame(rows, columns=columns)
    members = lockstep_members.build({"signals.lockstep_edges": edges}, as_of=AS_OF)
    assert members.empty or members.groupby("group_id")["provider"].nunique().max() == 1
