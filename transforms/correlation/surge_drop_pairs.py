"""Makes ``correlation.surge_drop_pairs``: every surge beside every later drop of its site, and what speaks against it.

Method, thresholds and how often it is wrong on null worlds: docs/methods-correlation.md.
"""

from __future__ import annotations

import datetime
import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.correlation.circumstances import (
    Circumstance,
    CircumstanceParams,
    find_circumstances,
)
from transforms.correlation.days import as_dates
from transforms.correlation.evidence import Said, as_json
from transforms.correlation.findings import Drop, Surge, group_by_site, read_drops, read_surges
from transforms.correlation.judgement import (
    CONTROL,
    JudgementParams,
    Pair,
    judge,
)
from transforms.correlation.known_events import read_events
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, window_of
from transforms.correlation.order_of_events import OrderParams, find_order_circumstances
from transforms.correlation.placebos import PlaceboParams, Placebos, Span, read_link_spans, read_spans
from transforms.correlation.shapes import DailySearch

READS: tuple[str, ...] = (
    "surges.link_surges",
    "surges.surge_composition",
    "surges.assessed_series",
    "drops.ranking_drops",
    "drops.assessed_series",
    "staging.search_events",
    "signals.visibility",
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """Everything that can be set, in the module that uses it."""

    circumstances: CircumstanceParams = field(default_factory=CircumstanceParams)
    order: OrderParams = field(default_factory=OrderParams)
    placebos: PlaceboParams = field(default_factory=PlaceboParams)
    judgement: JudgementParams = field(default_factory=JudgementParams)


DEFAULTS = Params()


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = DEFAULTS) -> pd.DataFrame:
    """The pairs of the night, one row per surge and drop of a site 1 to 180 days apart, by site, drop and surge.

    The same campaign seen by two providers gives two rows (two surges); group by ``drop_id`` to read them together.
    Surges of natural links are listed as the negative control.
    """
    surges = read_surges(tables["surges.link_surges"], tables["surges.surge_composition"])
    drops = read_drops(tables["drops.ranking_drops"])
    events = read_events(tables["staging.search_events"], params.circumstances.events)
    drop_spans = read_spans(tables["drops.assessed_series"], ("site_domain", "provider", "segment"))
    link_spans = read_link_spans(tables["surges.assessed_series"])
    axis = _axis(drops, list(drop_spans.values()))
    placebos = Placebos(surges, link_spans, events, axis, params.placebos, params.circumstances.events)
    circumstances = find_circumstances(
        drops,
        tables["drops.assessed_series"],
        events,
        DailySearch(tables["signals.visibility"], {drop.site_domain for drop in drops}),
        params.circumstances,
    )
    surges_of_site, drops_of_site = group_by_site(surges), group_by_site(drops)
    pairs = []
    for drop in drops:
        surges_here, drops_here = surges_of_site.get(drop.site_domain, []), drops_of_site[drop.site_domain]
        for surge in _surges_before(drop, surges_here):
            nearby = find_order_circumstances(drop, surge, drops_here, surges_here, params.order)
            known = [*circumstances[drop.drop_id], *nearby]
            pairs.append(_compare(drop, surge, known, placebos, drop_spans))
    return _frame(pairs, as_of, params.judgement)


def _axis(drops: Sequence[Drop], drop_spans: Sequence[Span]) -> Span:
    firsts = [*(span.first for span in drop_spans), *(drop.starts for drop in drops)]
    lasts = [*(span.last for span in drop_spans), *(drop.starts for drop in drops)]
    return Span(min(firsts), max(lasts)) if firsts else Span(0, 0)


def _surges_before(drop: Drop, surges_of_site: Sequence[Surge]) -> Sequence[Surge]:
    starts = [surge.starts for surge in surges_of_site]
    return surges_of_site[bisect_left(starts, drop.starts - LONGEST_LAG_DAYS) : bisect_right(starts, drop.starts - 1)]


def _compare(
    drop: Drop,
    surge: Surge,
    circumstances: Sequence[Circumstance],
    placebos: Placebos,
    drop_spans: Mapping[tuple[str, ...], Span],
) -> Pair:
    lag_days = drop.starts - surge.starts
    window = window_of(lag_days)
    assert window is not None  # noqa: S101  (pairs are made within 1 to 180 days)
    drop_span = drop_spans.get((drop.site_domain, drop.provider, drop.segment))
    p_time_shift = (
        None
        if drop_span is None
        else placebos.time_shift(drop.site_domain, surge.group, drop.starts, window.level, drop_span)
    )
    return Pair(
        drop=drop,
        surge=surge,
        lag_days=lag_days,
        window=window,
        circumstances=tuple(circumstances),
        p_time_shift=p_time_shift,
        p_site_swap=placebos.site_swap(drop.site_domain, surge.group, drop.starts, window.level),
    )


def _frame(pairs: Sequence[Pair], as_of: datetime.date, params: JudgementParams) -> pd.DataFrame:
    days = np.array([(pair.surge.starts, pair.drop.starts, pair.lag_days) for pair in pairs], dtype=np.int64)
    days = days.reshape(-1, 3)
    judged = [judge(pair, params) for pair in pairs]
    return pd.DataFrame(
        {
            "as_of": np.full(len(pairs), np.datetime64(as_of, "us")),
            "pair_id": pd.array([_pair_id(pair) for pair in pairs], dtype="str"),
            "surge_id": pd.array([pair.surge.surge_id for pair in pairs], dtype="str"),
            "drop_id": pd.array([pair.drop.drop_id for pair in pairs], dtype="str"),
            "site_domain": pd.array([pair.drop.site_domain for pair in pairs], dtype="str"),
            "origin": pd.array([pair.surge.origin for pair in pairs], dtype="str"),
            "surge_starts_on": as_dates(days[:, 0]),
            "drop_starts_on": as_dates(days[:, 1]),
            "lag_days": days[:, 2],
            "lag_window": pd.array([pair.window.name for pair in pairs], dtype="str"),
            "verdict": pd.array([verdict for verdict, _ in judged], dtype="str"),
            "probability": np.array([probability for _, probability in judged], dtype=np.float64),
            "p_time_shift": pd.array([pair.p_time_shift for pair in pairs], dtype="Float64"),
            "p_site_swap": pd.array([pair.p_site_swap for pair in pairs], dtype="Float64"),
            "confounders": pd.array([as_json(_sayings(pair)) for pair in pairs], dtype="str"),
        }
    )


def _sayings(pair: Pair) -> list[Said]:
    control = [CONTROL] if pair.surge.group == "natural" else []
    return [*control, *(circumstance.says for circumstance in pair.circumstances)]


def _pair_id(pair: Pair) -> str:
    return hashlib.sha256(f"{pair.surge.surge_id}|{pair.drop.drop_id}".encode()).hexdigest()[:16]
