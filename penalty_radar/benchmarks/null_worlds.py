"""Series with nothing in them, or with exactly what was put in: tables as the detectors read them, seeds fixed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LAST_DAY = datetime.date(2026, 1, 31)
"""Day on which every simulated series ends; any day does."""

WEEKDAYS = np.array([0.0, 0.1, 0.1, 0.1, 0.0, -0.5, -0.6])
"""Log weekday pattern of simulated clicks (Monday first); the range of real ones measures .27 to 1.22, this is .7."""

COUNT_MEANS = (0.05, 0.15, 0.5, 1.0, 3.0)
"""New referring domains a day: one in 20 days to three a day, the range real series measure."""

COUNT_DISPERSIONS = (1.05, 1.5, 2.0, 3.0)
"""Variance to mean of daily counts; de-duplicated referring domains measure 1.4 to 2.6."""

CLICK_DEVIATIONS = (0.1, 0.2, 0.3, 0.4)
"""Standard deviation of log clicks beside weekday and level; six sites measure .10 to .41."""

CLICK_CORRELATIONS = (0.0, 0.2, 0.4, 0.6)
"""Correlation of neighbouring days; six sites measure .09 to .56."""


@dataclass(frozen=True)
class Grid:
    """Which cell of two crossed properties each series belongs to."""

    first: Floats
    second: Floats


def cross(first: tuple[float, ...], second: tuple[float, ...], size: int) -> Grid:
    """Assign ``size`` series evenly to the crossed values, in turn."""
    return Grid(
        np.resize(np.repeat(np.array(first), len(second)), size), np.resize(np.tile(np.array(second), len(first)), size)
    )


def simulate_counts(mean: Floats, dispersion: Floats, days: int, seed: int) -> Floats:
    """Negative-binomial daily counts, series × days, variance = dispersion × mean."""
    random = np.random.default_rng(seed)
    rate = random.gamma((mean / (dispersion - 1.0))[:, None], (dispersion - 1.0)[:, None], (len(mean), days))
    return random.poisson(rate).astype(np.float64)


def simulate_survivors(
    mean: Floats, days: int, life_days: float, memory_days: int, seed: int
) -> tuple[Floats, NDArray[np.int64]]:
    """What an export lists at the end: domains by day of first sight, and by day of loss (both series × days).

    Domains alive then, and those lost within ``memory_days`` before it.
    """
    random = np.random.default_rng(seed)
    born = random.poisson(np.repeat(mean[:, None], days, axis=1))
    row, day = (np.repeat(part, born.ravel()) for part in np.indices(born.shape).reshape(2, -1))
    lost = day + random.exponential(life_days, len(day))
    listed = lost >= days - 1 - memory_days
    seen, losses = np.zeros(born.shape), np.zeros(born.shape, dtype=np.int64)
    np.add.at(seen, (row[listed], day[listed]), 1.0)
    gone = listed & (lost < days)
    np.add.at(losses, (row[gone], lost[gone].astype(np.int64)), 1)
    return seen, losses


def simulate_logs(deviation: Floats, correlation: Floats, days: int, seed: int) -> Floats:
    """AR(1) noise of log visibility, series × days."""
    random = np.random.default_rng(seed)
    shocks = random.standard_normal((len(deviation), days)) * deviation[:, None]
    noise = np.empty_like(shocks)
    noise[:, 0] = shocks[:, 0]
    fresh = np.sqrt(1.0 - correlation**2)
    for day in range(1, days):
        noise[:, day] = correlation * noise[:, day - 1] + fresh * shocks[:, day]
    return noise


def count_tables(
    counts: Floats,
    *,
    losses: NDArray[np.int64] | None = None,
    horizon_days: int | None = None,
    provider: str = "simulated",
) -> dict[str, pd.DataFrame]:
    """The surge detector's tables for ``counts`` (series × days up to :data:`LAST_DAY`), one site a series.

    ``losses`` by day (same shape); ``horizon_days`` how far back they are listed.
    """
    days = _days(counts.shape[1])
    sites = np.array([f"site{row:05d}.example" for row in range(len(counts))], dtype=object)
    lost = np.zeros(counts.shape, dtype=np.int64) if losses is None else losses
    row, column = np.nonzero((counts > 0) | (lost > 0))
    horizon = pd.NaT if horizon_days is None else pd.Timestamp(days[-1 - horizon_days])
    return {
        "signals.daily_links": pd.DataFrame(
            {
                "site_domain": sites[row],
                "provider": provider,
                "origin": "unknown",
                "day": days[column].astype("datetime64[us]"),
                "new_domain_count": counts[row, column].astype(np.int64),
                "lost_domain_count": lost[row, column],
            }
        ),
        "signals.link_series": pd.DataFrame(
            {
                "site_domain": sites,
                "provider": provider,
                "starts_on": pd.Timestamp(days[0]),
                "ends_on": pd.Timestamp(days[-1]),
                "loss_horizon_on": horizon,
                "complete_from_on": pd.Timestamp(days[0]),
                "complete_until_on": pd.Timestamp(days[-1]),
            }
        ),
        "signals.shared_sources": pd.DataFrame({name: [] for name in ("site_domain", "provider", "origin", "day")}),
        "ingest.listed_sites": pd.DataFrame({"site_domain": [], "owner_group": []}),
        "signals.discovery_lag": pd.DataFrame(
            {name: [] for name in ("site_domain", "provider", "age_days", "listed_share", "is_pooled")}
        ),
        "surges.link_surges@previous": pd.DataFrame(),
    }


def visibility_tables(logs: Floats, level: float = 6.0, provider: str = "simulated") -> dict[str, pd.DataFrame]:
    """The drop detector's tables for ``logs`` (deviations of log visibility; weekdays are added), one site a series."""
    days = _days(logs.shape[1])
    weekday = (days.astype(np.int64) + 3) % 7
    visibility = np.expm1(np.maximum(level + logs + WEEKDAYS[weekday], 0.0))
    sites = np.array([f"site{row:05d}.example" for row in range(len(logs))], dtype=object)
    row, column = np.nonzero(~np.isnan(logs))
    return {
        "signals.visibility": pd.DataFrame(
            {
                "site_domain": sites[row],
                "segment_kind": "site",
                "segment": "site",
                "provider": provider,
                "day": days[column].astype("datetime64[us]"),
                "visibility": visibility[row, column],
                "impressions": np.nan,
                "position": np.nan,
            }
        ),
        "staging.search_events": pd.DataFrame({name: [] for name in ("kind", "site_domain", "starts_on", "ends_on")}),
        "drops.ranking_drops@previous": pd.DataFrame(),
    }


def row_of(sites: pd.Series) -> NDArray[np.int64]:
    """The series' row from its simulated site name."""
    return np.array([int(site[4:9]) for site in sites.tolist()], dtype=np.int64)


def _days(count: int) -> NDArray[np.datetime64]:
    return np.datetime64(LAST_DAY, "D") - np.arange(count)[::-1]
