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
from transforms.findings.discoveries import NEVER, AlarmRule, count_tests, first_told, q_values
from transforms.findings.identity import keep_identity, known_days
from transforms.schemas.vocabulary import RISKY_ORIGINS
from transforms.surges.baseline import DISPERSIONS, BaselineParams, Baselines, fit_baselines
from transforms.surges.calibration import calibrate, nominal_bound
from transforms.surges.daily_pattern import Pattern, PatternParams, find_pattern
from transforms.surges.daily_series import KEYS, WEEK, DailySeries, SeriesParams, lay_out
from transforms.surges.episodes import Alarms, Episode, EpisodeParams, find_episodes, list_alarms
from transforms.surges.scan import Scan, ScanParams, scan_series

READS: tuple[str, ...] = ("signals.daily_links", "signals.link_series", "surges.link_surges@previous")

COLUMNS = [
    "as_of", "surge_id", *KEYS, "starts_on", "ends_on", "detected_on", "is_active", "observed_count", "expected_count",
    "excess_count", "window_days", "dispersion", "p_value", "q_value", "corrections",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Params:
    """Parameters of the surge detector; the parts have their own."""

    series: SeriesParams = field(default_factory=SeriesParams)
    baseline: BaselineParams = field(default_factory=BaselineParams)
    pattern: PatternParams = field(default_factory=PatternParams)
    scan: ScanParams = field(default_factory=ScanParams)
    episode: EpisodeParams = field(default_factory=EpisodeParams)

    alarm: AlarmRule = field(default_factory=AlarmRule)
    """How many false surges a year of nights may tell."""

    budgets: tuple[float, float, float] = (0.5, 0.25, 0.25)
    """Shares of the false discovery budget for origins a site arranges itself (bought, exchanged, guest posts, link
    programmes), spam, and natural or unknown ones: half goes to what the project is asked about (weighted
    Benjamini–Hochberg; Genovese, Roeder & Wasserman 2006, Biometrika 93:509). Shared among those present in a run."""

    most_p: float = 0.01
    """Largest p-value (per 28 days) reported, however good the company: a surge as common as one in 100 quiet months
    of a single series is not shown because the rest of the portfolio is in turmoil."""

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
    series = lay_out(tables, as_of, params.series)
    baselines = fit_baselines(series, params.baseline)
    pattern = find_pattern(series, baselines, params.pattern)
    scan = scan_series(series, baselines, pattern.factor, params.scan)
    bound = nominal_bound(params.most_p)
    alarms = list_alarms(scan, baselines, bound)
    episodes = find_episodes(series, scan, alarms, bound, params.scan, params.episode)
    previous = tables["surges.link_surges@previous"]
    passed = _judge(series, scan, alarms, episodes, previous, params)
    surges = _describe(passed, series, baselines, pattern, scan, alarms, as_of, params)
    reach = params.episode.gap_days
    surges = keep_identity(surges, previous, keys=KEYS, id_column="surge_id", end_column="ends_on", reach_days=reach)
    return surges[COLUMNS]


def _judge(
    series: DailySeries,
    scan: Scan,
    alarms: Alarms,
    episodes: list[Episode],
    previous: pd.DataFrame,
    params: Params,
) -> list[tuple[Episode, float, float, int]]:
    """Episodes that are told, with p, q and the column of the night in which they first are."""
    if not episodes:
        return []
    family_of_series = np.array([_family(origin) for origin in series.keys["origin"].tolist()], dtype=np.int64)
    tests = count_tests(scan.is_tested, series.days, family_of_series, params.budgets)
    row = np.array([episode.row for episode in episodes])
    p = calibrate(alarms.p)
    smallest = np.array([p[episode.strongest] for episode in episodes])
    q = q_values(smallest * tests.of_run[family_of_series[row]])
    listed = np.concatenate([episode.alarms for episode in episodes])
    found = first_told(
        discoveries.Alarms(
            finding=np.repeat(np.arange(len(episodes)), [len(episode.alarms) for episode in episodes]),
            column=alarms.column[listed],
            p=p[listed],
            family=family_of_series[row],
            site=pd.factorize(series.keys["site_domain"])[0][row],
            told=_told_before(series, episodes, previous, params),
        ),
        tests,
        series.days,
        params.alarm,
    )
    passed = []
    for index, episode in enumerate(episodes):
        inside = slice(episode.first, episode.last + 1)
        observed, mean = series.counts[episode.row, inside].sum(), scan.expected[episode.row, inside].sum()
        large = observed - mean >= params.scan.least_excess and observed >= params.scan.least_ratio * mean
        if large and found[index] != NEVER:
            passed.append((episode, float(smallest[index]), float(q[index]), int(found[index])))
    return passed


def _told_before(
    series: DailySeries, episodes: list[Episode], previous: pd.DataFrame, params: Params
) -> NDArray[np.int64]:
    """Column of the day on which the night before says each episode was detected, or NEVER."""
    spans = series.keys[KEYS].iloc[[episode.row for episode in episodes]].reset_index(drop=True)
    spans["starts_on"] = series.days[[episode.first for episode in episodes]].astype("datetime64[us]")
    spans["ends_on"] = series.days[[episode.last for episode in episodes]].astype("datetime64[us]")
    reach = params.episode.gap_days
    known = known_days(spans, previous, keys=KEYS, id_column="surge_id", end_column="ends_on", reach_days=reach)
    return discoveries.columns_of(known, series.days)


def _family(origin: str) -> int:
    """Row of :attr:`Params.budgets`: what a site arranges itself, spam, and the rest."""
    return 0 if origin in RISKY_ORIGINS else 1 if origin == "spam" else 2


def _describe(
    passed: list[tuple[Episode, float, float, int]],
    series: DailySeries,
    baselines: Baselines,
    pattern: Pattern,
    scan: Scan,
    alarms: Alarms,
    as_of: datetime.date,
    params: Params,
) -> pd.DataFrame:
    active_from = pd.Timestamp(as_of) - pd.Timedelta(days=params.active_days - 1)
    rows = []
    for episode, p, q, found in passed:
        inside = slice(episode.first, episode.last + 1)
        observed = float(series.counts[episode.row, inside].sum())
        expected = float(scan.expected[episode.row, inside].sum())
        ends_on = pd.Timestamp(series.days[episode.last])
        rows.append(
            {
                "as_of": pd.Timestamp(as_of),
                **{key: series.keys[key].iat[episode.row] for key in KEYS},
                "starts_on": pd.Timestamp(series.days[episode.first]),
                "ends_on": ends_on,
                "detected_on": pd.Timestamp(series.days[found]),
                "is_active": bool(ends_on >= active_from),
                "observed_count": round(observed),
                "expected_count": expected,
                "excess_count": observed - expected,
                "window_days": int(alarms.window[episode.strongest]),
                "dispersion": float(alarms.weights[episode.strongest] @ DISPERSIONS),
                "p_value": p,
                "q_value": q,
                "corrections": json.dumps(_corrections(episode, baselines, pattern, alarms)),
            }
        )
    surges = pd.DataFrame(rows, columns=[column for column in COLUMNS if column != "surge_id"])
    return surges.astype(dict.fromkeys(("as_of", "starts_on", "ends_on", "detected_on"), "datetime64[us]"))


def _corrections(episode: Episode, baselines: Baselines, pattern: Pattern, alarms: Alarms) -> list[str]:
    """What was corrected in the test that found the surge."""
    week = int(alarms.column[episode.strongest] - alarms.window[episode.strongest] + 1) // WEEK
    applied = {
        "crawler_day": bool(pattern.is_crawler[episode.row, episode.first : episode.last + 1].any()),
        "recent_level": bool(baselines.is_recent[episode.row, week]),
        "survivors": bool(baselines.is_survivor[episode.row, week]),
    }
    return [key for key, is_applied in applied.items() if is_applied]
