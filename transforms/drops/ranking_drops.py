"""Makes ``drops.ranking_drops``: falls of visibility to a lower level that lasts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.drops.calibration import calibrate
from transforms.drops.daily_visibility import KEYS, SeriesParams, VisibilitySeries, is_search_console, lay_out
from transforms.drops.levels import mean_of_known
from transforms.drops.noise import NoiseParams
from transforms.drops.shifts import ShiftParams, Shifts, scan_shifts
from transforms.drops.spells import Spell, SpellParams, days_until_told, find_spells
from transforms.findings.calibration import PERIOD_DAYS
from transforms.findings.discoveries import first_discoveries, q_values
from transforms.findings.identity import keep_identity

READS: tuple[str, ...] = ("signals.visibility", "staging.search_events", "drops.ranking_drops@previous")

COLUMNS = [
    "as_of", "drop_id", *KEYS, "starts_on", "ends_on", "detected_on", "recovered_on", "is_active", "is_provisional",
    "level_before", "level_after", "depth_share", "impressions_change_share", "position_change",
    "click_rate_change_share", "p_value", "q_value",
]  # fmt: skip

DATES = ["starts_on", "ends_on", "detected_on", "recovered_on"]


@dataclass(frozen=True, kw_only=True)
class Params:
    """Parameters of the drop detector; the parts have their own."""

    series: SeriesParams = field(default_factory=SeriesParams)
    noise: NoiseParams = field(default_factory=NoiseParams)
    shift: ShiftParams = field(default_factory=ShiftParams)
    spell: SpellParams = field(default_factory=SpellParams)

    most_q: float = 0.05
    """Largest q-value reported: at most one drop in 20 of a run is expected to be none, the customary bound for a list
    that people work through one by one."""

    most_p: float = 0.01
    """Largest p-value (per 28 days) reported, however good the company."""

    active_days: int = 14
    """Days before ``as_of`` in which a recovered drop still counts as active (the alerts' rule)."""


@dataclass(frozen=True)
class _Judged:
    spell: Spell
    p: float
    q: float
    found: int


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),
) -> pd.DataFrame:
    """Drops of all series as known on ``as_of``, all declared columns, sorted by series and start.

    The family of tests is every 28-day period of every tested series of the run; ``p_value`` is the chance of such a
    fall in one of them without a shift, ``q_value`` its Benjamini–Hochberg adjustment over the family.
    """
    series = lay_out(tables, as_of, params.series)
    shifts = scan_shifts(series, params.shift, params.noise)
    judged = _judge(series, shifts, find_spells(series, shifts, params.spell), params)
    drops = pd.DataFrame(
        [_describe(one, series, as_of, params) for one in judged],
        columns=[column for column in COLUMNS if column != "drop_id"],
    )
    for column in DATES:
        drops[column] = pd.to_datetime(drops[column]).astype("datetime64[us]")
    previous = tables["drops.ranking_drops@previous"]
    reach = params.spell.same_start_days
    drops = keep_identity(drops, previous, keys=KEYS, id_column="drop_id", end_column="starts_on", reach_days=reach)
    return drops[COLUMNS]


def _judge(series: VisibilitySeries, shifts: Shifts, spells: list[Spell], params: Params) -> list[_Judged]:
    """Drops that pass, with p, q and the column of the day each would first have passed."""
    spells = [spell for spell in spells if spell.depth >= params.shift.least_depth]
    if not spells:
        return []
    tests_by_day = shifts.is_tested.sum(axis=0).cumsum()[None, :] / PERIOD_DAYS
    p = calibrate(shifts.p)
    smallest = np.array([p[spell.alarms].min() for spell in spells])
    q = q_values(smallest * tests_by_day[0, -1])
    finding = np.repeat(np.arange(len(spells)), [len(spell.alarms) for spell in spells])
    listed = np.concatenate([spell.alarms for spell in spells])
    # an alarm counts from the day on which the lower level has lasted long enough to be told
    needed = [
        days_until_told(series.visibility[spell.row], spell, params.shift.severe_depth, params.spell)
        for spell in spells
    ]
    told_from = np.array([spell.first + days - 1 for spell, days in zip(spells, needed, strict=True)])
    day = np.maximum(shifts.column[listed], told_from[finding]).clip(max=tests_by_day.shape[1] - 1)
    one_family = np.zeros(len(spells), dtype=np.int64)
    found = first_discoveries(finding, day, p[listed], tests_by_day, one_family, params.most_q)
    return [
        _Judged(spell, float(smallest[index]), float(q[index]), int(found[index]))
        for index, spell in enumerate(spells)
        if q[index] <= params.most_q and smallest[index] <= params.most_p and spell.days >= needed[index]
    ]


def _describe(one: _Judged, series: VisibilitySeries, as_of: datetime.date, params: Params) -> dict[str, object]:
    """One row of the table, without its id."""
    spell, row = one.spell, one.spell.row
    recovered = series.days[spell.recovered] if spell.recovered >= 0 else None
    active_from = np.datetime64(as_of, "D") - np.timedelta64(params.active_days - 1, "D")
    known_on = series.days[one.found] + np.timedelta64(int(series.delay[row]), "D")
    return {
        "as_of": pd.Timestamp(as_of),
        **{key: series.keys[key].iat[row] for key in KEYS},
        "starts_on": series.days[spell.first],
        "ends_on": series.days[spell.last] if recovered is not None else None,
        "detected_on": min(known_on, np.datetime64(as_of, "D")),
        "recovered_on": recovered,
        "is_active": recovered is None or bool(recovered >= active_from),
        "is_provisional": spell.days < params.spell.least_days,
        "level_before": spell.before,
        "level_after": spell.after,
        "depth_share": spell.depth,
        **_changes(spell, series, params.spell.level_days),
        "p_value": one.p,
        "q_value": one.q,
    }


def _changes(spell: Spell, series: VisibilitySeries, days: int) -> dict[str, float]:
    """Change of impressions, position and clicks per impression between the windows the levels come from."""
    row = spell.row
    before = slice(max(spell.first - days, spell.span[0]), spell.first)
    after = slice(spell.first, min(spell.first + days, spell.last + 1, spell.span[1]))
    known = ~np.isnan(series.visibility[row])
    clicks, impressions, position = (
        [mean_of_known(np.where(known[part], values[row, part], np.nan)) for part in (before, after)]
        for values in (series.visibility, series.impressions, series.position)
    )
    seen = bool(impressions[0] > 0 and impressions[1] > 0)
    is_clicks = seen and bool(is_search_console(series.keys["provider"].iloc[[row]])[0]) and clicks[0] > 0
    rate = (clicks[1] / impressions[1]) / (clicks[0] / impressions[0]) - 1.0 if is_clicks else float("nan")
    return {
        "impressions_change_share": impressions[1] / impressions[0] - 1.0 if impressions[0] > 0 else float("nan"),
        "position_change": position[1] - position[0],
        "click_rate_change_share": rate,
    }
