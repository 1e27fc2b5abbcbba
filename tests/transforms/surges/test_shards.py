"""What is worked out a shard at a time, or left out because it cannot matter, is what the whole would give."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.surges import count_series, link_surges
from transforms.surges.scan import least_p, predictive_p

MakeTables = Callable[..., dict[str, pd.DataFrame]]
Quiet = Callable[..., NDArray[np.int64]]


@pytest.fixture
def portfolio(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> dict[str, pd.DataFrame]:
    """Series that begin in different years (two have a season), each with a burst of its own and lost links."""
    series = {}
    for site, days in enumerate((60, 200, 400, 800, 1200, 1900, 1900)):
        counts = quiet(0.4 + 0.3 * site, days, seed=site)
        counts[days // 2 : days // 2 + 3] += 14
        series[f"site{site}.example", "ahrefs_backlinks", "bought"] = counts
    losses = {key: np.resize([0, 0, 1], len(counts)) for key, counts in series.items()}
    tables = make_tables(series, losses=losses, horizon_on=as_of - datetime.timedelta(days=180))
    starts = [pd.Timestamp(as_of) - pd.Timedelta(days=len(counts) - 1) for counts in series.values()]
    assert tables["signals.link_series"]["starts_on"].tolist() == starts
    return tables


def build(tables: dict[str, pd.DataFrame], as_of: datetime.date, shard: int) -> pd.DataFrame:
    params = link_surges.Params()
    detection = replace(params.detection, series=replace(params.detection.series, shard=shard))
    return link_surges.build(tables, as_of=as_of, params=replace(params, detection=detection))


def test_a_series_does_not_depend_on_the_shard_it_is_in(
    portfolio: dict[str, pd.DataFrame], as_of: datetime.date
) -> None:
    together = build(portfolio, as_of, 1000)
    assert together["site_domain"].nunique() >= 4
    for shard in (1, 2, 5):
        pd.testing.assert_frame_equal(build(portfolio, as_of, shard), together, rtol=1e-9)


def test_tables_are_read_in_pieces(
    portfolio: dict[str, pd.DataFrame], as_of: datetime.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = build(portfolio, as_of, 1000)
    monkeypatch.setattr(count_series, "ROWS", 97)
    pd.testing.assert_frame_equal(build(portfolio, as_of, 1000), whole, rtol=1e-9)


def test_the_bound_of_a_window_is_never_above_its_p() -> None:
    random = np.random.default_rng(6)
    mean = np.exp(random.uniform(np.log(1e-6), np.log(300.0), 20_000))
    count = np.ceil(np.maximum(2.0 * mean, mean + 3.0) * random.choice([1.0, 1.5, 3.0, 20.0], len(mean)))
    dispersion, freedom = random.uniform(1.05, 15.0, len(mean)), random.uniform(4.0, 400.0, len(mean))
    bound, p = least_p(count, mean, dispersion, freedom), predictive_p(count, mean, dispersion, freedom)
    told = p > 1e-200
    assert (bound[told] <= p[told] * (1.0 + 1e-6)).all()
    usual = told & (p > 1e-4)
    assert usual.sum() > 1000
    assert np.median(bound[usual] / p[usual]) > 0.2
