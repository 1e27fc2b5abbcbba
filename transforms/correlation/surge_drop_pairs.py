"""Makes ``correlation.surge_drop_pairs``: every surge beside every later drop of its site, and what speaks against it.

Method, thresholds and how often it is wrong: docs/methods-causes.md.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.correlation.cause_model import LINKS, CauseModel, Floats, bound, load_model
from transforms.correlation.cause_terms import LINK_TERMS
from transforms.correlation.circumstances import TELLS_NO_CAUSE, Circumstance
from transforms.correlation.days import as_dates
from transforms.correlation.drop_circumstances import features_of, read_circumstances
from transforms.correlation.evidence import Said, as_json
from transforms.correlation.findings import Drop, Surge, group_by_site, read_drops, read_surges, stand_alone
from transforms.correlation.judgement import CONTROL, JudgementParams, judge
from transforms.correlation.known_events import EventParams, read_events
from transforms.correlation.lag_windows import LONGEST_LAG_DAYS, window_of
from transforms.correlation.order_of_events import OrderParams, find_order_circumstances
from transforms.correlation.pair_terms import NATURAL, Pair, PairTermParams, features_of_pair
from transforms.correlation.placebos import PlaceboParams, Placebos, Span, read_link_spans, read_spans
from transforms.correlation.specificity import Contrast, LinkedDays, SpecificityParams
from transforms.schemas.vocabulary import CAUSES

READS: tuple[str, ...] = (
    "surges.link_surges",
    "surges.surge_composition",
    "surges.assessed_series",
    "drops.ranking_drops",
    "drops.assessed_series",
    "staging.search_events",
    "correlation.drop_circumstances",
    "correlation.linked_segments",
    "correlation.linked_days",
)


@dataclass(frozen=True, kw_only=True)
class Params:
    """Everything that can be set, in the module that uses it."""

    events: EventParams = field(default_factory=EventParams)
    order: OrderParams = field(default_factory=OrderParams)
    placebos: PlaceboParams = field(default_factory=PlaceboParams)
    specificity: SpecificityParams = field(default_factory=SpecificityParams)
    terms: PairTermParams = field(default_factory=PairTermParams)
    judgement: JudgementParams = field(default_factory=JudgementParams)


DEFAULTS = Params()


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = DEFAULTS,
    model: CauseModel | None = None,
) -> pd.DataFrame:
    """The pairs of the night, one row per surge and drop of a site 1 to 180 days apart, by site, drop and surge.

    Drops of a segment that are part of one of the whole site are told with it. The same campaign
    seen by two providers gives two rows (two surges); group by ``drop_id`` to read them together.
    Surges of natural links are listed as the negative control. ``model``: the bundled one unless another is given.
    """
    model = model or load_model()
    drops = stand_alone(read_drops(tables["drops.ranking_drops"]))
    surges = read_surges(tables["surges.link_surges"], tables["surges.surge_composition"])
    circumstances = read_circumstances(tables["correlation.drop_circumstances"])
    pairs = _find_pairs(tables, drops, surges, circumstances, params)
    seen = [features_of_pair(pair, params.terms) for pair in pairs]
    shared = _share_out(pairs, seen, circumstances, model)
    return _frame(pairs, seen, shared, as_of, params.judgement, model)


def _find_pairs(
    tables: Mapping[str, pd.DataFrame],
    drops: Sequence[Drop],
    surges: Sequence[Surge],
    circumstances: Mapping[str, Sequence[Circumstance]],
    params: Params,
) -> list[Pair]:
    """Every surge beside every later drop of its site, with all that was found about the two."""
    drop_spans = read_spans(tables["drops.assessed_series"], ("site_domain", "provider", "segment"))
    link_spans = read_link_spans(tables["surges.assessed_series"])
    events = read_events(tables["staging.search_events"], params.events)
    axis = _axis(drops, list(drop_spans.values()))
    placebos = Placebos(surges, link_spans, events, axis, params.placebos, params.events)
    linked = LinkedDays(tables["correlation.linked_days"], params.specificity)
    linked_segments = _read_linked_segments(tables["correlation.linked_segments"])
    surges_of_site, drops_of_site = group_by_site(surges), group_by_site(drops)
    pairs = []
    for drop in drops:
        surges_here, drops_here = surges_of_site.get(drop.site_domain, []), drops_of_site[drop.site_domain]
        for surge in _surges_before(drop, surges_here):
            nearby = find_order_circumstances(drop, surge, drops_here, surges_here, params.order)
            known = (*circumstances.get(drop.drop_id, ()), *nearby)
            contrasts = [
                linked.contrast(surge.surge_id, kind, drop.provider, drop.starts) for kind in ("page", "keyword")
            ]
            is_linked = _is_page_linked(drop, linked_segments.get(surge.surge_id))
            pairs.append(_compare(drop, surge, known, placebos, drop_spans, contrasts, is_linked))
    return pairs


def _read_linked_segments(linked_segments: pd.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for surge_id, segment in zip(
        linked_segments["surge_id"].astype(str), linked_segments["segment"].astype(str), strict=True
    ):
        found.setdefault(surge_id, set()).add(segment)
    return found


def _is_page_linked(drop: Drop, linked: set[str] | None) -> bool | None:
    """Whether the surge links to the page whose drop it is; None for other drops, or where its pages are not known."""
    return drop.segment in linked if linked and drop.segment.startswith("page:") else None


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
    contrasts: Sequence[Contrast | None],
    is_page_linked: bool | None,
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
        pages=contrasts[0],
        keywords=contrasts[1],
        is_page_linked=is_page_linked,
    )


def _share_out(
    pairs: Sequence[Pair],
    seen: Sequence[Mapping[str, float]],
    circumstances: Mapping[str, Sequence[Circumstance]],
    model: CauseModel,
) -> Floats:
    """Probabilities of all pairs: 1 + draws × pairs × causes."""
    others = model.score_others([features_of(circumstances.get(pair.drop.drop_id, ())) for pair in pairs])
    links = model.score_links(seen)
    return model.share_out(others, links)


def _frame(
    pairs: Sequence[Pair],
    seen: Sequence[Mapping[str, float]],
    shared: Floats,
    as_of: datetime.date,
    params: JudgementParams,
    model: CauseModel,
) -> pd.DataFrame:
    days = np.array([(pair.surge.starts, pair.drop.starts, pair.lag_days) for pair in pairs], dtype=np.int64)
    days = days.reshape(-1, 3)
    verdicts = [
        judge(pair, dict(zip(CAUSES, row, strict=True)), params)
        for pair, row in zip(pairs, shared[0].tolist(), strict=True)
    ]
    probability = np.array([given for _, given in verdicts], dtype=np.float64)
    low, high = bound(shared[:, :, LINKS])
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
            "verdict": pd.array([verdict for verdict, _ in verdicts], dtype="str"),
            "probability": probability,
            "probability_low": np.minimum(low, probability),
            "probability_high": np.maximum(np.minimum(high, _ceilings(verdicts, params)), probability),
            "p_time_shift": pd.array([pair.p_time_shift for pair in pairs], dtype="Float64"),
            "p_site_swap": pd.array([pair.p_site_swap for pair in pairs], dtype="Float64"),
            **_contrast_columns("page", [pair.pages for pair in pairs]),
            **_contrast_columns("keyword", [pair.keywords for pair in pairs]),
            "terms": pd.array([_terms(features, model) for features in seen], dtype="str"),
            "confounders": pd.array([as_json(_sayings(pair)) for pair in pairs], dtype="str"),
        }
    )


def _ceilings(verdicts: Iterable[tuple[str, float]], params: JudgementParams) -> Floats:
    """What a probability may be at most, by verdict."""
    return np.array([params.insufficient_cap if verdict == "insufficient_data" else 1.0 for verdict, _ in verdicts])


def _contrast_columns(kind: str, contrasts: Sequence[Contrast | None]) -> dict[str, object]:
    return {
        f"{kind}_contrast": pd.array([None if one is None else one.change for one in contrasts], dtype="Float64"),
        f"{kind}_contrast_z": pd.array([None if one is None else one.z for one in contrasts], dtype="Float64"),
    }


def _terms(seen: Mapping[str, float], model: CauseModel) -> str:
    """JSON list of {term, seen, log_odds}: what moved the probability of links, the strongest first."""
    weighed = model.weigh(seen, LINK_TERMS)
    named = [(name.partition(":")[2], log_odds) for name, log_odds in weighed.items()]
    ordered = sorted(named, key=lambda one: (-abs(one[1]), one[0]))
    return json.dumps([{"term": term, "seen": seen[term], "log_odds": log_odds} for term, log_odds in ordered])


def _sayings(pair: Pair) -> list[Said]:
    control = [CONTROL] if pair.surge.group == NATURAL else []
    others = (one for one in pair.circumstances if one.kind not in TELLS_NO_CAUSE)
    return [*control, *(circumstance.says for circumstance in others)]


def _pair_id(pair: Pair) -> str:
    return hashlib.sha256(f"{pair.surge.surge_id}|{pair.drop.drop_id}".encode()).hexdigest()[:16]
