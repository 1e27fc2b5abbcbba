"""A finding keeps its id while it is the same one, and what starts after it was detected is another one."""

from __future__ import annotations

import pandas as pd
import pytest

from transforms.findings.identity import keep_identity

KEYS = ["site_domain", "provider"]
DATES = ["starts_on", "ends_on", "detected_on"]


def findings(*spans: tuple[str, str, str], ids: list[str] | None = None) -> pd.DataFrame:
    """Findings of one series from (starts_on, ends_on, detected_on)."""
    made = pd.DataFrame(spans, columns=DATES).assign(site_domain="alpha.example", provider="simulated")
    made[DATES] = made[DATES].astype("datetime64[us]")
    return made if ids is None else made.assign(finding_id=ids)


def identify(now: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    return keep_identity(now, previous, keys=KEYS, id_column="finding_id", end_column="ends_on", reach_days=7)


def test_a_moved_start_keeps_id_and_day() -> None:
    known = findings(("2025-11-01", "2025-11-03", "2025-11-08"), ids=["known"])
    again = identify(findings(("2025-11-04", "2025-11-09", "2025-11-12")), known)
    assert again["finding_id"].tolist() == ["known"]
    assert again["detected_on"].tolist() == known["detected_on"].tolist()


@pytest.mark.parametrize(("starts_on", "is_same"), [("2025-11-03", True), ("2025-11-04", False), ("2025-11-09", False)])
def test_what_starts_after_the_day_of_detection_is_another_finding(starts_on: str, is_same: bool) -> None:
    known = findings(("2025-11-01", "2025-11-03", "2025-11-03"), ids=["known"])
    again = identify(findings((starts_on, "2025-11-12", "2025-11-12")), known)
    assert (again["finding_id"] == "known").tolist() == [is_same]
    assert (again["starts_on"] <= again["detected_on"]).all()


def test_an_earlier_finding_goes_on_in_the_nearest_one_only() -> None:
    known = findings(("2025-11-01", "2025-11-10", "2025-11-10"), ids=["known"])
    again = identify(
        findings(("2025-11-02", "2025-11-04", "2025-11-11"), ("2025-11-08", "2025-11-12", "2025-11-12")), known
    )
    assert (again["finding_id"] == "known").tolist() == [True, False]


def test_ids_depend_on_the_series_and_the_first_day_of_detection_only() -> None:
    """So a finding that was away for a night has its id back when it is dated alike."""
    nothing = findings(ids=[])
    one = identify(findings(("2025-11-01", "2025-11-03", "2025-11-08")), nothing)
    moved = identify(findings(("2025-11-02", "2025-11-06", "2025-11-08")), nothing)
    assert one["finding_id"].tolist() == moved["finding_id"].tolist()
    two = identify(
        findings(("2025-11-01", "2025-11-03", "2025-11-08"), ("2025-11-06", "2025-11-08", "2025-11-08")), nothing
    )
    assert two["finding_id"].is_unique
