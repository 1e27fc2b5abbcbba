"""What is linked against the rest of the site: the step of their ratio at a drop, and how unusual it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.correlation.days import day_number
from transforms.correlation.specificity import Contrast, LinkedDays, SpecificityParams
from transforms.schemas import table

DROP = pd.Timestamp("2026-03-25")


def linked_days(linked: np.ndarray, other: np.ndarray, provider: str = "search_console") -> pd.DataFrame:
    """Days from 112 before the drop on."""
    rows = pd.DataFrame(
        {
            "surge_id": "s",
            "provider": provider,
            "kind": "page",
            "day": DROP - pd.Timedelta(days=112) + pd.to_timedelta(np.arange(len(linked)), unit="D"),
            "linked_visibility": linked,
            "other_visibility": other,
        }
    )
    return rows.reindex(columns=list(table("correlation.linked_days").column_names))


def contrast(days: pd.DataFrame, provider: str = "search_console") -> Contrast | None:
    return LinkedDays(days, SpecificityParams()).contrast("s", "page", provider, day_number(DROP.date()))


def noisy(level_after: float, seed: int = 1) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.where(np.arange(140) < 112, 100.0, 100.0 * level_after) * np.exp(draw.normal(0, 0.1, 140))


def test_linked_pages_that_fell_more_stand_out_and_by_how_much() -> None:
    found = contrast(linked_days(noisy(0.5, 1), noisy(1.0, 2)))
    assert found is not None
    assert found.change == pytest.approx(np.log(0.5), abs=0.08)
    assert found.z < -4


def test_a_fall_of_the_whole_site_is_no_contrast() -> None:
    found = contrast(linked_days(noisy(0.5, 1), noisy(0.5, 2)))
    assert found is not None
    assert abs(found.change) < 0.1
    assert abs(found.z) < 2.5


def test_pages_that_always_move_apart_by_much_stand_out_less() -> None:
    swings = np.exp(0.4 * np.sin(np.arange(140) / 5))
    found = contrast(linked_days(noisy(0.7, 1) * swings, noisy(1.0, 2)))
    assert found is not None
    assert found.z > -2


def test_a_week_after_the_drop_is_needed_and_six_before() -> None:
    whole = linked_days(noisy(0.5, 1), noisy(1.0, 2))
    assert contrast(whole[whole["day"] < DROP + pd.Timedelta(days=6)]) is None
    assert contrast(whole[whole["day"] < DROP + pd.Timedelta(days=7)]) is not None
    assert contrast(whole[whole["day"] >= DROP - pd.Timedelta(days=35)]) is None


def test_the_provider_of_the_drop_goes_first() -> None:
    days = pd.concat(
        [linked_days(noisy(0.5, 1), noisy(1.0, 2)), linked_days(noisy(1.0, 3), noisy(1.0, 4), provider="aa_tracker")]
    )
    of_clicks, of_tracker, of_a_third = (contrast(days, name) for name in ("search_console", "aa_tracker", "other"))
    assert of_clicks is not None and of_tracker is not None
    assert of_clicks.change < -0.5 < of_tracker.change
    assert of_a_third == of_tracker


def test_noise_alone_is_seldom_called_a_contrast() -> None:
    found = [contrast(linked_days(noisy(1.0, seed), noisy(1.0, 1000 + seed))) for seed in range(300)]
    z = np.array([one.z for one in found if one is not None])
    assert len(z) == 300
    assert np.mean(z <= -2) <= 0.05
