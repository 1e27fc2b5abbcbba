"""Fits the weights of the cause model on the simulated world for fitting.

``python -m penalty_radar.benchmarks.cause_fit`` simulates the world, walks it as any portfolio, puts what was planted
beside the drops that were found, and prints every weight beside its guess; ``--write`` keeps them in
``transforms/correlation/cause_model.toml``. A drop that nobody planted is of unknown cause. Each weight has a prior at
its guess; the same fit on other samples of the sites gives the width of a probability. The world for testing shares no
parameter with this one, and ``penalty-radar benchmark cause`` judges the result there.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from penalty_radar.benchmarks.cause_worlds import FIT_WORLD, LabelledDrop, label_world
from transforms.correlation.cause_model import LINKS, PATH, CauseModel, measure, render_model
from transforms.correlation.cause_terms import LINK_TERMS, OTHER_TERMS, TERMS
from transforms.schemas.vocabulary import CAUSES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEIGHT_SD = 1.0
"""Spread of each weight around its guess, log-odds: a guess may well be wrong by a factor of three."""
DRAWS = 16
"""Fits on other samples of the sites: enough for the bounds of a 90 % interval to be of use, few enough to load."""
ROUNDS = 3
"""Times the best pair of each drop is chosen anew: it depends on the weights."""
FOLDS = 5
DOUBT = 0.05
"""Share of every probability that is spread evenly: one drop in twenty is of a kind no simulated world holds; guess."""
MOST_SLOPE = 1.0
"""Simulated worlds would let evidence count for more than its sum; nothing says that the web does."""

GUESSES = np.array([term.guess for term in TERMS])
_PLACES = np.array([CAUSES.index(term.cause) for term in TERMS])
_OTHERS = np.array([column for column, term in enumerate(TERMS) if term in OTHER_TERMS])
_LINKS = np.array([column for column, term in enumerate(TERMS) if term in LINK_TERMS])


@dataclass(frozen=True)
class Material:
    """Labelled drops as arrays.

    ``others`` drops × terms of the other causes; ``pairs`` candidates × terms of links; ``owner`` drop of each
    candidate; ``cause`` place of the true cause in ``CAUSES``; ``counts`` how much each drop counts; ``site`` number of
    its site.
    """

    others: Floats
    pairs: Floats
    owner: Ints
    cause: Ints
    counts: Floats
    site: Ints

    def of(self, drops: Ints) -> Material:
        """The same for some drops, which may be named more than once."""
        pairs = [np.flatnonzero(self.owner == drop) for drop in drops]
        return Material(
            others=self.others[drops],
            pairs=self.pairs[np.concatenate(pairs)],
            owner=np.repeat(np.arange(len(drops)), [len(rows) for rows in pairs]),
            cause=self.cause[drops],
            counts=self.counts[drops],
            site=self.site[drops],
        )


def as_material(drops: Sequence[LabelledDrop]) -> Material:
    """Arrays of what was seen of each drop, its pairs (or the lack of one) and its cause."""
    sites = sorted({drop.site_domain for drop in drops})
    return Material(
        others=measure([drop.seen for drop in drops], OTHER_TERMS),
        pairs=measure([pair for drop in drops for pair in drop.pairs], LINK_TERMS),
        owner=np.repeat(np.arange(len(drops)), [len(drop.pairs) for drop in drops]),
        cause=np.array([CAUSES.index(drop.cause) for drop in drops]),
        counts=np.array([drop.count for drop in drops]),
        site=np.array([sites.index(drop.site_domain) for drop in drops]),
    )


def score(material: Material, weights: Floats) -> Floats:
    """Scores, drops × causes; links have the best of the drop's candidates."""
    return _join(material, weights, _choose(material, weights))


def fit(material: Material) -> Floats:
    """Weights in the order of ``TERMS``: maximum a posteriori of a softmax in which each term speaks for one cause."""
    weights = GUESSES
    for _ in range(ROUNDS):
        weights = _fit_chosen(material, _choose(material, weights))
    return weights


def fit_slope(scores: Floats, material: Material) -> float:
    """What scores are multiplied by so that the true causes are likeliest, at most :data:`MOST_SLOPE`."""

    def loss(values: Floats) -> float:
        logs = log_softmax(np.exp(values[0]) * scores, axis=1)
        return -float(np.sum(material.counts * logs[np.arange(len(scores)), material.cause]))

    found = minimize(loss, np.zeros(1), method="L-BFGS-B", bounds=[(-2.0, np.log(MOST_SLOPE))]).x
    return float(np.exp(found[0]))


def cross_validate(material: Material) -> Floats:
    """Scores of every drop from a fit that saw no drop of its site."""
    fold = material.site * 7919 % 104729 % FOLDS
    found = np.zeros((len(material.cause), len(CAUSES)))
    for number in range(FOLDS):
        weights = fit(material.of(np.flatnonzero(fold != number)))
        part = np.flatnonzero(fold == number)
        found[part] = score(material.of(part), weights)
    return found


def draw_weights(material: Material, draws: int = DRAWS) -> Floats:
    """Fits on samples of the sites with replacement, draws × terms; seeded."""
    random = np.random.default_rng(20261126)
    drops_of = [np.flatnonzero(material.site == site) for site in range(int(material.site.max()) + 1)]
    samples = random.integers(0, len(drops_of), size=(draws, len(drops_of)))
    return np.array([fit(material.of(np.concatenate([drops_of[site] for site in sample]))) for sample in samples])


def fit_model(material: Material) -> CauseModel:
    """The weights, their draws and the slope that cross-validated scores ask for."""
    return CauseModel(
        weights=np.round(fit(material), 2),
        draws=np.round(draw_weights(material), 2),
        slope=round(fit_slope(cross_validate(material), material), 3),
        doubt=DOUBT,
    )


def _choose(material: Material, weights: Floats) -> Ints:
    """Row of each drop's best candidate."""
    given = material.pairs @ weights[_LINKS]
    order = np.lexsort((-given, material.owner))
    return order[np.unique(material.owner[order], return_index=True)[1]]


def _join(material: Material, weights: Floats, chosen: Ints) -> Floats:
    spread = np.zeros((len(_OTHERS), len(CAUSES)))
    spread[np.arange(len(_OTHERS)), _PLACES[_OTHERS]] = weights[_OTHERS]
    scores = material.others @ spread
    scores[:, LINKS] = material.pairs[chosen] @ weights[_LINKS]
    return np.asarray(scores)


def _fit_chosen(material: Material, chosen: Ints) -> Floats:
    rows = np.arange(len(material.cause))

    def loss(weights: Floats) -> tuple[float, Floats]:
        logs = log_softmax(_join(material, weights, chosen), axis=1)
        error = np.exp(logs)
        error[rows, material.cause] -= 1.0
        error *= material.counts[:, None]
        slope = (weights - GUESSES) / WEIGHT_SD**2
        slope[_OTHERS] += np.einsum("nt,nt->t", material.others, error[:, _PLACES[_OTHERS]])
        slope[_LINKS] += material.pairs[chosen].T @ error[:, LINKS]
        prior = float(np.sum((weights - GUESSES) ** 2)) / (2 * WEIGHT_SD**2)
        return prior - float(np.sum(material.counts * logs[rows, material.cause])), slope

    bounds = [(term.low, term.high) for term in TERMS]
    return np.asarray(minimize(loss, GUESSES, jac=True, method="L-BFGS-B", bounds=bounds).x)


def guessed_model() -> CauseModel:
    """The model before any fit: the guesses, with draws as wide as their prior would let them be."""
    random = np.random.default_rng(1)
    bounds = np.array([(term.low, term.high) for term in TERMS]).T
    draws = np.clip(GUESSES + random.normal(0.0, 0.3, (DRAWS, len(TERMS))), *bounds)
    return CauseModel(GUESSES, draws, 1.0, DOUBT)


_HEAD = """Written by `python -m penalty_radar.benchmarks.cause_fit --write`; do not edit by hand.
docs/methods-causes.md says how."""

_GUESSED = """The guesses of cause_terms.py, fitted on nothing: a start for the next fit, not for use.
Written by `python -m penalty_radar.benchmarks.cause_fit --guesses --write`."""


def main() -> None:
    """Fit, print, and keep if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="keep the weights")
    parser.add_argument("--guesses", action="store_true", help="no world: the guesses themselves")
    arguments = parser.parse_args()
    head = _HEAD
    if arguments.guesses:
        model, head = guessed_model(), _GUESSED
    else:
        material = as_material(label_world(FIT_WORLD))
        model = fit_model(material)
        right = cross_validate(material).argmax(axis=1) == material.cause
        print(f"{len(right):,} drops; right at sites not fitted on: {np.average(right, weights=material.counts):.1%}")
    for term, weight in zip(TERMS, model.weights, strict=True):
        print(f"{term.name:<32} {term.guess:>5.1f} -> {weight:>5.2f}")
    print(f"slope {model.slope:.2f}")
    if arguments.write:
        PATH.write_text(render_model(model, head), encoding="utf-8")


if __name__ == "__main__":
    main()
