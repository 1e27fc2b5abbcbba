"""Every method of the surge benchmark by name, with the threshold its users know and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

import numpy as np

from penalty_radar.benchmarks.surge_methods import changepoints, ears, farrington, plain_tests
from penalty_radar.benchmarks.surge_sets import background, recipe
from penalty_radar.benchmarks.surge_sets.count_set import CountSet, Floats, Method

LEAST_P = 1e-300


class Size(TypedDict):
    """How much of the sets a slow method is given."""

    replicates: int
    runs: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the tables: a method that is run, one that knows the truth, or a published figure."""

    name: str
    reference: str
    customary: float | None = None
    """Score above which its users alarm; None: the score is −log10 p and each set's own α applies."""

    replicates: int = recipe.REPLICATES
    """Of the recipe; slow methods are measured on fewer, and on fewer runs and injections."""

    runs: int = 100
    places: int = background.PLACES


@dataclass(frozen=True, kw_only=True)
class Case(Entry):
    """A method that every set is given to."""

    method: Method


def score_ours(count_set: CountSet) -> Floats:
    """The project's detector, in its one configuration."""
    from transforms.surges.day_scores import score_days

    p = score_days(count_set.counts, step_days=count_set.step_days, first_day=count_set.first_day)
    return np.asarray(-np.log10(np.maximum(p, LEAST_P)))


_SLOW = Size(replicates=100, runs=25, places=60)
_SLOWEST = Size(replicates=20, runs=5, places=40)

OURS = Case(name="ours", reference="docs/methods-detectors.md", method=score_ours)

EARS, TOOLS, NOUFAILY = "Hutwagner et al. 2003", "rule of open link tools", "Noufaily et al. 2013"
COMPARATORS: Sequence[Case] = (
    Case(name="EARS C1", reference=EARS, method=ears.score_c1, customary=ears.CUSTOMARY_C1),
    Case(name="EARS C2", reference=EARS, method=ears.score_c2, customary=ears.CUSTOMARY_C1),
    Case(name="EARS C3", reference=EARS, method=ears.score_c3, customary=ears.CUSTOMARY_C3),
    Case(name="Farrington flexible, nbPlugin", reference=NOUFAILY, method=farrington.score_farrington, **_SLOW),
    Case(
        name="Farrington flexible, delta",
        reference=NOUFAILY,
        method=partial(farrington.score_farrington, params=farrington.FLEXIBLE_DELTA),
        **_SLOW,
    ),
    Case(
        name="Farrington 1996",
        reference="Farrington et al. 1996",
        method=partial(farrington.score_farrington, params=farrington.CLASSIC),
        **_SLOW,
    ),
    Case(name="plain NB", reference="moments of 26 steps", method=plain_tests.score_negative_binomial),
    Case(
        name="5 × weekly mean",
        reference=TOOLS,
        method=plain_tests.score_ratio,
        customary=plain_tests.CUSTOMARY_RATIO,
    ),
    Case(
        name="mean + 2 sd, 26 weeks",
        reference=TOOLS,
        method=plain_tests.score_deviations,
        customary=plain_tests.CUSTOMARY_DEVIATIONS,
    ),
    Case(
        name="ruptures PELT l2",
        reference="Killick et al. 2012",
        method=changepoints.score_changes,
        customary=0.0,
        **_SLOWEST,
    ),
)

CASES: Sequence[Case] = (OURS, *COMPARATORS)


def find_case(name: str) -> Case:
    """The case of that name, which is one of :data:`CASES`."""
    return next(case for case in CASES if case.name == name)
