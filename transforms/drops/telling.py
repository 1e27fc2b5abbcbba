"""Which falls are listed, and in which night; and which of them are confirmed among all that was tested.

Two questions, two rules. A site's own list answers "did this site fall?": its rate of false alarms is fixed a year,
however many other sites are watched. A portfolio's list answers "which falls may I believe?": false discoveries are
controlled over all sites and nights, as for surges (:mod:`transforms.findings.discoveries`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.drops.calibration import calibrate
from transforms.drops.daily_visibility import KEYS, SITE, Floats, Ints
from transforms.drops.detection import Detection
from transforms.findings.discoveries import NEVER, AlarmRule, Alarms, columns_of, count_spans, first_told, q_values
from transforms.findings.identity import known_days

YEAR_PERIODS = 13
"""Periods of 28 days in a year, the time that one calibrated chance stands for."""


@dataclass(frozen=True, kw_only=True)
class TellingParams:
    """How many false drops a year of nights may list and confirm."""

    site_rate: float = 0.4
    """False drops a year listed of a whole site, all its providers together, before the floors of depth and length take
    some of them back: at most one in two years is asked for, and noisy sites then measure .3."""

    segment_rate: float = 0.2
    """The same of all its segments together: half as much, since a segment rarely falls alone."""

    alarm: AlarmRule = field(default_factory=AlarmRule)
    """False discoveries among the confirmed."""

    budgets: tuple[float, float] = (0.7, 0.3)
    """Share of the false discoveries allowed to sites and to segments: segments are many, and must not use up what
    allows a site's own fall to be confirmed."""


@dataclass(frozen=True)
class Told:
    """Per fall: p and q, the column of the night that lists it (NEVER: none does) and of the one that confirms it."""

    p: Floats
    q: Floats
    listed: Ints
    confirmed: Ints


def tell(detection: Detection, previous: pd.DataFrame, params: TellingParams, reach_days: int) -> Told:
    """When each fall is listed and confirmed; what an earlier night told stays told."""
    falls, days = detection.falls, detection.index.days
    if not falls:
        nothing = np.zeros(0, dtype=np.int64)
        return Told(np.zeros(0), np.zeros(0), nothing, nothing)
    row = np.array([fall.spell.row for fall in falls])
    family = np.where(detection.index.keys["segment_kind"] == SITE, 0, 1)
    tests = count_spans(detection.tested[:, 0], detection.tested[:, 1], days, family, params.budgets)
    finding = np.repeat(np.arange(len(falls)), [len(fall.p) for fall in falls])
    p = calibrate(np.concatenate([fall.p for fall in falls]))
    # an alarm counts from the day on which the lower level has lasted long enough to be told
    told_from = np.array([fall.spell.first + fall.needed - 1 for fall in falls])
    column = np.maximum(np.concatenate([fall.column for fall in falls]), told_from[finding]).clip(max=len(days) - 1)
    smallest = np.ones(len(falls))
    np.minimum.at(smallest, finding, p)
    site = pd.factorize(detection.index.keys["site_domain"])[0]
    told_before = _told_before(detection, previous, "confirmed_on", reach_days)
    # what could not pass even if every site had fallen is not asked: most of a quiet portfolio
    most = params.alarm.rate / params.alarm.year_periods * len(np.unique(site))
    asked = p * tests.so_far[family[row][finding], column] <= most
    alarms = Alarms(finding[asked], column[asked], p[asked], family[row], site[row], told_before)
    listed = np.full(len(falls), len(days), dtype=np.int64)
    passing = p <= _most_chance(detection, site, family, row[finding], column, params)
    np.minimum.at(listed, finding[passing], column[passing])
    before = _told_before(detection, previous, "detected_on", reach_days)
    listed = np.where(before == NEVER, np.where(listed == len(days), NEVER, listed), before)
    confirmed = np.where(listed == NEVER, NEVER, first_told(alarms, tests, days, params.alarm))
    return Told(smallest, q_values(smallest * tests.of_run[family[row]]), listed, confirmed)


def _most_chance(
    detection: Detection, site: Ints, family: Ints, row: Ints, column: Ints, params: TellingParams
) -> Floats:
    """The largest chance (28 days) at which an alarm of a series on a day is listed.

    A site's rate is shared evenly by its series of that kind that had begun to be tested by then.
    """
    begins = detection.tested[:, 0]
    is_tested = detection.tested[:, 1] > begins
    group = site * 2 + family
    order = np.lexsort((begins, group))
    order = order[is_tested[order]]
    # position of (group, day) among the sorted begins, less that of the group's first
    width = len(detection.index.days) + 1
    sorted_keys = group[order] * width + begins[order]
    wanted = group[row] * width
    sharing = np.searchsorted(sorted_keys, wanted + column, side="right") - np.searchsorted(sorted_keys, wanted)
    rate = np.array([params.site_rate, params.segment_rate])[family[row]]
    return np.asarray(rate / YEAR_PERIODS / np.maximum(sharing, 1))


def _told_before(detection: Detection, previous: pd.DataFrame, day: str, reach_days: int) -> Ints:
    """Column of the last day used when, as the night before says, each fall was told on ``day``; or NEVER."""
    falls, index = detection.falls, detection.index
    rows = [fall.spell.row for fall in falls]
    if day not in previous:
        return np.full(len(falls), NEVER, dtype=np.int64)
    told = previous[previous[day].notna()].assign(detected_on=lambda known: known[day])
    starts = index.keys[KEYS].iloc[rows].reset_index(drop=True)
    starts["starts_on"] = index.days[[fall.spell.first for fall in falls]].astype("datetime64[us]")
    known = known_days(starts, told, keys=KEYS, id_column="drop_id", end_column="starts_on", reach_days=reach_days)
    return columns_of(known - index.delay_of(np.array(rows)).astype("timedelta64[D]"), index.days)
