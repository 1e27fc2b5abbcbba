"""What goes wrong with measuring, for all sites of a provider at once: tracker gaps, shallow trackers, lost clicks."""

from __future__ import annotations

import datetime

import numpy as np

from penalty_radar.simulation.arrangements import draw_between
from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.search_engine.events import TeamEvent
from penalty_radar.simulation.search_engine.fall import Fall
from penalty_radar.simulation.search_engine.parameters import SearchWorld

GAP = "tracker gap"
SHALLOW = "tracker shallow"
LOGGING = "logging"


def plan_breaks(world: SearchWorld) -> tuple[list[Fall], list[TeamEvent]]:
    """Falls that every site with the provider shows (their weights are filled in per site), and the team's notes."""
    rng, plan = open_stream(world.seed, "", "breaks"), world.breaks
    falls, events = [], []
    last = world.performance_days - 1
    for number in range(plan.tracker_gap_count):
        days = draw_between(rng, plan.tracker_gap_days)
        span = world.tracking.days - 2 * world.quiet_days
        start = last - world.tracking.days + world.quiet_days + int(rng.integers(span))
        is_noted = rng.random() < plan.tracker_gap_recorded_share
        falls.append(_break(f"{GAP} {number + 1}", "tracker", start, days, plan.tracker_gap_share, is_noted))
        if is_noted:
            events.append(_note(world, "Rank tracker lost positions", start, days, "tracker"))
    shallow = world.day_number(world.demand.results_page_break_on)
    if shallow > last - world.tracking.days:
        days = draw_between(rng, plan.tracker_shallow_days)
        falls.append(_break(SHALLOW, "data_break", shallow, days, 1.0, True))  # the bundled calendar has the day
    for number in range(plan.logging_count):
        days = draw_between(rng, plan.logging_days)
        start = int(rng.integers(world.quiet_days, last - world.quiet_days))
        depth = rng.uniform(*plan.logging_depth)
        falls.append(_break(f"{LOGGING} {number + 1}", "data_break", start, days, depth, True))
        events.append(_note(world, "Search Console logged fewer clicks", start, days, "Search Console"))
    return falls, events


def _break(name: str, cause: str, start: int, days: int, depth: float, is_recorded: bool) -> Fall:
    is_logging = name.startswith(LOGGING)
    return Fall(
        name=name,
        cause=cause,
        channel="logging" if is_logging else "tracker",
        scope="site" if is_logging else "tracker",
        start=start,
        ramp=1,
        depth=depth,
        weights=np.ones(0),
        recovers_at=start + days,
        is_recorded=is_recorded,
    )


def _note(world: SearchWorld, name: str, start: int, days: int, scope: str) -> TeamEvent:
    day = world.first_performance_on + datetime.timedelta(days=start)
    return TeamEvent("data_break", "", name, day, day + datetime.timedelta(days=days - 1), scope)
