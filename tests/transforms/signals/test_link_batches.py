"""signals.link_batches: batches are found, and what providers do to days of loss is not taken for one."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd

from transforms.signals import link_batches
from transforms.signals.rented_links import RentParams, count_tests

AS_OF = datetime.date(2026, 6, 30)
START = pd.Timestamp("2024-01-01")
ENDS = 900
NO_ARRIVALS = pd.DataFrame({"site_domain": [], "provider": []})

Life = tuple[float, float | None]


def cells(lives: list[Life], **same: Any) -> pd.DataFrame:
    """Rows of signals.link_lives: days of arrival and loss since START."""
    frame = pd.DataFrame(
        {
            "site_domain": "kaas.example",
            "provider": "p",
            "placed_on": [START + pd.Timedelta(days=placed) for placed, _ in lives],
            "lost_on": [pd.NaT if lost is None else START + pd.Timedelta(days=lost) for _, lost in lives],
            "lost_after_on": pd.NaT,
            "authority_band": pd.array([30] * len(lives), dtype="Int64"),
            "domain_count": 1,
            "ends_on": START + pd.Timedelta(days=ENDS),
        }
    )
    return frame.assign(**same)


def build(lives: pd.DataFrame, arrivals: pd.DataFrame = NO_ARRIVALS) -> pd.DataFrame:
    return link_batches.build({"signals.link_lives": lives, "signals.page_arrivals": arrivals}, as_of=AS_OF)


def ordinary(count: int = 300, seed: int = 1) -> list[Life]:
    """Domains that come all the time and are lost at a rate of a tenth in a hundred days, each on a day of its own."""
    random = np.random.default_rng(seed)
    placed = random.integers(0, ENDS - 10, count)
    lost = placed + random.exponential(1000.0, count).astype(int) + 1
    return [(float(p), float(x) if x < ENDS else None) for p, x in zip(placed, lost, strict=True)]


def batch(size: int, term: int, first: int = 300) -> list[Life]:
    return [(first + number % 5, first + term + number % 3) for number in range(size)]


def test_a_batch_that_vanishes_at_its_term_is_found() -> None:
    found = build(cells(ordinary() + batch(8, 91)))
    assert found["kind"].tolist() == ["rented"]
    row = found.iloc[0]
    assert (row["months"], row["domain_count"]) == (3, 8)
    assert row["expected_count"] < 1
    assert row["placed_from_on"] == START + pd.Timedelta(days=300)
    assert row["lost_to_on"] == START + pd.Timedelta(days=393)


def test_ordinary_rot_has_no_batch() -> None:
    assert build(cells(ordinary(1000, seed=2))).empty


def test_one_that_lives_for_no_term_is_not_rented() -> None:
    assert build(cells(ordinary() + batch(8, 130))).empty


def test_weak_domains_are_left_out() -> None:
    weak = cells(batch(8, 91)).assign(authority_band=pd.array([0] * 8, dtype="Int64"))
    assert build(pd.concat([cells(ordinary()), weak], ignore_index=True)).empty


def test_a_day_on_which_links_of_every_age_are_lost_is_the_providers() -> None:
    lives = [
        (placed, 391.0 if placed < 380 and number % 3 else lost) for number, (placed, lost) in enumerate(ordinary())
    ]
    came_together: list[Life] = [(300.0 + number % 5, 391.0) for number in range(6)]
    assert build(cells(lives + came_together)).empty


def test_monthly_exports_lose_everything_on_their_day() -> None:
    lives = [(placed, None if lost is None else 30 * np.ceil(lost / 30)) for placed, lost in ordinary(2000)]
    kept = cells([(placed, None if lost is None or lost > ENDS else lost) for placed, lost in lives])
    kept["lost_after_on"] = kept["lost_on"] - pd.Timedelta(days=30)
    assert build(kept).empty


def test_a_batch_keeps_its_name_and_later_domains_do_not_change_it() -> None:
    first = build(cells(ordinary() + batch(8, 91)))
    again = build(cells(ordinary() + batch(10, 91)))
    assert first["batch_id"].tolist() == again["batch_id"].tolist()


def test_the_order_of_rows_does_not_matter() -> None:
    lives = cells(ordinary() + batch(8, 91))
    shuffled = lives.sample(frac=1.0, random_state=3).reset_index(drop=True)
    pd.testing.assert_frame_equal(build(lives), build(shuffled))


def test_few_false_batches_are_allowed_by_the_number_of_tests() -> None:
    assert 500 < count_tests(RentParams()) < 10_000


def arrivals(authorities: list[float], days: list[int], keywords: list[bool], **same: Any) -> pd.DataFrame:
    size = len(authorities)
    frame = pd.DataFrame(
        {
            "site_domain": "kaas.example",
            "provider": "p",
            "target_url": "https://kaas.example/shop",
            "source_domain": [f"d{number}.example" for number in range(size)],
            "placed_on": [START + pd.Timedelta(days=day) for day in days],
            "link_id": [f"l{number}" for number in range(size)],
            "authority": authorities,
            "is_keyword": keywords,
            "page_domain_count": size + 5,
            "page_begins_on": START - pd.Timedelta(days=400),
            "page_ends_on": START + pd.Timedelta(days=400),
            "site_domain_count": size + 60,
            "site_keyword_count": sum(keywords) + 6,
            "full_week_count": 4,
        }
    )
    return frame.assign(**same)


def spread(*bands: int) -> pd.DataFrame:
    """A site whose referring domains have these authorities, twenty of each."""
    lives = cells([(float(number), None) for number in range(len(bands) * 20)])
    return lives.assign(authority_band=pd.array(np.repeat(bands, 20), dtype="Int64"))


EVERYWHERE = spread(*range(0, 100, 5))


def test_keywords_from_like_domains_in_one_week_are_a_purchase() -> None:
    found = build(EVERYWHERE, arrivals([30, 31, 33, 35, 36, 38], [0, 1, 1, 2, 4, 5], [True] * 6))
    assert found["kind"].tolist() == ["purchase"]
    row = found.iloc[0]
    assert (row["domain_count"], row["target_url"]) == (6, "https://kaas.example/shop")
    assert row["authority_low"] <= 30 and row["authority_high"] > 38
    assert row["expected_count"] < 1


def test_a_crowd_of_ordinary_links_is_no_purchase() -> None:
    days = [number % 6 for number in range(30)]
    ordinary_words = [number % 6 == 0 for number in range(30)]
    found = build(EVERYWHERE, arrivals([float(3 * number) for number in range(30)], days, ordinary_words))
    assert found.empty


def test_a_page_that_is_always_so_busy_is_no_purchase() -> None:
    busy = arrivals([30, 31, 33, 35, 36, 38], [0, 1, 1, 2, 4, 5], [True] * 6, page_domain_count=900)
    assert build(EVERYWHERE, busy).empty


def test_like_authorities_say_little_where_all_the_site_has_are_alike() -> None:
    alike = arrivals([30, 31, 33, 34], [0, 1, 1, 2], [True] * 4, site_keyword_count=40)
    assert build(spread(30), alike).empty


def test_nothing_to_judge() -> None:
    empty = cells([(0.0, None)]).iloc[:0]
    assert build(empty).empty
