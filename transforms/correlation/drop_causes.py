"""Makes ``correlation.drop_causes``: was it the links, an update, or us? Every drop, with a surge before it or not.

``links`` is the probability of the drop's best pair. The rest is shared over the other causes in proportion to weights:
1 for ``unknown``, a stated weight for each circumstance found, a small one for causes nothing speaks for. The weights
are assumptions with reasons, not fits (docs/methods-correlation.md).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.correlation.circumstances import Circumstance, CircumstanceParams, find_circumstances
from transforms.correlation.days import iso_day
from transforms.correlation.evidence import Said, as_json, said
from transforms.correlation.findings import ARRANGED, Drop, Surge, group_by_site, read_drops, read_surges
from transforms.correlation.known_events import read_events
from transforms.correlation.look_back import LookBack, look_back
from transforms.correlation.order_of_events import OrderParams, surges_after
from transforms.correlation.placebos import read_link_spans
from transforms.correlation.shapes import DailySearch
from transforms.schemas.vocabulary import CAUSES

READS: tuple[str, ...] = (
    "drops.ranking_drops",
    "drops.assessed_series",
    "surges.link_surges",
    "surges.surge_composition",
    "surges.assessed_series",
    "correlation.surge_drop_pairs",
    "staging.search_events",
    "signals.visibility",
)

CAUSE_OF = {
    "update.core": "update",
    "update.other": "update",
    "update.spam": "update",
    "update.link_spam": "update",
    "update.together": "update",
    "update.fault": "update",
    "tracker.together": "tracker",
    "outage.event": "outage",
    "outage.seen": "outage",
    "outage.open": "outage",
    "data_break.at": "data_break",
    "data_break.near": "data_break",
    "site_change": "site_change",
    "manual_action.links": "links",
    "manual_action.other": "unknown",
    "season.demand": "season",
    "season.gradual": "season",
    "season.last_year": "season",
    "result_page": "result_page",
}
"""Cause that each kind of circumstance speaks for."""


def _weights() -> Mapping[str, float]:
    return {
        "update.core": 4.0,
        "update.spam": 3.0,
        "update.link_spam": 3.0,
        "update.other": 1.5,
        "update.together": 3.0,
        "update.fault": 2.0,
        "tracker.together": 12.0,
        "outage.event": 12.0,
        "outage.seen": 12.0,
        "outage.open": 3.0,
        "data_break.at": 8.0,
        "data_break.near": 0.5,
        "site_change": 3.0,
        "manual_action.other": 12.0,
        "season.demand": 2.5,
        "season.gradual": 1.5,
        "season.last_year": 4.0,
        "result_page": 5.0,
    }


@dataclass(frozen=True, kw_only=True)
class Params:
    """Weights of the causes beside ``unknown`` = 1, and what stands for links without a pair."""

    weights: Mapping[str, float] = field(default_factory=_weights)
    """Added for each circumstance found, once per kind. Update windows cover about a third of the days (30 % of 2025):
    being inside one speaks about three times as loud for an update as being anywhere; core updates, which reach every
    site, get a little more, narrow ones less. Common falls, outages and breaks are rarer by chance and weigh more."""
    without_evidence: float = 0.03
    """Weight of a cause nothing speaks for: never zero, because calendars and notes are incomplete."""
    links_without_pair: float = 0.02
    """Probability of links when one link series covers the 180 days before and shows no surge other than natural."""
    links_without_data: float = 0.10
    """Probability of links when no link data cover those days: no data is never shown as no risk. Where a part is
    covered it lies between the two, by the share of effects (lag_windows.py) that would have been seen."""
    links_with_manual_action: float = 0.90
    """Probability of links when the team noted a manual action about links at the time of the drop: the cap of every
    probability (judgement.py), because what the drop is due to is not in the message."""
    circumstances: CircumstanceParams = field(default_factory=CircumstanceParams)
    """When a circumstance applies."""
    order: OrderParams = field(default_factory=OrderParams)
    """When a surge counts as an answer to the drop."""


DEFAULTS = Params()


@dataclass(frozen=True)
class _BestPair:
    surge_id: str
    lag_days: int
    probability: float
    p_time_shift: float
    p_site_swap: float


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = DEFAULTS) -> pd.DataFrame:
    """One row per drop and cause in the fixed order of CAUSES, by site and drop; probabilities of a drop add to 1."""
    drops = read_drops(tables["drops.ranking_drops"])
    surges = read_surges(tables["surges.link_surges"], tables["surges.surge_composition"])
    circumstances = find_circumstances(
        drops,
        tables["drops.assessed_series"],
        read_events(tables["staging.search_events"], params.circumstances.events),
        DailySearch(tables["signals.visibility"], {drop.site_domain for drop in drops}),
        params.circumstances,
    )
    best_pairs = _best_pairs(tables["correlation.surge_drop_pairs"])
    link_spans = read_link_spans(tables["surges.assessed_series"])
    surges_by_id, surges_of_site = {surge.surge_id: surge for surge in surges}, group_by_site(surges)
    rows: list[tuple[str, str, str, float, str]] = []
    for drop in drops:
        found = circumstances[drop.drop_id]
        pair = best_pairs.get(drop.drop_id)
        has_manual_action = any(circumstance.kind == "manual_action.links" for circumstance in found)
        covered = look_back(link_spans.get(drop.site_domain, []), drop.starts)
        links = _links_probability(pair, covered, has_manual_action, params)
        evidence = _evidence(found)
        evidence["links"] += _links_evidence(pair, surges_by_id, covered)
        evidence["links"] += _reverse_evidence(drop, surges_of_site.get(drop.site_domain, []), params.order)
        for cause, probability in _share_out(links, found, params).items():
            rows.append((drop.drop_id, drop.site_domain, cause, probability, as_json(evidence[cause])))
    return _frame(rows, as_of)


def _best_pairs(pairs: pd.DataFrame) -> dict[str, _BestPair]:
    """The most probable pair of each drop that is no control; ties go to the smaller pair_id."""
    candidates = pairs[pairs["origin"] != "natural"].sort_values(
        ["drop_id", "probability", "pair_id"], ascending=[True, False, True]
    )
    first = candidates.drop_duplicates("drop_id")
    numbers = [
        pd.to_numeric(first[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("lag_days", "probability", "p_time_shift", "p_site_swap")
    ]
    return {
        str(drop_id): _BestPair(str(surge_id), int(lag), float(probability), float(p_shift), float(p_swap))
        for drop_id, surge_id, lag, probability, p_shift, p_swap in zip(
            first["drop_id"], first["surge_id"], *numbers, strict=True
        )
    }


def _links_probability(pair: _BestPair | None, covered: LookBack, has_manual_action: bool, params: Params) -> float:
    if has_manual_action:
        return params.links_with_manual_action
    if pair is not None:
        return pair.probability
    return params.links_without_data - covered.effect_share * (params.links_without_data - params.links_without_pair)


def _share_out(links: float, found: Sequence[Circumstance], params: Params) -> dict[str, float]:
    weights = {cause: params.without_evidence for cause in CAUSES if cause != "links"}
    weights["unknown"] = 1.0
    for kind in sorted({circumstance.kind for circumstance in found}):
        cause = CAUSE_OF[kind]
        if cause != "links":
            weights[cause] += params.weights[kind]
    total = math.fsum(weights.values())
    return {cause: links if cause == "links" else (1 - links) * weights[cause] / total for cause in CAUSES}


def _evidence(found: Sequence[Circumstance]) -> dict[str, list[Said]]:
    evidence: dict[str, list[Said]] = {cause: [] for cause in CAUSES}
    for circumstance in found:
        evidence[CAUSE_OF[circumstance.kind]].append(circumstance.says)
    if not found:
        evidence["unknown"].append(said("cause.unknown.nothing_found"))
    return evidence


def _links_evidence(pair: _BestPair | None, surges: Mapping[str, Surge], covered: LookBack) -> list[Said]:
    if pair is None:
        return [_no_surge_saying(covered)]
    surge = surges.get(pair.surge_id)
    sayings = [] if surge is None else [_surge_saying(surge, pair.lag_days)]
    if not math.isnan(pair.p_time_shift):
        sayings.append(said("cause.links.time_shift", p=round(pair.p_time_shift, 6)))
    else:
        sayings.append(said("cause.links.no_time_shift"))
    if not math.isnan(pair.p_site_swap):
        sayings.append(said("cause.links.site_swap", p=round(pair.p_site_swap, 6)))
    return sayings


def _no_surge_saying(covered: LookBack) -> Said:
    if covered.is_whole:
        return said("cause.links.no_surge")
    if covered.days:
        return said("cause.links.no_surge.part", days=covered.days)
    return said("cause.links.no_data")


def _surge_saying(surge: Surge, lag_days: int) -> Said:
    start, count = iso_day(surge.starts), round(surge.excess_count)
    if surge.group == ARRANGED:
        return said("cause.links.surge.arranged", count=count, start=start, days=lag_days)
    if surge.group == "spam":
        return said("cause.links.surge.spam", count=count, start=start, days=lag_days)
    return said("cause.links.surge.unknown", count=count, start=start, days=lag_days)


def _reverse_evidence(drop: Drop, surges_of_site: Sequence[Surge], params: OrderParams) -> list[Said]:
    later = surges_after(drop, surges_of_site, params)
    if not later:
        return []
    return [said("cause.links.reverse", start=iso_day(later[0].starts), days=later[0].starts - drop.starts)]


def _frame(rows: Sequence[tuple[str, str, str, float, str]], as_of: datetime.date) -> pd.DataFrame:
    types = {"drop_id": "str", "site_domain": "str", "cause": "str", "probability": "float64", "evidence": "str"}
    causes = pd.DataFrame(list(rows), columns=list(types)).astype(types)
    causes.insert(0, "as_of", np.full(len(rows), np.datetime64(as_of, "us")))
    return causes
