"""The chance of a ranking drop in the coming 90 days: a hazard of few terms, and its coefficients.

``chance = 1 - exp(-(drops expected of a like site without risky links + drops expected of the links))``. Rates are
shrunk twice: a site's own to the portfolio's, the portfolio's to that of the simulated worlds. The coefficients are
fitted on simulated worlds (``python -m penalty_radar.benchmarks.forecast_fit --write``; docs/methods-risk.md).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import gamma

Floats = NDArray[np.float64]

PATH = Path(__file__).parent / "forecast.toml"
"""Where the fitted coefficients stand."""

HORIZON_DAYS = 90
"""Days ahead: a quarter, the span in which teams plan."""
YEAR_DAYS = 365.25
LAG_EDGES = (0, 6, 45, 180)
"""Days after the start of a surge that part the bands of :attr:`Coefficients.lag_shares`: the own days of the three
lag windows declared for correlation (1 to 6, 7 to 45, 46 to 180)."""
USUAL_NOISE = 0.2
"""Noise (sd of the log residual) at which the noise term is 1: the middle of what was measured on real series."""
USUAL_DOSE = 15.0
"""Excess domains of an ordinary package: :attr:`Coefficients.reach` is the reach of a surge of this size."""
USUAL_EXPOSURE = 10.0
"""Standing risky domains at which the exposure term stands at log 2."""
LEAST_CHANCE, MOST_CHANCE = 0.01, 0.95
"""Nothing is said to be surer than this: no world holds every accident."""
TAIL = 0.05
"""Share left out on each side of the interval: 90 % lies within."""


@dataclass(frozen=True, kw_only=True)
class Coefficients:
    """Fitted on simulated worlds; every one but ``noise`` is at least 0, so that more risk never lowers the chance."""

    base_rate: float
    """Drops a site-year that links do not explain: the mean of the worlds."""
    portfolio_years: float
    """Site-years that ``base_rate`` counts for beside a portfolio's own."""
    site_years: float
    """Site-years that the portfolio's rate counts for beside a site's own."""
    noise: float
    """Exponent of the site's noise over USUAL_NOISE."""
    season: float
    """Log factor when a drop began in the same 90 days of the year before."""
    provisional: float
    """Drops expected besides while a provisional drop is open: falls come in steps."""
    exposure: float
    """Drops a year expected besides per unit of log(1 + risky domains / USUAL_EXPOSURE)."""
    reach: float
    """Drops expected of a surge of USUAL_DOSE over 180 days."""
    dose: float
    """Exponent of the surge's excess over USUAL_DOSE."""
    lag_shares: tuple[float, float, float]
    """Share of the effects in each band of LAG_EDGES; they add to 1."""
    precedent_weight: float
    """Surges that the simulated reach counts for beside those of a portfolio."""
    unknown_links: float
    """Drops expected of the links in 90 days where no link data tell: the mean of the worlds."""
    model_spread: float
    """Coefficient of variation of the expected drops beyond what the counts leave open."""

    def as_mapping(self) -> Mapping[str, object]:
        """The coefficients by name, for writing down."""
        return asdict(self)


@dataclass(frozen=True)
class Prospects:
    """What a forecast rests on; one entry per site, surges flat with the place of their site."""

    own_drops: Floats
    """Earlier drops that links do not explain, each counted with that probability."""
    own_years: Floats
    other_drops: Floats
    """The same of the portfolio's other sites."""
    other_years: Floats
    log_noise: Floats
    """log(noise / USUAL_NOISE); 0 where not known."""
    is_season: Floats
    is_provisional: Floats
    exposure: Floats
    """Expected number of standing risky domains."""
    precedent: Floats
    """What surges of the other sites did over what the worlds expect of them, shrunk; 1 without any."""
    precedent_surges: Floats
    """Surges of other sites that ``precedent`` rests on."""
    has_links: NDArray[np.bool_]
    surge_site: NDArray[np.int64]
    surge_age: Floats
    """Days from the start of each surge to the day of the forecast."""
    surge_dose: Floats
    """Excess domains times the probability that they are no chance find."""
    surge_open: Floats
    """Probability that the surge has not had its effect yet, by the drops seen after it."""


@dataclass(frozen=True)
class Expected:
    """Expected numbers of drops in the coming 90 days, one per site."""

    base: Floats
    provisional: Floats
    exposure: Floats
    momentum: Floats
    base_rate: Floats
    """Drops a year after shrinkage, before noise and season."""
    variance: Floats
    """Of the sum."""

    @property
    def without_links(self) -> Floats:
        """Of a like site without risky links."""
        return self.base + self.provisional

    @property
    def links(self) -> Floats:
        """Of the links."""
        return self.exposure + self.momentum

    @property
    def total(self) -> Floats:
        """Of everything."""
        return self.without_links + self.links


def read_coefficients(path: Path = PATH) -> Coefficients:
    """The coefficients in use."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    return Coefficients(**written | {"lag_shares": tuple(written["lag_shares"])})


def effects_until(days: Floats, lag_shares: tuple[float, float, float]) -> Floats:
    """Share of the effects of a surge that have begun ``days`` after its start: 0 at 0, 1 from 180 on."""
    return np.asarray(np.interp(days, LAG_EDGES, np.concatenate([[0.0], np.cumsum(lag_shares)])), dtype=np.float64)


def expect(prospects: Prospects, fitted: Coefficients) -> Expected:
    """Expected drops of every site, by what they come from."""
    quarter = HORIZON_DAYS / YEAR_DAYS
    portfolio = (prospects.other_drops + fitted.portfolio_years * fitted.base_rate) / (
        prospects.other_years + fitted.portfolio_years
    )
    shape = prospects.own_drops + fitted.site_years * portfolio
    rate = shape / (prospects.own_years + fitted.site_years)
    base = rate * quarter * np.exp(fitted.noise * prospects.log_noise + fitted.season * prospects.is_season)
    provisional = fitted.provisional * prospects.is_provisional
    exposure = fitted.exposure * quarter * np.log1p(prospects.exposure / USUAL_EXPOSURE)
    momentum = _momentum(prospects, fitted)
    exposure = np.where(prospects.has_links, exposure, fitted.unknown_links)
    momentum = np.where(prospects.has_links, momentum, 0.0)
    reach_cv = 1.0 / np.sqrt(1.0 + (fitted.precedent_weight + prospects.precedent_surges) * fitted.reach)
    variance = (
        base**2 / np.maximum(shape, 0.1)
        + ((exposure + momentum) * reach_cv) ** 2
        + ((base + provisional + exposure + momentum) * fitted.model_spread) ** 2
    )
    return Expected(base, provisional, exposure, momentum, rate, variance)


def _momentum(prospects: Prospects, fitted: Coefficients) -> Floats:
    """Of each surge the effect that still comes, given that none has come until now."""
    strength = fitted.reach * prospects.precedent[prospects.surge_site]
    strength = strength * (prospects.surge_dose / USUAL_DOSE) ** fitted.dose
    reach = -np.expm1(-strength)
    so_far = effects_until(prospects.surge_age, fitted.lag_shares)
    then = effects_until(prospects.surge_age + HORIZON_DAYS, fitted.lag_shares)
    ahead = reach * (then - so_far) / np.maximum(1.0 - reach * so_far, 1e-9)
    by_site = np.bincount(prospects.surge_site, ahead * prospects.surge_open, minlength=len(prospects.own_drops))
    return np.asarray(by_site, dtype=np.float64)


def chance_of(expected: Floats) -> Floats:
    """Chance of at least one drop, within LEAST_CHANCE and MOST_CHANCE."""
    return np.clip(-np.expm1(-expected), LEAST_CHANCE, MOST_CHANCE)


def interval_of(expected: Expected) -> tuple[Floats, Floats]:
    """Bounds between which the chance lies with 90 %: those of a gamma with the mean and variance of the number."""
    total, variance = np.maximum(expected.total, 1e-9), np.maximum(expected.variance, 1e-12)
    shape, scale = total**2 / variance, variance / total
    low, high = (chance_of(np.asarray(gamma.ppf(tail, shape, scale=scale))) for tail in (TAIL, 1 - TAIL))
    middle = chance_of(total)
    return np.minimum(low, middle), np.maximum(high, middle)
