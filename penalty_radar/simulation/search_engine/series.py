"""Daily clicks, impressions and positions of every part of a site's search traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from penalty_radar.simulation.arrivals import autoregressive, open_stream
from penalty_radar.simulation.search_engine.fall import Fall
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.search_engine.sites import Floats, SearchSite

Counts = NDArray[np.int64]

IMPRESSIONS_POWER = 0.5
"""Impressions fall as the root of clicks when rankings fall: results further down are still shown now and then."""
IMPRESSIONS_NOISE = 0.5
"""Share of the noise of clicks that impressions carry too."""
DEPTH_DAYS = 28
"""Days after a fall has settled over which its depth without noise is told."""


@dataclass(frozen=True)
class SiteSeries:
    """What search performance says of a site: arrays of atoms by days."""

    clicks: Counts
    impressions: Counts
    positions: Floats


def simulate_series(site: SearchSite, world: SearchWorld, falls: Sequence[Fall]) -> SiteSeries:
    """Draw the days of a site; the same world and site give the same days."""
    rng = open_stream(world.seed, site.domain, "search series")
    demand, days = world.demand, world.days
    count, length = len(site.atoms), len(days)
    clicks, impressions, lift = _levels(site, world, falls)
    common = autoregressive(rng, length, sd=site.noise_sd, phi=site.autocorrelation)
    parts = _correlated(rng, (count, length), demand.part_noise_sd, 0.5)
    weekday = site.weekdays[[day.weekday() for day in days]]
    usual = weekday * _drift(rng, site, world)
    clicks *= usual * np.exp(common + parts)
    impressions *= usual * np.exp(IMPRESSIONS_NOISE * (common + parts))
    before = np.array([day < demand.results_page_break_on for day in days])
    impressions[:, before] /= demand.results_page_impressions_factor
    drawn = rng.poisson(clicks)
    shown = np.maximum(rng.poisson(impressions), drawn)
    positions = site.positions[:, None] * lift * np.exp(_correlated(rng, (count, length), demand.position_sd, 0.6))
    positions[:, before] /= demand.results_page_position_factor
    return SiteSeries(drawn, shown, np.maximum(positions, 1.0))


def expected_clicks(site: SearchSite, world: SearchWorld, falls: Sequence[Fall]) -> Floats:
    """Mean clicks per atom and day without noise, weekdays and drift."""
    return _levels(site, world, falls)[0]


def fall_level(fall: Fall, length: int) -> Floats:
    """How much of a fall's depth is there on each day, 0 to 1: a ramp down, and perhaps a ramp back."""
    passed = np.arange(length) - fall.start
    level = np.clip((passed + 1) / fall.ramp, 0.0, 1.0)
    if fall.recovers_at is not None:
        back = np.clip((np.arange(length) - fall.recovers_at + 1) / fall.back_days, 0.0, 1.0)
        level = level * (1 - fall.regained * back)
    return level


def _levels(site: SearchSite, world: SearchWorld, falls: Sequence[Fall]) -> tuple[Floats, Floats, Floats]:
    """Mean clicks and impressions per atom and day, and the factor on positions, as the falls leave them."""
    length = world.performance_days
    clicks = np.repeat(site.clicks[:, None], length, axis=1)
    impressions = clicks / site.click_rates[:, None]
    lift = np.ones_like(clicks)
    for fall in falls:
        if fall.channel == "tracker":
            continue
        left = 1 - np.outer(fall.weights * fall.depth, fall_level(fall, length))
        clicks *= left
        if fall.channel == "rank":
            impressions *= left**IMPRESSIONS_POWER
            lift *= left ** (-1 / world.demand.click_elasticity)
        elif fall.channel != "click_rate":
            impressions *= left
    return clicks, impressions, lift


def _drift(rng: np.random.Generator, site: SearchSite, world: SearchWorld) -> Floats:
    """Growth and slow swings of the whole site's level."""
    length = world.performance_days
    years = (np.arange(length) - length / 2) / 365.25
    slow = autoregressive(rng, length, sd=site.drift_sd, phi=float(np.exp(-1 / world.demand.drift_days)))
    kernel = np.ones(28) / 28  # swings are smooth: a slow walk has no corners that look like falls
    smooth = np.convolve(np.pad(slow, (14, 13), mode="edge"), kernel, mode="valid")
    return np.asarray(site.growth_per_year**years * np.exp(smooth))


def _correlated(rng: np.random.Generator, shape: tuple[int, int], sd: float, phi: float) -> Floats:
    """Stationary noise per row with day to day correlation ``phi``."""
    shocks = rng.normal(0.0, sd * np.sqrt(1 - phi**2), shape)
    shocks[:, 0] = rng.normal(0.0, sd, shape[0])
    for day in range(1, shape[1]):
        shocks[:, day] += phi * shocks[:, day - 1]
    return shocks
