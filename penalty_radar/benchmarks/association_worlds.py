"""Worlds for :mod:`penalty_radar.benchmarks.cause`: trains of surges, drops and updates with known truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from transforms.schemas.vocabulary import RISKY_ORIGINS

Days = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class WorldParams:
    """Size and rates of a world; the sizes are those of the simulation in the research this method comes from."""

    sites: int = 25
    """Sites of the portfolio."""
    days: int = 720
    """Days observed."""
    runs: int = 80
    """Portfolios per world: some two thousand sites."""
    seed: int = 20261122
    """Seed of all draws."""
    campaigns_per_site: float = 2.0
    """Mean number of link campaigns of a site in the whole span."""
    surges_per_campaign: float = 1.5
    """Mean number of surges in a campaign, spread over three weeks: surges cluster."""
    drops_per_site: float = 2.0
    """Mean number of drops of a site with other explanations: one a year."""
    update_every_days: int = 80
    """Mean days between updates."""
    update_length_days: int = 14
    """Days an update rolls out."""
    coupling: float = 0.30
    """In coupled worlds, chance that a campaign brings on a drop 7 to 45 days after its first surge."""
    weak_coupling: float = 0.10
    """The same chance in weakly coupled worlds."""
    natural_rate: float = 1.0
    """Mean number of surges of natural links of a site: the negative control."""


@dataclass
class World:
    """Event trains of one portfolio; ``explained`` holds the drops (site, day) that a campaign brought on."""

    surges: list[tuple[int, int, str]] = field(default_factory=list)
    drops: list[tuple[int, int]] = field(default_factory=list)
    updates: list[int] = field(default_factory=list)
    explained: set[tuple[int, int]] = field(default_factory=set)


Draw = np.random.Generator
LEAST_DAYS_BETWEEN_DROPS = 14
"""Drops of a site nearer than this are one drop to any detector that asks for two weeks of persistence."""


def thin_drops(world: World) -> World:
    """The world without drops that begin within LEAST_DAYS_BETWEEN_DROPS of an earlier one of the same site."""
    kept: list[tuple[int, int]] = []
    for site, day in sorted(set(world.drops)):
        if not kept or kept[-1][0] != site or day - kept[-1][1] >= LEAST_DAYS_BETWEEN_DROPS:
            kept.append((site, day))
    world.drops = kept
    world.explained &= set(kept)
    return world


def _updates(draw: Draw, params: WorldParams) -> Days:
    gaps = draw.integers(params.update_every_days // 2, params.update_every_days * 3 // 2, size=40)
    starts = np.cumsum(gaps)
    return starts[starts < params.days - params.update_length_days]


def _campaign(draw: Draw, world: World, site: int, start: int, params: WorldParams) -> None:
    origin = str(draw.choice(np.array(RISKY_ORIGINS)))
    more = draw.integers(1, 22, size=draw.poisson(params.surges_per_campaign - 1))
    for offset in (0, *more):
        if 0 <= start + offset < params.days:
            world.surges.append((site, int(start + offset), origin))


def _natural(draw: Draw, world: World, site: int, params: WorldParams) -> None:
    for start in draw.integers(0, params.days, size=draw.poisson(params.natural_rate)):
        world.surges.append((site, int(start), "natural"))


def _free_drops(draw: Draw, world: World, site: int, params: WorldParams, by_update: float, updates: Days) -> None:
    for _ in range(draw.poisson(params.drops_per_site)):
        if len(updates) and draw.random() < by_update:
            day = int(draw.choice(updates) + draw.integers(0, params.update_length_days))
        else:
            day = int(draw.integers(0, params.days))
        if day < params.days:
            world.drops.append((site, day))


def independent(draw: Draw, params: WorldParams) -> World:
    """Clustered surges anywhere; half the drops come with updates, half anywhere."""
    updates = _updates(draw, params)
    world = World(updates=[int(day) for day in updates])
    for site in range(params.sites):
        for start in draw.integers(0, params.days, size=draw.poisson(params.campaigns_per_site)):
            _campaign(draw, world, site, int(start), params)
        _natural(draw, world, site, params)
        _free_drops(draw, world, site, params, 0.5, updates)
    return world


def shared_calendar(draw: Draw, params: WorldParams) -> World:
    """Campaigns come 10 to 30 days before updates and most drops come with updates: a listed calendar, no effect."""
    updates = _updates(draw, params)
    world = World(updates=[int(day) for day in updates])
    for site in range(params.sites):
        for update in updates[draw.random(len(updates)) < params.campaigns_per_site / max(1, len(updates))]:
            _campaign(draw, world, site, int(update - draw.integers(10, 31)), params)
        _natural(draw, world, site, params)
        _free_drops(draw, world, site, params, 0.8, updates)
    return world


def unlisted_calendar(draw: Draw, params: WorldParams) -> World:
    """The same, but nobody lists the updates: a season or a market that moves both. Masking cannot help."""
    world = shared_calendar(draw, params)
    world.updates = []
    return world


def reverse(draw: Draw, params: WorldParams) -> World:
    """Owners buy links 5 to 30 days after half of their drops; drops come alone."""
    return _reverse(draw, params)


def reverse_with_relapse(draw: Draw, params: WorldParams) -> World:
    """The same, and half of the drops have a second step 15 to 60 days later, links or no links."""
    return _reverse(draw, params, relapse=0.5)


def slow_reverse(draw: Draw, params: WorldParams) -> World:
    """The same, slowly: links come 5 to 60 days after the drop, the second step 15 to 120 days after it."""
    return _reverse(draw, params, relapse=0.5, answer_days=60, relapse_days=120)


def _reverse(
    draw: Draw, params: WorldParams, relapse: float = 0.0, answer_days: int = 30, relapse_days: int = 60
) -> World:
    updates = _updates(draw, params)
    world = World(updates=[int(day) for day in updates])
    for site in range(params.sites):
        _free_drops(draw, world, site, params, 0.5, updates)
        _natural(draw, world, site, params)
        for _, day in [drop for drop in world.drops if drop[0] == site]:
            if draw.random() < 0.5:
                _campaign(draw, world, site, day + int(draw.integers(5, answer_days + 1)), params)
            if draw.random() < relapse:
                again = day + int(draw.integers(15, relapse_days + 1))
                if again < params.days:
                    world.drops.append((site, again))
        for start in draw.integers(0, params.days, size=draw.poisson(params.campaigns_per_site / 2)):
            _campaign(draw, world, site, int(start), params)
    return world


def coupled(draw: Draw, params: WorldParams) -> World:
    """Independent surges and drops, and ``coupling`` of the campaigns bring on a drop 7 to 45 days later."""
    return _coupled(draw, params, params.coupling)


def weakly_coupled(draw: Draw, params: WorldParams) -> World:
    """The same with ``weak_coupling``, a third of what the probability model assumes."""
    return _coupled(draw, params, params.weak_coupling)


def _coupled(draw: Draw, params: WorldParams, coupling: float) -> World:
    world = independent(draw, params)
    campaigns: dict[int, list[int]] = {}
    for site, day, origin in sorted(world.surges):
        starts = campaigns.setdefault(site, [])
        if origin != "natural" and (not starts or day - starts[-1] > 21):
            starts.append(day)
    for site, starts in sorted(campaigns.items()):
        for start in starts:
            day = start + int(draw.integers(7, 46))
            if draw.random() < coupling and day < params.days and (site, day) not in world.drops:
                world.drops.append((site, day))
                world.explained.add((site, day))
    return world


WORLDS: Mapping[str, Callable[[Draw, WorldParams], World]] = {
    "independent": independent,
    "shared calendar, listed": shared_calendar,
    "shared calendar, not listed": unlisted_calendar,
    "reverse": reverse,
    "reverse with relapse": reverse_with_relapse,
    "reverse with relapse, slow": slow_reverse,
    "weakly coupled": weakly_coupled,
    "coupled": coupled,
}
