"""Typed frames of declared tables, from text tables: what the statistics stages are handed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schemas import table

TYPES = {
    "VARCHAR": "str",
    "DATE": "datetime64[us]",
    "BIGINT": "Int64",
    "DOUBLE": "Float64",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "datetime64[us]",
}

Defaults = Mapping[str, Mapping[str, object]]


def frame_of(name: str, text: str, defaults: Defaults) -> pd.DataFrame:
    """Rows of table ``name`` from a text table (first line: columns; ``-``: null), defaults and types filled in."""
    lines = [line.split("|") for line in text.strip().splitlines()]
    declared = table(name)
    header = [cell.strip() for cell in lines[0]] if lines else []
    records = []
    for line in lines[1:]:
        cells = {column: cell.strip() for column, cell in zip(header, line, strict=True)}
        records.append(
            dict(defaults.get(name, {})) | {key: None if cell == "-" else cell for key, cell in cells.items()}
        )
    frame = pd.DataFrame(records, columns=list(declared.column_names), dtype=object)
    for column in declared.columns:
        values = frame[column.name]
        if column.type == "BOOLEAN":
            values = values.map({"true": True, "false": False, True: True, False: False})
        elif column.type in ("BIGINT", "DOUBLE"):
            values = pd.to_numeric(values)
        frame[column.name] = pd.to_datetime(values) if column.type == "DATE" else values
    return frame.astype({column.name: TYPES[column.type] for column in declared.columns})
