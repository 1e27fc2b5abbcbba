"""A decision about an alert that nobody raised warns, and shows the row."""

from __future__ import annotations

import datetime

from expectations.runner import check_stage
from tests.expectations.conftest import OpenWorld


def test_a_decision_about_an_unknown_alert_warns(open_world: OpenWorld, as_of: datetime.date) -> None:
    connection = open_world(["healthy.example"])
    assert "*: decisions_know_their_alert" not in check_stage(connection, "staging", as_of=as_of).warnings
    connection.execute("UPDATE staging.decision_observations SET alert_id = 'feedfeedfeedfeed'")
    result = check_stage(connection, "staging", as_of=as_of)
    assert "*: decisions_know_their_alert" in result.warnings
    assert not result.is_warehouse_broken
    rows = connection.execute(
        "SELECT \"row\" FROM expectations.failing_rows WHERE check_name = 'decisions_know_their_alert'"
    ).fetchall()
    assert "feedfeedfeedfeed" in rows[0][0]
