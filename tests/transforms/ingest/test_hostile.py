"""Files that break, lie or attack: bounded, with a reason, and the rest of the folder goes on."""

from __future__ import annotations

import gzip
import io
import struct
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.fuzz.fuzz_targets import TARGETS, named
from tests.fuzz.seed_files import workbook
from tests.transforms.ingest.conftest import Inbox
from tests.transforms.ingest.made_containers import ods_of, workbook_of, zipped
from tests.transforms.ingest.made_exports import SITE, ahrefs, semrush, semrush_row
from transforms.ingest import archives, bounds, parquet_files, workbooks
from transforms.ingest.bounds import MIB, ContentError
from transforms.ingest.contents import list_contents, open_content
from transforms.ingest.countries import country_of
from transforms.ingest.days import period_in
from transforms.ingest.decoding import LONGEST_RECORD
from transforms.ingest.formats.registry import format_named
from transforms.ingest.workbook_reach import reach_of_sheet

FINDINGS = sorted((Path(__file__).parent / "fuzz_findings").iterdir())
PATH = f"{SITE}/x"


def reasons(inbox: Inbox, name: str, content: bytes) -> dict[str, str]:
    """Why each content of that file is set aside, by display path; a good file beside it is always read."""
    good = inbox.put(f"{SITE}/goed.csv", semrush())
    inbox.put(f"{SITE}/{name}", content)
    outcomes = inbox.read()
    assert outcomes.pop(f"{SITE}/{good.name}").loaded_count == 1
    return {path: outcome.reason or "" for path, outcome in outcomes.items() if outcome.status == "set_aside"}


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: path.name)
def test_what_the_fuzzer_found_stays_mended(finding: Path) -> None:
    target, _, _ = finding.name.partition("-")
    assert named(finding.read_bytes())[1]
    TARGETS[target](finding.read_bytes())


def test_gzip_is_one_content_without_its_ending(inbox: Inbox) -> None:
    inbox.put(f"{SITE}/links_2026-02-03.csv.gz", gzip.compress(semrush()))
    inbox.put(f"{SITE}/gewoon.csv", semrush())
    inbox.put("pak.zip", zipped({f"{SITE}/links.csv.gz": gzip.compress(semrush(), mtime=0)}))
    outcomes = inbox.read()
    assert len(outcomes) == 3
    assert len({outcome.file_id for outcome in outcomes.values()}) == 1


def test_broken_gzip(inbox: Inbox) -> None:
    packed = gzip.compress(semrush(*[semrush_row(f"https://a{number}.example/") for number in range(5000)]))
    [said] = reasons(inbox, "x.csv.gz", packed[: len(packed) // 2]).values()
    assert "cannot be" in said
    assert "zero bytes" in reasons(inbox, "x.csv.gz", gzip.compress(b""))[f"{PATH}.csv.gz"]
    assert "not what its name says (.gz)" in reasons(inbox, "x.csv.gz", b"a,b\n")[f"{PATH}.csv.gz"]


def test_gzip_and_zip_bombs(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "FREE_UNPACKED_BYTES", 1 << 20)
    bomb = semrush() + b"\n" * (1 << 22)
    assert "zip bomb" in reasons(inbox, "x.csv.gz", gzip.compress(bomb))[f"{PATH}.csv.gz"]
    assert "zip bomb" in reasons(inbox, "x.zip", zipped({"links.csv": bomb}))[f"{PATH}.zip"]
    # The sizes of this one are a lie: what is read ends where the zip says, and its sum is then wrong.
    lying = zipped({"links.csv": bomb}).replace(struct.pack("<L", len(bomb)), struct.pack("<L", 500))
    assert "Bad CRC" in reasons(inbox, "x.zip", lying)[f"{PATH}.zip/links.csv"]


def test_member_counts_and_lists_are_bounded(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = zipped({f"{number:050}.csv": b"x" for number in range(300)})
    monkeypatch.setattr(archives, "MOST_MEMBERS", 200)
    assert "300 members" in reasons(inbox, "x.zip", packed)[f"{PATH}.zip"]
    monkeypatch.setattr(archives, "MOST_DIRECTORY_BYTES", 10_000)
    assert "list of members is longer" in reasons(inbox, "x.zip", packed)[f"{PATH}.zip"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/cron.d/links.csv", "etc/cron.d/links.csv (not opened)"),
        ("/etc/links.csv", "etc/links.csv (not opened)"),
        ("..\\links.csv", "links.csv (not opened)"),
        ("C:\\links.csv", "C:/links.csv (not opened)"),
        ("a\x1b[2Jb.csv", "a\ufffd[2Jb.csv (not opened)"),
    ],
)
def test_members_whose_names_point_elsewhere(inbox: Inbox, name: str, shown: str) -> None:
    found = reasons(inbox, "x.zip", zipped({name: semrush(), "map/goed.csv": semrush()}))
    assert list(found) == [f"{PATH}.zip/{shown}"]
    assert "not opened" in found[f"{PATH}.zip/{shown}"]


def test_member_names_that_are_there_twice(inbox: Inbox) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for number in range(3):
            archive.writestr("links.csv", semrush(semrush_row(f"https://a{number}.example/")))
    found = reasons(inbox, "x.zip", packed.getvalue())
    assert (
        list(found) == [f"{PATH}.zip/links.csv (not opened)", f"{PATH}.zip/links.csv (not opened) 2"] or len(found) == 2
    )
    assert all("later member" in said for said in found.values())
    assert inbox.rows("SELECT DISTINCT source_host FROM observed_links ORDER BY 1") == [
        ("a2.example",),
        ("www.kaasblog.nl",),
    ]


def test_containers_in_containers_and_locked_members(inbox: Inbox) -> None:
    locked = bytearray(zipped({"op_slot.csv": semrush()}))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in reasons(inbox, "x.zip", bytes(locked))[f"{PATH}.zip/op_slot.csv (not opened)"]
    inside = {"in.zip": zipped({"a.csv": b"x"}), "in.xlsx": workbook((("a",),)), "leeg.csv": b""}
    found = reasons(inbox, "x.zip", zipped(inside))
    assert "inside another one" in found[f"{PATH}.zip/in.zip"]
    assert "inside another one" in found[f"{PATH}.zip/in.xlsx"]
    assert "zero bytes" in found[f"{PATH}.zip/leeg.csv"]
    assert "no file in it" in reasons(inbox, "x.zip", zipped({}))[f"{PATH}.zip"]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_half_uploaded_containers(inbox: Inbox, share: float) -> None:
    for name, content in {"x.zip": zipped({"links.csv": semrush()}), "x.xlsx": workbook((("a", "b"),))}.items():
        found = reasons(inbox, name, content[: int(len(content) * share)])
        assert "cannot be opened" in found[f"{SITE}/{name}"]
        (inbox.folder / SITE / name).unlink()


def test_workbook_whose_cells_reach_too_far_or_that_unpacks_to_too_much(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "1,048,576 rows and 16,384 columns" in reasons(inbox, "x.xlsx", workbook_of(far))[f"{PATH}.xlsx"]
    row = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell {}/></table:table-row>'
    filled = row.format('table:number-columns-repeated="16384" office:value-type="float" office:value="1"')
    assert "1,048,576 rows" in reasons(inbox, "x.ods", ods_of(filled))[f"{PATH}.ods"]
    monkeypatch.setattr(workbooks, "MOST_WORKBOOK_BYTES", 10_000)
    assert "unpacked" in reasons(inbox, "x.xlsx", workbook_of("<row/>" * 5_000))[f"{PATH}.xlsx"]


def test_empty_rows_below_a_table_are_no_reach(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = f"<table:table-row>{cell.format('a')}{cell.format('b')}</table:table-row>" + (
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    (tmp_path / "x.ods").write_bytes(ods_of(rows))
    [found] = list_contents(str(tmp_path))
    assert (found.problem, found.head) == (None, b"a,b\n")


def test_xls_that_is_something_else(inbox: Inbox) -> None:
    outcome = inbox.read_only(f"{SITE}/export.csv.xls", ahrefs())
    assert (outcome.format, outcome.status) == ("ahrefs_backlinks", "loaded")
    page = b"<html><body><table><tr><td>Keyword</td></tr></table></body></html>"
    assert "a web page (HTML)" in reasons(inbox, "x.xls", page)[f"{PATH}.xls"]
    assert (
        "cannot be opened" in reasons(inbox, "x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)[f"{PATH}.xls"]
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Keyword,Position\nkaas,3\n".encode("utf-32"), "UTF-32"),
        (b"%PDF-1.7\n", "PDF"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (bytes(range(1, 32)) * 40, "not text"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 9, "not text"),
        (b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>', "entities"),
        (b'{"error": {"code": 403, "message": "forbidden"}}', "403 forbidden"),
    ],
)
def test_what_can_be_no_export_says_so(inbox: Inbox, content: bytes, said: str) -> None:
    assert said in reasons(inbox, "x.csv", content)[f"{PATH}.csv"]


def test_a_single_line_of_two_hundred_megabytes_is_set_aside(inbox: Inbox) -> None:
    long = inbox.put(f"{SITE}/lang.csv", semrush())
    with long.open("ab") as growing:
        for _ in range(200):
            growing.write(b"x" * (1 << 20))
    outcome = inbox.read()[f"{SITE}/lang.csv"]
    assert outcome.status == "set_aside"
    assert f"longer than {LONGEST_RECORD:,} characters" in (outcome.reason or "")


def test_row_of_bing_with_quotes_that_were_not_doubled_is_loaded(inbox: Inbox) -> None:
    row = semrush_row(anchor="de beste kaas").split(",")
    quoted = ",".join(f'"{cell}"' for cell in row).replace("de beste kaas", 'de "beste" kaas')
    outcome = inbox.read_only(f"{SITE}/x.csv", semrush(semrush_row("https://b.example/"), quoted))
    assert (outcome.loaded_count, outcome.rejected_count) == (2, 0)
    assert ('de "beste" kaas',) in inbox.rows("SELECT anchor_text FROM staging.link_observations")


def test_names_that_other_libraries_would_take_for_patterns(inbox: Inbox) -> None:
    for name in ("a::b.csv", "links [2026]*.csv", "vraag?.csv", "100%25.csv", "~ x#1.csv"):
        assert (
            inbox.read_only(f"{SITE}/{name}", semrush(semrush_row(f"https://{len(name)}.example/"))).loaded_count == 1
        )


def test_error_while_unpacking_is_a_content_error() -> None:
    stream = bounds.LimitedStream(io.BytesIO(b"x" * 10), 5, "te veel")
    with pytest.raises(ContentError, match="te veel"):
        stream.read()


def test_members_open_where_other_folders_share_their_name(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped({"a/links.csv": b"a,b\n1,2\n", "b/links.csv": b"a,b\n3,4\n"}))
    texts = []
    for found in list_contents(str(tmp_path)):
        with open_content(found.address, found.member) as stream:
            texts.append((found.path, found.folders[0], stream.read()))
    assert texts == [
        ("x.zip/a/links.csv", "a", b"a,b\n1,2\n"),
        ("x.zip/b/links.csv", "b", b"a,b\n3,4\n"),
    ]


WIDE_ROW = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>'
LOW_ROW = '<row r="1048576"><c{}><v>1</v></c></row>'


@pytest.mark.parametrize(
    "low",
    ["", '\nr\n=\n"A1048576"', ' x=">" r="A1048576"', ' x=" r=\'A1\'" r="A1048576"', ' r="A00000001048576"'],
    ids=["no name", "line ends", "a tag's end in a value", "a name in a value", "leading zeros"],
)
def test_no_way_of_writing_a_cell_hides_how_far_it_stands(inbox: Inbox, low: str) -> None:
    found = reasons(inbox, "x.xlsx", workbook_of(WIDE_ROW + LOW_ROW.format(low)))
    assert "1,048,576 rows and 16,384 columns" in found[f"{PATH}.xlsx"]


def test_a_sheet_that_lies_elsewhere_in_the_workbook_is_looked_at_too(inbox: Inbox) -> None:
    whole = workbook_of(WIDE_ROW + LOW_ROW.format(' r="A1048576"'))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    links = parts.pop("xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"elders/blad.xml")
    moved = {**parts, "xl/_rels/workbook.xml.rels": links, "xl/elders/blad.xml": parts.pop("xl/worksheets/sheet1.xml")}
    assert "1,048,576 rows" in reasons(inbox, "x.xlsx", zipped(moved))[f"{PATH}.xlsx"]


def test_a_row_that_is_only_formatted_is_no_reach(tmp_path: Path) -> None:
    for name, cell in {"a": '<c r="A1"><v>1</v></c>', "b": "<c><v>1</v></c>"}.items():
        (tmp_path / f"{name}.xlsx").write_bytes(workbook_of(f'<row r="1">{cell}</row><row r="1048576"/>'))
    assert [content.problem for content in list_contents(str(tmp_path))] == [None, None]
    assert reach_of_sheet(b'<x><sheetData><row r="9"><c/><c r="D9"/><c/></row></sheetData></x>') == (9, 5)


def test_one_long_word_that_a_parquet_file_says_of_every_row_is_held_once(tmp_path: Path) -> None:
    row_count, word = 2_000, "x" * MIB
    said = pa.DictionaryArray.from_arrays(pa.array([0] * row_count, pa.int32()), pa.array([word]))
    pq.write_table(pa.table({"query": said, "clicks": [1] * row_count}), tmp_path / "x.parquet")
    assert (tmp_path / "x.parquet").stat().st_size < MIB
    before = pa.default_memory_pool()
    watched = pa.proxy_memory_pool(before)
    pa.set_memory_pool(watched)
    try:
        with (tmp_path / "x.parquet").open("rb") as stream:
            rows = parquet_files.rows_of(stream)
            assert next(rows) == ["query", "clicks"]
            assert sum(len(row[0]) for row in rows) == row_count * MIB
    finally:
        pa.set_memory_pool(before)
    assert watched.max_memory() < 50 * MIB


def test_a_parquet_file_that_unpacks_to_far_more_than_its_size(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    pq.write_table(pa.table({"query": ["x" * 1_000 + str(at) for at in range(2_000)]}), packed, compression="zstd")
    monkeypatch.setattr(bounds, "FREE_UNPACKED_BYTES", 1_000)
    monkeypatch.setattr(bounds, "MOST_RATIO", 2)
    assert "unpacks to far more than its size" in reasons(inbox, "x.parquet", packed.getvalue())[f"{PATH}.parquet"]


def test_long_rows_are_made_into_text_a_few_at_a_time() -> None:
    chunks = list(workbooks.csv_chunks([["a" * MIB], ["b\nc"]] * 50))
    assert max(map(len, chunks)) < 3 * MIB
    assert b"".join(chunks) == (b"a" * MIB + b'\n"b\nc"\n') * 50


SECONDS = 2.0
"""Far more than each takes; the time of an expression that tries every way to match doubles with each letter."""


def quick(seconds: float = SECONDS) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def test_no_text_makes_an_expression_try_every_way_to_match(inbox: Inbox) -> None:
    header = "Keyword,Visibility,Google" + ".a" * 24 + "! Rank"
    for _ in quick():
        assert "no format known" in reasons(inbox, "x.csv", header.encode())[f"{PATH}.csv"]
    for _ in quick():
        assert "broken inside" in reasons(inbox, "x.xlsx", workbook_of("<c " * 60_000))[f"{PATH}.xlsx"]
        assert "broken inside" in reasons(inbox, "x.ods", ods_of("<table:table-row " * 10_000))[f"{PATH}.ods"]
    for _ in quick():
        assert period_in("a" * 60_000) is None
        assert (
            country_of(format_named("se_ranking_positions"), ("Google " + "()," * 900 + "interface language:",), ())
            is None
        )
