"""Which series were tested, and why the others were not."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.drops import assessed_series, ranking_drops
from transforms.drops.daily_visibility import index_visibility
from transforms.drops.noise import measure_noise
from transforms.drops.shifts import scan_shifts
from transforms.drops.windows import Sums
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


def test_the_tested_days_and_the_noise_are_those_of_the_scan(
    make_tables: MakeTables, steady: Callable[..., Floats], as_of: datetime.date
) -> None:
    random = np.random.default_rng(3)
    series = {}
    for seed, known in enumerate((1.0, 0.6, 0.3, 0.12, 0.08)):
        visibility = steady(sd=0.1 + 0.05 * seed, seed=seed, level=(400.0, 3.0)[seed % 2])
        visibility[random.random(len(visibility)) > known] = np.nan
        series[(f"site{seed}.example", ("se_ranking", "search_console")[seed % 2], "site")] = visibility
    tables, params = make_tables(series), ranking_drops.Params().detection
    index = index_visibility(tables, as_of, params.series)
    laid_out = index.lay_out(np.arange(len(series)))
    noise = measure_noise(laid_out, params.noise)
    shifts = scan_shifts(laid_out, noise, Sums.of(noise), params.shift, params.noise)
    assessed = assessed_series.build(tables, as_of=as_of)
    tested = np.asarray(shifts.is_tested.any(axis=1))
    assert 0 < tested.sum() < len(tested)
    assert (assessed["status"] == "tested").tolist() == tested.tolist()
    first = index.days[shifts.is_tested.argmax(axis=1)]
    assert assessed.loc[tested, "tested_from_on"].tolist() == pd.to_datetime(first[tested]).tolist()
    last = (~np.isnan(noise.raw)).shape[1] - 1 - (~np.isnan(noise.raw))[:, ::-1].argmax(axis=1)
    of_the_scan = noise.sd[np.arange(len(series)), last // 28]
    assert assessed.loc[tested, "noise_sd"].tolist() == of_the_scan[tested].tolist()
