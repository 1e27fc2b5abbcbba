"""Twenty-eight scenarios of simulated weekly counts after Noufaily et al. 2013 (Statistics in Medicine 32:1206).

Seven parameter rows, each with and without a trend, with and without a yearly wave; four past outbreaks and one that is
to be found. A year has 52 weeks and no dates: the calendar is made up.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks.surge_sets import curves
from penalty_radar.benchmarks.surge_sets.count_set import WEEK, CountSet, Flags, Floats, Method

WEEKS = 624
PAST_WEEKS = (312, 575)
"""Columns in which past outbreaks start (weeks 313 to 575)."""

SCORED_FROM = 575
"""Column of the first scored week (576); in these weeks the last outbreak starts."""

THETA = (0.1, -2.0, 1.5, 0.5, 2.5, 3.75, 5.0)
PHI = (1.5, 2.0, 1.0, 5.0, 3.0, 1.1, 1.2)
BETA = (0.0025, 0.005, 0.003, 0.002, 0.001, 0.001, 0.0001)
GAMMA_COS = (0.6, 0.1, 0.2, 0.5, 1.0, 0.1, 0.05)
GAMMA_SIN = (0.6, 0.3, -0.4, 0.5, 0.1, -0.1, 0.01)
PAST_SIZES = (2, 3, 5, 10)
SIZES = tuple(range(1, 11))
"""Outbreak sizes, in standard deviations of the series; replicates take them in turn."""

REPLICATES = 1000
BLOCK = 50
"""Replicates a method is given at once, of all scenarios mixed: a portfolio of one scenario would tell it too much."""

PUBLISHED_FPR = 0.0091
NOMINAL = 0.01


@dataclass(frozen=True)
class Block:
    """Some replicates of every scenario: (scenario, replicate) pairs × weeks."""

    clean: Floats
    """Counts with past outbreaks only."""

    surged: Floats
    """The same with the last outbreak."""

    is_inside: Flags
    """Weeks from the last outbreak's start to its last case."""

    size: NDArray[np.int64]
    """Of the last outbreak, in standard deviations, by series."""

    scenario: NDArray[np.int64]
    """0 to 27, by series."""

    mean: Floats
    """True means, and the sizes of the negative binomial, of each series' weeks."""

    shape: Floats


@dataclass(frozen=True)
class RecipeScores:
    """A method's scores of the scored weeks (series × 49) with what is needed to judge them."""

    clean: Floats
    surged: Floats
    is_inside: Flags
    size: NDArray[np.int64]
    scenario: NDArray[np.int64]
    mean: Floats
    """Mean of the true means of the scored weeks, by series."""


def scenario_means() -> tuple[Floats, Floats]:
    """True means and negative-binomial sizes, 28 × 624; scenarios by parameter row, trend, wave."""
    week = np.arange(1, WEEKS + 1)
    means, shapes = [], []
    for theta, phi, beta, cosine, sine in zip(THETA, PHI, BETA, GAMMA_COS, GAMMA_SIN, strict=True):
        for trend in (0.0, 1.0):
            for wave in (0.0, 1.0):
                angle = 2.0 * np.pi * week / 52.0
                log_mean = theta + trend * beta * week + wave * (cosine * np.cos(angle) + sine * np.sin(angle))
                means.append(np.exp(log_mean))
                # The variance is mean + phi mean² / (1 + mean), the formula of the published figures.
                shapes.append((1.0 + means[-1]) / phi)
    return np.array(means), np.array(shapes)


def simulate_blocks(replicates: int = REPLICATES, seed: int = 28) -> Iterator[Block]:
    """The replicates of all scenarios in blocks; the first blocks do not depend on how many follow."""
    means, shapes = scenario_means()
    for first in range(0, replicates, BLOCK):
        random = np.random.default_rng([seed, first])
        count = min(BLOCK, replicates - first)
        scenario = np.repeat(np.arange(len(means)), count)
        mean, shape = means[scenario], shapes[scenario]
        counts = random.poisson(random.gamma(shape, mean / shape)).astype(np.float64)
        deviation = counts.std(axis=1, ddof=1)
        clean = counts.copy()
        for past in PAST_SIZES:
            clean += _simulate_outbreak(random, past * deviation, *PAST_WEEKS)
        size = np.tile(np.array(SIZES)[(first + np.arange(count)) % len(SIZES)], len(means))
        extra = _simulate_outbreak(random, size * deviation, SCORED_FROM, WEEKS)
        started = np.cumsum(extra, axis=1) > 0
        has_more = np.cumsum(extra[:, ::-1], axis=1)[:, ::-1] > 0
        yield Block(clean, clean + extra, started & has_more, size, scenario, mean, shape)


def as_count_set(counts: Floats, scenario: NDArray[np.int64]) -> CountSet:
    """Counts of a block as a method takes them."""
    wanted = np.zeros(counts.shape, dtype=bool)
    wanted[:, SCORED_FROM:] = True
    names = [f"scenario {number + 1}" for number in scenario]
    return CountSet(counts, WEEK, datetime.date(2012, 1, 2), names, wanted)


def score_recipe(method: Method, replicates: int = REPLICATES, seed: int = 28) -> RecipeScores:
    """A method's scores of every replicate, with and without the last outbreak."""
    return score_blocks(lambda counts, block: method(as_count_set(counts, block.scenario)), replicates, seed)


def score_blocks(
    score: Callable[[Floats, Block], Floats], replicates: int = REPLICATES, seed: int = 28
) -> RecipeScores:
    """The same for a test that may look at the truth in the block beside the counts, as an oracle does."""
    parts = []
    for block in simulate_blocks(replicates, seed):
        clean, surged = (score(counts, block)[:, SCORED_FROM:] for counts in (block.clean, block.surged))
        mean = block.mean[:, SCORED_FROM:].mean(axis=1)
        parts.append((clean, surged, block.is_inside[:, SCORED_FROM:], block.size, block.scenario, mean))
    return RecipeScores(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def evaluate(method: Method, replicates: int = REPLICATES) -> dict[str, float]:
    """:func:`summarise` of a method's scores."""
    return summarise(score_recipe(method, replicates))


def summarise(scores: RecipeScores, customary: float | None = None) -> dict[str, float]:
    """POD at the published false alarm rate, overall and by outbreak size, and both rates at the nominal threshold.

    That is the score ``customary``, or p ≤ :data:`NOMINAL` where it is None.

    An outbreak is found when a week from its start to its last case alarms; one without any case in the scored weeks
    is missed. All scenarios and weeks are pooled.
    """
    at = curves.threshold_at(scores.clean.ravel(), 1.0 - PUBLISHED_FPR)
    is_found = find_outbreaks(scores, at)
    nominal = curves.nominal_threshold(NOMINAL) if customary is None else customary
    return {
        f"POD at FPR ≤ {PUBLISHED_FPR}": float(is_found.mean()),
        "FPR at nominal": curves.alarm_share(scores.clean, nominal),
        "POD at nominal": float(find_outbreaks(scores, nominal).mean()),
        "replicates": len(scores.size) / len(np.unique(scores.scenario)),
        **{f"POD k={size}": float(is_found[scores.size == size].mean()) for size in SIZES if size in scores.size},
    }


def find_outbreaks(scores: RecipeScores, threshold: float) -> Flags:
    """Whether an alarm stands inside the last outbreak, by series."""
    return np.asarray(((scores.surged > threshold) & scores.is_inside).any(axis=1))


def scenario_ratios(scores: RecipeScores) -> list[tuple[int, float, float]]:
    """(scenario from 0, mean count, realised over nominal false alarms at :data:`NOMINAL`) on the clean series."""
    threshold = curves.nominal_threshold(NOMINAL)
    found = []
    for scenario in np.unique(scores.scenario):
        chosen = scores.scenario == scenario
        share = curves.alarm_share(scores.clean[chosen], threshold)
        found.append((int(scenario), float(scores.mean[chosen].mean()), share / NOMINAL))
    return found


def _simulate_outbreak(random: np.random.Generator, expected: Floats, first: int, end: int) -> Floats:
    """Extra counts of one outbreak a series.

    Poisson cases, starting in [first, end), each delayed by the floor of a LogNormal(0, .5) of weeks; what falls after
    the last week is lost.
    """
    start = random.integers(first, end, len(expected))
    cases = random.poisson(expected)
    row = np.repeat(np.arange(len(expected)), cases)
    column = start[row] + np.floor(random.lognormal(0.0, 0.5, len(row))).astype(np.int64)
    extra = np.zeros((len(expected), WEEKS))
    kept = column < WEEKS
    np.add.at(extra, (row[kept], column[kept]), 1.0)
    return extra
