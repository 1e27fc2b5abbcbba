"""Which day is assessed: the newest export's, a day that has come, and for one site the day the others stand at."""

import pytest

from penalty_radar.as_of import assessed_day, choose_as_of
from transforms.errors import BadInputError, UsageError
from transforms.settings import Settings
from transforms.warehouse import open_writer


@pytest.fixture
def settings(tmp_path):
    return Settings(exports=str(tmp_path), warehouse=tmp_path / "warehouse.duckdb")


def load(settings, *exports, stands=()):
    """Ledger rows (site, day, where the day comes from), and the day each site stands at."""
    with open_writer(settings.warehouse) as connection:
        for site, day, source in exports:
            connection.execute(
                "INSERT INTO ingest.export_files BY NAME SELECT ? AS site_domain, CAST(? AS DATE) AS exported_on, "
                "? AS exported_on_source, 'ahrefs' AS provider, 'loaded' AS status",
                [site, day, source],
            )
        for site, day in stands:
            connection.execute("INSERT INTO staging.known_days VALUES (?, CAST(? AS DATE))", [site, day])


A, B = "a.example", "b.example"
BOTH = ((A, "2026-03-01", "content"), (B, "2026-03-02", "file_name"))


def test_the_newest_export_gives_the_day(settings):
    with pytest.raises(BadInputError, match="no export that could be read"):
        choose_as_of(settings)
    load(settings, *BOTH, (A, "2026-05-09", "file_modified"))
    assert choose_as_of(settings) == "2026-03-02", "a day of modification must not move the night"
    assert choose_as_of(settings, as_of="2026-02-01") == "2026-02-01"


def test_a_day_of_modification_is_better_than_none(settings):
    load(settings, (A, "2026-05-09", "file_modified"))
    assert choose_as_of(settings) == "2026-05-09"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"as_of": "soon"}, "a date such as"),
        ({"as_of": "2962-01-01"}, "a day that has come"),
        ({"site": "c.example"}, "one of a.example, b.example"),
        ({"site": A, "as_of": "2026-03-03"}, "2026-03-02, the day the other sites stand at"),
    ],
)
def test_what_cannot_be_meant_is_refused(settings, asked, words):
    load(settings, *BOTH, stands=[(A, "2026-03-02"), (B, "2026-03-02")])
    with pytest.raises(UsageError, match=words):
        choose_as_of(settings, **asked)


def test_one_site_is_redone_on_the_day_the_others_stand_at(settings):
    load(settings, *BOTH, (A, "2026-03-09", "content"), stands=[(A, "2026-03-02"), (B, "2026-03-02")])
    assert choose_as_of(settings, site=A) == "2026-03-02"
    assert choose_as_of(settings) == "2026-03-09"


def test_report_and_alerts_speak_of_the_day_the_warehouse_stands_at(settings):
    with pytest.raises(BadInputError, match="no day was assessed"):
        assessed_day(settings)
    load(settings, *BOTH, stands=[(A, "2026-03-01"), (B, "2026-03-01")])
    assert assessed_day(settings) == assessed_day(settings, as_of="2026-03-01") == "2026-03-01"
    with pytest.raises(UsageError, match="2026-03-01, the day the warehouse stands at"):
        assessed_day(settings, as_of="2026-03-02")
