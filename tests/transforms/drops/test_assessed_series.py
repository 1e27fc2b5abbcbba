"""Which series were tested, and why the others were not."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.drops import assessed_series
from transforms.schemas import table

MakeTables = Callable[..., dict[str, pd.DataFrame]]
Floats = NDArray[np.float64]


def test_each_series_says_whether_it_was_tested(
    make_tables: MakeTables, steady: Callable[..., Floats], as_of: datetime.date
) -> None:
    random = np.random.default_rng(1)
    tables = make_tables(
        {
            ("clicks.example", "search_console", "site"): steady(sd=0.2),
            ("rare.example", "search_console", "site"): random.poisson(0.2, 400).astype(np.float64),
            ("short.example", "se_ranking", "site"): steady(days=60),
        }
    )
    assessed = assessed_series.build(tables, as_of=as_of).set_index("site_domain")
    assert assessed["status"].to_dict() == {
        "clicks.example": "tested",
        "rare.example": "no_level",
        "short.example": "insufficient_history",
    }
    tested = assessed.loc["clicks.example"]
    assert tested["noise_sd"] == pytest.approx(0.2, abs=0.05)
    assert tested["tested_until_on"] == pd.Timestamp(as_of) - pd.Timedelta(days=3)
    assert tested["history_days"] == 497
    assert assessed.loc[["rare.example", "short.example"], ["tested_from_on", "noise_sd"]].isna().all().all()


def test_empty_tables_give_an_empty_table(
    make_tables: MakeTables, steady: Callable[..., Floats], as_of: datetime.date
) -> None:
    tables = {
        name: rows.iloc[:0] for name, rows in make_tables({("a.example", "se_ranking", "site"): steady()}).items()
    }
    assessed = assessed_series.build(tables, as_of=as_of)
    assert assessed.empty
    assert list(assessed.columns) == list(table("drops.assessed_series").column_names)
