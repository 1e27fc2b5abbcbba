"""The benchmark of batches: planted batches are found, and rows come in the known shape."""

from __future__ import annotations

import pytest

from penalty_radar.benchmarks.batch_worlds import WorldParams, build_world
from penalty_radar.benchmarks.batches import _judge


@pytest.mark.parametrize("params", [WorldParams(batch_size=12), WorldParams(batch_size=12, export_days=7, months=6)])
def test_planted_batches_are_found(params: WorldParams) -> None:
    assert [(kind, found) for kind, found, _ in _judge(build_world(params, 5))] == [
        ("purchase", True),
        ("rented", True),
    ]


def test_where_nothing_is_planted_nothing_is_found() -> None:
    assert [wrong for _, _, wrong in _judge(build_world(WorldParams(batch_size=0), 5))] == [0, 0]
