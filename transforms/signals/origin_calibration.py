"""How summed log-odds become probabilities: vector scaling, and its fit by maximum a posteriori."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from transforms.schemas.signals_rules import SIX_ORIGINS

Floats = npt.NDArray[np.float64]

PATH = Path(__file__).parent / "rules" / "calibration.toml"

BIAS_SD = 2.0
"""Spread of the prior of each bias, log-odds: priors of origins that differ sevenfold are ordinary."""
SLOPE_LOG_SD = 0.5
"""Spread of the prior of the log of the slope: rules that overlap count for about half to once of what they say."""


@dataclass(frozen=True)
class Calibration:
    """``probability = softmax(slope x (evidence + bias))`` over the six origins."""

    slope: float
    bias: tuple[float, ...]
    rule_set: str
    """Version of the rules it was fitted for."""

    def probabilities(self, evidence: Floats) -> Floats:
        """One row per row of ``evidence`` (n x 6), adding to 1."""
        probabilities: Floats = softmax(self.slope * (evidence + np.asarray(self.bias)), axis=1)
        return probabilities


def fit_calibration(
    evidence: Floats, origin: npt.NDArray[np.int64], weight: Floats, *, rule_set: str, most_slope: float = np.inf
) -> Calibration:
    """The slope and biases that make the labels most likely, with a prior of slope 1 and equal origins.

    Args:
        evidence: n x 6 summed log-odds.
        origin: place of the true origin in ``SIX_ORIGINS``, n.
        weight: how much each row counts, n; a referring domain's links share a weight of 1.
        rule_set: version of the rules that gave the evidence.
        most_slope: largest slope allowed.
    """

    def loss(values: Floats) -> float:
        scores = np.exp(values[0]) * (evidence + values[1:])
        fit = float(np.sum(weight * log_softmax(scores, axis=1)[np.arange(len(origin)), origin]))
        prior = float((values[0] / SLOPE_LOG_SD) ** 2 + np.sum((values[1:] / BIAS_SD) ** 2)) / 2
        return prior - fit

    bounds = [(None, float(np.log(most_slope))), *([(None, None)] * len(SIX_ORIGINS))]
    best = minimize(loss, np.zeros(1 + len(SIX_ORIGINS)), method="L-BFGS-B", bounds=bounds).x
    bias = best[1:] - best[1:].mean()
    return Calibration(float(np.exp(best[0])), tuple(float(value) for value in bias), rule_set)


def load_calibration(path: Path = PATH) -> Calibration:
    """The calibration that comes with the project."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    biases: Mapping[str, float] = values["bias"]
    return Calibration(
        float(values["slope"]), tuple(float(biases[origin]) for origin in SIX_ORIGINS), str(values["rule_set"])
    )


BUNDLED = load_calibration()
