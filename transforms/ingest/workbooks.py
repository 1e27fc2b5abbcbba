"""Sheets of a workbook as UTF-8 CSV.

The reader behind it lays every sheet out as a full rectangle, so that two cells in opposite corners of a small file
would take half a terabyte. Hence the parts of a workbook are looked at first: how much they unpack to, and how far
their cells reach.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any, BinaryIO

import python_calamine

from transforms.ingest.archives import open_member, open_zip
from transforms.ingest.bounds import MIB, ContentError, read_at_most
from transforms.ingest.workbook_reach import SHEET_DATA, reach_of_sheet, reaches_of_ods

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an ``.xls`` begins."""

MOST_WORKBOOK_BYTES = 256 * MIB
"""Of a workbook, unpacked: a sheet of half a million rows. Sheets are held in memory as a whole."""

MOST_CELLS = 20_000_000
"""Of one sheet from the first to the last row and column that is filled: a million rows of twenty columns."""

ROWS_PER_CHUNK = 100
CHARACTERS_PER_CHUNK = 1_000_000
"""Rows that are made into text at once, and no more of them once they hold this much."""

_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt\s*=\s*["'])e(["'])""")


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip is in truth a workbook (xlsx, xlsm, ods)."""
    names = set(archive.namelist())
    return "xl/workbook.xml" in names or {"mimetype", "content.xml"} <= names


def open_workbook(stream: BinaryIO) -> Any:
    """The workbook that a stream holds.

    Raises:
        ContentError: it unpacks to too much, or its cells reach too far.
        python_calamine.CalamineError: it is broken or locked.
    """
    begin = stream.read(len(OLE_MAGIC))
    stream.seek(0)
    if begin.startswith(OLE_MAGIC):
        held = io.BytesIO(read_at_most(stream, MOST_WORKBOOK_BYTES, _too_large()))
    else:
        with open_zip(stream) as archive:
            held = _checked_copy(archive)
    with _no_panic():
        return python_calamine.CalamineWorkbook.from_filelike(held)


def sheet_csv(workbook: Any, sheet: str) -> bytes:
    """A sheet as UTF-8 CSV: one record per row, cells as the CSV export of the same tool would spell them.

    A formula is its last result. An error stands as it is spelt (``#N/A``); in ``.xls`` and ``.ods`` it is empty.
    """
    with _no_panic():
        rows = workbook.get_sheet_by_name(sheet).to_python()
    return b"".join(csv_chunks([cell_text(cell) for cell in row] for row in rows))


def csv_chunks(rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Rows as lines of UTF-8 CSV, some at a time; half a surrogate pair becomes a question mark."""
    lines: list[str] = []
    # Written with CR LF, for only then is a lone CR inside a cell quoted; lines end in LF all the same.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    held = 0
    for row in rows:
        writer.writerow(row)
        held += len(lines[-1])
        if len(lines) == ROWS_PER_CHUNK or held > CHARACTERS_PER_CHUNK:
            yield _encoded(lines)
            lines.clear()
            held = 0
    yield _encoded(lines)


def _encoded(lines: list[str]) -> bytes:
    return "".join([f"{line[:-2]}\n" for line in lines]).encode("utf-8", "replace")


def cell_text(cell: object) -> str:
    """A spreadsheet cell as the CSV export of the same tool would spell it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def _too_large() -> str:
    return f"a workbook of more than {MOST_WORKBOOK_BYTES // MIB} MB unpacked; export it as CSV"


def _checked_copy(archive: zipfile.ZipFile) -> io.BytesIO:
    """The workbook packed anew, so that what its parts declare is true; error cells become text."""
    copied = io.BytesIO()
    left = MOST_WORKBOOK_BYTES
    with zipfile.ZipFile(copied, "w", zipfile.ZIP_STORED) as copy:
        for info in {info.filename: info for info in archive.infolist() if not info.filename.endswith("/")}.values():
            with open_member(archive, info.filename) as part:
                content = read_at_most(part, left, _too_large())
            left -= len(content)
            if SHEET_DATA in content:
                _check_reach(*reach_of_sheet(content))
                content = _ERROR_CELL.sub(rb"\1str\2", content)
            elif info.filename == "content.xml":
                for reach in reaches_of_ods(content):
                    _check_reach(*reach)
            copy.writestr(info.filename, content)
    copied.seek(0)
    return copied


def _check_reach(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        raise ContentError(
            f"a sheet that reaches over {rows:,} rows and {columns:,} columns, more than {MOST_CELLS:,} cells; "
            "remove what stands far outside the table, or export it as CSV"
        )


class _no_panic:  # noqa: N801 - reads as the sentence it is
    """A defect inside the workbook reader is a broken workbook to us; it is no Exception, so it would end the night."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise ContentError("a workbook that is broken inside") from error
