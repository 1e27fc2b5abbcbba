"""A correction that makes unseen domains worse must never have been applied."""

from __future__ import annotations

import datetime

import pytest

from expectations.runner import check_stage
from tests.expectations.conftest import OpenWorld


@pytest.mark.parametrize(
    "breaks",
    ["brier_after = 0.7", "log_loss_after = 1.3", "strength = 0", "bias = 'NaN'::DOUBLE", "is_applied = FALSE"],
)
def test_a_correction_that_does_not_help_breaks_a_minimum(
    breaks: str, open_world: OpenWorld, as_of: datetime.date
) -> None:
    connection = open_world(["healthy.example"])
    assert "*: corrections_help" not in check_stage(connection, "signals", as_of=as_of).broken
    connection.execute(f"UPDATE signals.label_corrections SET {breaks}")
    result = check_stage(connection, "signals", as_of=as_of)
    assert "*: corrections_help" in result.broken
    assert result.is_warehouse_broken
