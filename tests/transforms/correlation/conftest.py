"""Small tables as text, and the tables of a site with everything in order."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pandas as pd
import pytest

from transforms.schemas import table

Tables = dict[str, pd.DataFrame]
TYPES = {
    "VARCHAR": "str",
    "DATE": "datetime64[us]",
    "BIGINT": "Int64",
    "DOUBLE": "Float64",
    "BOOLEAN": "boolean",
    "TIMESTAMP": "datetime64[us]",
}
AS_OF = datetime.date(2026, 6, 30)

DEFAULTS: dict[str, dict[str, object]] = {
    "surges.link_surges": {
        "as_of": "2026-06-30",
        "site_domain": "a.example",
        "provider": "ahrefs_backlinks",
        "origin": "bought",
        "excess_count": 20,
        "q_value": 0.01,
    },
    "surges.assessed_series": {
        "as_of": "2026-06-30",
        "provider": "ahrefs_backlinks",
        "origin": "bought",
        "status": "tested",
        "tested_from_on": "2025-01-01",
        "tested_until_on": "2026-06-30",
        "history_days": 545,
    },
    "drops.ranking_drops": {
        "as_of": "2026-06-30",
        "site_domain": "a.example",
        "provider": "search_console",
        "segment": "site",
        "is_provisional": False,
        "depth_share": 0.4,
        "q_value": 0.01,
    },
    "drops.assessed_series": {
        "as_of": "2026-06-30",
        "provider": "search_console",
        "segment": "site",
        "status": "tested",
        "tested_from_on": "2025-02-01",
        "tested_until_on": "2026-06-30",
        "history_days": 514,
    },
    "staging.search_events": {"source": "test"},
    "signals.visibility": {"segment": "site", "provider": "search_console"},
    "correlation.surge_drop_pairs": {"as_of": "2026-06-30"},
}


def rows(name: str, text: str = "") -> pd.DataFrame:
    """Rows of table ``name`` from a text table (first line: columns; ``-``: null), defaults and types filled in."""
    lines = [line.split("|") for line in text.strip().splitlines()]
    declared = table(name)
    header = [cell.strip() for cell in lines[0]] if lines else []
    records = []
    for line in lines[1:]:
        cells = {column: cell.strip() for column, cell in zip(header, line, strict=True)}
        records.append(DEFAULTS.get(name, {}) | {key: None if cell == "-" else cell for key, cell in cells.items()})
    frame = pd.DataFrame(records, columns=list(declared.column_names), dtype=object)
    for column in declared.columns:
        values = frame[column.name]
        if column.type == "BOOLEAN":
            values = values.map({"true": True, "false": False, True: True, False: False})
        elif column.type in ("BIGINT", "DOUBLE"):
            values = pd.to_numeric(values)
        frame[column.name] = pd.to_datetime(values) if column.type == "DATE" else values
    return frame.astype({column.name: TYPES[column.type] for column in declared.columns})


@pytest.fixture
def text_table() -> Callable[..., pd.DataFrame]:
    return rows


@pytest.fixture
def quiet() -> Tables:
    """Six sites with link data and rankings over 2025 and half of 2026, in which nothing happens."""
    sites = [f"{letter}.example" for letter in "abcdef"]
    series = "site_domain\n" + "\n".join(sites)
    return {
        "surges.link_surges": rows("surges.link_surges"),
        "surges.assessed_series": rows("surges.assessed_series", series),
        "drops.ranking_drops": rows("drops.ranking_drops"),
        "drops.assessed_series": rows("drops.assessed_series", series),
        "staging.search_events": rows("staging.search_events"),
        "signals.visibility": rows("signals.visibility"),
        "correlation.surge_drop_pairs": rows("correlation.surge_drop_pairs"),
    }
