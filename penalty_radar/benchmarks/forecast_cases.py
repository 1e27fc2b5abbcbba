"""Forecasts of many nights of many worlds beside what came: what the fit and the benchmark both need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from penalty_radar.benchmarks.forecast_worlds import TrainWorld, date_of, nights_of, outcomes_of, tables_on
from transforms.risk.hazard import Coefficients, Prospects
from transforms.risk.prospects import ProspectParams, read_prospects, usual_reach

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cases:
    """One entry per site and night, surges flat."""

    prospects: Prospects
    beyond: Floats
    """Surges of other sites that a drop followed, less those that any day would show."""
    room: Floats
    """Surges of other sites less those that any day would show followed."""
    has_fallen: NDArray[np.bool_]
    """Whether a drop began in the 90 days after."""
    world: NDArray[np.int64]


def collect(worlds: Iterable[TrainWorld], fitted: Coefficients) -> Cases:
    """Every site of every night of the worlds, seen through the stage's own reading of tables."""
    found: list[Prospects] = []
    beyond, room, fallen, numbers = [], [], [], []
    for number, world in enumerate(worlds):
        for night in nights_of(world):
            read = read_prospects(tables_on(world, night), date_of(night), fitted, ProspectParams())
            found.append(read.prospects)
            precedents = [read.precedents[site] for site in read.sites]
            beyond.append([one.followed - one.expected for one in precedents])
            room.append([one.surges - one.expected for one in precedents])
            fallen.append(outcomes_of(world, night))
            numbers.append(np.full(len(read.sites), number))
    return Cases(
        prospects=_join(found),
        beyond=np.concatenate(beyond),
        room=np.concatenate(room),
        has_fallen=np.concatenate(fallen),
        world=np.concatenate(numbers),
    )


def with_precedent(cases: Cases, fitted: Coefficients) -> Prospects:
    """The prospects with the precedent shrunk as ``fitted`` says."""
    prior, weight = usual_reach(fitted), fitted.precedent_weight
    share = np.clip((cases.beyond + weight * prior) / (cases.room + weight), 0.0, 1.0)
    values = {field.name: getattr(cases.prospects, field.name) for field in fields(Prospects)}
    return Prospects(**values | {"precedent": share / prior})


def _join(parts: list[Prospects]) -> Prospects:
    sizes = np.cumsum([0, *(len(part.own_drops) for part in parts)])
    joined = {}
    for field in fields(Prospects):
        arrays = [getattr(part, field.name) for part in parts]
        if field.name == "surge_site":
            arrays = [places + start for places, start in zip(arrays, sizes[:-1], strict=True)]
        joined[field.name] = np.concatenate(arrays)
    return Prospects(**joined)
