"""Makes ``drops.ranking_drops``: falls of visibility to a lower level that lasts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.drops.daily_visibility import KEYS, Floats, Ints, VisibilityIndex
from transforms.drops.detection import Detection, DetectionParams, detect
from transforms.drops.levels import mean_of_known
from transforms.drops.parts import find_wholes
from transforms.drops.spells import Spell
from transforms.drops.telling import TellingParams, Told, tell
from transforms.findings.discoveries import NEVER
from transforms.findings.identity import keep_identity

READS: tuple[str, ...] = ("signals.visibility", "staging.search_events", "drops.ranking_drops@previous")

COLUMNS = [
    "as_of", "drop_id", *KEYS, "segment_kind", "part_of_drop_id", "starts_on", "starts_from_on", "starts_until_on",
    "ends_on", "detected_on", "confirmed_on", "recovered_on", "is_active", "is_provisional", "is_confirmed",
    "level_before", "level_after", "depth_share", "depth_low_share", "depth_high_share", "impressions_change_share",
    "position_change", "click_rate_change_share", "control_change_share", "p_value", "q_value",
]  # fmt: skip

DATES = ["starts_on", "starts_from_on", "starts_until_on", "ends_on", "detected_on", "confirmed_on", "recovered_on"]


@dataclass(frozen=True, kw_only=True)
class Params:
    """Parameters of the drop detector; the parts have their own."""

    detection: DetectionParams = field(default_factory=DetectionParams)
    telling: TellingParams = field(default_factory=TellingParams)

    active_days: int = 14
    """Days before ``as_of`` in which a recovered drop still counts as active (the alerts' rule)."""

    part_days: int = 14
    """Most days between the starts of a whole's drop and of a part's that is the same fall: half the days of the
    widest usual interval of a start."""

    moved_days: int = 14
    """Most days between the starts of one drop on two nights: as the days add up, a small drop is dated anew by that
    much. Two drops of a night that are nearer than this stay two, for each earlier one goes on in one only."""


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),
) -> pd.DataFrame:
    """Drops of all series as known on ``as_of``, all declared columns, sorted by series and start.

    A drop is listed from the night in which :func:`transforms.drops.telling.tell` lists it. ``p_value`` is the chance
    of such a fall in 28 days without a shift, ``q_value`` its Benjamini–Hochberg adjustment over every 28-day period
    of every tested series of the run.
    """
    previous = tables["drops.ranking_drops@previous"]
    detection = detect(tables, as_of, params.detection)
    told = tell(detection, previous, params.telling, params.moved_days)
    drops = _describe(detection, told, as_of, params)
    drops = keep_identity(
        drops, previous, keys=KEYS, id_column="drop_id", end_column="starts_on", reach_days=params.moved_days
    )
    drops["part_of_drop_id"] = find_wholes(drops, previous, params.part_days)
    return drops[COLUMNS]


def _describe(detection: Detection, told: Told, as_of: datetime.date, params: Params) -> pd.DataFrame:
    """The rows of the table, without their ids."""
    index, days = detection.index, detection.index.days.astype("datetime64[us]")
    listed = np.flatnonzero(told.listed != NEVER)
    falls = [detection.falls[number] for number in listed]
    spells = [fall.spell for fall in falls]

    def of(name: str) -> Ints:
        return np.array([getattr(spell, name) for spell in spells], dtype=np.int64)

    row, recovered = of("row"), of("recovered")
    delay = index.delay_of(row).astype("timedelta64[D]")
    end, never = np.datetime64(as_of, "us"), np.datetime64("NaT", "us")

    def known_on(column: Ints) -> np.ndarray:
        return np.where(column == NEVER, never, np.minimum(days[column] + delay, end))

    is_back = recovered >= 0
    others = [detection.change_of_others(spell, params.detection.control) for spell in spells]
    deviations = params.detection.spell.deviations
    columns: dict[str, object] = {
        **{name: index.keys[name].iloc[row].to_numpy() for name in (*KEYS, "segment_kind")},
        "starts_on": days[of("first")],
        "starts_from_on": days[of("earliest")],
        "starts_until_on": days[of("latest")],
        "ends_on": np.where(is_back, days[of("last")], never),
        "detected_on": known_on(told.listed[listed]),
        "confirmed_on": known_on(told.confirmed[listed]),
        "recovered_on": np.where(is_back, days[recovered], never),
        "is_active": ~is_back | (days[recovered] > end - np.timedelta64(params.active_days, "D")),
        "is_provisional": (of("days") < params.detection.spell.least_days)
        & ~np.array([fall.is_own for fall in falls], dtype=np.bool_),
        "is_confirmed": told.confirmed[listed] != NEVER,
        "level_before": np.expm1([spell.before for spell in spells]),
        "level_after": np.expm1([spell.after for spell in spells]),
        "depth_share": [spell.depth for spell in spells],
        "depth_low_share": [spell.depth_at(-deviations) for spell in spells],
        "depth_high_share": [spell.depth_at(deviations) for spell in spells],
        "control_change_share": np.expm1(others),
        "p_value": told.p[listed],
        "q_value": told.q[listed],
        **_changes(index, spells, row),
    }
    drops = pd.DataFrame(columns).assign(as_of=pd.Timestamp(as_of))
    for column in DATES:
        drops[column] = pd.to_datetime(drops[column]).astype("datetime64[us]")
    for column in (*KEYS, "segment_kind"):
        drops[column] = drops[column].astype("str")
    return drops


def _changes(index: VisibilityIndex, spells: list[Spell], row: Ints) -> dict[str, Floats]:
    """Change of impressions, position and clicks per impression between the windows the levels come from."""
    names = ("impressions_change_share", "position_change", "click_rate_change_share")
    changes = np.full((3, len(spells)), np.nan)
    if all(np.isnan(index.values[name]).all() for name in ("impressions", "position")):
        return dict(zip(names, changes, strict=True))
    rows, at = np.unique(row, return_inverse=True)
    series = index.lay_out(rows)
    impressions, position = index.spread("impressions", rows), index.spread("position", rows)
    for number, spell in enumerate(spells):
        one = at[number]
        known = ~np.isnan(series.visibility[one])
        clicks, seen, ranked = (
            [
                mean_of_known(values[one, part][known[part]])
                for part in (slice(spell.begin, spell.first), slice(spell.first, spell.stop))
            ]
            for values in (series.visibility, impressions, position)
        )
        changes[0, number] = seen[1] / seen[0] - 1.0 if seen[0] > 0 else np.nan
        changes[1, number] = ranked[1] - ranked[0]
        if series.is_counted[one] and seen[0] > 0 and seen[1] > 0 and clicks[0] > 0:
            changes[2, number] = (clicks[1] / seen[1]) / (clicks[0] / seen[0]) - 1.0
    return dict(zip(names, changes, strict=True))
