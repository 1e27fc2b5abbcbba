"""Small inputs of the drop detector."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]
Floats = NDArray[np.float64]

AS_OF = datetime.date(2026, 1, 31)
WEEKDAYS = np.array([0.0, 0.1, 0.1, 0.1, 0.0, -0.5, -0.6])


@pytest.fixture
def as_of() -> datetime.date:
    """The last day of every series, unless a test says otherwise."""
    return AS_OF


@pytest.fixture
def make_tables() -> MakeTables:
    """Tables from dense visibility (NaN = no row): ``{(site, provider, segment): visibility up to ends_on}``."""

    def make(
        series: dict[tuple[str, str, str], Floats],
        *,
        ends_on: datetime.date = AS_OF,
        impressions: float | None = None,
        position: Floats | None = None,
        outages: list[tuple[str | None, datetime.date, datetime.date]] | None = None,
        previous: pd.DataFrame | None = None,
    ) -> Tables:
        frames = []
        for (site, provider, segment), visibility in series.items():
            days = np.datetime64(ends_on, "D") - np.arange(len(visibility))[::-1]
            frame = pd.DataFrame(
                {
                    "site_domain": site,
                    "segment_kind": segment.partition(":")[0],
                    "segment": segment,
                    "provider": provider,
                    "day": days.astype("datetime64[us]"),
                    "visibility": visibility,
                    "impressions": np.nan if impressions is None else impressions,
                    "position": np.nan if position is None else position,
                }
            )
            frames.append(frame[~np.isnan(visibility)])
        events = pd.DataFrame(
            [
                {"kind": "outage", "site_domain": site, "starts_on": pd.Timestamp(start), "ends_on": pd.Timestamp(end)}
                for site, start, end in outages or []
            ],
            columns=["kind", "site_domain", "starts_on", "ends_on"],
        )
        return {
            "signals.visibility": pd.concat(frames, ignore_index=True),
            "staging.search_events": events,
            "drops.ranking_drops@previous": previous if previous is not None else pd.DataFrame(),
        }

    return make


@pytest.fixture
def steady() -> Callable[..., Floats]:
    """Clicks with a weekday pattern and AR(1) noise around ``level``; ``shift`` is added to the logarithm."""

    def draw(
        shift: Floats | None = None, *, level: float = 400.0, days: int = 500, sd: float = 0.12, seed: int = 1
    ) -> Floats:
        random = np.random.default_rng(seed)
        shocks = random.standard_normal(days) * sd
        noise = shocks.copy()
        for day in range(1, days):
            noise[day] = 0.35 * noise[day - 1] + np.sqrt(1 - 0.35**2) * shocks[day]
        weekday = (np.datetime64(AS_OF, "D") - np.arange(days)[::-1]).astype(np.int64)
        logs = np.log(level) + noise + WEEKDAYS[(weekday + 3) % 7] + (0.0 if shift is None else shift)
        return np.asarray(np.exp(logs))

    return draw
