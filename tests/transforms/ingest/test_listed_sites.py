"""sites.toml as rows: where each site stands, and which exports are expected of it."""

from __future__ import annotations

import pytest

from tests.transforms.text_tables import check, fill, open_memory
from transforms.ingest.listed_sites import unlisted_sites, write_listed_sites
from transforms.site_list import load_site_list


@pytest.fixture
def warehouse():
    """A warehouse in memory with exports of three sites."""
    connection = open_memory()
    fill(
        connection,
        "ingest.export_files",
        """
        site_domain | status
        goed.nl     | loaded
        kapot.nl    | loaded
        weg.nl      | loaded
        """,
    )
    yield connection
    connection.close()


def write(connection, tmp_path, text):
    path = tmp_path / "sites.toml"
    path.write_text(text, encoding="utf-8")
    return write_listed_sites(connection, load_site_list(path))


def test_the_allow_list_has_owned_domains_as_well(warehouse, tmp_path):
    for allowed in ('["www.Krant.nl", "anna.platform.example"]', "[]"):
        write(
            warehouse,
            tmp_path,
            f"""
[[site]]
domain = "goed.nl"
owned_domains = ["goed.be", "goed.nl"]
allowed_domains = {allowed}
""",
        )
        found = warehouse.execute("SELECT * FROM ingest.allowed_domains ORDER BY 2").fetchall()
        named = [("anna.platform.example", False), ("goed.be", True), ("krant.nl", False)]
        expected = named if "krant" in allowed.lower() else [("goed.be", True)]
        assert found == [("goed.nl", *row) for row in expected]


def test_competitors_are_those_of_the_last_list(warehouse, tmp_path):
    write(warehouse, tmp_path, '[[site]]\ndomain = "goed.nl"\ncompetitors = ["weg.nl", "goed.nl"]\n')
    assert warehouse.execute("SELECT * FROM ingest.competitors").fetchall() == [("goed.nl", "weg.nl")]
    write(warehouse, tmp_path, '[[site]]\ndomain = "goed.nl"\n')
    assert warehouse.execute("SELECT * FROM ingest.competitors").fetchall() == []


def test_a_site_is_listed_faulty_or_unlisted(warehouse, tmp_path):
    standings = write(
        warehouse,
        tmp_path,
        """
[[site]]
domain = "goed.nl"
feeds.search_console.cadence = "daily"
feeds.semrush_audit.grace_days = 0
[[site]]
domain = "https://www.kapot.nl/"
language = "Dutch"
[[site]]
domain = "nieuw.nl"
""",
    )
    assert standings == {"goed.nl": "listed", "kapot.nl": "faulty", "nieuw.nl": "listed", "weg.nl": "unlisted"}
    assert unlisted_sites(warehouse) == {"weg.nl"}
    found = dict(warehouse.execute("SELECT site_domain, problem FROM ingest.listed_sites").fetchall())
    assert "without https://" in found["kapot.nl"]
    assert "a language such as" in found["kapot.nl"]
    assert found["goed.nl"] is None
    check(
        warehouse,
        "ingest.listed_feeds",
        """
        site_domain | provider       | cadence | allowed_days
        goed.nl     | search_console | daily   | 4
        goed.nl     | semrush_audit  | weekly  | 7
        """,
    )


def test_without_the_file_every_site_is_inferred_and_nothing_of_an_earlier_list_stays(warehouse, tmp_path):
    write(warehouse, tmp_path, '[[site]]\ndomain = "goed.nl"\nfeeds.search_console = {}\n')
    standings = write_listed_sites(warehouse, load_site_list(tmp_path / "no.toml"))
    assert standings == {"goed.nl": "inferred", "kapot.nl": "inferred", "weg.nl": "inferred"}
    assert unlisted_sites(warehouse) == frozenset()
    assert warehouse.execute("SELECT count(*) FROM ingest.listed_feeds").fetchall() == [(0,)]


def test_a_site_with_a_good_entry_and_a_second_bad_one_is_listed(warehouse, tmp_path):
    text = '[[site]]\ndomain = "goed.nl"\n[[site]]\ndomain = "goed.nl"\nlanguage = "Dutch"\n'
    assert write(warehouse, tmp_path, text)["goed.nl"] == "listed"


def test_sites_of_one_owner_share_a_name_and_the_others_have_none(warehouse, tmp_path):
    write(
        warehouse,
        tmp_path,
        """
[[site]]
domain = "goed.nl"
group = "Kaasmakers"
owner = "Anna"
[[site]]
domain = "nieuw.nl"
owned_domains = ["derde.nl"]
[[site]]
domain = "derde.nl"
group = "Kaasmakers"
[[site]]
domain = "los.nl"
owner = "Anna"
[[site]]
domain = "vierde.nl"
group = "Bakkers"
""",
    )
    found = dict(warehouse.execute("SELECT site_domain, owner_group FROM ingest.listed_sites").fetchall())
    assert found["goed.nl"] == found["nieuw.nl"] == found["derde.nl"] is not None
    assert found["vierde.nl"] not in {None, found["goed.nl"]}
    assert found["los.nl"] is None, "who looks after a site is not whose it is"
