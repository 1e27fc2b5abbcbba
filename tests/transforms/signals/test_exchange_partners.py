"""signals.exchange_partners: days that were agreed are told from days that lie near by chance."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from transforms.signals import exchange_partners

AS_OF = datetime.date(2026, 6, 30)
ORDINARY = {
    "site_domain": "kaas.example", "form": "mutual", "through": None, "known_day_count": 2, "way_count": 1,
    "near_share": 0.07, "link_out_url": None, "link_out_target_url": None,
}  # fmt: skip


def build(*rows: dict[str, Any], is_beyond: bool | None = False) -> pd.DataFrame:
    candidates = pd.DataFrame([ORDINARY | row for row in rows])
    candidates["days_apart"] = candidates["days_apart"].astype("Int64")
    sites = sorted(candidates["site_domain"].unique())
    profiles = pd.DataFrame({"site_domain": sites, "is_beyond_expected": pd.array([is_beyond] * len(sites), "boolean")})
    tables = {"signals.exchange_candidates": candidates, "signals.exchange_profiles": profiles}
    return exchange_partners.build(tables, as_of=AS_OF).set_index(["site_domain", "source_domain"])


def natural(count: int) -> list[dict[str, Any]]:
    return [{"source_domain": f"n{number}.example", "days_apart": 100 + 30 * number} for number in range(count)]


def test_days_close_together_are_synchronous_and_far_ones_are_not() -> None:
    partners = build({"source_domain": "swap.example", "days_apart": 5}, *natural(4))
    assert partners["is_synchronous"].tolist() == [False] * 4 + [True]
    assert partners["log_odds"].gt(2).tolist() == [False] * 4 + [True]
    assert partners["log_odds"].lt(0).tolist() == [True] * 4 + [False]


def test_without_days_it_cannot_be_told() -> None:
    partner = build({"source_domain": "old.example", "days_apart": None, "known_day_count": 0}, is_beyond=True).iloc[0]
    assert pd.isna(partner["is_synchronous"])
    assert pd.isna(partner["probability"])
    assert partner["is_beyond_expected"]


def test_near_days_say_little_at_a_site_that_got_all_its_links_then() -> None:
    assert not build({"source_domain": "a.example", "days_apart": 20, "near_share": 0.9})["is_synchronous"].iat[0]


def test_one_near_pair_among_many_natural_ones_is_likely_chance() -> None:
    partners = build({"source_domain": "swap.example", "days_apart": 30}, *natural(40))
    assert not partners["is_synchronous"].any()


def test_a_ring_needs_more_where_there_are_many() -> None:
    ring = {"form": "ring_of_three", "through": "b.example", "days_apart": 25, "known_day_count": 3, "near_share": 0.1}
    assert build({"source_domain": "c.example", "way_count": 5} | ring)["is_synchronous"].iat[0]
    assert not build({"source_domain": "c.example", "way_count": 5000} | ring)["is_synchronous"].iat[0]


def test_of_several_forms_the_most_probable_stands() -> None:
    ring = {"form": "ring_of_four", "through": "b.example > d.example", "days_apart": 10, "known_day_count": 4}
    partners = build({"source_domain": "c.example", "days_apart": 700}, {"source_domain": "c.example"} | ring)
    assert partners["form"].tolist() == ["ring_of_four"]


def test_a_partner_of_several_sites_is_counted() -> None:
    rows = [{"site_domain": f"s{n}.example", "source_domain": "net.example", "days_apart": 3} for n in range(3)]
    assert build(*rows)["partner_site_count"].tolist() == [3, 3, 3]


def test_nothing_to_judge() -> None:
    empty = pd.DataFrame([ORDINARY | {"source_domain": "a.example", "days_apart": 1}]).iloc[:0]
    profiles = pd.DataFrame({"site_domain": ["kaas.example"], "is_beyond_expected": pd.array([None], "boolean")})
    tables = {"signals.exchange_candidates": empty, "signals.exchange_profiles": profiles}
    assert exchange_partners.build(tables, as_of=AS_OF).empty
