"""What happened between and around a surge and a drop: other drops, other surges, and the reverse order.

Owners also buy links *because* they fell. A surge soon after an earlier drop may be an answer to it, and the later drop
its continuation; such a pair is not read as surge first, drop second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transforms.correlation.circumstances import Circumstance
from transforms.correlation.days import iso_day
from transforms.correlation.evidence import said
from transforms.correlation.findings import ARRANGED, Drop, Surge


@dataclass(frozen=True, kw_only=True)
class OrderParams:
    """How near in time things must be to bear on a pair."""

    answer_days: int = 45
    """A surge this many days or fewer after the start of a drop may answer it; the primary lag window mirrored."""
    same_drop_days: int = 7
    """Drops of one site that start this near each other are the same fall seen by two providers."""
    same_time_days: int = 3
    """Surges that start this near each other are at the same time: first-seen days are blurred by about three."""


def find_order_circumstances(
    drop: Drop, surge: Surge, drops_of_site: Sequence[Drop], surges_of_site: Sequence[Surge], params: OrderParams
) -> list[Circumstance]:
    """What the other drops and surges of the site say about this pair, at most one of each kind (the earliest)."""
    found: dict[str, Circumstance] = {}
    for circumstance in _candidates(drop, surge, drops_of_site, surges_of_site, params):
        found.setdefault(circumstance.kind, circumstance)
    return list(found.values())


def _candidates(
    drop: Drop, surge: Surge, drops_of_site: Sequence[Drop], surges_of_site: Sequence[Surge], params: OrderParams
) -> Iterator[Circumstance]:
    for other in drops_of_site:
        if drop.starts - other.starts <= params.same_drop_days:
            continue
        if 0 <= surge.starts - other.starts <= params.answer_days:
            days = surge.starts - other.starts
            yield Circumstance(
                "surge_after_drop", said("order.surge_after_drop", start=iso_day(other.starts), days=days)
            )
        elif other.starts > surge.starts and (other.provider, other.segment) == (drop.provider, drop.segment):
            yield Circumstance("other_drop", said("order.other_drop", start=iso_day(other.starts)))
    for another in surges_of_site:
        if (
            surge.group != "natural"
            and another.group == "natural"
            and another.provider == surge.provider
            and abs(another.starts - surge.starts) <= params.same_time_days
        ):
            yield Circumstance("natural_surge", said("order.natural_surge", start=iso_day(another.starts)))


def surges_after(drop: Drop, surges_of_site: Sequence[Surge], params: OrderParams) -> list[Surge]:
    """Surges of arranged links that began on the day of the drop or soon after it: no candidates, but worth saying."""
    return [
        surge
        for surge in surges_of_site
        if surge.group == ARRANGED and 0 <= surge.starts - drop.starts <= params.answer_days
    ]
