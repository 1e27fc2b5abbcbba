"""What the site page says of each fall: one card per drop that stands alone, with what may explain it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.incident_data import list_incidents
from reports.incident_page import name_incident_page
from reports.views import Cause, Drop, Pair, SiteView

SMALL_PROBABILITY = 0.05
"""Causes below it are named without a bar: together they seldom make a tenth."""
MOST_PAIRS_OF_DROP = 2
"""Pairs of a drop on the site page, the most probable first; its own page and the data have the others."""


@dataclass(frozen=True, kw_only=True)
class DropCard:
    """A drop with its causes, the most probable first, the drops that are part of it, and its page if it has one."""

    drop: Drop
    causes: Sequence[Cause]
    parts: Sequence[Drop]
    page: str | None

    @property
    def small_causes(self) -> list[Cause]:
        """Causes that are named only; never the first."""
        return [cause for cause in self.causes[1:] if cause.probability < SMALL_PROBABILITY]

    @property
    def shown_causes(self) -> list[Cause]:
        """Causes with a bar."""
        return [*self.causes[:1], *(cause for cause in self.causes[1:] if cause.probability >= SMALL_PROBABILITY)]


def list_drop_cards(view: SiteView) -> list[DropCard]:
    """Cards of the drops that stand alone and were set against causes, newest first."""
    with_page = {drop.drop_id for drop in list_incidents(view)}
    cards = []
    for drop in view.drops:
        causes = [cause for cause in view.causes if cause.drop_id == drop.drop_id]
        if drop.part_of_drop_id is None and causes:
            page = name_incident_page(drop.drop_id) if drop.drop_id in with_page else None
            parts = [part for part in view.drops if part.part_of_drop_id == drop.drop_id]
            cards.append(DropCard(drop=drop, causes=causes, parts=parts, page=page))
    return cards


def list_own_pairs(view: SiteView) -> list[Pair]:
    """The pairs worth reading one by one: of drops that stand alone, the most probable of each."""
    alone = {drop.drop_id for drop in view.drops if drop.part_of_drop_id is None}
    listed: list[Pair] = []
    for pair in view.pairs:
        of_drop = sum(other.drop_id == pair.drop_id for other in listed)
        if pair.drop_id in alone and of_drop < MOST_PAIRS_OF_DROP:
            listed.append(pair)
    return listed
