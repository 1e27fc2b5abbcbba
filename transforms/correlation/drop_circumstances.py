"""Makes ``correlation.drop_circumstances``: what else was so when each drop began, in the words of the cause model."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from transforms.correlation.cause_terms import BASE
from transforms.correlation.circumstances import Circumstance, CircumstanceParams, find_circumstances
from transforms.correlation.evidence import as_json, read_one
from transforms.correlation.findings import read_drops, stand_alone
from transforms.correlation.known_events import read_events
from transforms.correlation.shapes import DropDays

READS: tuple[str, ...] = (
    "drops.ranking_drops",
    "drops.assessed_series",
    "staging.search_events",
    "correlation.drop_days",
)

DEFAULTS = CircumstanceParams()


def build(
    tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: CircumstanceParams = DEFAULTS
) -> pd.DataFrame:
    """One row per drop that stands alone and circumstance, by site and drop, in the order of looking."""
    drops = stand_alone(read_drops(tables["drops.ranking_drops"]))
    found = find_circumstances(
        drops,
        tables["drops.assessed_series"],
        read_events(tables["staging.search_events"], params.events),
        DropDays(tables["correlation.drop_days"]),
        params,
    )
    rows = [
        (drop.drop_id, drop.site_domain, place, circumstance.kind, circumstance.value, as_json([circumstance.says]))
        for drop in drops
        for place, circumstance in enumerate(found[drop.drop_id])
    ]
    types = {"drop_id": "str", "site_domain": "str", "place": "int64", "kind": "str", "amount": "float64"}
    types["saying"] = "str"
    circumstances = pd.DataFrame(rows, columns=list(types)).astype(types)
    circumstances.insert(0, "as_of", np.full(len(rows), np.datetime64(as_of, "us")))
    return circumstances


def read_circumstances(drop_circumstances: pd.DataFrame) -> dict[str, list[Circumstance]]:
    """Circumstances by ``drop_id``, in their order; drops without one are left out."""
    ordered = drop_circumstances.sort_values(["drop_id", "place"])
    found: dict[str, list[Circumstance]] = {}
    texts = ordered[["drop_id", "kind", "saying"]].astype(str).itertuples(index=False, name=None)
    for (drop_id, kind, saying), value in zip(texts, ordered["amount"].astype(float), strict=True):
        found.setdefault(drop_id, []).append(Circumstance(kind, read_one(saying), value))
    return found


def features_of(circumstances: Sequence[Circumstance]) -> dict[str, float]:
    """Features of the cause model: what every drop has, and each kind that was found with how much of it there was."""
    return {BASE: 1.0} | {circumstance.kind: circumstance.value for circumstance in circumstances}
