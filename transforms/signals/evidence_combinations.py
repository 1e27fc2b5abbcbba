"""signals.evidence_combinations: what rules that apply together make likely, one row per combination.

Weights (log-odds) add up per origin. Rules are not independent, and priors are guesses, so the sums are calibrated by
vector scaling: the softmax of (sum + bias of the origin) times one slope, after Guo et al. 2017, fitted on simulated
worlds (``transforms/signals/origin_calibration.py``), whose errors on other worlds docs/benchmarks.md publishes.
Where the team's own judgements made them better on unseen domains, signals.label_corrections corrects them after that.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.signals.label_calibration import NO_CORRECTION, Correction, correct_probabilities
from transforms.signals.origin_calibration import BUNDLED, Calibration
from transforms.signals.parameters import Parameters
from transforms.signals.rule_set import DISCLOSURE

READS = ("signals.mark_combinations", "signals.origin_rules", "signals.label_corrections")

Floats = npt.NDArray[np.float64]


def build(
    frames: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Parameters | None = None,
    calibration: Calibration = BUNDLED,
) -> pd.DataFrame:
    """The combinations with evidence and probability per origin (columns as declared), origin and probability."""
    combinations = frames["signals.mark_combinations"].reset_index(drop=True)
    parts = [
        _judge(
            group,
            frames["signals.origin_rules"],
            str(rule_set),
            params or Parameters(),
            calibration,
            correction_of(frames.get("signals.label_corrections"), str(rule_set)),
        )
        for rule_set, group in combinations.groupby("rule_set", sort=True)
    ]
    return pd.concat(parts, ignore_index=True) if parts else _empty()


def add_evidence(text_bits: npt.NDArray[np.int64], fact_bits: npt.NDArray[np.int64], rules: pd.DataFrame) -> Floats:
    """Summed log-odds, one row per combination and one column per origin of ``SIX_ORIGINS``.

    Weights are added as hundredths in whole numbers, so that the order of rules cannot change the last digit.
    """
    sums = np.zeros((len(text_bits), len(SIX_ORIGINS)), dtype=np.int64)
    for origin, is_text, bit, weight in rules[["origin", "is_text", "bit", "weight"]].itertuples(
        index=False, name=None
    ):
        applies = ((text_bits if is_text else fact_bits) & np.int64(bit)) != 0
        sums[applies, SIX_ORIGINS.index(origin)] += round(float(weight) * 100)
    return sums / 100.0


def correction_of(corrections: pd.DataFrame | None, rule_set: str) -> Correction:
    """What is applied to probabilities of ``rule_set``: no change where nothing is labelled or nothing helped."""
    if corrections is None:
        return NO_CORRECTION
    applied = corrections[(corrections["rule_set"] == rule_set) & corrections["is_applied"].astype(bool)]
    if applied.empty:
        return NO_CORRECTION
    biases = {str(origin): float(bias) for origin, bias in zip(applied["origin"], applied["bias"], strict=True)}
    return Correction(biases=biases, strength=float(applied["strength"].iloc[0]))


def _judge(
    group: pd.DataFrame,
    all_rules: pd.DataFrame,
    rule_set: str,
    params: Parameters,
    calibration: Calibration,
    correction: Correction,
) -> pd.DataFrame:
    rules = all_rules[all_rules["rule_set"] == rule_set]
    text_bits = group["text_bits"].to_numpy(dtype=np.int64)
    fact_bits = group["fact_bits"].to_numpy(dtype=np.int64)
    evidence = add_evidence(text_bits, fact_bits, rules)
    probabilities = calibration.probabilities(evidence)
    if correction != NO_CORRECTION:
        probabilities = correct_probabilities(probabilities, evidence, correction)
    # Ties go to the origin that accuses least: SIX_ORIGINS begins with natural, and argmax takes the first.
    order = [SIX_ORIGINS.index(origin) for origin in ("natural", "spam", *reversed(RISKY_ORIGINS))]
    best = np.asarray(order)[np.argmax(np.round(probabilities[:, order], 12), axis=1)]
    rows = np.arange(len(best))
    probability = probabilities[rows, best]
    disclosed = rules.loc[rules["rule"] == DISCLOSURE, ["is_text", "bit"]].itertuples(index=False, name=None)
    is_disclosed = np.zeros(len(best), dtype=bool)
    for is_text, bit in disclosed:
        is_disclosed |= ((text_bits if is_text else fact_bits) & np.int64(bit)) != 0
    arranged = np.isin(best, [SIX_ORIGINS.index(origin) for origin in RISKY_ORIGINS])
    is_told = (
        (np.abs(evidence).sum(axis=1) > 0)  # without any evidence there is only the base rate
        & (probability >= params.least_probability)
        & ~(is_disclosed & arranged)
    )
    frame = group[["rule_set", "text_bits", "fact_bits"]].copy()
    for place, origin in enumerate(SIX_ORIGINS):
        frame[f"{origin}_evidence"] = evidence[:, place]
        frame[f"{origin}_probability"] = probabilities[:, place]
    frame["origin"] = np.where(is_told, np.asarray(SIX_ORIGINS)[best], "unknown")
    frame["probability"] = np.where(is_told, probability, 1.0 - probability)
    frame["is_calibrated"] = rule_set == calibration.rule_set
    return frame


def _empty() -> pd.DataFrame:
    names = [f"{origin}_{kind}" for origin in SIX_ORIGINS for kind in ("evidence", "probability")]
    return pd.DataFrame(
        columns=["rule_set", "text_bits", "fact_bits", *names, "origin", "probability", "is_calibrated"]
    )
