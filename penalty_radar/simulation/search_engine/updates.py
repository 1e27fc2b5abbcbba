"""The updates of the bundled calendar, and which sites each of them moves."""

from __future__ import annotations

import csv
import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import transforms.ingest
from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.search_engine.parameters import SearchWorld

CALENDAR = Path(transforms.ingest.__file__).parent / "calendar" / "search_updates.csv"
SPAM_SCOPES = ("spam", "link_spam")
"""Updates against spam: what is risky in a site's links may bring it down on these days."""


@dataclass(frozen=True)
class Update:
    """One update; ``down_share`` and ``up_share`` are the chances that it moves a site."""

    name: str
    scope: str
    starts_on: datetime.date
    ends_on: datetime.date
    down_share: float
    up_share: float


def updates_of(world: SearchWorld) -> tuple[Update, ...]:
    """The updates within the world's days, each as strong as drawn for it."""
    found = []
    for name, scope, starts_on, ends_on in _listed_updates():
        factor = world.updates.scope_factors.get(scope, 0.0)
        if not factor or not world.first_performance_on <= starts_on <= world.last_performance_on:
            continue
        rng = open_stream(world.seed, name, "update")
        down, up = rng.uniform(*world.updates.down_share), rng.uniform(*world.updates.up_share)
        found.append(Update(name, scope, starts_on, ends_on, down * factor, up * factor))
    return tuple(found)


@cache
def _listed_updates() -> tuple[tuple[str, str, datetime.date, datetime.date], ...]:
    with CALENDAR.open(encoding="utf-8", newline="") as file:
        return tuple(
            (
                row["name"],
                row["scope"],
                datetime.date.fromisoformat(row["starts_on"]),
                datetime.date.fromisoformat(row["ends_on"]),
            )
            for row in csv.DictReader(file)
            if row["kind"] == "update" and row["ends_on"]
        )
