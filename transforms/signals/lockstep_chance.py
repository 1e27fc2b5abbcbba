"""How often chance makes a group: sources and targets joined at random, keeping their links and days.

Every source keeps its number of links, every target too, on the same days (the configuration model, day by day). For
given sources and targets the number of edges between them is then, in each stratum of days, hypergeometric: of the
E edges of the stratum, A leave the sources and K reach the targets. Sums of such numbers are bounded as sums of
independent draws are (Hoeffding 1963, JASA 58:13, theorem 1 and section 6), which gives for e edges between them

    ln P <= -A * KL(e / A || mean / A),     mean = sum over strata of A K / E,

and the same with K in the place of A; the smaller of the two holds. Which sources and targets make the group was chosen
from all that could: those with as many links in the window as the least of the group's has in it. The bound is
multiplied by the number of such choices, of every size: what comes out is an upper bound of the expected number of
groups by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, rel_entr

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Margins:
    """Links of every source and target in one window, by stratum of days."""

    sources: Ints
    """Numbers of the listed sources, sorted."""

    source_links: Floats
    """Links of each by stratum: shape (sources, strata)."""

    targets: Ints
    """Numbers of the listed targets, sorted."""

    target_links: Floats
    """Links of each by stratum: shape (targets, strata)."""

    links: Floats
    """All links by stratum."""

    @classmethod
    def of(cls, source: Ints, target: Ints, day: Ints, count: Ints, stratum_links: int) -> Margins:
        """Counted from the edges of a window; negative numbers are not listed."""
        stratum = _strata(day, count, stratum_links)
        strata = int(stratum.max()) + 1
        sources, by_source = _count_by(source, stratum, count, strata)
        targets, by_target = _count_by(target, stratum, count, strata)
        links = np.bincount(stratum, weights=count, minlength=strata).astype(np.float64)
        return cls(sources, by_source, targets, by_target, links)


def log_chance(
    margins: Margins, sources: Ints, targets: Ints, *, edge_count: int, least_of_source: int, least_of_target: int
) -> float:
    """Natural logarithm of the bound: groups as large and as dense expected by chance in the window.

    Args:
        margins: of the window.
        sources: numbers of the group's sources, sorted.
        targets: numbers of its targets, sorted.
        edge_count: edges between them.
        least_of_source: edges of its least linking source in the group; at least 1.
        least_of_target: edges of its least linked target in the group; at least 1.
    """
    leaving = margins.source_links[np.searchsorted(margins.sources, sources)].sum(axis=0)
    reaching = margins.target_links[np.searchsorted(margins.targets, targets)].sum(axis=0)
    mean = float((leaving * reaching / margins.links).sum())
    log_tail = min(_log_tail(edge_count, mean, float(side.sum())) for side in (leaving, reaching))
    able = int((margins.source_links.sum(axis=1) >= least_of_source).sum())
    # A target that is not listed may have as many links: they count as many targets as their links would make.
    unlisted = margins.links.sum() - margins.target_links.sum()
    linked = int((margins.target_links.sum(axis=1) >= least_of_target).sum() + unlisted // least_of_target)
    choices = _log_binomial(able, len(sources)) + _log_binomial(linked, len(targets))
    return log_tail + choices + float(np.log(able) + np.log(linked))


def _log_tail(seen: int, mean: float, trials: float) -> float:
    """Bound of ln P(X >= seen) for a sum of draws out of ``trials`` with this mean."""
    if seen <= mean:
        return 0.0
    share, expected = min(seen / trials, 1.0), mean / trials
    return float(-trials * (rel_entr(share, expected) + rel_entr(1 - share, 1 - expected)))


def _log_binomial(of: int, chosen: int) -> float:
    return float(gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1))


def _strata(day: Ints, count: Ints, least: int) -> Ints:
    """Stratum of each edge: whole days, put together until they hold ``least`` edges; a rest joins the last."""
    first = day.min()
    by_day = np.bincount(day - first, weights=count)
    stratum_of_day = np.zeros(len(by_day), dtype=np.int64)
    stratum, held = 0, 0.0
    for number, links in enumerate(by_day.tolist()):
        stratum_of_day[number] = stratum
        held += links
        if held >= least:
            stratum, held = stratum + 1, 0.0
    if held < least and stratum:
        stratum_of_day[stratum_of_day == stratum] = stratum - 1
    strata: Ints = stratum_of_day[day - first]
    return strata


def _count_by(number: Ints, stratum: Ints, count: Ints, strata: int) -> tuple[Ints, Floats]:
    listed = number >= 0
    numbers, position = np.unique(number[listed], return_inverse=True)
    cells = np.bincount(position * strata + stratum[listed], weights=count[listed], minlength=len(numbers) * strata)
    return numbers, cells.astype(np.float64).reshape(len(numbers), strata)
