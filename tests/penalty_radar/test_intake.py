"""Which files a night reads: only new ones, in batches, and of one site only when one site is asked for."""

import pytest

from penalty_radar.intake import ingest_batch, ingest_paths, list_batches, summarise_feed
from transforms.settings import Settings
from transforms.warehouse import open_writer

HEADER = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,"
    "Text,Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link\n"
)
ROW = (
    "20,Stukje,https://blog{number}.example/stuk,https://{site}/,kaas,1,1,false,false,false,true,"
    "false,false,false,false,2026-02-01,2026-03-01,false,false\n"
)


@pytest.fixture
def settings(tmp_path):
    for site in ("kaas.example", "melk.example"):
        folder = tmp_path / "exports" / site
        folder.mkdir(parents=True)
        for number in range(3):
            text = HEADER + ROW.format(number=number, site=site)
            (folder / f"deel{number}.csv").write_text(text, encoding="utf-8")
    return Settings(exports=str(tmp_path / "exports"), warehouse=tmp_path / "warehouse.duckdb", batch_size=4)


def sites(settings):
    with open_writer(settings.warehouse) as connection:
        query = "SELECT site_domain, count(*) FROM staging.link_observations GROUP BY 1 ORDER BY 1"
        return connection.execute(query).fetchall()


def test_new_files_come_in_batches_and_known_ones_not_again(settings):
    batches = list_batches(settings, "backlinks")
    assert [len(batch) for batch in batches] == [4, 2]
    assert list_batches(settings, "rankings") == []
    summary = ingest_batch(settings, batches[0])
    assert (summary["files"], summary["loaded"], summary["rows"], summary["day"]) == (4, 4, 4, "2026-03-01")
    assert list_batches(settings, "backlinks") == batches[1:]


def test_asking_for_one_site_reads_its_files_and_never_others_as_its_own(settings):
    for batch in list_batches(settings, "backlinks", site="kaas.example"):
        ingest_batch(settings, batch)
    assert sites(settings) == [("kaas.example", 3)]


def test_a_given_site_is_taken_for_every_file(settings, tmp_path):
    (tmp_path / "exports" / "melk.example" / "deel0.csv").rename(tmp_path / "los.csv")
    alone = settings.model_copy(update={"exports": str(tmp_path / "los.csv")})
    outcomes = ingest_paths(alone, given_site="melk.example")
    assert [(outcome.site_domain, outcome.loaded_count) for outcome in outcomes] == [("melk.example", 1)]


def test_files_can_be_declared_complete(settings):
    outcomes = ingest_paths(settings, complete=True)
    assert [outcome.is_complete for outcome in outcomes] == [True] * 6


def test_a_feeds_summary_says_until_when_it_was_read_whoever_read_it(settings):
    assert summarise_feed(settings, "backlinks", [])["read_until"] is None
    first, second = list_batches(settings, "backlinks")
    ingest_batch(settings, first)
    read = summarise_feed(settings, "backlinks", [])["read_until"]
    assert read is not None and read == summarise_feed(settings, "backlinks", [])["read_until"]
    ingest_batch(settings, second)
    assert summarise_feed(settings, "backlinks", [])["read_until"] > read
    assert summarise_feed(settings, "rankings", [])["read_until"] is None, "the bundled calendar is no ranking"
