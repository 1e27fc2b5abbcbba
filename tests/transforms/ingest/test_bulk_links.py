"""Links of large plain files are written first and settled after; nothing of a file is there unless all of it is."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from tests.transforms.ingest.conftest import STAMP, Inbox
from tests.transforms.ingest.made_exports import SAMPLES, SITE, semrush, semrush_row
from tests.transforms.ingest.two_ways import read_both_ways
from transforms import pipeline
from transforms.ingest import bulk_links
from transforms.ingest.bulk_links import BulkLinks
from transforms.ingest.formats import all_formats
from transforms.ingest.inbox import discover

LINKS_SAMPLES = sorted(
    declared.name for declared in all_formats() if declared.thing == "links" and declared.name in SAMPLES
)
OBSERVED = "SELECT count(*) FROM staging.link_observations"


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is large enough for the engine's own parsing."""
    monkeypatch.setattr(pipeline, "LEAST_BYTES", 0)


@pytest.mark.parametrize("name", LINKS_SAMPLES)
def test_every_format_of_links_gives_the_same_both_ways(tmp_path: Path, name: str) -> None:
    file_name, content = SAMPLES[name]
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/{file_name}", content)])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert engine.outcomes[0]["loaded_count"] > 0


@pytest.mark.parametrize("complete", [True, False])
def test_a_file_cut_off_by_its_provider_is_known_as_such(tmp_path: Path, *, complete: bool) -> None:
    rows = [semrush_row(f"https://blog{number}.example/") for number in range(10_000)]
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", semrush(*rows))], complete=complete)
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert engine.attempts == [1]
    assert engine.outcomes[0]["truncated_by"] == "row cap of 10,000"
    assert engine.outcomes[0]["is_complete"] is False


@pytest.mark.parametrize("complete", [True, False])
def test_a_file_declared_complete_is_so_both_ways(tmp_path: Path, *, complete: bool) -> None:
    exports = [
        (f"{SITE}/een.csv", semrush(semrush_row(), semrush_row("https://weg.example/"))),
        (f"{SITE}/twee.csv", semrush(semrush_row(last="2026-03-01"))),
    ]
    engine, careful = read_both_ways(tmp_path, exports, complete=complete)
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert engine.attempts == [1, 1]
    assert engine.outcomes[1]["is_complete"] is complete


def test_a_day_told_by_rows_beyond_the_head_is_the_day_of_all(tmp_path: Path) -> None:
    days = ["2026-02-01", "2026-02-01", "2026-02-01", "2026-02-07", "2026-02-03"]
    rows = [semrush_row(f"https://blog{number}.example/", last=day) for number, day in enumerate(days)]
    with patch.object(bulk_links, "HEAD_ROWS", 2):
        engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", semrush(*rows))])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert str(engine.outcomes[0]["exported_on"]) == "2026-02-07"
    assert engine.attempts == [1]


def test_the_day_of_a_repeated_row_counts_too(tmp_path: Path) -> None:
    rows = [semrush_row(first="2026-01-01", last=""), semrush_row(first="2026-03-01", last="")]
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", semrush(*rows))])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert str(engine.outcomes[0]["last_day_on"]) == "2026-03-01"


@pytest.mark.parametrize(("about", "status"), [(3, "set_aside"), (2, "loaded")])
def test_rows_about_another_site(tmp_path: Path, about: int, status: str) -> None:
    own = [semrush_row(f"https://blog{number}.example/") for number in range(2)]
    other = [semrush_row(f"https://blog{number}.example/", target="https://elders.nl/") for number in range(about)]
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", semrush(*own, *other))])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert engine.outcomes[0]["status"] == status
    assert bool(engine.left["observations"]) is (status == "loaded")


def test_a_row_that_cannot_be_read_counts_for_no_site(tmp_path: Path) -> None:
    own = [semrush_row(f"https://blog{number}.example/") for number in range(2)]
    other = [semrush_row("https://geen-punt/", target="https://elders.nl/")] * 3
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", semrush(*own, *other))])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert engine.outcomes[0]["loaded_count"] == 2


def test_a_host_spelt_otherwise_is_found_in_a_later_export(tmp_path: Path) -> None:
    spelt = [
        "https://WWW.Kaas.Example:80/x",
        "https://bücher.example/x",
        "https://[2001:db8::1]/x",
        "http://jan:geheim@kaas.example/x",
        "kaas.example/zonder",
    ]
    exports = [
        (f"{SITE}/{number}.csv", semrush(*(semrush_row(address, last=f"2026-02-0{number}") for address in spelt)))
        for number in (1, 2)
    ]
    for read in read_both_ways(tmp_path, exports):
        hosts = {row[0] for row in read.left["hosts"]}
        numbers = {row[5] for row in read.left["observations"]}
        assert hosts == numbers
        assert {row[1:] for row in read.left["hosts"]} == {
            ("www.kaas.example", "kaas.example"),
            ("kaas.example", "kaas.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("2001:db8::1", "2001:db8::1"),
        }


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("kapot")], ids=["interrupted", "a defect"])
def test_what_is_interrupted_leaves_nothing(inbox: Inbox, error: BaseException) -> None:
    inbox.put(f"{SITE}/links.csv", semrush())
    with patch.object(BulkLinks, "settle_rows", side_effect=error), pytest.raises(type(error)):
        inbox.read()
    assert inbox.rows(OBSERVED) == [(0,)]
    assert inbox.rows("SELECT count(*) FROM ingest.export_files") == [(0,)]
    assert inbox.read()[f"{SITE}/links.csv"].loaded_count == 1


@pytest.mark.usefixtures("engine")
def test_an_error_of_the_engine_while_settling_is_read_again(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/links.csv", semrush())
    with patch.object(BulkLinks, "settle_rows", side_effect=duckdb.InvalidInputException("kapot")):
        outcome = inbox.read()[f"{SITE}/links.csv"]
    assert (outcome.status, outcome.loaded_count) == ("loaded", 1)
    assert inbox.rows(OBSERVED) == [(1,)]


@pytest.mark.parametrize("least_bytes", [0, None])
def test_rows_that_a_killed_run_left_are_no_rows_of_the_next(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, least_bytes: int | None
) -> None:
    inbox.put(f"{SITE}/links.csv", semrush(semrush_row(), semrush_row("https://b.example/")))
    [file] = discover(str(inbox.folder))
    monkeypatch.setattr(pipeline, "LEAST_BYTES", 0)
    with (
        pytest.raises(SystemExit),
        patch.object(BulkLinks, "settle_rows", side_effect=SystemExit),
        patch.object(BulkLinks, "withdraw"),
    ):
        pipeline.ingest_file(inbox.connection, file, ingested_at=STAMP)
    assert inbox.rows(OBSERVED) == [(2,)]
    monkeypatch.setattr(pipeline, "LEAST_BYTES", least_bytes)
    assert inbox.read_one(file).loaded_count == 2
    assert inbox.rows(OBSERVED) == [(2,)]


def test_texts_are_not_looked_up_in_what_a_killed_run_left(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/links.csv", semrush())
    inbox.connection.execute("DELETE FROM ingest.export_files")
    inbox.put(f"{SITE}/links.csv", semrush(semrush_row(last="2026-03-01")))
    outcome = inbox.read()[f"{SITE}/links.csv"]
    described = inbox.rows(f"SELECT described_in FROM staging.link_observations WHERE file_id = '{outcome.file_id}'")
    assert described == [(outcome.file_id,)]
