"""Records of export files counted without the project's readers: ``csv``, ``json``, ``zipfile`` and calamine only."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import python_calamine

LOOKED_AT = 20
"""Records among which the header is looked for."""


def count_records(path: Path, root: Path) -> dict[str, int]:
    """Records below the header, by display path: of the file, or of each member or sheet of it."""
    shown = str(path.relative_to(root))
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            return {f"{shown}/{name}": len(_below_header(_records(archive.read(name)))) for name in names}
    if path.suffix == ".xlsx":
        workbook = python_calamine.CalamineWorkbook.from_path(path)
        sheets = {name: workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names}
        return {f"{shown}/{name}": max(len(rows) - 1, 0) for name, rows in sheets.items()}
    content = path.read_bytes()
    if path.suffix == ".json":
        return {shown: len(_longest_list(json.loads(content)))}
    if path.suffix == ".txt":
        return {shown: sum(bool(line.strip()) for line in _text(content).splitlines())}
    return {shown: len(_below_header(_records(content)))}


def _text(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _records(content: bytes) -> list[list[str]]:
    """Records of a CSV file that are not blank, parted by what gives the widest ones."""
    text = _text(content)
    readings = [list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) for delimiter in ",\t;"]
    widest = max(readings, key=lambda records: max((len(record) for record in records[:LOOKED_AT]), default=0))
    return [record for record in widest if any(cell.strip() for cell in record) or len(record) > 1]


def _below_header(records: list[list[str]]) -> list[list[str]]:
    """The records behind the first one with two filled fields: lines about the report have one."""
    wide = (at for at, record in enumerate(records[:LOOKED_AT]) if sum(bool(cell.strip()) for cell in record) > 1)
    return records[next(wide, 0) + 1 :]


def _longest_list(document: Any) -> list[Any]:
    """The longest list of objects anywhere in a document."""
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    found = [_longest_list(value) for value in inner if isinstance(value, dict | list)]
    if isinstance(document, list) and any(isinstance(entry, dict) for entry in document):
        found.append(document)
    return max(found, key=len, default=[])
