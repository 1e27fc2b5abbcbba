"""The benchmark of exchanges: one small portfolio has the figures asked for, and rows of the known shape."""

from __future__ import annotations

from penalty_radar.benchmarks.exchange_worlds import WorldParams, build_world
from penalty_radar.benchmarks.exchanges import _flagged, find_exchanges


def test_planted_swaps_and_rings_are_found_among_natural_reciprocity() -> None:
    world = build_world(WorldParams(site_count=6), seed=1)
    tables = find_exchanges(world)
    flagged = _flagged(tables["signals.exchange_partners"])
    seen = set().union(*world.seen.values())
    assert len(seen & flagged.keys()) >= 0.9 * len(seen)
    assert len(flagged.keys() & world.agreed) >= 0.85 * len(flagged)


def test_sites_without_links_out_cannot_be_told() -> None:
    world = build_world(WorldParams(site_count=4, told_share=0.0), seed=2)
    tables = find_exchanges(world)
    assert not tables["signals.exchange_profiles"]["is_told"].any()
    assert not _flagged(tables["signals.exchange_partners"])
