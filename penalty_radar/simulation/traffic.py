"""Daily search performance and tracked positions of one site's world."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from penalty_radar.simulation.arrivals import autoregressive, open_stream
from penalty_radar.simulation.parameters import Site, WorldParameters
from penalty_radar.simulation.search_parameters import Search

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class DailyPerformance:
    """Clicks, impressions and mean position (NaN without impressions) of consecutive days."""

    days: tuple[datetime.date, ...]
    clicks: NDArray[np.int64]
    impressions: NDArray[np.int64]
    positions: Floats


def simulate_performance(site: Site, search: Search, parameters: WorldParameters) -> DailyPerformance:
    """The site's days: weekdays, season, correlated noise, and what was planted (drops, outages, the shared break)."""
    rng = open_stream(parameters.seed, site.domain, "search performance")
    noise = parameters.search_noise
    days = _performance_days(parameters)
    ordinals = np.array([day.toordinal() for day in days])
    weekday = np.asarray(noise.weekday_factors[search.weekdays])[[day.weekday() for day in days]]
    season = np.exp(search.season_amplitude * _season(days, search.season_peak_month))
    residual = autoregressive(rng, len(days), sd=search.noise_sd, phi=noise.autocorrelation)
    left = left_share(search, days)
    reached = _reached_share(search, days)
    before_break = ordinals < noise.results_page_break_on.toordinal()

    clicks_mean = search.daily_clicks * weekday * season * left * reached * np.exp(residual)
    impressions_mean = search.daily_clicks / search.click_rate * weekday * season * np.sqrt(left) * reached
    impressions_mean *= np.exp(noise.impressions_noise_share * residual)
    impressions_mean[before_break] /= noise.results_page_impressions_factor
    clicks = rng.poisson(clicks_mean)
    impressions = np.maximum(rng.poisson(impressions_mean), clicks)
    positions = search.position * np.exp(rng.normal(0, noise.position_sd, len(days))) / left**0.5
    positions[before_break] /= noise.results_page_position_factor
    positions = np.where(impressions > 0, np.maximum(positions, 1.0), np.nan)
    return DailyPerformance(days, clicks, impressions, positions)


def simulate_positions(
    search: Search,
    keyword_count: int,
    days: tuple[datetime.date, ...],
    rng: np.random.Generator,
    parameters: WorldParameters,
) -> Floats:
    """Tracked positions, one row per keyword and one column per day; NaN beyond the tracker's depth.

    A drop moves every keyword down as far as the click curve (position to the power of ``-click_elasticity``)
    asks for the planted loss of clicks, give or take a fifth per keyword.
    """
    tracker = parameters.tracker
    bases = np.exp(rng.uniform(np.log(2.0), np.log(22.0), keyword_count))
    swings = np.array(
        [
            autoregressive(rng, len(days), sd=tracker.position_noise_sd, phi=tracker.position_autocorrelation)
            for _ in range(keyword_count)
        ]
    )
    shift = -np.log(left_share(search, days)) / parameters.search_noise.click_elasticity
    strength = rng.normal(1.0, 0.2, keyword_count)
    positions = np.rint(bases[:, None] * np.exp(swings + np.outer(strength, shift)))
    return np.where(positions > tracker.depth, np.nan, np.maximum(positions, 1.0))


def left_share(search: Search, days: tuple[datetime.date, ...]) -> Floats:
    """Share of the clicks that the planted drops leave on each day; each falls in equal steps over its ramp."""
    left = np.ones(len(days))
    for drop in search.drops:
        passed = np.array([(day - drop.starts_on).days + 1 for day in days])
        left *= 1 - drop.depth_share * np.clip(passed / drop.ramp_days, 0, 1)
    return left


def _reached_share(search: Search, days: tuple[datetime.date, ...]) -> Floats:
    reached = np.ones(len(days))
    for outage in search.outages:
        passed = np.array([(day - outage.starts_on).days for day in days])
        reached[(passed >= 0) & (passed < outage.days)] = outage.left_share
    return reached


def _season(days: tuple[datetime.date, ...], peak_month: int) -> Floats:
    """A yearly wave, 1 in the middle of the peak month and -1 half a year later."""
    yearday = np.array([day.timetuple().tm_yday for day in days])
    return np.cos(2 * np.pi * (yearday - (peak_month - 0.5) * 365.25 / 12) / 365.25)


def _performance_days(parameters: WorldParameters) -> tuple[datetime.date, ...]:
    last = parameters.last_performance_on
    return tuple(last - datetime.timedelta(days=back) for back in reversed(range(parameters.performance_days)))
