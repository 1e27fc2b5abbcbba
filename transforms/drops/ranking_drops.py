"""Makes ``drops.ranking_drops``: falls of visibility to a lower level that lasts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.drops.calibration import calibrate
from transforms.drops.daily_visibility import KEYS, SeriesParams, VisibilitySeries, is_search_console, lay_out
from transforms.drops.levels import mean_of_known
from transforms.drops.noise import NoiseParams
from transforms.drops.shifts import ShiftParams, Shifts, scan_shifts
from transforms.drops.spells import Spell, SpellParams, days_until_told, find_spells
from transforms.findings.discoveries import (
    NEVER,
    AlarmRule,
    Alarms,
    columns_of,
    count_tests,
    first_told,
    q_values,
)
from transforms.findings.identity import keep_identity, known_days

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

    alarm: AlarmRule = field(default_factory=AlarmRule)
    """How many false drops a year of nights may tell."""

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

    A drop is listed from the night in which :func:`transforms.findings.discoveries.first_told` tells it. ``p_value`` is
    the chance of such a fall in 28 days without a shift, ``q_value`` its Benjamini–Hochberg adjustment over every
    28-day period of every tested series of the run.
    """
    series = lay_out(tables, as_of, params.series)
    shifts = scan_shifts(series, params.shift, params.noise)
    previous = tables["drops.ranking_drops@previous"]
    judged = _judge(series, shifts, find_spells(series, shifts, params.spell), previous, params)
    drops = pd.DataFrame(
        [_describe(one, series, as_of, params) for one in judged],
        columns=[column for column in COLUMNS if column != "drop_id"],
    )
    for column in DATES:
        drops[column] = pd.to_datetime(drops[column]).astype("datetime64[us]")
    reach = params.spell.same_start_days
    drops = keep_identity(drops, previous, keys=KEYS, id_column="drop_id", end_column="starts_on", reach_days=reach)
    return drops[COLUMNS]


def _judge(
    series: VisibilitySeries, shifts: Shifts, spells: list[Spell], previous: pd.DataFrame, params: Params
) -> list[_Judged]:
    """Drops that are told, with p, q and the column of the day each could first be told for."""
    spells = [spell for spell in spells if spell.depth >= params.shift.least_depth]
    if not spells:
        return []
    tests = count_tests(shifts.is_tested, series.days, np.zeros(len(series.keys), dtype=np.int64))
    p = calibrate(shifts.p)
    smallest = np.array([p[spell.alarms].min() for spell in spells])
    q = q_values(smallest * tests.of_run[0])
    finding = np.repeat(np.arange(len(spells)), [len(spell.alarms) for spell in spells])
    listed = np.concatenate([spell.alarms for spell in spells])
    # an alarm counts from the day on which the lower level has lasted long enough to be told
    needed = [
        days_until_told(series.visibility[spell.row], spell, params.shift.severe_depth, params.spell)
        for spell in spells
    ]
    told_from = np.array([spell.first + days - 1 for spell, days in zip(spells, needed, strict=True)])
    found = first_told(
        Alarms(
            finding=finding,
            column=np.maximum(shifts.column[listed], told_from[finding]).clip(max=len(series.days) - 1),
            p=p[listed],
            family=np.zeros(len(spells), dtype=np.int64),
            site=pd.factorize(series.keys["site_domain"])[0][[spell.row for spell in spells]],
            told=_told_before(series, spells, previous, params),
        ),
        tests,
        series.days,
        params.alarm,
    )
    return [
        _Judged(spell, float(smallest[index]), float(q[index]), int(found[index]))
        for index, spell in enumerate(spells)
        if found[index] != NEVER and smallest[index] <= params.most_p and spell.days >= needed[index]
    ]


def _told_before(
    series: VisibilitySeries, spells: list[Spell], previous: pd.DataFrame, params: Params
) -> NDArray[np.int64]:
    """Column of the last day used when, as the night before says, each drop was detected; or NEVER."""
    rows = [spell.row for spell in spells]
    starts = series.keys[KEYS].iloc[rows].reset_index(drop=True)
    starts["starts_on"] = series.days[[spell.first for spell in spells]].astype("datetime64[us]")
    reach = params.spell.same_start_days
    known = known_days(starts, previous, keys=KEYS, id_column="drop_id", end_column="starts_on", reach_days=reach)
    return columns_of(known - series.delay[rows].astype("timedelta64[D]"), series.days)


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
