"""Makes ``surges.link_surges``: episodes of new referring domains above the series' own baseline."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.findings import discoveries
from transforms.findings.discoveries import NEVER, AlarmRule, count_spans, first_told, q_values
from transforms.findings.identity import keep_identity, known_days
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.surges.count_series import KEYS, Ints
from transforms.surges.detection import Detection, DetectionParams, Surge, detect
from transforms.surges.layout import LAYOUT_READS, Layout, make_layout
from transforms.surges.survivors import measure_decay

READS: tuple[str, ...] = (*LAYOUT_READS, "surges.link_surges@previous")

COLUMNS = [
    "as_of", "surge_id", *KEYS, "starts_on", "ends_on", "detected_on", "is_active", "shape", "observed_count",
    "expected_count", "excess_count", "excess_low_count", "excess_high_count", "window_days", "dispersion", "p_value",
    "q_value", "corrections",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Params:
    """Parameters of the surge detector; the test has its own."""

    detection: DetectionParams = field(default_factory=DetectionParams)

    alarm: AlarmRule = field(default_factory=AlarmRule)
    """How many false surges a year of nights may tell."""

    budgets: tuple[float, float, float] = (0.5, 0.25, 0.25)
    """Shares of the false discovery budget for origins a site arranges itself (bought, exchanged, guest posts, link
    programmes), spam, and natural or unknown ones: half goes to what the project is asked about (weighted
    Benjamini–Hochberg; Genovese, Roeder & Wasserman 2006, Biometrika 93:509). Shared among those present in a run."""

    active_days: int = 14
    """Days before ``as_of`` into which an active surge reaches (the alerts' rule)."""


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = Params(),
) -> pd.DataFrame:
    """Surges of all series as known on ``as_of``, all declared columns, sorted by series and start.

    A surge is listed from the night in which :func:`transforms.findings.discoveries.first_told` tells it. ``p_value``
    is the chance of such an excess in 28 days without a surge, ``q_value`` its Benjamini–Hochberg adjustment over
    every 28-day period of every tested series of the run, weighted by :attr:`Params.budgets`.
    """
    test = params.detection
    layout = make_layout(tables, as_of, test.series, measure_decay(tables, as_of, test.survivor))
    detection = detect(layout, test)
    previous = tables["surges.link_surges@previous"]
    told, q = _judge(layout, detection, previous, params)
    surges = _describe(layout, detection.surges, told, q, as_of, params)
    reach = test.episode.gap_days
    surges = keep_identity(surges, previous, keys=KEYS, id_column="surge_id", end_column="ends_on", reach_days=reach)
    return surges[COLUMNS]


def _judge(
    layout: Layout, detection: Detection, previous: pd.DataFrame, params: Params
) -> tuple[Ints, NDArray[np.float64]]:
    """Column of the night in which each surge is first told (or NEVER), and its q-value."""
    surges = detection.surges
    if not surges:
        return np.empty(0, dtype=np.int64), np.empty(0)
    family_of_series = np.array([_family(origin) for origin in layout.keys["origin"].tolist()], dtype=np.int64)
    begin, stop = detection.tested[:, 0], detection.tested[:, 1]
    tests = count_spans(begin, stop, layout.days, family_of_series, params.budgets)
    row = np.array([surge.row for surge in surges])
    smallest = np.array([surge.chance for surge in surges])
    alarms = discoveries.Alarms(
        finding=np.repeat(np.arange(len(surges)), [len(surge.columns) for surge in surges]),
        column=np.concatenate([surge.columns for surge in surges]),
        p=np.concatenate([surge.chances for surge in surges]),
        family=family_of_series[row],
        site=pd.factorize(layout.keys["site_domain"])[0][row],
        told=_told_before(layout, surges, previous, params),
    )
    told = first_told(alarms, tests, layout.days, params.alarm)
    return told, q_values(smallest * tests.of_run[family_of_series[row]])


def _told_before(layout: Layout, surges: list[Surge], previous: pd.DataFrame, params: Params) -> Ints:
    """Column of the day on which the night before says each surge was detected, or NEVER."""
    spans = layout.keys[KEYS].iloc[[surge.row for surge in surges]].reset_index(drop=True)
    spans["starts_on"] = layout.days[[surge.first for surge in surges]].astype("datetime64[us]")
    spans["ends_on"] = layout.days[[surge.last for surge in surges]].astype("datetime64[us]")
    reach = params.detection.episode.gap_days
    known = known_days(spans, previous, keys=KEYS, id_column="surge_id", end_column="ends_on", reach_days=reach)
    return discoveries.columns_of(known, layout.days)


def _family(origin: str) -> int:
    """Row of :attr:`Params.budgets`: what a site arranges itself, spam, and the rest."""
    return 0 if origin in RISKY_ORIGINS else 1 if origin == "spam" else 2


def _describe(
    layout: Layout,
    surges: list[Surge],
    told: Ints,
    q: NDArray[np.float64],
    as_of: datetime.date,
    params: Params,
) -> pd.DataFrame:
    active_from = pd.Timestamp(as_of) - pd.Timedelta(days=params.active_days - 1)
    rows = []
    for index in np.flatnonzero(told != NEVER).tolist():
        surge = surges[index]
        ends_on = pd.Timestamp(layout.days[surge.last])
        rows.append(
            {
                "as_of": pd.Timestamp(as_of),
                **{key: layout.keys[key].iat[surge.row] for key in KEYS},
                "starts_on": pd.Timestamp(layout.days[surge.first]),
                "ends_on": ends_on,
                "detected_on": pd.Timestamp(layout.days[told[index]]),
                "is_active": bool(ends_on >= active_from),
                "shape": "drip" if surge.is_drip else "burst",
                "observed_count": round(surge.observed),
                "expected_count": surge.expected,
                "excess_count": surge.observed - surge.expected,
                "excess_low_count": surge.low,
                "excess_high_count": surge.high,
                "window_days": surge.window,
                "dispersion": surge.dispersion,
                "p_value": surge.chance,
                "q_value": float(q[index]),
                "corrections": json.dumps(surge.corrections),
            }
        )
    table = pd.DataFrame(rows, columns=[column for column in COLUMNS if column != "surge_id"])
    return table.astype(dict.fromkeys(("as_of", "starts_on", "ends_on", "detected_on"), "datetime64[us]"))
