"""Campaigns of months are found, single bursts and growth that nobody arranges are not drips."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.surges import link_surges

MakeTables = Callable[..., dict[str, pd.DataFrame]]
Quiet = Callable[..., NDArray[np.int64]]
KEY = ("alpha.example", "ahrefs_backlinks", "bought")


def drips(
    make_tables: MakeTables, as_of: datetime.date, counts: NDArray[np.int64], *, is_lost: bool = True
) -> pd.DataFrame:
    """Drips found in a site beside nine quiet ones, with losses listed or not."""
    others = {
        (f"site{number}.example", *KEY[1:]): np.random.default_rng(number).poisson(0.5, len(counts))
        for number in range(9)
    }
    losses = {key: np.r_[np.zeros(len(counts) - 60, dtype=np.int64), np.ones(60, dtype=np.int64)] for key in others}
    horizon = as_of - datetime.timedelta(days=len(counts) - 1)
    tables = make_tables(
        others | {KEY: counts}, losses=losses if is_lost else None, horizon_on=horizon if is_lost else None
    )
    surges = link_surges.build(tables, as_of=as_of)
    return surges[(surges["shape"] == "drip") & (surges["site_domain"] == KEY[0])]


def test_a_campaign_of_months_is_a_drip(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    """Three times what there was, for four months: no window of a month is surely above what the level has become."""
    counts = quiet(0.5, 800, dispersion=1.3)
    counts[-150:-30] += np.random.default_rng(8).poisson(1.0, 120)
    found = drips(make_tables, as_of, counts)
    assert len(found) == 1
    drip = found.iloc[0]
    assert abs((drip["starts_on"].date() - (as_of - datetime.timedelta(days=149))).days) <= 28
    assert drip["window_days"] > 28
    assert drip["excess_low_count"] <= drip["excess_count"] <= drip["excess_high_count"]


def test_no_drip_is_told_where_losses_are_not_listed(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    """An export of living links alone looks like this without any campaign."""
    counts = quiet(0.5, 800, dispersion=1.3)
    counts[-150:-30] += np.random.default_rng(8).poisson(1.0, 120)
    assert drips(make_tables, as_of, counts, is_lost=False).empty


@pytest.mark.parametrize("case", ["one burst", "two bursts", "a third more"])
def test_these_are_no_drips(case: str, make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    counts = quiet(0.5, 800, dispersion=1.3)
    if case == "a third more":
        counts[-200:] += np.random.default_rng(9).poisson(0.17, 200)
    else:
        counts[-60:-57] += 12
        if case == "two bursts":
            counts[-110:-107] += 12
    assert drips(make_tables, as_of, counts).empty
