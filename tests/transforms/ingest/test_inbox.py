"""What a person who drops files into the folder can rely on."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import fsspec
import pytest

from tests.transforms.ingest.conftest import STAMP, Inbox
from tests.transforms.ingest.made_exports import SAMPLES, SITE, ahrefs, search_console_zip, semrush, semrush_row
from transforms.errors import BadInputError, UsageError
from transforms.ingest.formats import all_formats
from transforms.ingest.inbox import discover, is_known, read_calendar


def test_every_format_has_a_sample() -> None:
    assert {declared.name for declared in all_formats()} == set(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_each_format_is_recognised_by_content_under_any_name(inbox: Inbox, name: str) -> None:
    outcome = inbox.read_only(f"{SITE}/bestand.dat", SAMPLES[name][1])
    assert (outcome.format, outcome.status) == (name, "loaded")
    assert outcome.rejected_count == 0
    assert outcome.row_count == outcome.loaded_count + outcome.merged_count + outcome.passed_over_count
    unknown = inbox.rows("SELECT unknown_columns FROM ingest.export_files WHERE unknown_columns IS NOT NULL")
    assert unknown == []


def test_same_file_twice_does_nothing(inbox: Inbox) -> None:
    first = inbox.read_only(f"{SITE}/links.csv", semrush(semrush_row(), semrush_row("https://b.example/")))
    before = inbox.rows("SELECT * FROM staging.link_observations ORDER BY ALL")
    again = inbox.read()[f"{SITE}/links.csv"]
    assert not first.is_already_known
    assert again.is_already_known
    assert (again.file_id, again.row_count, again.kinds) == (first.file_id, 2, ())
    assert inbox.rows("SELECT * FROM staging.link_observations ORDER BY ALL") == before
    assert inbox.rows("SELECT count(*) FROM ingest.export_files") == [(1,)]


def test_renamed_copy_is_known_and_keeps_its_first_path(inbox: Inbox) -> None:
    inbox.read_only(f"{SITE}/b.csv", semrush())
    inbox.put(f"{SITE}/archief/a copy (1).csv", semrush())
    outcomes = inbox.read()
    assert all(outcome.is_already_known for outcome in outcomes.values())
    assert inbox.rows("SELECT path FROM ingest.export_files") == [(f"{SITE}/b.csv",)]


def test_same_content_for_another_site_is_another_file(inbox: Inbox) -> None:
    one = inbox.read_only("dag.csv", SAMPLES["search_console_daily"][1], site="een.example")
    two = inbox.read(site="twee.example")["dag.csv"]
    assert one.file_id != two.file_id
    assert inbox.rows("SELECT DISTINCT site_domain FROM staging.performance_observations ORDER BY 1") == [
        ("een.example",),
        ("twee.example",),
    ]


def test_file_without_site_waits_and_is_forgotten_once_it_is_loaded(inbox: Inbox) -> None:
    waiting = inbox.read_only("Zoekopdrachten.csv", SAMPLES["search_console_queries"][1])
    assert waiting.status == "set_aside"
    assert "folder named" in (waiting.reason or "")
    loaded = inbox.read(site=SITE)["Zoekopdrachten.csv"]
    assert loaded.status == "loaded"
    assert inbox.rows("SELECT status FROM ingest.export_files") == [("loaded",)]
    assert inbox.read()["Zoekopdrachten.csv"].is_already_known


def test_set_aside_file_stays_set_aside_without_a_new_row(inbox: Inbox) -> None:
    first = inbox.read_only(f"{SITE}/x.csv", "Domain Name,Status,SZ Score,Spam message,Active History,Domain Age\n")
    again = inbox.read()[f"{SITE}/x.csv"]
    assert first.reason == "this looks like SpamZilla domains; this version does not read it yet"
    assert (first.status, first.is_already_known, again.is_already_known) == ("set_aside", False, True)
    assert inbox.rows("SELECT count(*) FROM ingest.export_files") == [(1,)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        ("naam,leeftijd\nJan,3\n", "no format known for the header 'naam', 'leeftijd'"),
        ("URL,UR,Traffic,Traffic value,Referring domains,Keywords,Top keyword\n", "Ahrefs top pages"),
        ("Date,Not indexed,Indexed,Impressions\n", "Search Console page indexing"),
        ("Top pages,Clicks,Impressions,CTR\n", "on Discover or News"),
        ("Time (UTC+01:00),Clicks,Impressions,CTR,Position\n", "by hour (the 24-hour view"),
        ("Date,Last 7 days Clicks,Previous 7 days Clicks\n", "comparison of two periods by day"),
        ("Name,Source,TF,CF,Majestic BL,Majestic RD\n", "SpamZilla domains"),
        (b"\x00\x01\x02\x03PK\x00\x00" * 9, "no format known"),
        ("Top queries,Last 7 days Clicks,Previous 7 days Clicks\n", "comparison of two periods"),
    ],
)
def test_what_is_not_read_says_why(inbox: Inbox, content: bytes | str, said: str) -> None:
    outcome = inbox.read_only(f"{SITE}/x.csv", content)
    assert outcome.status == "set_aside"
    assert said in (outcome.reason or "")
    assert (outcome.row_count, outcome.kinds) == (0, ())


def test_broken_containers_are_outcomes_not_errors(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/a.zip", b"geen zip")
    inbox.put(f"{SITE}/b.xlsx", b"geen werkboek")
    outcomes = inbox.read()
    assert {outcome.status for outcome in outcomes.values()} == {"set_aside"}
    assert all("cannot be opened" in (outcome.reason or "") for outcome in outcomes.values())


def test_missing_column_names_missing_and_found(inbox: Inbox) -> None:
    text = semrush().decode().replace("Target url", "Doel")
    outcome = inbox.read_only(f"{SITE}/x.csv", text)
    assert outcome.status == "set_aside"
    assert "missing required column 'Target url'; found 'Page ascore', 'Source title'" in (outcome.reason or "")


def test_unknown_column_is_recorded_and_read_past(inbox: Inbox) -> None:
    lines = semrush().decode().splitlines()
    text = "\n".join([f"{lines[0]},Nieuw ding", f"{lines[1]},x"])
    outcome = inbox.read_only(f"{SITE}/x.csv", text)
    assert (outcome.status, outcome.loaded_count) == ("loaded", 1)
    assert inbox.rows("SELECT unknown_columns FROM ingest.export_files") == [("Nieuw ding",)]


def test_forced_format_says_what_it_lacks(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/x.csv", semrush(), format_name="ahrefs_backlinks")
    assert outcome.status == "set_aside"
    assert "not ahrefs_backlinks: it lacks 'Referring page URL'" in (outcome.reason or "")
    with pytest.raises(UsageError, match="no such format"):
        discover(str(inbox.folder), format_name="bestaat_niet")


def test_discover_lists_everything_sorted_and_skips_hidden_and_caches(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/b.csv", semrush())
    inbox.put(f"{SITE}/a.csv", ahrefs())
    inbox.put("lijst.txt", "x\n")
    inbox.put(f"{SITE}/.verborgen.csv", semrush())
    inbox.put("__pycache__/c.csv", semrush())
    found = discover(str(inbox.folder))
    assert [(file.path, file.format, file.feed) for file in found] == [
        ("lijst.txt", None, "backlinks"),
        (f"{SITE}/a.csv", "ahrefs_backlinks", "backlinks"),
        (f"{SITE}/b.csv", "semrush_backlinks", "backlinks"),
    ]


def test_nothing_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nothing there"):
        discover(str(tmp_path / "nergens"))


def test_exports_may_be_one_file_several_folders_or_memory(inbox: Inbox) -> None:
    one = inbox.put(f"{SITE}/b.csv", semrush())
    two = inbox.put("andersite.nl/Chart.csv", SAMPLES["search_console_daily"][1])
    assert [file.path for file in discover(str(one))] == ["b.csv"]
    assert discover(str(one))[0].site_domain == SITE
    found = discover([str(two.parent), str(one.parent)])
    assert [(file.path, file.site_domain) for file in found] == [("Chart.csv", "andersite.nl"), ("b.csv", SITE)]
    memory = fsspec.filesystem("memory")
    memory.pipe(f"/uitvoer/{SITE}/b.csv", semrush())
    try:
        arrived = discover("memory://uitvoer")
        assert [file.path for file in arrived] == [f"{SITE}/b.csv"]
        assert inbox.read_one(arrived[0]).loaded_count == 1
    finally:
        memory.rm("/uitvoer", recursive=True)


def test_two_thousand_files_are_found_quickly_and_by_feed(inbox: Inbox) -> None:
    for number in range(1000):
        inbox.put(f"site{number}.example/links.csv", semrush(semrush_row(target=f"https://site{number}.example/")))
        inbox.put(f"site{number}.example/Chart.csv", SAMPLES["search_console_daily"][1])
    began = datetime.datetime.now(tz=datetime.UTC)
    found = discover(str(inbox.folder))
    took = datetime.datetime.now(tz=datetime.UTC) - began
    assert [sum(file.feed == feed for file in found) for feed in ("backlinks", "rankings")] == [1000, 1000]
    assert took < datetime.timedelta(seconds=30)


def test_calendar_fills_events_of_all_sites(inbox: Inbox) -> None:
    inbox.connection.execute("BEGIN")
    outcome = read_calendar(inbox.connection, ingested_at=STAMP)
    inbox.connection.execute("COMMIT")
    assert (outcome.format, outcome.status, outcome.kinds) == ("event_calendar", "loaded", ("event_observations",))
    assert outcome.site_domain is None
    assert outcome.loaded_count == outcome.row_count > 50


def test_day_of_the_export(inbox: Inbox) -> None:
    row = semrush_row(last="2026-02-01")
    cases = {
        f"{SITE}/links_2026-02-03.csv": ("2026-02-03", "file_name"),
        f"{SITE}/2026-02-04/links.csv": ("2026-02-04", "file_name"),
        f"{SITE}/links_2026-01-03.csv": ("2026-02-01", "content"),
        f"{SITE}/links.csv": ("2026-02-01", "content"),
    }
    for number, path in enumerate(cases):
        inbox.put(path, semrush(row, semrush_row(f"https://b{number}.example/", last="2026-01-09")))
    old = inbox.put(f"{SITE}/Landen.csv", SAMPLES["search_console_countries"][1])
    os.utime(old, (1_769_000_000, 1_769_000_000))
    inbox.read()
    found = inbox.rows("SELECT path, CAST(exported_on AS VARCHAR), exported_on_source FROM ingest.export_files")
    expected = {**cases, f"{SITE}/Landen.csv": ("2026-01-21", "file_modified")}
    assert {path: (day, source) for path, day, source in found} == expected


def test_row_cap_marks_the_file_truncated(inbox: Inbox) -> None:
    rows = "\n".join(f"vraag {number},1,2,50%,3" for number in range(1000))
    text = f"Top queries,Clicks,Impressions,CTR,Position\n{rows}"
    assert inbox.read_only(f"{SITE}/Queries.csv", text).is_truncated
    assert not inbox.read_only(f"{SITE}/Queries.csv", f"{text}\nnog een,1,2,50%,3").is_truncated


def test_zip_members_are_known_when_they_lie_beside_it_unpacked(inbox: Inbox) -> None:
    from tests.transforms.ingest.made_exports import SEARCH_CONSOLE

    for name, text in SEARCH_CONSOLE["en"].items():
        inbox.put(f"{SITE}/los/{name}", text)
    inbox.put(f"{SITE}/zip/https___{SITE}_-Performance-on-Search-2026-01-05.zip", search_console_zip())
    outcomes = inbox.read()
    assert len(outcomes) == 14
    assert sum(outcome.is_already_known for outcome in outcomes.values()) == 7


def test_file_that_is_gone_when_it_is_read_is_an_outcome(inbox: Inbox) -> None:
    gone = inbox.put(f"{SITE}/links.csv", semrush())
    broken = inbox.put(f"{SITE}/search.zip", search_console_zip())
    found = discover(str(inbox.folder))
    gone.unlink()
    broken.write_bytes(b"geen zip meer")
    outcomes = [inbox.read_one(arrived) for arrived in found]
    assert {outcome.status for outcome in outcomes} == {"set_aside"}
    assert all("cannot be opened" in (outcome.reason or "") for outcome in outcomes)


def test_is_known_says_whether_reading_would_change_anything(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/links.csv", semrush(semrush_row()))
    inbox.put(f"{SITE}/notes.txt", "no export\n")
    before = discover(str(inbox.folder))
    assert [is_known(inbox.connection, file) for file in before] == [False, False]
    inbox.read()
    assert [is_known(inbox.connection, file) for file in before] == [True, True]
    inbox.put(f"{SITE}/links.csv", semrush(semrush_row(), semrush_row(anchor="another")))
    assert [is_known(inbox.connection, file) for file in discover(str(inbox.folder))] == [False, True]
