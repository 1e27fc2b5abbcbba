"""Fits what the rules weigh and how sums become probabilities, on the simulated world for fitting.

``python -m penalty_radar.benchmarks.origin_fit`` prints the weights beside the guesses they started from, and how well
they tell links of domains they were not fitted on; ``--write`` keeps them in ``transforms/signals/rules``. Every weight
has a prior at its guess: what the world says little about stays where published numbers and common sense put it. No
benchmark and no real export is read: docs/benchmarks.md judges the result on another world.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import log_softmax

from penalty_radar.benchmarks.origin_scores import domain_weights
from penalty_radar.benchmarks.origin_worlds import FIT_WORLD, read_links, run_signals, staged_world
from penalty_radar.simulation import load_world
from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.signals.origin_calibration import PATH, fit_calibration
from transforms.signals.rule_set import FITTED, RuleSet, bundled_rules

WEIGHT_SD = 1.0
"""Spread of each weight around its guess, log-odds: a guess may well be wrong by a factor of three."""
BIAS_SD = 3.0
"""Spread of the origins' base rates, log-odds: wide, for every portfolio has other shares."""
LEAST_WEIGHT, MOST_WEIGHT = 0.0, 4.5
"""A rule never speaks against what it is named for, and no sign is worth more than 90 to one: simulated pages are more
alike than real ones, so that what never errs there may well err here."""
MOST_SLOPE = 1.0
"""Simulated pages would let evidence count for more than its sum; nothing says that real ones do."""
FOLDS = 2

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def add_up(applies: Floats, weights: Floats, speaks_for: Ints) -> Floats:
    """Summed weights per origin, n x 6."""
    spread = np.zeros((len(weights), len(SIX_ORIGINS)))
    spread[np.arange(len(weights)), speaks_for] = weights
    return np.asarray(applies @ spread)


def fit_weights(applies: Floats, speaks_for: Ints, guesses: Floats, origin: Ints, counts: Floats) -> Floats:
    """Weights in the order of the rules: maximum a posteriori of a logistic model in which each speaks for one origin.

    The model's base rates are left behind: the calibration finds its own.

    Args:
        applies: n x rules, 1 where a rule applies.
        speaks_for: place of each rule's origin in ``SIX_ORIGINS``.
        guesses: mean of each weight's prior.
        origin: place of the true origin of each link.
        counts: how much each link counts; those of one referring domain share 1.
    """
    rule_count = len(guesses)

    def loss(values: Floats) -> tuple[float, Floats]:
        weights, bias = values[:rule_count], values[rule_count:]
        logs = log_softmax(add_up(applies, weights, speaks_for) + bias, axis=1)
        error = np.exp(logs)
        error[np.arange(len(origin)), origin] -= 1.0
        error *= counts[:, None]
        slope = np.einsum("nr,nr->r", applies, error[:, speaks_for]) + (weights - guesses) / WEIGHT_SD**2
        prior = np.sum((weights - guesses) ** 2) / (2 * WEIGHT_SD**2) + np.sum(bias**2) / (2 * BIAS_SD**2)
        value = float(prior - np.sum(counts * logs[np.arange(len(origin)), origin]))
        return value, np.concatenate([slope, error.sum(axis=0) + bias / BIAS_SD**2])

    start = np.concatenate([np.clip(guesses, LEAST_WEIGHT, MOST_WEIGHT), np.zeros(len(SIX_ORIGINS))])
    bounds = [(LEAST_WEIGHT, MOST_WEIGHT)] * rule_count + [(None, None)] * len(SIX_ORIGINS)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.asarray(np.round(best[:rule_count], 2))


@dataclass(frozen=True)
class Material:
    """The links of the world for fitting, with the rules that apply to each."""

    rules: RuleSet
    links: pd.DataFrame
    applies: Floats
    speaks_for: Ints
    guesses: Floats
    origin: Ints
    counts: Floats


def collect(rules: RuleSet) -> Material:
    """Simulate and read the world for fitting; links whose page discloses that they were bought are left out."""
    parameters = load_world(FIT_WORLD)
    with staged_world(parameters) as connection:
        run_signals(connection, parameters.last_export_on)
        links = read_links(connection)
        marks = connection.execute(
            "SELECT CAST(link_number AS VARCHAR) AS link_id, text_bits, fact_bits FROM signals.link_marks"
        ).df()
    links = links.merge(marks, on="link_id", validate="one_to_one")
    links = links[~(links["is_sponsored"] & links["true_origin"].eq("bought"))].reset_index(drop=True)
    columns = [
        (links["text_bits" if rule.is_text else "fact_bits"].to_numpy(dtype=np.int64) & np.int64(bit)) != 0
        for rule, bit in rules.numbered
    ]
    return Material(
        rules=rules,
        links=links,
        applies=np.stack(columns, axis=1).astype(np.float64),
        speaks_for=np.asarray([SIX_ORIGINS.index(rule.origin) for rule in rules.rules]),
        guesses=np.asarray([rule.guess for rule in rules.rules]),
        origin=links["true_origin"].map(SIX_ORIGINS.index).to_numpy(dtype=np.int64),
        counts=domain_weights(links),
    )


def cross_validate(material: Material) -> Floats:
    """Summed weights of every link, n x 6, from a fit that saw no link of its referring domain."""
    domains = material.links["source_domain"].astype("category").cat.codes.to_numpy(dtype=np.int64)
    fold = (domains * 7919 % 104729) % FOLDS
    found = np.zeros((len(fold), len(SIX_ORIGINS)))
    for number in range(FOLDS):
        rest, part = fold != number, fold == number
        weights = fit_weights(
            material.applies[rest], material.speaks_for, material.guesses, material.origin[rest], material.counts[rest]
        )
        found[part] = add_up(material.applies[part], weights, material.speaks_for)
    return found


def write_fit(weights: Floats, evidence: Floats, material: Material) -> None:
    """Keep the weights, and the calibration of ``evidence`` for the rule set that they make."""
    lines = [f"{rule.name} = {weight:.2f}" for rule, weight in zip(material.rules.rules, weights, strict=True)]
    FITTED.write_text("\n".join([*_HEAD, "[weights]", *lines]) + "\n", encoding="utf-8")
    weighed = RuleSet(
        tuple(
            rule.model_copy(update={"weight": float(weight)})
            for rule, weight in zip(material.rules.rules, weights, strict=True)
        )
    )
    found = fit_calibration(evidence, material.origin, material.counts, rule_set=weighed.version, most_slope=MOST_SLOPE)
    biases = [f"{origin} = {value:.3f}" for origin, value in zip(SIX_ORIGINS, found.bias, strict=True)]
    PATH.write_text(
        "\n".join([*_HEAD, f'rule_set = "{found.rule_set}"', f"slope = {found.slope:.3f}", "", "[bias]", *biases])
        + "\n",
        encoding="utf-8",
    )


_HEAD = (
    "# Written by `python -m penalty_radar.benchmarks.origin_fit --write`; do not edit by hand.",
    "# docs/methods-origins.md says how.",
    "",
)


def main() -> None:
    """Fit, print, and keep if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="keep the weights")
    arguments = parser.parse_args()
    material = collect(bundled_rules())
    evidence = cross_validate(material)
    found = fit_calibration(evidence, material.origin, material.counts, rule_set="", most_slope=MOST_SLOPE)
    right = found.probabilities(evidence).argmax(axis=1) == material.origin
    print(f"{len(right):,} links; right on unseen domains: {np.average(right, weights=material.counts):.1%}")
    weights = fit_weights(material.applies, material.speaks_for, material.guesses, material.origin, material.counts)
    for rule, weight, count in zip(material.rules.rules, weights, material.applies.sum(axis=0), strict=True):
        print(f"{rule.origin:<15} {rule.name:<32} {rule.guess:>5.1f} -> {weight:>5.2f}  {int(count):>6,} links")
    biases = ", ".join(f"{origin} {value:+.2f}" for origin, value in zip(SIX_ORIGINS, found.bias, strict=True))
    print(f"slope {found.slope:.2f}; {biases}")
    if arguments.write:
        write_fit(weights, evidence, material)


if __name__ == "__main__":
    main()
