"""Every method of the surge benchmark by name, with the threshold its users know and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from penalty_radar.benchmarks.surge_methods import changepoints, ears, farrington, plain_tests
from penalty_radar.benchmarks.surge_sets.count_set import CountSet, Floats, Method

LEAST_P = 1e-300


@dataclass(frozen=True)
class Case:
    """A method as it stands in the tables."""

    name: str
    method: Method
    reference: str
    customary: float | None = None
    """Score above which its users alarm; None: the score is −log10 p and each set's own α applies."""

    is_slow: bool = False
    """Measured on a part of the replicates and runs, which the case's name then says."""


def score_ours(count_set: CountSet) -> Floats:
    """The project's detector, in its one configuration."""
    from transforms.surges.day_scores import score_days

    p = score_days(count_set.counts, step_days=count_set.step_days, first_day=count_set.first_day)
    return np.asarray(-np.log10(np.maximum(p, LEAST_P)))


OURS = Case("ours", score_ours, "docs/methods-detectors.md")

COMPARATORS: Sequence[Case] = (
    Case("EARS C1", ears.score_c1, "Hutwagner 2003", ears.CUSTOMARY_C1),
    Case("EARS C2", ears.score_c2, "Hutwagner 2003", ears.CUSTOMARY_C1),
    Case("EARS C3", ears.score_c3, "Hutwagner 2003", ears.CUSTOMARY_C3),
    Case("Farrington flexible, nbPlugin", farrington.score_farrington, "Noufaily 2013", is_slow=True),
    Case(
        "Farrington flexible, delta",
        partial(farrington.score_farrington, params=farrington.FLEXIBLE_DELTA),
        "Noufaily 2013",
        is_slow=True,
    ),
    Case(
        "Farrington 1996",
        partial(farrington.score_farrington, params=farrington.CLASSIC),
        "Farrington 1996",
        is_slow=True,
    ),
    Case("plain NB", plain_tests.score_negative_binomial, "moments of 26 steps"),
    Case("5 × weekly mean", plain_tests.score_ratio, "open link tools", plain_tests.CUSTOMARY_RATIO),
    Case("mean + 2 sd, 26 weeks", plain_tests.score_deviations, "open link tools", plain_tests.CUSTOMARY_DEVIATIONS),
    Case("ruptures PELT l2", changepoints.score_changes, "Killick 2012", 0.0, is_slow=True),
)
