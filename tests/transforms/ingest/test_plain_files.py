"""The engine's own parsing of plain files reads what the careful reader reads, or is given up."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.transforms.ingest.conftest import STAMP, Inbox
from tests.transforms.ingest.made_exports import SEMRUSH_HEADER, SITE, line, semrush, semrush_row
from tests.transforms.ingest.two_ways import Read, read_both_ways
from transforms.ingest.inbox import discover, open_file
from transforms.ingest.plain_files import PlainFile, is_every_record
from transforms.schemas import table

ANCHOR_AT = table("staging.links").column_names.index("anchor_text")
COLUMNS = SEMRUSH_HEADER.split(",")
PIECES = [
    "kaas",
    '"',
    '""',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\r",
    " ",
    "é",
    "кaзино",
    "\u2028",
    "\x00",
    "\x0b",
    "'",
    "\\",
    "#",
]
WORDS = st.one_of(
    st.just("oude kaas"),
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=6),
)
SOURCES = st.sampled_from(
    [
        *(f"https://blog{number}.example/stuk" for number in range(4)),
        "https://WWW.Blog1.Example/Stuk",
        "http://jan:geheim@blog2.example:8080/",
        "https://bücher.example/x",
        "https://xn--bcher-kva.example/x",
        "https://blog1.example./",
        "https://blog1.example:443/",
        "blog2.example/zonder",
        "//blog3.example/x",
        "https://[2001:db8::1]/x",
        "https://192.0.2.7/",
        "https://blog1.example/met spatie, en komma",
        " https://blog1.example/ervoor",
        "https://blog1.example/erna ",
        'https://blog1.example/"x"',
        "https://blog1 .example/",
        "mailto:jan@blog.example",
        "localhost",
        "",
        " ",
        "https://xn--/",
        "https://blog1.example/ünï",
    ]
)
TARGETS = st.sampled_from(
    [f"https://{SITE}/"] * 6 + [f"https://www.{SITE}/kaas", f"{SITE}/x", "https://elders.nl/", "/x", ""]
)
DAYS = st.sampled_from(
    ["2026-01-05", "2026-02-01", "2026-02-02", "", " 2026-01-07", "2026-13-01", "gisteren", "2031-01-01", "0001-01-01"]
)
FLAGS = st.sampled_from(["true", "false", "false", "TRUE", "", "ja"])
NUMBERS = st.sampled_from(["12", "0", "100", "101", "-1", "7.5", "1e2", "1_0", "nan", "", " 3", "x", "1,000"])


@st.composite
def cells_of_row(draw: st.DrawFn) -> list[str]:
    """Cells of one record; mostly good ones."""
    good = draw(st.integers(0, 3)) > 0
    cells = dict.fromkeys(COLUMNS, "false")
    cells |= {"Page ascore": "12", "Source title": "Een titel", "External links": "7", "Internal links": "30"}
    cells |= {"Source url": draw(SOURCES), "Target url": f"https://{SITE}/kaas", "Anchor": draw(WORDS)}
    cells |= {"First seen": "2026-01-05", "Last seen": draw(st.sampled_from(["2026-02-01", "2026-02-02", ""]))}
    if not good:
        cells |= {"Page ascore": draw(NUMBERS), "External links": draw(NUMBERS), "Target url": draw(TARGETS)}
        cells |= {"Nofollow": draw(FLAGS), "Lost link": draw(FLAGS), "Source title": draw(WORDS)}
        cells |= {"First seen": draw(DAYS), "Last seen": draw(DAYS)}
    return [cells[name] for name in COLUMNS]


@st.composite
def records(draw: st.DrawFn, delimiter: str) -> str:
    """One record as text: written as it should be, or as it should not."""
    cells = draw(cells_of_row())
    written = draw(
        st.sampled_from(["well"] * 8 + ["quoted"] * 2 + ["raw", "short", "long", "trailing", "odd", "blank"])
    )
    if written == "short":
        cells = cells[: draw(st.integers(1, len(cells) - 1))]
    if written == "long":
        cells = [*cells, draw(st.sampled_from(["", " ", "te veel"]))]
    if written == "raw":
        return delimiter.join(cells)
    if written == "quoted":
        return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells)
    if written == "odd":
        odd = draw(
            st.sampled_from(['"open', ' "kaas"', '"kaas" ', '"a"b', 'a"b', '"', '""', '"""', '"a\r"', '\\"', '"a\\"b"'])
        )
        return delimiter.join([*cells[:4], odd, *cells[5:]])
    if written == "blank":
        return draw(st.sampled_from(["", " ", delimiter * 18, '""', "\r", "\n"]))
    return line(cells, delimiter) + (delimiter if written == "trailing" else "")


@st.composite
def exports(draw: st.DrawFn) -> bytes:
    """One Semrush export, of whatever quality."""
    delimiter = draw(st.sampled_from([",", ",", ";", "\t"]))
    ends = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    rows = draw(st.lists(records(delimiter), min_size=1, max_size=7))
    rows += [row for row in rows if draw(st.integers(0, 5)) == 0]
    text = ends.join([SEMRUSH_HEADER.replace(",", delimiter), *rows]) + draw(
        st.sampled_from([ends, ends, "", ends * 2])
    )
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark"]))
    if encoding == "utf-16-be-mark":
        return b"\xfe\xff" + text.encode("utf-16-be")
    return text.encode(encoding)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(earlier=st.lists(exports(), max_size=1), export=exports())
def test_both_ways_leave_the_same_behind(earlier: list[bytes], export: bytes) -> None:
    files = [(f"{SITE}/{number}.csv", content) for number, content in enumerate([*earlier, export])]
    with tempfile.TemporaryDirectory() as folder:
        engine, careful = read_both_ways(Path(folder), files)
    event(f"given up: {engine.attempts[-1] > 1}")
    assert engine.outcomes == careful.outcomes
    for name, rows in engine.left.items():
        assert rows == careful.left[name], name


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ","), ("cp1252", ",")],
)
@pytest.mark.parametrize("packed", ["", "gzip", "zip"])
def test_every_encoding_and_wrapping_is_read_by_the_engine(
    tmp_path: Path, encoding: str, delimiter: str, packed: str
) -> None:
    rows = [semrush_row("https://bücher.example/"), semrush_row("https://b.example/", anchor='kaas, "oud"\nen jong')]
    cells = csv.reader(io.StringIO("\n".join([SEMRUSH_HEADER, *rows])))
    text = "\n".join(line(row, delimiter) for row in cells) + "\n"
    content = text.encode(encoding) if encoding != "utf-16-le" else b"\xff\xfe" + text.encode(encoding)
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv" + SUFFIXES[packed], pack(content, packed))])
    assert engine == careful_but_once(careful)
    assert [outcome["loaded_count"] for outcome in engine.outcomes] == [2]
    assert {row[ANCHOR_AT] for row in engine.left["links"]} == {"oude kaas", 'kaas, "oud"\nen jong'}


SUFFIXES = {"": "", "gzip": ".gz", "zip": ".zip"}


def pack(content: bytes, packed: str) -> bytes:
    """The content in a file of that kind."""
    if packed == "gzip":
        return gzip.compress(content)
    if packed == "zip":
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as container:
            container.writestr("links.csv", content)
        return whole.getvalue()
    return content


def careful_but_once(careful: Read) -> Read:
    """What the engine is to leave behind, without having been given up."""
    return dataclasses.replace(careful, attempts=[1] * len(careful.attempts))


GOOD = semrush_row(), semrush_row("https://b.example/x")


@pytest.mark.parametrize(
    ("rows", "is_given_up"),
    [
        ([*GOOD], False),
        ([*GOOD, semrush_row(first="gisteren")], False),
        ([*GOOD, semrush_row("https://geen-punt/x"), semrush_row(target="https://geen-punt/x")], False),
        ([*GOOD, *GOOD, semrush_row(anchor="later gezien", last="2026-02-02")], False),
        ([*GOOD, semrush_row(anchor="twee\nregels")], False),
        ([*GOOD, semrush_row(anchor='5" scherm')], False),
        ([*GOOD, semrush_row().replace("oude kaas", '5" scherm')], False),
        ([*GOOD, semrush_row().replace("oude kaas", '"open'), *GOOD], True),
        ([*GOOD, semrush_row().replace("oude kaas", '"a"b')], True),
        ([*GOOD, semrush_row().replace("oude kaas", ' "kaas"')], False),
        ([*GOOD, semrush_row().replace("oude kaas", "kaas\rwijn")], True),
        ([*GOOD, "12,te kort"], True),
        ([*GOOD, semrush_row() + ",te veel"], True),
        ([*GOOD, semrush_row() + ","], False),
        ([*GOOD, "", semrush_row("https://c.example/")], False),
        ([*GOOD, "", "", semrush_row("https://c.example/")], True),
        ([*GOOD, *[semrush_row("localhost").replace("Een titel", 'kaas"')] * 2], None),
    ],
)
def test_what_the_engine_cannot_read_alike_is_read_again(
    tmp_path: Path, rows: list[str], *, is_given_up: bool | None
) -> None:
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", semrush(*rows))])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    if is_given_up is not None:
        assert engine.attempts == [1 + is_given_up]


def test_bytes_that_are_no_text_are_read_again(tmp_path: Path) -> None:
    filler = [semrush_row(f"https://x{number}.example/") for number in range(800)]
    content = semrush(*filler, semrush_row(anchor="prijs")).replace(b"prijs", b"\xff\xfe")
    engine, careful = read_both_ways(tmp_path, [(f"{SITE}/links.csv", content)])
    assert (engine.outcomes, engine.left) == (careful.outcomes, careful.left)
    assert engine.attempts == [2]
    assert engine.outcomes[0]["rejected_count"] == 1


@pytest.mark.parametrize(
    ("text", "lines", "records"),
    [
        ("kop\n", 0, 0),
        ("kop\na\nb\n", 2, 2),
        ("kop\na\nb", 2, 2),
        ('kop\n"a\nb"\nc\n', 3, 2),
        ("kop\na\n\nb\n", 3, 2),
        ('kop\n"a\n\nb"\n', 3, 1),
        ('kop\n"a\n', 1, -1),
        ('kop\n"a""\nb"\n', 2, 1),
    ],
)
def test_records_are_counted_independently(tmp_path: Path, text: str, lines: int, records: int) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    plain = PlainFile(str(path), ",")
    counted = [count for count in range(-1, 9) if is_every_record(plain, count)]
    assert counted == sorted({lines, records})


@pytest.mark.parametrize("least_bytes", [None, 10_000])
def test_small_files_are_read_record_by_record(inbox: Inbox, least_bytes: int | None) -> None:
    inbox.put(f"{SITE}/links.csv", semrush())
    [file] = discover(str(inbox.folder))
    with open_file(inbox.connection, file, ingested_at=STAMP, least_bytes=least_bytes) as reader:
        reader.read()
        assert not reader.is_plain


def test_the_copy_of_a_packed_file_is_taken_away(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(inbox.folder.parent))
    monkeypatch.setattr(tempfile, "tempdir", None)
    inbox.put(f"{SITE}/links.csv.gz", gzip.compress(semrush()))
    [file] = discover(str(inbox.folder))
    with open_file(inbox.connection, file, ingested_at=STAMP, least_bytes=0) as reader:
        reader.read()
        assert reader.is_plain
        assert list(inbox.folder.parent.glob("penalty-radar-*/*.csv"))
    assert not list(inbox.folder.parent.glob("penalty-radar-*"))
