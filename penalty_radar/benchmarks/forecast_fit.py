"""Fits the forecast of a ranking drop on simulated worlds.

``python -m penalty_radar.benchmarks.forecast_fit`` prints the coefficients; ``--write`` keeps them in
``transforms/risk/forecast.toml``. The likelihood is that of a drop or none in the 90 days after each night; every
coefficient has a wide prior around a guess, so that what the worlds say little about stays sensible. The benchmark
``forecast`` judges the result on worlds that share no parameter with these.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax

from penalty_radar.benchmarks.forecast_cases import Cases, collect, with_precedent
from penalty_radar.benchmarks.forecast_worlds import FIT, WorldRanges, draw_worlds
from transforms.risk.hazard import PATH, Coefficients, chance_of, expect

Floats = NDArray[np.float64]

GUESS = Coefficients(
    base_rate=1.0,
    portfolio_years=3.0,
    site_years=3.0,
    noise=0.3,
    season=0.5,
    provisional=0.05,
    exposure=0.05,
    reach=0.3,
    dose=0.5,
    lag_shares=(0.10, 0.60, 0.30),
    precedent_weight=15.0,
    unknown_links=0.05,
    model_spread=0.2,
)
"""Where the fit starts, and the middle of each prior."""
POSITIVE = (
    "base_rate", "portfolio_years", "site_years", "season", "provisional", "exposure", "reach", "dose",
    "precedent_weight",
)  # fmt: skip
"""Coefficients fitted as logarithms: they cannot be negative."""
LOG_SD = 1.0
"""Spread of each prior, in logarithms: a guess may be wrong by a factor of three."""


def as_values(given: Coefficients) -> Floats:
    """Coefficients as the free numbers of the fit."""
    shares = np.log(np.asarray(given.lag_shares))
    return np.array([*(np.log(getattr(given, name)) for name in POSITIVE), given.noise, *(shares[:2] - shares[2])])


def as_coefficients(values: Floats) -> Coefficients:
    """The free numbers as coefficients."""
    positive = {name: float(np.exp(value)) for name, value in zip(POSITIVE, values, strict=False)}
    shares = softmax([*values[len(POSITIVE) + 1 :], 0.0])
    early, middle, late = (float(share) for share in shares)
    return replace(GUESS, noise=float(values[len(POSITIVE)]), lag_shares=(early, middle, late), **positive)


def fit(cases: Cases) -> Coefficients:
    """Maximum a posteriori, then the mean of the links' part and the spread between worlds."""
    start = as_values(GUESS)

    def loss(values: Floats) -> float:
        fitted = as_coefficients(values)
        chance = chance_of(expect(with_precedent(cases, fitted), fitted).total)
        likelihood = np.where(cases.has_fallen, np.log(chance), np.log1p(-chance)).sum()
        return float(np.sum((values - start) ** 2) / (2 * LOG_SD**2) - likelihood)

    best = as_coefficients(minimize(loss, start, method="L-BFGS-B").x)
    expected = expect(with_precedent(cases, best), best)
    best = replace(best, unknown_links=float(expected.links.mean()))
    return replace(best, model_spread=spread_between_worlds(cases, expected.total))


def spread_between_worlds(cases: Cases, expected: Floats) -> float:
    """Coefficient of variation of a world's drops around the expected number, beyond that of chance."""
    chance = chance_of(expected)
    left = np.bincount(cases.world, cases.has_fallen - chance)
    by_chance = np.bincount(cases.world, chance * (1 - chance))
    total = np.bincount(cases.world, chance)
    return float(np.sqrt(max(0.0, float((left**2 - by_chance).sum()) / float((total**2).sum()))))


def write(fitted: Coefficients) -> None:
    """Keep the coefficients where the stage reads them."""
    lines = [
        f"{name} = [{', '.join(f'{share:.4f}' for share in value)}]"
        if isinstance(value, Sequence)
        else f"{name} = {value:.4f}"
        for name, value in fitted.as_mapping().items()
    ]
    PATH.write_text("\n".join([*_HEAD, *lines]) + "\n", encoding="utf-8")


_HEAD = (
    "# Written by `python -m penalty_radar.benchmarks.forecast_fit --write`; do not edit by hand.",
    "# What each means stands in transforms/risk/hazard.py; how it is fitted in docs/methods-risk.md.",
    "",
)


def run(ranges: WorldRanges = FIT) -> tuple[Cases, Coefficients]:
    """The cases of the worlds for fitting, and the coefficients."""
    cases = collect(draw_worlds(ranges), GUESS)
    return cases, fit(cases)


def main() -> None:
    """Fit, print, and keep if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="keep the coefficients")
    arguments = parser.parse_args()
    cases, fitted = run()
    sys.stdout.write(f"{len(cases.has_fallen):,} nights of sites, {cases.has_fallen.mean():.3f} with a drop after\n")
    for name, value in fitted.as_mapping().items():
        sys.stdout.write(f"{name:<18} {getattr(GUESS, name)} -> {value}\n")
    if arguments.write:
        write(fitted)


if __name__ == "__main__":
    main()
