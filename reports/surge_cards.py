"""What the page of a site says of the composition of its surges: one card a surge, the newest first."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from reports.sheet import cut
from reports.views import Composition, Declaration, SiteView, Surge, SurgePart

MOST_CARDS = 12
"""Surges whose composition a page shows: those of about a year on a busy site. The warehouse has them all."""
MOST_BARS = 60
"""Bars in a profile of days: thinner ones cannot be seen on a telephone. Longer surges are drawn by weeks."""
MOST_LETTERS = 70
"""Letters of a link text or address: one line. Spam signs whole advertisements."""
SHOWN_PARTS = ("source", "network", "anchor", "target", "origin", "site")


@dataclass(frozen=True, kw_only=True)
class Part:
    """The largest values of one part; ``more_count`` values are not named."""

    name: str
    values: Sequence[tuple[str, float, bool]]
    """Value, share, and whether it is a site of the same owner."""
    more_count: int


@dataclass(frozen=True, kw_only=True)
class SurgeCard:
    """One surge with what it consists of."""

    surge: Surge
    composition: Composition
    declaration: Declaration | None
    """How much of it the team placed itself; None = nothing."""
    parts: Sequence[Part]
    profile: Sequence[int]
    """New domains a day, or a week, from the first to the last day."""

    @property
    def measures(self) -> dict[str, object]:
        """The composition by name, for the sentences of its reasons."""
        shown = asdict(self.composition)
        return shown | {"top_target": cut(self.composition.top_target, MOST_LETTERS)}


def list_cards(view: SiteView) -> list[SurgeCard]:
    """Cards of the newest surges whose composition is known."""
    compositions = {composition.surge_id: composition for composition in view.compositions}
    declarations = {declaration.surge_id: declaration for declaration in view.declarations}
    chosen = [surge for surge in view.surges if surge.surge_id in compositions][:MOST_CARDS]
    parts: dict[str, list[SurgePart]] = {}
    for part in view.surge_parts:
        parts.setdefault(part.surge_id, []).append(part)
    counts: Counter[tuple[str, str, datetime.date]] = Counter()
    for row in view.link_days:
        counts[row.provider, row.origin, row.day] += row.new_domain_count
    return [
        SurgeCard(
            surge=surge,
            composition=compositions[surge.surge_id],
            declaration=declarations.get(surge.surge_id),
            parts=_list_parts(parts.get(surge.surge_id, [])),
            profile=_draw_profile(surge, counts),
        )
        for surge in chosen
    ]


def _list_parts(rows: Sequence[SurgePart]) -> list[Part]:
    listed = []
    for name in SHOWN_PARTS:
        mine = [row for row in rows if row.part == name]
        # A network of one domain is that domain: the sources name it already.
        named = [row for row in mine if name != "network" or row.item_count > 1]
        if named:
            values = [(cut(row.value, MOST_LETTERS), row.share, bool(row.is_same_owner)) for row in named]
            listed.append(Part(name=name, values=values, more_count=mine[0].value_count - len(named)))
    return listed


def _draw_profile(surge: Surge, counts: Mapping[tuple[str, str, datetime.date], int]) -> list[int]:
    day_count = (surge.ends_on - surge.starts_on).days + 1
    days = [surge.starts_on + datetime.timedelta(days=number) for number in range(day_count)]
    daily = [counts.get((surge.provider, surge.origin, day), 0) for day in days]
    if day_count <= MOST_BARS:
        return daily
    return [sum(daily[start : start + 7]) for start in range(0, day_count, 7)]
