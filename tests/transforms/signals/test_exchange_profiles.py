"""signals.exchange_profiles: an ordinary site is not accused; one that cannot be told says so."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from transforms.signals import exchange_profiles
from transforms.signals.exchange_profiles import Params, expected_counts, sum_of_chances

AS_OF = datetime.date(2026, 6, 30)


def build(
    mutual: int, *, days: int | None = None, near_share: float = 0.07, linking: int = 200, is_told: bool = True
) -> pd.Series:
    degrees = pd.DataFrame(
        {
            "site_domain": ["kaas.example"],
            "linking_domain_count": [linking],
            "linked_domain_count": [150],
            "is_told": [is_told],
        }
    )
    candidates = pd.DataFrame(
        {
            "site_domain": "kaas.example",
            "source_domain": [f"d{number}.example" for number in range(mutual)],
            "form": "mutual",
            "days_apart": pd.array([days] * mutual, dtype="Int64"),
            "near_share": near_share,
        }
    )
    tables = {"signals.exchange_degrees": degrees, "signals.exchange_candidates": candidates}
    return exchange_profiles.build(tables, as_of=AS_OF).iloc[0]


def test_the_ordinary_share_has_the_published_mean_and_median() -> None:
    params = Params()
    assert beta.mean(params.alpha, params.beta) == pytest.approx(0.1116, abs=0.0005)
    assert beta.median(params.alpha, params.beta) == pytest.approx(0.0645, abs=0.0005)


@pytest.mark.parametrize("mutual", [0, 13, 22, 40])
def test_a_site_with_up_to_a_fifth_linked_back_is_ordinary(mutual: int) -> None:
    profile = build(mutual)
    assert not profile["is_beyond_expected"]
    assert profile["excess_low_count"] <= 0 <= profile["excess_high_count"] or mutual == 0
    assert profile["expected_count"] == pytest.approx(0.1116 * 200, rel=0.05)


def test_far_more_than_ordinary_is_beyond_it() -> None:
    profile = build(130)
    assert profile["is_beyond_expected"]
    assert profile["p_value"] < 0.01
    assert profile["excess_low_count"] > 0


def test_few_at_one_time_are_beyond_chance_although_their_number_is_ordinary() -> None:
    profile = build(10, days=12)
    assert (profile["dated_count"], profile["synchronous_count"]) == (10, 10)
    assert profile["expected_synchronous_count"] == pytest.approx(0.7)
    assert profile["is_beyond_expected"]
    assert profile["p_value"] > 0.5


def test_at_one_time_says_nothing_where_all_links_came_at_that_time() -> None:
    assert not build(10, days=12, near_share=0.95)["is_beyond_expected"]


def test_without_links_out_nothing_can_be_told() -> None:
    profile = build(0, is_told=False)
    assert not profile["is_told"]
    assert profile[["linked_domain_count", "mutual_count", "p_value", "is_beyond_expected"]].isna().all()


def test_a_site_without_any_linking_domain() -> None:
    profile = build(0, linking=0)
    assert (profile["mutual_count"], profile["p_value"], profile["expected_count"]) == (0, 1.0, 0.0)


def test_chances_add_up_and_stop_at_the_smaller_degree() -> None:
    chances = expected_counts(300, 20)
    assert len(chances) == 21
    assert chances.sum() == pytest.approx(1.0)
    assert sum_of_chances(np.array([0.5, 0.5])) == pytest.approx([0.25, 0.5, 0.25])
