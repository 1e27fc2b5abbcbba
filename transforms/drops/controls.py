"""The other sites of a provider: how they moved, to be taken out of a series that follows them, and to compare with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.drops.daily_visibility import BLOCK, SITE, WEEK, Floats, Ints, VisibilityIndex, VisibilitySeries
from transforms.drops.noise import CommonMoves, NoiseParams, differences, log_visibility, measure_noise, median_of_known
from transforms.drops.shifts import CommonShifts, ShiftParams
from transforms.drops.windows import Sums, month_shifts, shift_of


@dataclass(frozen=True, kw_only=True)
class ControlParams:
    """Which sites are compared with."""

    least_others: int = 10
    """Fewest other sites: the median of fewer is moved by single ones."""

    most_sites: int = 200
    """Sites the median is taken over, evenly among all: it is then known to a tenth of one site's noise."""

    confirming_share: float = 0.25
    """Most that the other sites may have fallen, as a share of a fall (both as logs), to confirm it as the site's own
    before it has lasted two weeks: a holiday or a gap of the tracker takes more of them along."""


@dataclass(frozen=True)
class Control:
    """What a provider's sites did, in the median: by day, by week, by month and for each window of the scan.

    ``sites`` are their numbers, ``site_of`` the number of the site of every series of the run; ``sums`` are the running
    sums of the controls (sites × days).
    """

    sites: Ints
    site_of: Ints
    daily: Floats
    weekly: Floats
    months: Floats
    shifts: dict[int, Floats]
    sums: Sums

    def change_of_others(self, row: int, begin: int, first: int, stop: int, params: ControlParams) -> float:
        """Median log change of the sites but ``row``'s own, from columns ``begin`` … ``first`` to ``first`` … ``stop``.

        NaN with fewer than :attr:`ControlParams.least_others` that are known in both.
        """
        known, level = self.sums.known, self.sums.level
        after, before = known[:, stop] - known[:, first], known[:, first] - known[:, begin]
        there = (self.sites != self.site_of[row]) & (2 * after >= stop - first) & (2 * before >= first - begin)
        if there.sum() < params.least_others:
            return float("nan")
        means = ((level[:, stop] - level[:, first])[there] / after[there], (level[:, first] - level[:, begin])[there])
        return float(np.median(means[0] - means[1] / before[there]))


Controls = dict[str, Control]
"""By provider; providers with too few sites have none."""


def measure_controls(
    index: VisibilityIndex, params: ControlParams, noise_params: NoiseParams, shift_params: ShiftParams
) -> Controls:
    """The median movement of every provider with enough sites."""
    controls: Controls = {}
    site_of = pd.factorize(index.keys["site_domain"])[0].astype(np.int64)
    is_site = (index.keys["segment"] == SITE).to_numpy(dtype=np.bool_)
    for provider, rows in pd.Series(np.flatnonzero(is_site)).groupby(
        index.keys["provider"].to_numpy(dtype=object)[is_site]
    ):
        if len(rows) <= params.least_others:
            continue
        chosen = rows.to_numpy()[np.unique(np.linspace(0, len(rows) - 1, params.most_sites).round().astype(np.int64))]
        # whatever their status: which sites are asked must not depend on days to come
        controls[str(provider)] = _measure(
            index.lay_out(chosen), site_of[chosen], site_of, params, noise_params, shift_params
        )
    return controls


def _measure(
    series: VisibilitySeries,
    sites: Ints,
    site_of: Ints,
    params: ControlParams,
    noise_params: NoiseParams,
    shift_params: ShiftParams,
) -> Control:
    logs, raw = log_visibility(series, noise_params)
    sums = Sums.of(measure_noise(series, noise_params))
    first = series.tested // BLOCK * BLOCK
    return Control(
        sites,
        site_of,
        _median_of_sites(differences(raw, 1), params),
        _median_of_sites(differences(logs, WEEK), params),
        _median_of_sites(month_shifts(sums), params),
        {days: _median_of_sites(_known_shifts(sums, first, days, shift_params), params)
         for days in shift_params.after_days},
        sums,
    )  # fmt: skip


def moves_beside(controls: Controls, keys: pd.DataFrame) -> tuple[CommonMoves, CommonShifts] | None:
    """What the controls of each series (rows of ``keys``) did; None where no series has any."""
    providers = keys["provider"].astype(str).tolist()
    have = [controls.get(provider) for provider in providers]
    some = next((control for control in have if control is not None), None)
    if some is None:
        return None
    if all(control is some for control in have):  # one row stands for all
        have = have[:1]

    def lay_out(name: str, fill: float) -> Floats:
        nothing = np.full_like(getattr(some, name), fill)
        return np.stack([nothing if one is None else getattr(one, name) for one in have])

    none = {days: np.zeros_like(shift) for days, shift in some.shifts.items()}
    shifts = {days: np.stack([(none if one is None else one.shifts)[days] for one in have]) for days in some.shifts}
    moves = CommonMoves(lay_out("daily", np.nan), lay_out("weekly", np.nan))
    return moves, CommonShifts({days: np.nan_to_num(shift) for days, shift in shifts.items()},
                               np.nan_to_num(lay_out("months", 0.0)))  # fmt: skip


def _known_shifts(sums: Sums, first: int, days: int, params: ShiftParams) -> Floats:
    """Shifts of the last ``days`` days, NaN where too few are known."""
    shift, after, before = shift_of(sums, first, days, params.before_days)
    shift[(after < params.least_known) | (before < params.least_known)] = np.nan
    return shift


def _median_of_sites(values: Floats, params: ControlParams) -> Floats:
    """Median over sites, NaN where too few are known."""
    middle, count = median_of_known(np.ascontiguousarray(values.T))
    middle[count <= params.least_others] = np.nan
    return middle
