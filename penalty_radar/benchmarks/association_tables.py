"""A world of :mod:`penalty_radar.benchmarks.association_worlds` as the tables the association stage reads."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from penalty_radar.benchmarks.association_worlds import World, WorldParams
from transforms.schemas import table

FIRST_DAY = datetime.date(2024, 1, 1)
DROP_DETECTION_LEAD_DAYS = 28
"""Days of history a drop detector needs before it can date a drop."""

NOTHING_KNOWN = ("correlation.drop_days", "correlation.linked_days", "correlation.linked_segments")
"""Tables that are empty in these worlds: trains of starts have no days and no pages."""

Rows = list[dict[str, object]]
SERIES: dict[str, object] = {"provider": "search_console", "segment": "site"}


def as_tables(world: World, params: WorldParams) -> dict[str, pd.DataFrame]:
    """The world as the tables that ``surge_drop_pairs`` reads, all findings certain and of the same size."""
    tested: dict[str, object] = {"status": "tested", "tested_until_on": date_of(params.days - 1)}
    from_start: dict[str, object] = {"tested_from_on": date_of(0), **tested}
    from_lead: dict[str, object] = {"tested_from_on": date_of(DROP_DETECTION_LEAD_DAYS), **SERIES, **tested}
    sites = [site_name(number) for number in range(params.sites)]
    return {
        "surges.link_surges": _table("surges.link_surges", _surge_rows(world)),
        "surges.surge_composition": _table("surges.surge_composition", []),
        "surges.assessed_series": _table(
            "surges.assessed_series", [{"site_domain": site, **from_start} for site in sites]
        ),
        "drops.ranking_drops": _table("drops.ranking_drops", _drop_rows(world)),
        "drops.assessed_series": _table(
            "drops.assessed_series", [{"site_domain": site, **from_lead} for site in sites]
        ),
        "staging.search_events": _table("staging.search_events", _event_rows(world, params)),
        **{name: _table(name, []) for name in NOTHING_KNOWN},
    }


def as_portfolios(worlds: Sequence[World], params: WorldParams) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Many worlds as one set of tables, and the number of the world of each site.

    Sites are numbered on from world to world, and an update is an event of each site of its world.
    """
    together = World()
    for run, world in enumerate(worlds):
        together.surges += [(_moved(site, run, params), day, origin) for site, day, origin in world.surges]
        together.drops += [(_moved(site, run, params), day) for site, day in world.drops]
    tables = as_tables(together, replace(params, sites=params.sites * len(worlds)))
    events = [
        event | {"site_domain": site_name(_moved(site, run, params))}
        for run, world in enumerate(worlds)
        for event in _event_rows(world, params)
        for site in range(params.sites)
    ]
    tables["staging.search_events"] = _table("staging.search_events", events)
    return tables, {site_name(number): number // params.sites for number in range(params.sites * len(worlds))}


def _moved(site: int, run: int, params: WorldParams) -> int:
    return run * params.sites + site


def _surge_rows(world: World) -> Rows:
    return [
        {
            "surge_id": f"surge-{number:05d}",
            "site_domain": site_name(site),
            "provider": "ahrefs_backlinks",
            "origin": origin,
            "starts_on": date_of(day),
            "ends_on": date_of(day + 3),
            "observed_count": 16,
            "expected_count": 1.0,
            "excess_count": 15.0,
            "q_value": 0.01,
        }
        for number, (site, day, origin) in enumerate(world.surges)
    ]


def _drop_rows(world: World) -> Rows:
    return [
        {
            "drop_id": drop_id(site, day),
            "site_domain": site_name(site),
            "starts_on": date_of(day),
            "is_provisional": False,
            "depth_share": 0.3,
            "q_value": 0.01,
            **SERIES,
        }
        for site, day in sorted(world.drops)
    ]


def _event_rows(world: World, params: WorldParams) -> Rows:
    return [
        {
            "event_id": f"update-{day}",
            "kind": "update",
            "name": "core update",
            "scope": "core",
            "starts_on": date_of(day),
            "ends_on": date_of(day + params.update_length_days - 1),
            "source": "simulated",
        }
        for day in world.updates
    ]


def _table(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(table(name).column_names))


def site_name(number: int) -> str:
    """The domain of a site of the world."""
    return f"site-{number:05d}.example"


def drop_id(site: int, day: int) -> str:
    """The id of the drop of a site on a day."""
    return f"drop-{site:05d}-{day:04d}"


def date_of(day: int) -> datetime.date:
    """The date of a day of the world."""
    return FIRST_DAY + datetime.timedelta(days=int(day))
