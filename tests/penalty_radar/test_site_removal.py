"""A departing client: every trace of the site goes, nothing of the others does."""

from __future__ import annotations

import datetime
import json
import shutil

import duckdb
import pytest

from penalty_radar import site_removal, walk
from tests.reports.invented_rows import AS_OF, EVERYTHING, LINKS_ONLY
from tests.transforms.text_tables import make, observe_rows
from transforms.schemas import TABLES
from transforms.schemas.table import Table, text
from transforms.settings import Settings
from transforms.warehouse import open_writer, publish_snapshot, snapshot_path, transaction

GONE, STAYS = "vertrokken-klant.nl", "blijvende-klant.nl"
DAY = datetime.date(2026, 11, 15)
VALUES = {
    "DATE": DAY,
    "TIMESTAMP": datetime.datetime(2026, 11, 15, 4),  # noqa: DTZ001 - TIMESTAMP columns are UTC without a zone
    "BIGINT": 1,
    "DOUBLE": 0.5,
    "BOOLEAN": True,
    "EVIDENCE": [],
}


def settings_below(folder):
    return Settings(
        exports=str(folder / "exports"),
        warehouse=folder / "w.duckdb",
        sites=folder / "sites.toml",
        report=folder / "report",
        alerts_file=folder / "alerts.jsonl",
    )


FIRST_IDS = {GONE: 100, STAYS: 200}
"""Links and hosts have numbers; each site has its own."""


def fill_every_table(connection, site):
    """Three rows of the site in every table, with its name in every text; views follow from the tables."""
    for declared in site_removal.stored_tables():
        columns = ", ".join(f'"{name}"' for name in declared.column_names)
        marks = ", ".join("?" for _ in declared.columns)
        owner = "nobody" if declared.name in site_removal.OF_NO_SITE else site
        for number in range(3):
            file_id, own_id = f"{site} file", FIRST_IDS[site] + number
            told = {"site_domain": site, "file_id": file_id, "described_in": file_id, "is_only": False}
            told |= {"link_id": str(own_id), "source_host_id": own_id, "host_id": own_id}
            row = [
                told.get(
                    column.name, f"{owner} {number} {'x' * 500}" if column.type == "VARCHAR" else VALUES[column.type]
                )
                for column in declared.columns
            ]
            connection.execute(f"INSERT INTO {declared.name} ({columns}) VALUES ({marks})", row)


def keep_links_as_observations(connection):
    """Take the invented links of the plain table into what the view of a real warehouse is worked out from."""
    found = connection.execute(
        "SELECT * EXCLUDE (first_observed_on, observation_count, link_number, text_hash) "
        "REPLACE (CAST('0x' || left(md5(link_id), 15) AS BIGINT) AS link_id), site_domain || ' links' AS file_id "
        "FROM staging.links"
    )
    names = [column[0] for column in found.description]
    observe_rows(connection, [dict(zip(names, row, strict=True)) for row in found.fetchall()])
    make(connection, "staging.known_exports", "staging.link_states", as_of=AS_OF.isoformat())
    for declared in TABLES:
        if declared.slice == "view" and declared.name != "staging.links":
            connection.execute(f"DROP TABLE {declared.name}")
    connection.execute("DROP TABLE staging.links")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A warehouse of two sites and its snapshot, to be copied."""
    settings = settings_below(tmp_path_factory.mktemp("filled"))
    with open_writer(settings.warehouse) as connection, transaction(connection):
        for site in (GONE, STAYS):
            fill_every_table(connection, site)
        sample = f'{{"site_domain": "{GONE}"}}'
        connection.executemany(
            "INSERT INTO expectations.failing_rows VALUES (?, 'ingest', 'check', '*', ?, ?)",
            [(DAY, 1, sample), (DAY, 2, "{}")],
        )
    publish_snapshot(settings.warehouse)
    return settings


@pytest.fixture
def two_sites(filled, tmp_path):
    settings = settings_below(tmp_path)
    for file in (filled.warehouse, snapshot_path(filled.warehouse)):
        shutil.copyfile(file, tmp_path / file.name)
    return settings


@pytest.mark.parametrize("declared", TABLES, ids=lambda declared: declared.name)
def test_every_table_tells_whose_its_rows_are(declared):
    assert site_removal.condition_of(declared)


def test_a_table_that_does_not_is_an_error():
    declared = Table(
        name="staging.words", one_row_per="word", description="W.", key=("word",), slice="file",
        columns=(text("word", "A word."),),
    )  # fmt: skip
    with pytest.raises(LookupError, match=r"staging\.words has no site_domain"):
        site_removal.condition_of(declared)


def test_every_row_of_the_site_goes_and_its_bytes_with_them(two_sites):
    files = (two_sites.warehouse, snapshot_path(two_sites.warehouse))
    assert all(GONE.encode() in file.read_bytes() for file in files)
    counted = site_removal.count_rows(two_sites, GONE)
    of_sites = {declared.name for declared in site_removal.stored_tables()} - site_removal.OF_NO_SITE
    assert set(counted) == of_sites
    assert site_removal.purge_warehouse(two_sites, GONE) == counted
    assert not any(GONE.encode() in file.read_bytes() for file in files)
    assert sorted(file.name for file in two_sites.warehouse.parent.iterdir()) == sorted(file.name for file in files)
    with open_writer(two_sites.warehouse) as connection:
        for name in (*of_sites, "staging.links"):
            found = connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            assert found == 3 + (name == "expectations.failing_rows"), name
    assert site_removal.count_rows(two_sites, GONE) == {}


def test_a_table_of_links_alone_is_emptied_by_the_sites_links(two_sites, monkeypatch):
    words = Table(
        name="staging.words", one_row_per="link", description="W.", key=("link_id",), slice="file",
        columns=(text("link_id", "The link."), text("words", "Its words.")),
    )  # fmt: skip
    with open_writer(two_sites.warehouse) as connection:
        connection.execute(words.create_statement())
        connection.execute("INSERT INTO staging.words SELECT link_id, 'x' FROM staging.links")
        assert connection.execute("SELECT count(*) FROM staging.words").fetchall() == [(6,)]
    monkeypatch.setattr(site_removal, "TABLES", (*TABLES, words))
    assert site_removal.purge_warehouse(two_sites, GONE)["staging.words"] == 3
    with open_writer(two_sites.warehouse) as connection:
        found = connection.execute("SELECT link_id FROM staging.words ORDER BY 1").fetchall()
    assert found == [("200",), ("201",), ("202",)]


def test_a_host_that_links_to_another_site_too_stays(two_sites):
    with open_writer(two_sites.warehouse) as connection:
        connection.execute(
            "UPDATE staging.link_observations SET source_host_id = 100 WHERE site_domain = ? AND link_id = 200", [STAYS]
        )
    assert site_removal.purge_warehouse(two_sites, GONE)["staging.hosts"] == 3
    with open_writer(two_sites.warehouse) as connection:
        hosts = connection.execute("SELECT host_id FROM staging.hosts ORDER BY 1").fetchall()
        links = connection.execute("SELECT link_id FROM staging.links ORDER BY 1").fetchall()
    assert hosts == [(100,), (201,), (202,)]
    assert links == [("200",), ("201",), ("202",)]


def test_its_pages_go_and_the_others_no_longer_name_it(warehouse_file, tmp_path):
    settings = settings_below(tmp_path)
    shutil.copyfile(warehouse_file, settings.warehouse)
    with duckdb.connect(settings.warehouse) as connection, transaction(connection):
        connection.execute("INSERT INTO staging.known_days VALUES (?, ?)", [EVERYTHING, AS_OF])
        keep_links_as_observations(connection)
    walk.build_report(settings, as_of=AS_OF.isoformat())
    assert LINKS_ONLY in (settings.report / "internal/en/index.html").read_text(encoding="utf-8")
    site_removal.purge_warehouse(settings, LINKS_ONLY)
    gone = site_removal.purge_report(settings, LINKS_ONLY)
    folder = f"sites/{LINKS_ONLY}"
    assert {f"{folder}/{language}/{page}.html" for language in ("en", "nl") for page in ("index", "data")} < set(gone)
    assert {name.rpartition("/")[0] for name in gone} == {folder, f"{folder}/data", f"{folder}/en", f"{folder}/nl"}
    naming = [
        page
        for page in settings.report.glob("**/*.*")
        if page.suffix in {".html", ".csv", ".json"} and LINKS_ONLY in page.read_text("utf-8")
    ]
    assert naming == []
    assert (settings.report / f"sites/{EVERYTHING}/en/index.html").is_file()


def test_where_no_site_is_left_no_page_is(two_sites):
    pages = ["internal/en/index.html", f"sites/{GONE}/en/index.html"]
    for page in pages:
        (two_sites.report / page).parent.mkdir(parents=True)
        (two_sites.report / page).write_text(GONE, encoding="utf-8")
    for site in (GONE, STAYS):
        site_removal.purge_warehouse(two_sites, site)
    assert site_removal.purge_report(two_sites, GONE) == pages
    assert list(two_sites.report.glob("**/*.html")) == []


def test_its_files_go_and_a_folder_left_empty_with_them(tmp_path):
    header = "Keyword,Position,Previous position,Search Volume,Keyword Difficulty,CPC,URL\n"
    for site in (GONE, STAYS):
        folder = tmp_path / site
        folder.mkdir()
        (folder / f"{site}-organic.Positions-nl-20261101.csv").write_text(
            f"{header}fiets,3,4,10,1,0.1,https://{site}/\n", encoding="utf-8"
        )
    deleted, kept = site_removal.purge_exports(str(tmp_path), GONE)
    assert [file.rpartition("/")[2] for file in deleted] == [f"{GONE}-organic.Positions-nl-20261101.csv"]
    assert kept == []
    assert [folder.name for folder in tmp_path.iterdir()] == [STAYS]


def test_alerts_of_others_stay(tmp_path):
    from reports.alert_delivery import forget_site

    file = tmp_path / "alerts.jsonl"
    entries = [
        {"alert_id": str(number), "as_of": "2026-11-15", "site_domain": site, "text": [f"about {site}"]}
        for number, site in enumerate((GONE, STAYS, GONE))
    ]
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries) + '{"torn', encoding="utf-8")
    assert forget_site(file, GONE) == 2
    assert [json.loads(line)["alert_id"] for line in file.read_text(encoding="utf-8").splitlines()] == ["1"]
    assert GONE not in file.with_suffix(".txt").read_text(encoding="utf-8")
    assert forget_site(tmp_path / "none.jsonl", GONE) == 0
