"""Bytes to records: encodings, delimiters, quotes, and what is no text."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.ingest.bounds import ChunkStream
from transforms.ingest.contents import list_contents, open_content
from transforms.ingest.decoding import (
    LONGEST_RECORD,
    RecordTooLongError,
    decode_head,
    encoding_of,
    head_records,
    is_utf_32,
    records_of,
)

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
DELIMITERS = (",", ";", "\t")


def records(text: str | bytes, delimiter: str = ",", encoding: str = "utf-8-sig") -> list[list[str]]:
    content = text.encode() if isinstance(text, str) else text
    return list(records_of(io.BytesIO(content), encoding, delimiter))


HEADER = ["Keyword", "Aantal klikken", "Adres", "Vertoningen"]
CELLS = st.lists(st.sampled_from([*"abcXYZ019 .,;\t\"'\n\r/#=é€", "\r\n", "naïef"]), max_size=12).map("".join)
TABLES = st.lists(st.lists(CELLS, min_size=len(HEADER), max_size=len(HEADER)), max_size=6)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    TABLES,
    st.sampled_from(ENCODINGS),
    st.sampled_from(DELIMITERS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["plain", "gz", "zip"]),
)
def test_any_table_comes_back_cell_for_cell(
    rows: list[list[str]], encoding: str, delimiter: str, quoting: int, end: str, packed: str
) -> None:
    content = "".join(_line(row, delimiter, quoting) + end for row in [HEADER, *rows]).encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / {"plain": "tabel.csv", "gz": "tabel.csv.gz", "zip": "tabel.zip"}[packed]
        if packed == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("map/tabel.csv", content)
        else:
            path.write_bytes(gzip.compress(content) if packed == "gz" else content)
        [found] = list_contents(folder)
        assert found.problem is None
        assert found.names[0] == "tabel.csv"
        told = encoding_of(found.head)
        assert head_records(decode_head(found.head, told), delimiter, is_whole=True) == [HEADER, *rows]
        with open_content(found.address, found.member) as stream:
            assert list(records_of(stream, told, delimiter)) == [HEADER, *rows]


def _line(row: list[str], delimiter: str, quoting: int) -> str:
    """A record without its end; a cell with a lone CR is quoted whatever the line ends, as careful writers do."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerow(row)  # type: ignore[arg-type]
    return text.getvalue().removesuffix("\r\n")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('"the "best" shop","12"', ['the "best" shop', "12"]),
        ('""best" shop","12"', ['"best" shop', "12"]),
        ('"shop "best"","12"', ['shop "best"', "12"]),
        ('kaas,"12 "stuks""', ["kaas", '12 "stuks"']),
        ('"5" buis","12"', ['5" buis', "12"]),
        ('"kaas, ""oud""","12"', ['kaas, "oud"', "12"]),
        ('5" buis,12', ['5" buis', "12"]),
        ('"kaas" ,"12"', ["kaas ", "12"]),
        ('"twee\nregels ""x""","12"', ['twee\nregels "x"', "12"]),
    ],
)
def test_quotes_that_were_not_doubled_are_text(row: str, expected: list[str]) -> None:
    assert records(f'"Keyword","Clicks"\n{row}\n"na","1"\n') == [["Keyword", "Clicks"], expected, ["na", "1"]]


def test_row_that_stays_ambiguous_has_another_number_of_columns_and_costs_no_other_row() -> None:
    found = records('Keyword,Clicks\n"say "a","b" now","12"\n"na","1"\n')
    assert [len(record) for record in found] == [2, 3, 2]


@pytest.mark.parametrize(
    "titles", [('"open', "b", "c"), ("a", '"open', '"open too', "d"), ('"open', 'in "between" x', "c")]
)
def test_a_quote_that_opens_a_field_costs_no_other_row_where_nothing_is_quoted(titles: tuple[str, ...]) -> None:
    text = "".join(f"{at};{title};x\r\n" for at, title in enumerate(titles))
    found = records(f"number;title;anchor\r\n{text}", ";")[1:]
    assert found == [[str(at), title, "x"] for at, title in enumerate(titles)]


def test_unclosed_quote_gives_one_record_of_the_rest() -> None:
    assert records('a,b\n1,"2\n3,4\n') == [["a", "b"], ["1", "2\n3,4\n"]]


def test_lines_end_in_any_way_and_blank_ones_are_left_out() -> None:
    assert records("a,b\r1,2\r\n\r\n3,4\n\n \n5,6") == [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]


@pytest.mark.parametrize(("begin", "piece"), [("", "x"), ('"', "aaa\n"), ('"', 'xx","yy\n')])
def test_no_more_than_one_longest_record_is_held(begin: str, piece: str) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield begin.encode()
        while True:
            taken += 65_536
            yield piece.encode() * (65_536 // len(piece))

    stream = io.BufferedReader(ChunkStream(endless()))
    with pytest.raises(RecordTooLongError, match="longer than 16,777,216 characters"):
        next(records_of(stream, "utf-8-sig", ","))
    assert taken < LONGEST_RECORD + (1 << 20)


def test_megabyte_fields_and_zero_bytes_are_cells() -> None:
    long = "x" * (4 << 20)
    assert records(f"a,b\n{long},2\n3,\x004\n") == [["a", "b"], [long, "2"], ["3", "\x004"]]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encoding_is_told_by_the_bytes(encoding: str) -> None:
    text = 'Zoekopdracht\tAantal\n"crème brûlée"\t3\n'
    told = encoding_of(text.encode(encoding))
    assert decode_head(text.encode(encoding), told).lstrip("\ufeff") == text


def test_utf_16_of_an_odd_number_of_bytes_loses_no_row() -> None:
    content = "a,b\n1,2\n3,4\n".encode("utf-16")
    assert records(content + b"\x20", ",", "utf-16")[:3] == [["a", "b"], ["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_told(encoding: str) -> None:
    assert is_utf_32("Keyword,Position\n".encode(encoding))
    assert not is_utf_32("Keyword,Position\n".encode(encoding.replace("32", "16")))
