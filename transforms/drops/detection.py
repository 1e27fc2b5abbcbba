"""Every drop of a run with the alarms that speak for it, some series at a time; what is told is decided later."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.drops.controls import Control, ControlParams, Controls, measure_controls, moves_beside
from transforms.drops.daily_visibility import WEEK, Floats, Ints, SeriesParams, VisibilityIndex, index_visibility
from transforms.drops.levels import LEAST_KNOWN, median_of
from transforms.drops.noise import NoiseParams, measure_noise
from transforms.drops.outages import OutageParams, leave_out_outages
from transforms.drops.series_levels import SpellParams
from transforms.drops.shifts import ShiftParams, Shifts, scan_shifts
from transforms.drops.spells import Spell, find_spells
from transforms.drops.windows import Sums

CHUNK = 400
"""Series looked at together: some 120 MB of arrays at a time, whatever the number of sites."""


@dataclass(frozen=True, kw_only=True)
class DetectionParams:
    """Parameters of what is looked for; the parts have their own."""

    series: SeriesParams = field(default_factory=SeriesParams)
    noise: NoiseParams = field(default_factory=NoiseParams)
    outage: OutageParams = field(default_factory=OutageParams)
    shift: ShiftParams = field(default_factory=ShiftParams)
    spell: SpellParams = field(default_factory=SpellParams)
    control: ControlParams = field(default_factory=ControlParams)

    severe_depth: float = 0.5
    """Share lost from which a week is enough to say so, provisionally."""


@dataclass(frozen=True)
class Fall:
    """A drop and what speaks for it: columns and nominal p-values of its alarms, and how long it had to last.

    ``needed`` days until it may be told: fewer when it is severe, or when the other sites confirmed it as the site's
    own (``is_own``) before it had lasted two weeks.
    """

    spell: Spell
    column: Ints
    p: Floats
    needed: int
    is_own: bool


@dataclass(frozen=True)
class Detection:
    """All falls of a run, sorted by series and start; ``tested`` the first column tested and the one after the last."""

    index: VisibilityIndex
    controls: Controls
    falls: list[Fall]
    tested: Ints

    def change_of_others(self, spell: Spell, params: ControlParams) -> float:
        """Median log change of the provider's other sites over the days of a drop's levels; NaN with too few."""
        control = self.controls.get(str(self.index.keys["provider"].iat[spell.row])) if self.controls else None
        if control is None:
            return float("nan")
        return control.change_of_others(spell.row, spell.begin, spell.first, spell.stop, params)


def detect(tables: Mapping[str, pd.DataFrame], as_of: datetime.date, params: DetectionParams) -> Detection:
    """Every fall that lasts, as known on ``as_of``."""
    index = index_visibility(tables, as_of, params.series)
    controls = measure_controls(index, params.control, params.noise, params.shift)
    falls: list[Fall] = []
    tested = np.zeros((len(index.keys), 2), dtype=np.int64)
    for rows in chunks_of(index):
        found, tested[rows] = _detect_in(index, rows, controls, params)
        falls.extend(found)
    return Detection(index, controls, falls, tested)


def chunks_of(index: VisibilityIndex) -> Iterator[Ints]:
    """The series of a run, so many at a time that memory is bounded."""
    for start in range(0, len(index.keys), CHUNK):
        yield np.arange(start, min(start + CHUNK, len(index.keys)))


def span_of(is_tested: NDArray[np.bool_]) -> Ints:
    """First column tested and the one after the last, per series; 0 and 0 where none is."""
    stop = is_tested.shape[1] - is_tested[:, ::-1].argmax(axis=1)
    span = np.stack([is_tested.argmax(axis=1), stop], axis=1)
    span[~np.asarray(is_tested.any(axis=1))] = 0
    return span


def _detect_in(
    index: VisibilityIndex, rows: Ints, controls: Controls, params: DetectionParams
) -> tuple[list[Fall], Ints]:
    series = index.lay_out(rows)
    beside = moves_beside(controls, series.keys)
    moves, common = beside if beside else (None, None)
    noise = leave_out_outages(measure_noise(series, params.noise, moves), params.outage, params.noise)
    sums = Sums.of(noise)
    shifts = scan_shifts(series, noise, sums, params.shift, params.noise, common)
    falls = []
    for spell in find_spells(noise, sums, shifts, params.spell):
        control = controls.get(str(series.keys["provider"].iat[spell.row])) if controls else None
        fall = _judge(replace(spell, row=int(rows[spell.row])), noise.raw[spell.row], shifts, control, params)
        if fall is not None:
            falls.append(fall)
    return falls, span_of(shifts.is_tested)


def _judge(spell: Spell, raw: Floats, shifts: Shifts, control: Control | None, params: DetectionParams) -> Fall | None:
    """How long the drop had to last; None when it did not, or is not deep enough."""
    if spell.depth < params.shift.least_depth:
        return None
    column, p = shifts.column[spell.alarms], shifts.p[spell.alarms]
    needed, is_own = params.spell.least_days, False
    if (shifts.window[spell.alarms] == WEEK).any():  # only a week's alarm can tell anything so soon
        needed, is_own = _days_until_told(spell, raw, control, params)
    if spell.days < needed or (spell.recovered >= 0 and spell.days < params.spell.least_days and not is_own):
        return None
    return Fall(spell, column, p, needed, is_own)


def _days_until_told(spell: Spell, raw: Floats, control: Control | None, params: DetectionParams) -> tuple[int, bool]:
    """Days the drop had to last to be told, and whether the other sites confirmed it by then.

    Those after which it first was severe or clearly the site's own, or :attr:`SpellParams.least_days`. Judged with the
    days up to then, so that a drop that was told is not taken back when it turns out less deep.
    """
    severe, clear = np.log1p(-params.severe_depth), np.log1p(-params.shift.least_week_depth)
    for days in range(params.spell.least_provisional_days, min(params.spell.least_days, spell.days + 1)):
        low = raw[spell.first : spell.first + days]
        low = low[~np.isnan(low)]
        fall = median_of(low) - spell.before if len(low) >= LEAST_KNOWN else 0.0
        if fall > clear:
            continue
        if control is not None:
            stop = spell.first + days
            others = control.change_of_others(spell.row, spell.begin, spell.first, stop, params.control)
            if others >= params.control.confirming_share * fall:
                return days, True
        if fall <= severe:
            return days, False
    return params.spell.least_days, False
