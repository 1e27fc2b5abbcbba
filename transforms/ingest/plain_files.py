"""Large files of plain delimited text, which the engine parses itself: several times faster than record by record.

The engine reads what is plain exactly as the careful reader does, and refuses most of the rest (a bare carriage return,
text behind a closing quote, a record of the wrong width, bytes that are not UTF-8): then the file is read again, record
by record, in a transaction of its own. What the engine would read otherwise without a word is looked for here: a space
between quote and delimiter, in the head, for a provider writes one way; and rows lost to a quote that is never closed,
by counting the records independently.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from transforms.ingest.arrived_file import ArrivedFile
from transforms.ingest.contents import HEAD_BYTES, UNREADABLE, open_content, open_raw
from transforms.ingest.decoding import UTF_8
from transforms.ingest.formats.written import sql_text
from transforms.ingest.typed_rows import ReadPlan

LEAST_BYTES = 8 * 1024 * 1024
"""Smaller files gain nothing: reading them record by record takes less than a second."""

BLOCK = 1 << 20
LINE_END = ord("\n")
SPOOLED_NAME = "plain.csv"


class NotPlainError(Exception):
    """The file turned out not to be plain: it must be read again record by record."""


@dataclass(frozen=True)
class PlainFile:
    """A local UTF-8 file that the engine may parse: the export itself, or a copy of it in UTF-8."""

    path: str
    """Where it lies."""

    delimiter: str
    """Its delimiter."""


def find_plain(
    arrived: ArrivedFile, plan: ReadPlan, folder: Path, *, least_bytes: int = LEAST_BYTES
) -> PlainFile | None:
    """The file, or a copy in ``folder`` when it lies elsewhere, is packed, converted or of another encoding.

    None for files that are small or that only the careful reader can read.
    """
    if arrived.byte_count < least_bytes or arrived.header_at != 0:
        return None
    if plan.declared.short_rows or len(plan.header) < 2:
        return None
    try:
        with open_content(arrived.address, arrived.member) as stream:
            head = stream.read(HEAD_BYTES)
        if _has_spaced_quotes(head.decode(arrived.encoding, "ignore"), arrived.delimiter):
            return None
        path = arrived.address if _is_plain_already(arrived, head) else str(_spool(arrived, folder))
    except (*UNREADABLE, csv.Error):
        return None
    return PlainFile(path, arrived.delimiter)


def _has_spaced_quotes(head: str, delimiter: str) -> bool:
    mark = re.escape(delimiter)
    # Not the text `, ""word` inside a quoted value.
    return bool(re.search(rf'{mark} +"(?!")|(?<!")" +(?:{mark}|\n)', head))


def _is_plain_already(arrived: ArrivedFile, head: bytes) -> bool:
    if arrived.member is not None or "://" in arrived.address or arrived.encoding != UTF_8:
        return False
    with open_raw(arrived.address, None) as stream, Path(arrived.address).open("rb") as itself:
        return head == stream.read(HEAD_BYTES) == itself.read(HEAD_BYTES)


def _spool(arrived: ArrivedFile, folder: Path) -> Path:
    """A UTF-8 copy; ValueError for bytes that are not of the encoding."""
    copy = folder / SPOOLED_NAME
    with open_content(arrived.address, arrived.member) as stream, copy.open("w", encoding="utf-8", newline="") as out:
        text = io.TextIOWrapper(stream, encoding=arrived.encoding, errors="strict", newline="")
        while piece := text.read(BLOCK):
            out.write(piece)
        text.detach()
    return copy


def cells_sql(plain: PlainFile, plan: ReadPlan, *, is_numbered: bool) -> str:
    """Query of the file's cells as the engine reads them; record numbers cost the second core, so only when asked."""
    columns = ", ".join(f"'f{position}': 'VARCHAR'" for position in range(len(plan.header)))
    cells = ", ".join(f"coalesce(f{position}, '') AS {name}" for position, name in plan.cells.items())
    number = "row_number() OVER ()" if is_numbered else "CAST(0 AS BIGINT)"
    return (
        f"SELECT {number} AS row_number, {cells}, '' AS shape_problem, '' AS shape_value "  # noqa: S608
        f"FROM read_csv({sql_text(plain.path)}, header = true, auto_detect = false, columns = {{{columns}}}, "
        f"delim = {sql_text(plain.delimiter)}, quote = '\"', escape = '\"', strict_mode = true, null_padding = false)"
    )


def is_every_record(plain: PlainFile, record_count: int) -> bool:
    """Whether ``record_count`` is what the file has: its lines after the header, or else its records."""
    return record_count == _line_count(plain.path) or record_count == _record_count(plain.path)


def _line_count(path: str) -> int:
    count, last = 0, b"\n"
    with Path(path).open("rb") as stream:
        while block := stream.read(BLOCK):
            # Twice as fast as counting in the bytes themselves, for a line end comes every few hundred of them.
            count += int(np.count_nonzero(np.frombuffer(block, np.uint8) == LINE_END))
            last = block[-1:]
    return count - 1 + (last != b"\n")


def _record_count(path: str) -> int:
    """Records after the header: line ends outside quotes, blank lines left out."""
    count, is_inside, last = 0, False, b"\n"
    with Path(path).open("rb") as stream:
        while block := stream.read(BLOCK):
            pieces = block.split(b'"')
            count += sum(piece.count(b"\n") for piece in pieces[is_inside::2])
            count -= sum(piece.count(b"\n\n") for piece in pieces[is_inside::2])
            is_inside ^= len(pieces) % 2 == 0
            last = block[-1:]
    return count - 1 + (last != b"\n") if not is_inside else -1
