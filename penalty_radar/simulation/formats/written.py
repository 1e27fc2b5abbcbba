"""How an export file reaches the disk: exact bytes, dated as the export was."""

from __future__ import annotations

import csv
import datetime
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file to be written: path inside the site's folder, bytes, data rows and the day of the export."""

    name: str
    content: bytes
    row_count: int
    exported_on: datetime.date


class _QuotedWhereNeeded(csv.excel):
    lineterminator = "\n"


class _QuotedAll(_QuotedWhereNeeded):
    quoting = csv.QUOTE_ALL


def delimited(rows: Iterable[Sequence[object]], *, delimiter: str = ",", quote_all: bool = False) -> str:
    """Rows as delimited text with LF line ends; quoted all through, or only where needed (RFC 4180)."""
    text = io.StringIO(newline="")
    dialect = _QuotedAll if quote_all else _QuotedWhereNeeded
    csv.writer(text, dialect, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def spell(flag: bool) -> str:
    """``true`` or ``false``, as all providers here spell it."""
    return "true" if flag else "false"


def write_file(folder: Path, file: ExportFile) -> Path:
    """Write the bytes and set the file's time to the morning of the export (UTC); returns the path."""
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    morning = datetime.datetime.combine(file.exported_on, datetime.time(10), tzinfo=datetime.UTC).timestamp()
    os.utime(path, (morning, morning))
    return path
