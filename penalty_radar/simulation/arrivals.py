"""How many new referring domains the world brings on each day: overdispersed, with weekdays and slow swings."""

from __future__ import annotations

import datetime
import zlib

import numpy as np
from numpy.typing import NDArray

from penalty_radar.simulation.link_parameters import Arrivals, Campaign
from penalty_radar.simulation.parameters import Site


def open_stream(seed: int, domain: str, purpose: str) -> np.random.Generator:
    """The random stream of one site and purpose; other sites or purposes never shift it."""
    return np.random.default_rng([seed, zlib.crc32(domain.encode()), zlib.crc32(purpose.encode())])


def autoregressive(rng: np.random.Generator, days: int, *, sd: float, phi: float) -> NDArray[np.float64]:
    """A stationary AR(1) series with mean 0, standard deviation ``sd`` and lag-1 correlation ``phi``."""
    shocks = rng.normal(0.0, sd * np.sqrt(1 - phi**2), days)
    series = np.empty(days)
    level = rng.normal(0.0, sd)
    for day in range(days):
        level = phi * level + shocks[day]
        series[day] = level
    return series


def count_arrivals(
    rng: np.random.Generator, first_on: datetime.date, days: int, site: Site, arrivals: Arrivals
) -> NDArray[np.int64]:
    """New referring domains of each day: negative binomial (variance = ``site.link_dispersion`` times the mean).

    The mean over the whole span is ``site.link_daily_mean``; it grows by ``growth_per_year`` and swings slowly.
    """
    index = np.arange(days)
    weekdays = (first_on.weekday() + index) % 7
    growth = arrivals.growth_per_year ** ((index - days / 2) / 365.25)
    swings = np.exp(autoregressive(rng, days, sd=arrivals.level_sd, phi=arrivals.level_autocorrelation))
    means = np.asarray(arrivals.weekday_factors)[weekdays] * growth * swings
    means *= site.link_daily_mean / means.mean()
    if site.link_dispersion <= 1.001:  # the negative binomial's limit
        return np.asarray(rng.poisson(means), dtype=np.int64)
    draws = rng.negative_binomial(means / (site.link_dispersion - 1), 1 / site.link_dispersion)
    return np.asarray(draws, dtype=np.int64)


def spread_campaign(rng: np.random.Generator, campaign: Campaign) -> list[datetime.date]:
    """The day on which each domain of a campaign places its link, in order.

    ``flat`` spreads evenly (a delivery); ``decay`` halves about every third of the span (attention).
    """
    weights = np.ones(campaign.days)
    if campaign.shape == "decay":
        weights = 0.5 ** (np.arange(campaign.days) * 3 / campaign.days)
    offsets = rng.choice(campaign.days, size=campaign.domain_count, p=weights / weights.sum())
    offsets[0] = 0  # a campaign starts on its first day
    return [campaign.starts_on + datetime.timedelta(days=int(offset)) for offset in np.sort(offsets)]
