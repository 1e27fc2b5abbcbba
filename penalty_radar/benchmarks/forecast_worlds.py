"""Portfolios for fitting and judging the forecast: trains of surges, drops and alarms, seen as on any day.

A train world says when campaigns and drops began, and what the detectors would have told by a day: the forecast of that
day is made by the stage's own code. Worlds for judging have seeds of their own and draw from ranges that reach outside
those of the worlds for fitting. What the worlds assume: docs/methods-risk.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.schemas import table

FIRST_DAY = datetime.date(2023, 1, 1)
YEAR_DAYS = 365.25
TOLD_AFTER_DAYS = 14
"""Days that a drop lasts before it is no longer provisional."""
SEEN_AFTER_DAYS = 4
"""Days after which a drop is told provisionally."""
SURGE_TOLD_AFTER_DAYS = 7
"""Days after its start on which a surge is told: the bar of the surge detector."""
BAND_EDGES = ((1, 6), (7, 45), (46, 180))
"""Lags of the three bands, in days."""

Range = tuple[float, float]
Draw = np.random.Generator


@dataclass(frozen=True, kw_only=True)
class WorldRanges:
    """Where each world draws its own parameters from (uniform between the bounds unless said)."""

    seed: int
    worlds: int
    sites: tuple[int, int]
    days: tuple[int, int]
    drops_a_year: Range
    """Log-uniform: drops a site-year that links do not explain."""
    frailty: Range
    """Shape of the gamma by which sites differ (mean 1): small = very unlike."""
    noise_sd: Range
    """Log-uniform: noise of a site's series."""
    noise_power: Range
    """How the number of drops told grows with noise."""
    relapse: Range
    """Share of drops with a second step 15 to 60 days later."""
    season: Range
    """Share of sites that fall in the same weeks every year."""
    campaigns_a_year: Range
    """Risky campaigns of the sites that buy."""
    buyers: Range
    """Share of sites that buy links."""
    reach: Range
    """Chance that a campaign of 15 domains brings on a drop."""
    dose_power: Range
    lag_weights: tuple[float, float, float]
    """Dirichlet weights of the three bands."""
    standing_rate: Range
    """Drops a year besides per unit of log(1 + standing risky domains / 10)."""
    reverse: Range
    """Share of drops after which the owner buys links."""
    false_alarms: Range
    """Provisional drops a year that come to nothing."""


FIT = WorldRanges(
    seed=20261201,
    worlds=160,
    sites=(8, 30),
    days=(550, 1100),
    drops_a_year=(0.4, 2.0),
    frailty=(1.5, 6.0),
    noise_sd=(0.08, 0.45),
    noise_power=(0.0, 0.5),
    relapse=(0.0, 0.25),
    season=(0.0, 0.2),
    campaigns_a_year=(0.4, 1.6),
    buyers=(0.2, 0.8),
    reach=(0.05, 0.55),
    dose_power=(0.2, 0.8),
    lag_weights=(1.0, 6.0, 3.0),
    standing_rate=(0.0, 0.15),
    reverse=(0.0, 0.4),
    false_alarms=(0.2, 0.6),
)
TEST = WorldRanges(
    seed=90210077,
    worlds=60,
    sites=(5, 45),
    days=(500, 1300),
    drops_a_year=(0.25, 2.6),
    frailty=(1.0, 9.0),
    noise_sd=(0.06, 0.6),
    noise_power=(0.0, 0.75),
    relapse=(0.0, 0.35),
    season=(0.0, 0.3),
    campaigns_a_year=(0.25, 2.4),
    buyers=(0.1, 0.95),
    reach=(0.02, 0.7),
    dose_power=(0.1, 1.0),
    lag_weights=(1.5, 4.0, 5.0),
    standing_rate=(0.0, 0.25),
    reverse=(0.0, 0.5),
    false_alarms=(0.1, 0.9),
)
"""Wider than the ranges of the fit at both ends, but where 0 is the end: of each parameter a fifth to a half of the
draws are values that the fit never saw."""


@dataclass
class TrainWorld:
    """What happened: days from the first day of the world."""

    sites: int
    days: int
    noise: list[float]
    standing: list[list[int]]
    """By site, the days on which each of its risky domains appeared."""
    surges: list[tuple[int, int, float]] = field(default_factory=list)
    """Site, first day, excess domains."""
    drops: list[tuple[int, int, bool]] = field(default_factory=list)
    """Site, first day, and whether links brought it on."""
    alarms: list[tuple[int, int]] = field(default_factory=list)
    """Provisional drops that come to nothing."""


def draw_worlds(ranges: WorldRanges) -> Iterator[TrainWorld]:
    """Every world of a set; the same for the same ranges."""
    for number in range(ranges.worlds):
        yield draw_world(np.random.default_rng([ranges.seed, number]), ranges)


def draw_world(draw: Draw, ranges: WorldRanges) -> TrainWorld:
    """One portfolio with parameters of its own."""
    sites, days = int(draw.integers(*ranges.sites)), int(draw.integers(*ranges.days))
    rate = float(_log_uniform(draw, ranges.drops_a_year, 1)[0])
    shape, noise_power = draw.uniform(*ranges.frailty), draw.uniform(*ranges.noise_power)
    noise = _log_uniform(draw, ranges.noise_sd, sites)
    relapse, seasonal, reverse = (draw.uniform(*span) for span in (ranges.relapse, ranges.season, ranges.reverse))
    buys = draw.random(sites) < draw.uniform(*ranges.buyers)
    campaigns, reach = draw.uniform(*ranges.campaigns_a_year), draw.uniform(*ranges.reach)
    power, standing_rate = draw.uniform(*ranges.dose_power), draw.uniform(*ranges.standing_rate)
    bands, false_alarms = draw.dirichlet(ranges.lag_weights), draw.uniform(*ranges.false_alarms)
    world = TrainWorld(sites, days, [float(sd) for sd in noise], [])
    years = days / YEAR_DAYS
    for site in range(sites):
        free = rate * draw.gamma(shape, 1 / shape) * (noise[site] / 0.2) ** noise_power
        starts = [int(day) for day in draw.integers(0, days, draw.poisson(free * years))]
        if draw.random() < seasonal:
            week = int(draw.integers(0, 365))
            starts += [week + 365 * year + int(draw.integers(-7, 8)) for year in range(4)]
        starts += [day + int(draw.integers(15, 61)) for day in starts if draw.random() < relapse]
        surges = [int(day) for day in draw.integers(0, days, draw.poisson(campaigns * years))] if buys[site] else []
        surges += [day + int(draw.integers(5, 31)) for day in starts if draw.random() < reverse * buys[site]]
        doses = [float(np.clip(np.exp(draw.normal(np.log(18), 0.7)), 5, 200)) for _ in surges]
        linked = [
            day + _lag(draw, bands)
            for day, dose in zip(surges, doses, strict=True)
            if draw.random() < 1 - np.exp(np.log1p(-reach) * (dose / 15) ** power)
        ]
        old = [-1] * int(draw.poisson(12 * buys[site] + 1))
        world.standing.append(
            sorted([*old, *(day for day, dose in zip(surges, doses, strict=True) for _ in range(int(dose)))])
        )
        slow = standing_rate * np.log1p(len(world.standing[-1]) / 20) * years
        linked += [int(day) for day in draw.integers(0, days, draw.poisson(slow))]
        world.surges += [(site, day, dose) for day, dose in zip(surges, doses, strict=True)]
        world.drops += _apart([*((day, False) for day in starts), *((day, True) for day in linked)], site, days)
        world.alarms += [(site, int(day)) for day in draw.integers(0, days, draw.poisson(false_alarms * years))]
    return world


def _log_uniform(draw: Draw, bounds: Range, size: int) -> np.ndarray:
    low, high = np.log(bounds)
    return np.asarray(np.exp(draw.uniform(float(low), float(high), size)))


def _lag(draw: Draw, bands: np.ndarray) -> int:
    first, last = BAND_EDGES[int(draw.choice(3, p=bands))]
    return int(draw.integers(first, last + 1))


def _apart(starts: Sequence[tuple[int, bool]], site: int, days: int) -> list[tuple[int, int, bool]]:
    """Drops inside the world; one that begins within two weeks of another is that one."""
    kept: list[tuple[int, int, bool]] = []
    for day, is_linked in sorted(starts):
        if 0 <= day < days and (not kept or day - kept[-1][1] > TOLD_AFTER_DAYS):
            kept.append((site, day, is_linked))
    return kept


def nights_of(world: TrainWorld, every_days: int = 60) -> list[int]:
    """Days on which a forecast is made: after a year, and with 90 days of the world left to see what came."""
    return list(range(365, world.days - 90, every_days))


def outcomes_of(world: TrainWorld, night: int) -> np.ndarray:
    """Whether a drop began in the 90 days after the night, by site."""
    found = np.zeros(world.sites, dtype=bool)
    for site, day, _ in world.drops:
        found[site] |= night < day <= night + 90
    return found


def date_of(day: int) -> datetime.date:
    """The date of a day of the world."""
    return FIRST_DAY + datetime.timedelta(days=int(day))


def site_name(number: int) -> str:
    """The domain of a site; in order of number."""
    return f"site-{number:04d}.example"


def tables_on(world: TrainWorld, night: int) -> dict[str, pd.DataFrame]:
    """What the tables of the night would have held, as far as the forecast reads them."""
    names = [{"site_domain": site_name(site)} for site in range(world.sites)]
    until = {"status": "tested", "segment": "site", "tested_from_on": date_of(28), "tested_until_on": date_of(night)}
    told = [drop for drop in world.drops if drop[1] <= night - SEEN_AFTER_DAYS]
    alarms = [alarm for alarm in world.alarms if SEEN_AFTER_DAYS <= night - alarm[1] < TOLD_AFTER_DAYS]
    drops: list[Mapping[str, object]] = [
        *(_drop_row(site, day, night - day < TOLD_AFTER_DAYS) for site, day, _ in told),
        *(_drop_row(site, day, True) for site, day in alarms),
    ]
    return {
        "signals.domain_origins": _frame("signals.domain_origins", list(_domains(world, night))),
        "signals.link_series": _frame(
            "signals.link_series",
            [{**name, "provider": "ahrefs_backlinks", "ends_on": date_of(night)} for name in names],
        ),
        "surges.link_surges": _frame("surges.link_surges", list(_surge_rows(world, night))),
        "surges.assessed_series": _frame(
            "surges.assessed_series", [{**name, "provider": "ahrefs_backlinks", **until} for name in names]
        ),
        "drops.ranking_drops": _frame("drops.ranking_drops", drops),
        "drops.assessed_series": _frame(
            "drops.assessed_series",
            [
                {**name, "provider": "search_console", **until, "noise_sd": sd}
                for name, sd in zip(names, world.noise, strict=True)
            ],
        ),
        "correlation.surge_drop_pairs": _frame("correlation.surge_drop_pairs", []),
        "correlation.drop_causes": _frame("correlation.drop_causes", list(_cause_rows(world, told))),
    }


def _drop_row(site: int, day: int, is_provisional: bool) -> dict[str, object]:
    return {
        "drop_id": f"{site}-{day}",
        "site_domain": site_name(site),
        "provider": "search_console",
        "segment": "site",
        "starts_on": date_of(day),
        "is_provisional": is_provisional,
        "depth_share": 0.3,
    }


def _surge_rows(world: TrainWorld, night: int) -> Iterator[dict[str, object]]:
    for number, (site, day, dose) in enumerate(world.surges):
        if day <= night - SURGE_TOLD_AFTER_DAYS:
            yield {
                "surge_id": f"s{number}",
                "site_domain": site_name(site),
                "provider": "ahrefs_backlinks",
                "origin": "bought",
                "starts_on": date_of(day),
                "ends_on": date_of(day + 5),
                "excess_count": dose,
                "q_value": 0.01,
            }


def _domains(world: TrainWorld, night: int) -> Iterator[dict[str, object]]:
    """One row a site carries its whole expected number: the forecast reads the sum only."""
    for site, days in enumerate(world.standing):
        yield {
            "site_domain": site_name(site),
            "provider": "ahrefs_backlinks",
            "source_domain": "all.example",
            "origin": "bought",
            "probability": 0.8 * sum(day <= night for day in days),
        }


def _cause_rows(world: TrainWorld, told: Sequence[tuple[int, int, bool]]) -> Iterator[dict[str, object]]:
    """What a judge of causes would say who knows the surges but not the truth: .3 after one, else .03."""
    for site, day, _ in told:
        is_near = any(at == site and 1 <= day - start <= 180 for at, start, _ in world.surges)
        links = 0.3 if is_near else 0.03
        for cause, probability in (("links", links), ("unknown", 1 - links)):
            yield {
                "drop_id": f"{site}-{day}",
                "site_domain": site_name(site),
                "cause": cause,
                "probability": probability,
            }


def _frame(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(table(name).column_names))
