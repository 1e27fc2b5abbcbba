"""Which series were tested, and why the others were not."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.schemas import table
from transforms.surges import assessed_series, link_surges
from transforms.surges.detection import detect
from transforms.surges.layout import make_layout

MakeTables = Callable[..., dict[str, pd.DataFrame]]
Quiet = Callable[..., NDArray[np.int64]]


def test_each_series_says_whether_it_was_tested(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    tables = make_tables(
        {
            ("long.example", "ahrefs_backlinks", "natural"): quiet(0.5, 900),
            ("short.example", "ahrefs_backlinks", "natural"): np.ones(41, dtype=np.int64),
        }
    )
    undated = {
        "site_domain": "undated.example",
        "provider": "semrush_audit",
        "starts_on": pd.NaT,
        "loss_horizon_on": pd.NaT,
    }
    tables["signals.link_series"] = pd.concat(
        [tables["signals.link_series"], pd.DataFrame([{**undated, "ends_on": pd.Timestamp(as_of)}])], ignore_index=True
    )
    assessed = assessed_series.build(tables, as_of=as_of).set_index("site_domain")
    assert assessed["status"].to_dict() == {
        "long.example": "tested",
        "short.example": "insufficient_history",
        "undated.example": "no_dates",
    }
    assert assessed["history_days"].to_dict() == {"long.example": 900, "short.example": 41, "undated.example": 0}
    assert assessed.loc["long.example", "tested_until_on"] == pd.Timestamp(as_of)
    assert assessed.loc["long.example", "tested_from_on"] == pd.Timestamp(as_of) - pd.Timedelta(days=729)
    assert assessed["mean_count"].to_dict() == pytest.approx(
        {"long.example": 0.5, "short.example": 0.0, "undated.example": 0.0}, abs=0.2
    )
    assert assessed.loc[["short.example", "undated.example"], "tested_from_on"].isna().all()
    assert list(assessed.reset_index()[list(table("surges.assessed_series").column_names)].columns)


def test_the_span_it_names_is_the_span_that_was_scanned(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    lengths = (42, 45, 60, 200, 760, 1100)
    tables = make_tables({(f"site{days}.example", "ahrefs_backlinks", "spam"): quiet(2.0, days) for days in lengths})
    params = link_surges.Params().detection
    layout = make_layout(tables, as_of, params.series, {})
    assessed = assessed_series.build(tables, as_of=as_of)
    for row, (begin, stop) in enumerate(detect(layout, params).tested):
        named = assessed.merge(layout.keys.loc[[row], ["site_domain"]], on="site_domain").iloc[0]
        days = layout.days[begin:stop]
        assert (named["tested_from_on"], named["tested_until_on"]) == (pd.Timestamp(days[0]), pd.Timestamp(days[-1]))
    assert (assessed["status"] == "tested").all()


def test_empty_tables_give_an_empty_table(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    tables = make_tables({("a.example", "ahrefs_backlinks", "natural"): quiet()})
    assessed = assessed_series.build({name: rows.iloc[:0] for name, rows in tables.items()}, as_of=as_of)
    assert assessed.empty
    assert list(assessed.columns) == list(table("surges.assessed_series").column_names)
