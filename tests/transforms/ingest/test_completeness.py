"""Exports declared complete: what they lack is gone, if nothing speaks against it."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_exports import SAMPLES, SITE, semrush, semrush_row
from tests.transforms.text_tables import KNOWN_LINKS, make
from transforms.ingest.completeness import BY_COMMAND, BY_NAME, PART_OF_ANSWER
from transforms.ingest.inbox import discover

STAYS, GOES = "https://blijft.example/", "https://verdwijnt.example/"
BOTH = semrush(semrush_row(STAYS, last="2026-01-10"), semrush_row(GOES, last="2026-01-10"))


def lost(inbox: Inbox, as_of: str = "2026-12-31") -> list[tuple[str, str]]:
    """Links that are gone, and since when."""
    make(inbox.connection, *KNOWN_LINKS, as_of=as_of)
    return inbox.rows("SELECT source_url, CAST(lost_on AS VARCHAR) FROM staging.links WHERE is_lost ORDER BY 1")


@pytest.mark.parametrize(
    ("name", "is_complete"),
    [
        (f"{SITE}-backlinks.complete.csv", True),
        (f"{SITE}-backlinks-complete.csv.gz", True),
        (f"{SITE} backlinks Complete 2026-02-06.csv", True),
        ("backlinks_COMPLETE_2026-02-19T10_06_17Z.csv", True),
        ("complete (1).csv", True),
        ("complete", True),
        (f"{SITE}-backlinks.csv", False),
        (f"{SITE}-backlinks.incomplete.csv", False),
        (f"{SITE}-backlinks.completed.csv", False),
        ("complete.nl-backlinks.csv", False),
        ("www.complete-winkel.nl-backlinks.csv", False),
        ("complete.nl.csv", False),
        ("complete-overview-backlinks.csv", False),
    ],
)
def test_the_last_word_of_the_name_declares_it(tmp_path: Path, name: str, *, is_complete: bool) -> None:
    (tmp_path / SITE).mkdir()
    (tmp_path / SITE / name).write_bytes(gzip.compress(BOTH) if name.endswith(".gz") else BOTH)
    [file] = discover(str(tmp_path))
    assert file.is_complete is is_complete
    assert (BY_NAME in file.assumptions) is is_complete


def test_a_folder_of_that_name_declares_nothing_and_a_container_does(tmp_path: Path) -> None:
    (tmp_path / f"{SITE}/complete").mkdir(parents=True)
    (tmp_path / f"{SITE}/complete/links.csv").write_bytes(BOTH)
    with zipfile.ZipFile(tmp_path / f"{SITE}/export.complete.zip", "w") as packed:
        packed.writestr("links.csv", BOTH)
    told = {file.path: file.is_complete for file in discover(str(tmp_path))}
    assert told == {f"{SITE}/complete/links.csv": False, f"{SITE}/export.complete.zip/links.csv": True}


@pytest.mark.parametrize(
    "name",
    [
        "ahrefs_api.backlinks.2026-02-06.new-since-2026-01-06.page-1.json",
        "semrush_api.backlinks.2026-02-06.full.page-2.csv",
        "backlinks.new-since-2026-01-06.complete.csv",
    ],
)
@pytest.mark.parametrize("complete", [True, False])
def test_a_part_of_an_answer_is_never_complete(tmp_path: Path, name: str, *, complete: bool) -> None:
    (tmp_path / SITE).mkdir()
    (tmp_path / SITE / name).write_bytes(BOTH)
    [file] = discover(str(tmp_path), complete=complete)
    assert not file.is_complete
    assert (PART_OF_ANSWER in file.assumptions) is (complete or "complete" in name)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_only_exports_of_links_prove_that_something_is_gone(tmp_path: Path, name: str) -> None:
    (tmp_path / SITE).mkdir()
    (tmp_path / SITE / "bestand.dat").write_bytes(SAMPLES[name][1])
    [file] = discover(str(tmp_path), complete=True)
    is_links = file.declared is not None and file.declared.thing == "links"
    assert file.is_complete is is_links
    assert (BY_COMMAND in file.assumptions) is is_links


@pytest.mark.parametrize(("name", "complete"), [("links.complete.csv", False), ("later.csv", True)])
def test_what_a_complete_export_lacks_is_gone_since_its_day(inbox: Inbox, name: str, *, complete: bool) -> None:
    inbox.read_only(f"{SITE}/links.csv", BOTH)
    path = f"{SITE}/{name}"
    outcome = inbox.read_only(path, semrush(semrush_row(STAYS, last="2026-02-10")), complete=complete)
    assert outcome.is_complete
    assert inbox.rows("SELECT path FROM ingest.export_files WHERE is_complete") == [(path,)]
    assert lost(inbox) == [(GOES, "2026-02-10")]
    assert lost(inbox, as_of="2026-02-09") == []


def test_an_ordinary_export_proves_nothing(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/links.csv", BOTH)
    outcome = inbox.read_only(f"{SITE}/later.csv", semrush(semrush_row(STAYS, last="2026-02-10")))
    assert not outcome.is_complete
    assert lost(inbox) == []


def test_a_link_that_comes_back_is_alive_again(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/1.complete.csv", BOTH)
    inbox.read_only(f"{SITE}/2.complete.csv", semrush(semrush_row(STAYS, last="2026-02-10")))
    assert lost(inbox) == [(GOES, "2026-02-10")]
    inbox.read_only(f"{SITE}/3.csv", semrush(semrush_row(GOES, last="2026-03-10")))
    assert lost(inbox) == []
    assert lost(inbox, as_of="2026-03-09") == [(GOES, "2026-02-10")]


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        ([semrush_row(first="gisteren")], "1 rows rejected"),
        ([semrush_row(f"https://blog{at}.example/", last="2026-02-10") for at in range(9_999)], "row cap of 10,000"),
    ],
    ids=["a row that could not be read", "a row cap"],
)
def test_what_speaks_against_it_goes_before_the_declaration(inbox: Inbox, rows: list[str], doubt: str) -> None:
    inbox.read_only(f"{SITE}/links.csv", BOTH)
    content = semrush(semrush_row(STAYS, last="2026-02-10"), *rows)
    outcome = inbox.read_only(f"{SITE}/links.complete.csv", content)
    assert outcome.status == "loaded"
    assert not outcome.is_complete
    assert f"not complete, whatever was declared: {doubt}" in (outcome.reason or "")
    assert lost(inbox) == []
