"""What followed surges on other sites, beyond what any day shows, with a site's own drops left out."""

from __future__ import annotations

import numpy as np
import pytest

from transforms.risk.falls import Falls
from transforms.risk.precedent import Counts, PrecedentParams, count_followed, find_precedents

PARAMS = PrecedentParams()


def falls(*days: int) -> Falls:
    return Falls(np.array(days, dtype=np.int64), np.zeros(len(days)), np.ones(len(days)))


def test_a_surge_counts_when_its_half_year_is_over_and_is_set_against_all_days_of_the_site() -> None:
    starts = {"a.example": np.array([100, 900])}
    counts = count_followed(starts, {"a.example": falls(130)}, {"a.example": (0, 1000)}, PARAMS)
    assert (counts["a.example"].surges, counts["a.example"].followed) == (1, 1)
    assert counts["a.example"].expected == pytest.approx(130 / 821)  # days 0 to 129 are followed by it, of 0 to 820


def test_sites_without_an_old_enough_surge_or_without_rankings_count_for_nothing() -> None:
    starts = {"a.example": np.array([900]), "b.example": np.array([100])}
    assert count_followed(starts, {}, {"a.example": (0, 1000)}, PARAMS) == {}


def test_a_sites_own_surges_are_left_out_of_its_precedent() -> None:
    counts = {"a.example": Counts(10, 9, 3.0), "b.example": Counts(10, 3, 3.0)}
    found = find_precedents(counts, ["a.example", "b.example", "c.example"], 0.25, 20.0)
    assert (found["a.example"].surges, found["a.example"].followed) == (10, 3)
    assert found["a.example"].share < 0.25 < found["c.example"].share < found["b.example"].share


def test_without_any_surge_the_simulated_share_stands_and_much_evidence_outweighs_it() -> None:
    assert find_precedents({}, ["a.example"], 0.25, 20.0)["a.example"].share == pytest.approx(0.25)
    many = {f"s{number}.example": Counts(20, 12, 4.0) for number in range(50)}
    assert find_precedents(many, ["new.example"], 0.25, 20.0)["new.example"].share == pytest.approx(0.5, abs=0.02)


def test_surges_that_chance_explains_pull_the_share_down_but_never_below_nothing() -> None:
    worse = {f"s{number}.example": Counts(20, 2, 8.0) for number in range(50)}
    assert find_precedents(worse, ["new.example"], 0.25, 20.0)["new.example"].share == 0.0
