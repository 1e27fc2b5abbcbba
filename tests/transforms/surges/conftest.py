"""Small inputs of the surge detector."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]

AS_OF = datetime.date(2026, 1, 31)


@pytest.fixture
def as_of() -> datetime.date:
    """The last day of every series, unless a test says otherwise."""
    return AS_OF


@pytest.fixture
def make_tables() -> MakeTables:
    """Tables from dense counts: ``{(site, provider, origin): counts up to ends_on}``."""

    def make(
        series: dict[tuple[str, str, str], NDArray[np.int64]],
        *,
        ends_on: datetime.date = AS_OF,
        losses: dict[tuple[str, str, str], NDArray[np.int64]] | None = None,
        horizon_on: datetime.date | None = None,
        previous: pd.DataFrame | None = None,
    ) -> Tables:
        end = np.datetime64(ends_on, "D")
        daily, spans = [], {}
        for (site, provider, origin), counts in series.items():
            days = end - np.arange(len(counts))[::-1]
            lost = (losses or {}).get((site, provider, origin), np.zeros(len(counts), dtype=np.int64))
            some = (counts > 0) | (lost > 0)
            daily.append(
                pd.DataFrame(
                    {
                        "site_domain": site,
                        "provider": provider,
                        "origin": origin,
                        "day": days[some].astype("datetime64[us]"),
                        "new_domain_count": counts[some].astype("int64"),
                        "lost_domain_count": lost[some].astype("int64"),
                    }
                )
            )
            spans[(site, provider)] = days[0]
        link_series = pd.DataFrame(
            [
                {
                    "site_domain": site,
                    "provider": provider,
                    "starts_on": pd.Timestamp(start),
                    "ends_on": pd.Timestamp(end),
                    "loss_horizon_on": pd.Timestamp(horizon_on) if horizon_on else pd.NaT,
                    "complete_from_on": pd.Timestamp(start),
                    "complete_until_on": pd.Timestamp(end),
                }
                for (site, provider), start in spans.items()
            ]
        )
        return {
            "signals.daily_links": pd.concat(daily, ignore_index=True),
            "signals.link_series": link_series,
            "signals.shared_sources": pd.DataFrame({name: [] for name in ("site_domain", "provider", "origin", "day")}),
            "ingest.listed_sites": pd.DataFrame({"site_domain": [], "owner_group": []}),
            "signals.discovery_lag": pd.DataFrame(
                {"site_domain": [], "provider": [], "age_days": [], "listed_share": [], "is_pooled": []}
            ),
            "surges.link_surges@previous": previous if previous is not None else pd.DataFrame(),
        }

    return make


@pytest.fixture
def quiet() -> Callable[..., NDArray[np.int64]]:
    """Overdispersed daily counts without a surge."""

    def draw(mean: float = 0.6, days: int = 500, seed: int = 1, dispersion: float = 1.6) -> NDArray[np.int64]:
        random = np.random.default_rng(seed)
        return random.poisson(random.gamma(mean / (dispersion - 1), dispersion - 1, days))

    return draw
