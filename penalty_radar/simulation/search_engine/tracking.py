"""Tracked positions of a site, for the rank tracker's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from penalty_radar.simulation.arrivals import open_stream
from penalty_radar.simulation.keywords import KEYWORD_TAILS
from penalty_radar.simulation.search_engine.breaks import GAP
from penalty_radar.simulation.search_engine.fall import Fall
from penalty_radar.simulation.search_engine.parameters import SearchWorld
from penalty_radar.simulation.search_engine.series import fall_level
from penalty_radar.simulation.search_engine.sites import Floats, SearchSite

TRACKED_TAILS = 3
SHALLOW_DEPTH = 10
"""Positions that trackers still saw in the weeks after results pages of 100 had ended."""
CURVE = (1.0, 0.55, 0.39, 0.28, 0.23, 0.19, 0.16, 0.13, 0.105, 0.088)
"""Clicks at positions 1 to 10, the first being 1 (Sistrix 2020, as published); used only to tell how deep a gap is."""
PAST_TEN = 0.01


@dataclass(frozen=True)
class TrackedKeywords:
    """Keywords with their pages and volumes; ``positions`` are keywords by days, NaN = not ranked."""

    keywords: tuple[tuple[str, str], ...]
    volumes: tuple[int, ...]
    positions: Floats
    visibility_left: dict[str, float]


def track_keywords(site: SearchSite, world: SearchWorld, falls: Sequence[Fall]) -> TrackedKeywords:
    """Positions over the tracker's days; ``visibility_left`` tells what each of the tracker's own falls leaves."""
    rng, plan = open_stream(world.seed, site.domain, "tracked keywords"), world.tracking
    listed = [
        (f"{keyword} {tail}".strip(), keyword, page.path)
        for page in site.site.money_pages
        for keyword in page.keywords
        for tail in KEYWORD_TAILS[site.site.language][:TRACKED_TAILS]
    ]
    count, length = len(listed), world.performance_days
    least, most = np.log(plan.base_position)
    bases = np.exp(rng.uniform(least, most, count))
    volumes = np.maximum(np.round(rng.lognormal(5.6, 1.1, count) / 10), 1) * 10
    swings = rng.normal(0, plan.noise_sd * np.sqrt(1 - plan.autocorrelation**2), (count, length))
    for day in range(1, length):
        swings[:, day] += plan.autocorrelation * swings[:, day - 1]
    shift = np.zeros((count, length))
    for fall in falls:
        if fall.channel == "rank":
            left = 1 - np.outer(_weights(site, fall, listed) * fall.depth, fall_level(fall, length))
            shift -= np.log(left) / world.demand.click_elasticity
    positions = np.maximum(np.rint(bases[:, None] * np.exp(swings + shift)), 1.0)
    positions[positions > plan.depth] = np.nan
    usual = positions.copy()
    visibility_left = {}
    for fall in falls:
        if fall.channel == "tracker":
            days = fall_level(fall, length) > 0
            is_lost = rng.random(count) < fall.depth if fall.name.startswith(GAP) else usual > SHALLOW_DEPTH
            lost = is_lost[:, None] & days if is_lost.ndim == 1 else is_lost & days
            visibility_left[fall.name] = _left(usual, lost, volumes, days)
            positions[lost] = np.nan
    return TrackedKeywords(
        keywords=tuple((keyword, path) for keyword, _, path in listed),
        volumes=tuple(int(volume) for volume in volumes),
        positions=positions[:, length - plan.days :],
        visibility_left=visibility_left,
    )


def _weights(site: SearchSite, fall: Fall, listed: list[tuple[str, str, str]]) -> Floats:
    """How much of a fall each tracked keyword takes: as its query on its page does."""
    by_keyword = {
        (atom.keyword, atom.path): float(fall.weights[place])
        for place, atom in enumerate(site.atoms)
        if atom.keyword is not None
    }
    return np.array([by_keyword[keyword, path] for _, keyword, path in listed])


def _left(usual: Floats, lost: np.ndarray, volumes: Floats, days: np.ndarray) -> float:
    """Share of the visibility that is left on the days of a gap."""
    places = np.nan_to_num(usual, nan=1000.0).astype(int)
    curve = np.array([0.0, *CURVE])
    worth = np.where(places <= len(CURVE), curve[np.minimum(places, len(CURVE))], PAST_TEN) * volumes[:, None]
    whole = worth[:, days].sum()
    return float(1 - (worth * lost)[:, days].sum() / whole) if whole else 1.0
