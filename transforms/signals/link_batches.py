"""Makes ``signals.link_batches``: links that came together and look bought, or vanished together and look rented."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.signals.purchase_batches import Batch, PurchaseParams, find_batches, spread_of
from transforms.signals.rented_links import Box, RentParams, find_boxes, read_lives

READS = ("signals.link_lives", "signals.page_arrivals")

COLUMNS = [
    "batch_id", "site_domain", "provider", "kind", "placed_from_on", "placed_to_on", "lost_from_on", "lost_to_on",
    "months", "domain_count", "expected_count", "p_value", "target_url", "authority_low", "authority_high",
]  # fmt: skip
DAYS = ["placed_from_on", "placed_to_on", "lost_from_on", "lost_to_on"]

Row = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Params:
    """Parameters of the two kinds of batch."""

    rent: RentParams = field(default_factory=RentParams)
    purchase: PurchaseParams = field(default_factory=PurchaseParams)


def build(tables: Mapping[str, pd.DataFrame], *, as_of: datetime.date, params: Params = Params()) -> pd.DataFrame:
    """A row per batch, all declared columns, sorted by site, provider, kind and first day.

    ``p_value`` is the chance of the one box or week; only those are listed whose chance times the number of tests of a
    year is at most the false batches allowed. ``as_of`` is not used: the tables stand at that day.
    """
    arrivals = dict(iter(tables["signals.page_arrivals"].groupby(["site_domain", "provider"])))
    rows: list[Row] = []
    for key, cells in tables["signals.link_lives"].groupby(["site_domain", "provider"], sort=True):
        site, provider = key
        series = {"site_domain": site, "provider": provider}
        lives = read_lives(cells.reset_index(drop=True), params.rent)
        if lives is not None:
            rows.extend(series | _describe_rent(box) for box in find_boxes(lives, params.rent))
        if key in arrivals:
            spread = spread_of(cells, params.purchase)
            found = find_batches(arrivals[key].reset_index(drop=True), spread, params.purchase)
            rows.extend(series | _describe_purchase(page, batch) for page, batch in found)
    table = pd.DataFrame([row | {"batch_id": _name(row)} for row in rows], columns=COLUMNS)
    table = table.astype(dict.fromkeys(DAYS, "datetime64[us]") | dict.fromkeys(("months", "domain_count"), "Int64"))
    return table.sort_values(["site_domain", "provider", "kind", "placed_from_on", "batch_id"], ignore_index=True)


def _describe_rent(box: Box) -> Row:
    return {
        "kind": "rented",
        "placed_from_on": _date(box.placed_from),
        "placed_to_on": _date(box.placed_to),
        "lost_from_on": _date(box.lost_from),
        "lost_to_on": _date(box.lost_to),
        "months": box.months,
        "domain_count": box.found,
        "expected_count": box.expected,
        "p_value": box.p_value,
    }


def _describe_purchase(page: pd.DataFrame, batch: Batch) -> Row:
    members = page[batch.members]
    days = pd.to_datetime(members["placed_on"])
    return {
        "kind": "purchase",
        "placed_from_on": days.min(),
        "placed_to_on": days.max(),
        "domain_count": len(members),
        "expected_count": batch.expected,
        "p_value": batch.p_value,
        "target_url": members["target_url"].iat[0],
        "authority_low": float(batch.low),
        "authority_high": float(batch.high),
    }


def _name(row: Mapping[str, object]) -> str:
    """Id from site, provider, kind, first day, and page and band or term and first loss: later members keep it."""
    first = pd.Timestamp(str(row["placed_from_on"]))
    parts = [row["site_domain"], row["provider"], row["kind"], first.date()]
    if row["kind"] == "rented":
        parts += [row["months"], pd.Timestamp(str(row["lost_from_on"])).date()]
    else:
        parts += [row["target_url"], row["authority_low"]]
    return hashlib.md5("|".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()


def _date(day: float) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(int(day), "D"))
