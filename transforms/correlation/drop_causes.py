"""Makes ``correlation.drop_causes``: was it the links, an update, or us? Every drop, with a surge before it or not.

The causes compete: each has a score, what was seen times fitted weights, and the probabilities are the softmax of the
scores (:mod:`transforms.correlation.cause_model`). Links have the score of the drop's best pair.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.correlation.cause_model import LINKS, CauseModel, Floats, bound, load_model
from transforms.correlation.cause_terms import TERMS
from transforms.correlation.circumstances import TELLS_NO_CAUSE, Circumstance
from transforms.correlation.days import iso_day
from transforms.correlation.drop_circumstances import features_of, read_circumstances
from transforms.correlation.evidence import Said, as_json, said
from transforms.correlation.findings import ARRANGED, Drop, Surge, group_by_site, read_drops, read_surges, stand_alone
from transforms.correlation.look_back import LookBack, look_back
from transforms.correlation.order_of_events import OrderParams, surges_after
from transforms.correlation.pair_terms import LinksBefore, features_without_pair
from transforms.correlation.placebos import read_link_spans
from transforms.correlation.specificity import Contrast, LinkedDays, SpecificityParams
from transforms.schemas.vocabulary import CAUSES

READS: tuple[str, ...] = (
    "drops.ranking_drops",
    "surges.link_surges",
    "surges.surge_composition",
    "surges.assessed_series",
    "correlation.drop_circumstances",
    "correlation.links_before",
    "correlation.arranged_days",
    "correlation.surge_drop_pairs",
)

NOTABLE_Z = 2.0
"""Standard errors from which linked pages are said to have fallen more than the others."""


@dataclass(frozen=True, kw_only=True)
class Params:
    """When a surge counts as an answer to the drop, and how pages are compared."""

    order: OrderParams = field(default_factory=OrderParams)
    specificity: SpecificityParams = field(default_factory=SpecificityParams)


DEFAULTS = Params()


@dataclass(frozen=True)
class _BestPair:
    surge_id: str
    lag_days: int
    probability: float
    seen: Mapping[str, float]
    p_time_shift: float
    p_site_swap: float
    page_contrast: float
    page_contrast_z: float


def build(
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime.date,
    params: Params = DEFAULTS,
    model: CauseModel | None = None,
) -> pd.DataFrame:
    """One row per drop and cause in the fixed order of CAUSES, by site and drop; probabilities of a drop add to 1.

    A drop that is part of another has the causes of the whole.
    """
    everything = read_drops(tables["drops.ranking_drops"])
    drops = stand_alone(everything)
    surges = read_surges(tables["surges.link_surges"], tables["surges.surge_composition"])
    circumstances = read_circumstances(tables["correlation.drop_circumstances"])
    best_pairs = _best_pairs(tables["correlation.surge_drop_pairs"])
    link_spans = read_link_spans(tables["surges.assessed_series"])
    covered = [look_back(link_spans.get(drop.site_domain, []), drop.starts) for drop in drops]
    pairs = [best_pairs.get(drop.drop_id) for drop in drops]
    found = [tuple(circumstances.get(drop.drop_id, ())) for drop in drops]
    came = find_links_before(drops, tables["correlation.links_before"], tables["correlation.arranged_days"], params)
    shared = _share_out(pairs, found, covered, came, model or load_model())
    surges_by_id, surges_of_site = {surge.surge_id: surge for surge in surges}, group_by_site(surges)
    evidence = []
    for drop, pair, known, back, links in zip(drops, pairs, found, covered, came, strict=True):
        told = _evidence(known, has_pair=pair is not None)
        told["links"] = [
            *_links_evidence(pair, surges_by_id, back, links),
            *told["links"],
            *_reverse_evidence(drop, surges_of_site.get(drop.site_domain, []), params.order),
        ]
        evidence += [as_json(told[cause]) for cause in CAUSES]
    return _with_parts(_frame(drops, shared, evidence, as_of), everything)


def _with_parts(causes: pd.DataFrame, drops: Sequence[Drop]) -> pd.DataFrame:
    """The causes of the drops that stand alone, said of their parts as well."""
    owner = pd.DataFrame(
        {
            "drop_id": pd.array([drop.drop_id for drop in drops], dtype="str"),
            "head": pd.array([drop.part_of or drop.drop_id for drop in drops], dtype="str"),
        }
    )
    known = owner["head"].isin(causes["drop_id"])
    owner["head"] = owner["head"].where(known, owner["drop_id"])
    told = owner.merge(causes.rename(columns={"drop_id": "head"}), on="head", how="inner")
    return told[list(causes.columns)]


def _best_pairs(pairs: pd.DataFrame) -> dict[str, _BestPair]:
    """The most probable pair of each drop that is no control; ties go to the smaller pair_id."""
    candidates = pairs[pairs["origin"] != "natural"].sort_values(
        ["drop_id", "probability", "pair_id"], ascending=[True, False, True]
    )
    first = candidates.drop_duplicates("drop_id")
    numbers = [
        pd.to_numeric(first[name]).to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("lag_days", "probability", "p_time_shift", "p_site_swap", "page_contrast", "page_contrast_z")
    ]
    return {
        str(drop_id): _BestPair(
            str(surge_id),
            int(lag),
            float(probability),
            {str(term["term"]): float(term["seen"]) for term in json.loads(terms)},
            *(float(value) for value in rest),
        )
        for drop_id, surge_id, terms, lag, probability, *rest in zip(
            first["drop_id"], first["surge_id"], first["terms"].astype(str), *numbers, strict=True
        )
    }


def find_links_before(
    drops: Sequence[Drop], links_before: pd.DataFrame, arranged_days: pd.DataFrame, params: Params = DEFAULTS
) -> list[LinksBefore]:
    """Arranged links before each drop, and how the pages they lead to did beside the others."""
    counts = links_before[["near_domain_count", "far_domain_count"]].astype("int64").itertuples(index=False, name=None)
    came = dict(zip(links_before["drop_id"].astype(str), counts, strict=True))
    days = arranged_days.rename(columns={"drop_id": "surge_id"}).assign(kind="page")
    linked = LinkedDays(days, params.specificity)
    found = []
    for drop in drops:
        near, far = came.get(drop.drop_id, (0, 0))
        found.append(LinksBefore(near, far, linked.contrast(drop.drop_id, "page", drop.provider, drop.starts)))
    return found


def _share_out(
    pairs: Sequence[_BestPair | None],
    found: Sequence[tuple[Circumstance, ...]],
    covered: Sequence[LookBack],
    came: Sequence[LinksBefore],
    model: CauseModel,
) -> Floats:
    """Probabilities, 1 + draws × drops × causes; where a pair's was capped, the others share what that leaves."""
    seen = [
        features_without_pair(known, back, links) if pair is None else pair.seen
        for pair, known, back, links in zip(pairs, found, covered, came, strict=True)
    ]
    shared = model.share_out(model.score_others([features_of(known) for known in found]), model.score_links(seen))
    links = shared[:, :, LINKS]
    most = np.array([1.0 if pair is None else pair.probability for pair in pairs])
    is_capped = links[0] > most + 1e-9 if len(pairs) else np.zeros(0, dtype=bool)
    kept = np.where(is_capped, np.minimum(links, most), links)
    shared = shared * ((1.0 - kept) / (1.0 - links))[:, :, None]
    shared[:, :, LINKS] = kept
    return shared


_SPEAKS_FOR: Mapping[str, tuple[str, ...]] = {
    feature: tuple(term.cause for term in TERMS if term.feature == feature and term.guess > 0)
    for feature in {term.feature for term in TERMS}
}
"""Causes that each kind of circumstance speaks for."""


def _evidence(found: Sequence[Circumstance], *, has_pair: bool) -> dict[str, list[Said]]:
    """What speaks for each cause; that rank was lost speaks for links only where there was a surge."""
    evidence: dict[str, list[Said]] = {cause: [] for cause in CAUSES}
    for circumstance in found:
        for cause in _SPEAKS_FOR.get(circumstance.kind, ()):
            if has_pair or cause != "links" or circumstance.kind not in TELLS_NO_CAUSE:
                evidence[cause].append(circumstance.says)
    if all(circumstance.kind in TELLS_NO_CAUSE for circumstance in found):
        evidence["unknown"].append(said("cause.unknown.nothing_found"))
    return evidence


def _links_evidence(
    pair: _BestPair | None, surges: Mapping[str, Surge], covered: LookBack, came: LinksBefore
) -> list[Said]:
    if pair is None:
        count = came.near + came.far
        trickle = [said("cause.links.trickle", count=count, near=came.near)] if count else []
        pages = [] if came.pages is None else [_contrast_saying(came.pages)]
        return [_no_surge_saying(covered), *trickle, *pages]
    surge = surges.get(pair.surge_id)
    sayings = [] if surge is None else [_surge_saying(surge, pair.lag_days)]
    if not math.isnan(pair.p_time_shift):
        sayings.append(said("cause.links.time_shift", p=round(pair.p_time_shift, 6)))
    else:
        sayings.append(said("cause.links.no_time_shift"))
    if not math.isnan(pair.p_site_swap):
        sayings.append(said("cause.links.site_swap", p=round(pair.p_site_swap, 6)))
    if not math.isnan(pair.page_contrast):
        sayings.append(_contrast_saying(Contrast(pair.page_contrast, pair.page_contrast_z)))
    return sayings


def _contrast_saying(pages: Contrast) -> Said:
    """How the pages that are linked to did beside the others."""
    share = round(1.0 - math.exp(pages.change), 4)
    if pages.z <= -NOTABLE_Z:
        return said("cause.links.pages_fell_more", share=share)
    return said("cause.links.pages_alike")


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


def _frame(drops: Sequence[Drop], shared: Floats, evidence: Sequence[str], as_of: datetime.date) -> pd.DataFrame:
    count = len(drops) * len(CAUSES)
    low, high = bound(shared)
    return pd.DataFrame(
        {
            "as_of": np.full(count, np.datetime64(as_of, "us")),
            "drop_id": pd.array([drop.drop_id for drop in drops for _ in CAUSES], dtype="str"),
            "site_domain": pd.array([drop.site_domain for drop in drops for _ in CAUSES], dtype="str"),
            "cause": pd.array(list(CAUSES) * len(drops), dtype="str"),
            "probability": shared[0].reshape(count),
            "probability_low": low.reshape(count),
            "probability_high": high.reshape(count),
            "evidence": pd.array(list(evidence), dtype="str"),
        }
    )
