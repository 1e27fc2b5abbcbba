"""The cause model: from what was seen of a drop to probabilities of its causes that add to 1, with their width."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from transforms.correlation.cause_terms import LINK_TERMS, OTHER_TERMS, TERMS, Term
from transforms.schemas.vocabulary import CAUSES

Floats = NDArray[np.float64]

PATH = Path(__file__).parent / "cause_model.toml"

LINKS = CAUSES.index("links")

WIDTH = (0.05, 0.95)
"""Quantiles of the model's draws that bound a probability: a 90 % interval."""

Seen = Mapping[str, float]
"""Features of a drop or a pair by name, 0 where they are left out."""


@dataclass(frozen=True)
class CauseModel:
    """Weights in the order of ``TERMS``.

    ``weights`` terms; ``draws`` draws × terms: the same fit on other samples of the simulated sites, whose spread is
    the width of a probability; ``slope`` what the scores are multiplied by; ``doubt`` share of every probability that
    is spread evenly, because the worlds it was fitted on are not the web.
    """

    weights: Floats
    draws: Floats
    slope: float
    doubt: float

    def score_others(self, seen: Sequence[Seen]) -> Floats:
        """Scores (1 + draws × drops × causes) of every cause but links, whose column is 0."""
        return self._score(seen, OTHER_TERMS)

    def score_links(self, seen: Sequence[Seen]) -> Floats:
        """Scores (1 + draws × pairs) of links, for pairs or for drops without one."""
        return np.asarray(self._score(seen, LINK_TERMS)[:, :, LINKS])

    def share_out(self, others: Floats, links: Floats) -> Floats:
        """Probabilities (1 + draws × drops × causes), from the two scores of the same drops."""
        scores = others.copy()
        scores[:, :, LINKS] = links
        shared = softmax(self.slope * scores, axis=2)
        return np.asarray((1.0 - self.doubt) * shared + self.doubt / len(CAUSES))

    def weigh(self, seen: Seen, terms: Sequence[Term]) -> dict[str, float]:
        """Log-odds that each term with something seen adds, by ``cause:feature``; in the order of ``terms``."""
        place = _places()
        return {
            term.name: round(self.slope * float(self.weights[place[term.name]]) * seen[term.feature], 4)
            for term in terms
            if seen.get(term.feature)
        }

    def _score(self, seen: Sequence[Seen], terms: Sequence[Term]) -> Floats:
        values = measure(seen, terms)
        place = _places()
        columns = [place[term.name] for term in terms]
        spread = np.zeros((len(terms), len(CAUSES)))
        spread[np.arange(len(terms)), [CAUSES.index(term.cause) for term in terms]] = 1.0
        everyone = np.vstack([self.weights[None, :], self.draws])[:, columns]
        return np.asarray([values @ (weights[:, None] * spread) for weights in everyone])


def bound(shared: Floats) -> tuple[Floats, Floats]:
    """Lower and upper bounds over the draws; each bounds the probability of the model itself (the first draw) as well.

    ``shared``: 1 + draws × whatever; both results have the shape of whatever.
    """
    if not shared[0].size:
        return shared[0], shared[0]
    low, high = np.quantile(shared, WIDTH, axis=0)
    return np.minimum(low, shared[0]), np.maximum(high, shared[0])


def measure(seen: Sequence[Seen], terms: Sequence[Term]) -> Floats:
    """What was seen as an array, rows × terms."""
    place: dict[str, list[int]] = {}
    for column, term in enumerate(terms):
        place.setdefault(term.feature, []).append(column)
    values = np.zeros((len(seen), len(terms)))
    for row, features in enumerate(seen):
        for feature, value in features.items():
            for column in place.get(feature, ()):
                values[row, column] = value
    return values


@functools.cache
def _places() -> Mapping[str, int]:
    return {term.name: column for column, term in enumerate(TERMS)}


@functools.cache
def load_model(path: Path = PATH) -> CauseModel:
    """The model that comes with the project. Raises KeyError where a term has no weight."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    weights, draws = values["weights"], values["draws"]
    names = [term.name for term in TERMS]
    return CauseModel(
        weights=np.array([float(weights[name]) for name in names]),
        draws=np.array([[float(value) for value in draws[name]] for name in names]).T,
        slope=float(values["slope"]),
        doubt=float(values["doubt"]),
    )


def render_model(model: CauseModel, head: str) -> str:
    """The model as ``cause_model.toml``, ``head`` on top as comment lines."""
    lines = [
        *(f"# {line}" for line in head.splitlines()),
        "",
        f"slope = {model.slope:.3f}",
        f"doubt = {model.doubt:.3f}",
    ]
    lines += ["", "[weights]"]
    lines += [f'"{term.name}" = {weight:.2f}' for term, weight in zip(TERMS, model.weights, strict=True)]
    lines += ["", "[draws]"]
    for term, draws in zip(TERMS, model.draws.T, strict=True):
        lines.append(f'"{term.name}" = [{", ".join(f"{value:.2f}" for value in draws)}]')
    return "\n".join(lines) + "\n"
