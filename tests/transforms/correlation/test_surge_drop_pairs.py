"""What becomes of a surge and a drop, told as small tables."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transforms.correlation.conftest import pairs_of
from transforms.correlation.days import day_number
from transforms.correlation.findings import Surge
from transforms.correlation.known_events import EventParams
from transforms.correlation.lag_windows import BY_PREFERENCE, LONGEST_LAG_DAYS, window_of
from transforms.correlation.placebos import PlaceboParams, Placebos, Span
from transforms.schemas import table

AS_OF = datetime.date(2026, 6, 30)
Tables = dict[str, pd.DataFrame]
Rows = Callable[..., pd.DataFrame]

SURGE = "surge_id | starts_on | ends_on\n s1 | 2026-03-01 | 2026-03-04"
DROP = "drop_id | starts_on\n d1 | 2026-03-25"


@pytest.fixture
def story(quiet: Tables, text_table: Rows) -> Callable[..., pd.DataFrame]:
    """Pairs of a story: surges, drops and events as text on top of the quiet portfolio."""

    def tell(surges: str = SURGE, drops: str = DROP, events: str = "", **more: pd.DataFrame) -> pd.DataFrame:
        tables = quiet | {
            "surges.link_surges": text_table("surges.link_surges", surges),
            "drops.ranking_drops": text_table("drops.ranking_drops", drops),
            "staging.search_events": text_table("staging.search_events", events),
        }
        tables |= {"correlation.linked_days": days_of_linked_pages()}
        return pairs_of(tables | {name.replace("__", "."): rows for name, rows in more.items()})

    return tell


def days_of_linked_pages(
    left: float = 0.4, drop: str = "2026-03-25", surges: tuple[str, ...] = ("s1", "s2")
) -> pd.DataFrame:
    """Days on which the pages a surge links to keep ``left`` of their clicks from ``drop`` on, and the others all."""
    days = pd.date_range("2025-10-01", "2026-06-30", unit="us")
    draw = np.random.default_rng(3)
    linked = np.where(days < pd.Timestamp(drop), 100.0, 100.0 * left) * np.exp(draw.normal(0, 0.1, len(days)))
    rows = [
        pd.DataFrame(
            {
                "surge_id": surge,
                "site_domain": "a.example",
                "provider": "search_console",
                "kind": "page",
                "day": days,
                "linked_visibility": linked,
                "other_visibility": 300.0 * np.exp(draw.normal(0, 0.1, len(days))),
            }
        )
        for surge in surges
    ]
    return pd.concat(rows, ignore_index=True)


def keys(pairs: pd.DataFrame) -> list[str]:
    return [confounder["key"] for confounder in json.loads(pairs["confounders"].iloc[0])]


def test_linked_pages_that_fell_alone_24_days_after_bought_links_are_links_likely(
    story: Callable[..., pd.DataFrame],
) -> None:
    pairs = story()
    assert pairs[["lag_days", "lag_window", "verdict"]].values.tolist() == [[24, "7-45", "links_likely"]]
    assert 0.7 <= pairs["probability"].iloc[0] <= 0.96
    assert pairs["probability_low"].iloc[0] <= pairs["probability"].iloc[0] <= pairs["probability_high"].iloc[0]
    assert pairs["page_contrast"].iloc[0] == pytest.approx(np.log(0.4), abs=0.1)
    assert "pages.fell_more" in [term["term"] for term in json.loads(pairs["terms"].iloc[0])]
    assert pairs["p_time_shift"].iloc[0] < 0.1
    assert pairs["p_site_swap"].iloc[0] == pytest.approx(1 / 6)
    assert keys(pairs) == []


def test_without_pages_to_compare_they_are_possible_and_with_pages_that_held_less(
    story: Callable[..., pd.DataFrame], text_table: Rows
) -> None:
    alone = story(correlation__linked_days=text_table("correlation.linked_days", ""))
    held = story(correlation__linked_days=days_of_linked_pages(left=1.0))
    assert alone["verdict"].tolist() == ["links_possible"]
    assert alone["page_contrast"].isna().all()
    assert held["probability"].iloc[0] < alone["probability"].iloc[0] < story()["probability"].iloc[0]


@pytest.mark.parametrize(
    ("events", "verdict", "key"),
    [
        ("update | June core update | core | - | 2026-03-20 | 2026-03-30", "confounded", "event.update"),
        ("update | ended a week before | core | - | 2026-03-10 | 2026-03-18", "confounded", "event.update"),
        ("update | not over | core | - | 2026-03-20 | -", "confounded", "event.update.open"),
        ("data_break | fewer results | - | - | 2026-03-24 | 2026-03-24", "confounded", "event.data_break"),
        ("data_break | long before | - | - | 2026-03-02 | 2026-03-02", "links_possible", "event.data_break.near"),
        ("outage | server | - | a.example | 2026-03-24 | 2026-03-25", "confounded", "event.outage"),
        ("outage | ranking issue | ranking | - | 2026-03-24 | 2026-03-25", "confounded", "event.fault"),
        ("site_change | new shop | - | a.example | 2026-03-20 | -", "confounded", "event.site_change"),
        ("manual_action | thin content | - | a.example | 2026-03-26 | -", "confounded", "event.manual_action.other"),
        (
            "manual_action | unnatural links | - | a.example | 2026-03-26 | -",
            "links_likely",
            "event.manual_action.links",
        ),
    ],
)
def test_an_event_at_the_start_of_the_drop_is_said_and_decides(
    story: Callable[..., pd.DataFrame], text_table: Rows, events: str, verdict: str, key: str
) -> None:
    nothing = text_table("correlation.linked_days", "")
    text = f"kind | name | scope | site_domain | starts_on | ends_on\n{events}"
    pairs = story(events=text, correlation__linked_days=nothing)
    assert keys(pairs) == [key]
    assert pairs["verdict"].tolist() == [verdict]
    if verdict == "confounded" and key != "event.manual_action.other":
        alone = story(correlation__linked_days=nothing)
        assert pairs["probability"].iloc[0] < alone["probability"].iloc[0]


@pytest.mark.parametrize(
    "events",
    [
        "update | eight days before | core | - | 2026-03-10 | 2026-03-17",
        "update | Discover | discover | - | 2026-03-20 | 2026-03-30",
        "outage | somebody else's | - | b.example | 2026-03-24 | 2026-03-25",
    ],
)
def test_an_event_elsewhere_is_no_confounder(story: Callable[..., pd.DataFrame], events: str) -> None:
    pairs = story(events=f"kind | name | scope | site_domain | starts_on | ends_on\n{events}")
    assert keys(pairs) == []
    assert pairs["verdict"].tolist() == ["links_likely"]


@pytest.mark.parametrize(
    ("origin", "verdict"),
    [
        ("exchanged", "links_likely"),
        ("natural", "not_explained_by_links"),
        ("spam", "links_possible"),
        ("unknown", "links_possible"),
    ],
)
def test_origins_are_treatment_bystander_or_control(
    story: Callable[..., pd.DataFrame], origin: str, verdict: str
) -> None:
    pairs = story(surges=f"surge_id | starts_on | ends_on | origin\n s1 | 2026-03-01 | 2026-03-04 | {origin}")
    assert pairs["verdict"].tolist() == [verdict]
    assert ("pair.control" in keys(pairs)) == (origin == "natural")


@pytest.mark.parametrize(
    ("drop_starts_on", "lag_window"),
    [("2026-03-01", None), ("2026-02-20", None), ("2026-03-02", "1-14"), ("2026-03-07", "1-14"), ("2026-03-08", "7-45"),
     ("2026-04-15", "7-45"), ("2026-04-16", "30-180"), ("2026-06-28", "30-180")],
)  # fmt: skip
def test_a_lag_gets_its_window_and_a_drop_before_the_surge_gets_no_pair(
    story: Callable[..., pd.DataFrame], drop_starts_on: str, lag_window: str | None
) -> None:
    pairs = story(drops=f"drop_id | starts_on\n d1 | {drop_starts_on}")
    assert pairs["lag_window"].tolist() == ([] if lag_window is None else [lag_window])


def test_a_drop_months_later_is_possible_but_not_likely(story: Callable[..., pd.DataFrame]) -> None:
    pairs = story(drops="drop_id | starts_on\n d1 | 2026-06-10")
    assert pairs["verdict"].tolist() == ["not_explained_by_links"]
    assert 0.1 < pairs["probability"].iloc[0] < 0.25


def test_links_bought_after_an_earlier_drop_may_answer_it(story: Callable[..., pd.DataFrame], text_table: Rows) -> None:
    pairs = story(
        drops="drop_id | starts_on\n d0 | 2026-02-10\n d1 | 2026-03-25",
        correlation__linked_days=text_table("correlation.linked_days", ""),
    )
    assert pairs["drop_id"].tolist() == ["d1"]
    assert pairs["verdict"].tolist() == ["confounded"]
    assert keys(pairs) == ["order.surge_after_drop"]


def test_many_sites_of_one_tracker_falling_together_confound(
    story: Callable[..., pd.DataFrame], text_table: Rows
) -> None:
    header = "drop_id | site_domain | provider | starts_on\n"
    drops = header + "\n".join(
        f"d{site} | {site}.example | se_ranking | 2026-03-2{day}" for site, day in zip("abc", "456", strict=True)
    )
    tracked = "site_domain | provider\n" + "\n".join(f"{site}.example | se_ranking" for site in "abcdef")
    pairs = story(drops=drops, drops__assessed_series=text_table("drops.assessed_series", tracked))
    assert pairs["verdict"].tolist() == ["confounded"]
    assert keys(pairs) == ["together.tracker"]
    assert json.loads(pairs["confounders"].iloc[0])[0]["args"] == {"count": 3, "days": 2, "of": 6}


def test_a_provisional_drop_and_a_short_history_are_insufficient(
    story: Callable[..., pd.DataFrame], text_table: Rows
) -> None:
    provisional = story(drops="drop_id | starts_on | is_provisional\n d1 | 2026-03-25 | true")
    short = text_table("drops.assessed_series", "site_domain | tested_from_on\n a.example | 2026-05-01")
    too_short = story(drops__assessed_series=short)
    assert provisional["verdict"].tolist() == ["insufficient_data"]
    assert too_short["verdict"].tolist() == ["insufficient_data"]
    assert too_short["p_time_shift"].isna().all()
    assert provisional["probability"].tolist() == too_short["probability"].tolist() == [0.5]


def test_position_flat_and_fewer_searches_confound(story: Callable[..., pd.DataFrame]) -> None:
    columns = "drop_id | starts_on | impressions_change_share | position_change | click_rate_change_share"
    demand = f"{columns}\n d1 | 2026-03-25 | "
    assert keys(story(drops=demand + "-0.4 | 0.1 | -0.02")) == ["shape.demand"]
    assert keys(story(drops=demand + "-0.02 | 0.1 | -0.4")) == ["shape.click_rate"]
    assert keys(story(drops=demand + "-0.4 | 6.0 | -0.1")) == []
    assert keys(story(drops=demand + "- | - | -")) == []


def test_site_swap_needs_five_other_sites_and_counts_those_that_match(
    story: Callable[..., pd.DataFrame], text_table: Rows
) -> None:
    few = text_table("surges.assessed_series", "site_domain\n" + "\n".join(f"{site}.example" for site in "abcde"))
    assert story(surges__assessed_series=few)["p_site_swap"].isna().all()
    surges = "surge_id | site_domain | starts_on\n s1 | a.example | 2026-03-01\n s2 | b.example | 2026-03-03"
    pairs = story(surges=surges)
    assert pairs["p_site_swap"].tolist() == [pytest.approx(2 / 6)]


def test_days_between_the_series_of_two_providers_are_not_covered(
    story: Callable[..., pd.DataFrame], text_table: Rows
) -> None:
    header = "site_domain | provider | tested_from_on | tested_until_on\n"
    first = "a.example | semrush_backlinks | 2024-01-01 | 2024-12-31\n"
    rankings = text_table("drops.assessed_series", "site_domain | tested_from_on\n a.example | 2024-02-01")

    def time_shift(series: str) -> float:
        tested = text_table("surges.assessed_series", header + series)
        pairs = story(drops__assessed_series=rankings, surges__assessed_series=tested)
        return float(pairs["p_time_shift"].astype("float64").iloc[0])

    second = "a.example | ahrefs_backlinks | 2025-06-01 | 2026-06-30"
    assert time_shift(second) == pytest.approx(39 / 350)  # 16 July 2025 to 30 June 2026
    assert time_shift(first + second) == pytest.approx(39 / (366 + 350))  # and 15 February 2024 to 14 February 2025
    assert np.isnan(time_shift(first + "a.example | ahrefs_backlinks | 2026-02-20 | 2026-06-30"))


def test_two_providers_seeing_one_campaign_give_two_pairs_of_one_drop(story: Callable[..., pd.DataFrame]) -> None:
    surges = (
        "surge_id | provider | starts_on\n s1 | ahrefs_backlinks | 2026-03-01\n s2 | semrush_backlinks | 2026-03-03"
    )
    pairs = story(surges=surges)
    assert pairs["surge_id"].tolist() == ["s1", "s2"]
    assert pairs["drop_id"].tolist() == ["d1", "d1"]
    assert pairs["pair_id"].is_unique


@pytest.mark.parametrize(("reading", "origin"), [("earned_growth", "natural"), ("concentrated", "unknown")])
def test_an_unknown_surge_read_as_earned_is_a_control(
    story: Callable[..., pd.DataFrame], text_table: Rows, reading: str, origin: str
) -> None:
    composition = text_table("surges.surge_composition", f"surge_id | reading\n s1 | {reading}")
    pairs = story(
        surges="surge_id | starts_on | origin\n s1 | 2026-03-01 | unknown", surges__surge_composition=composition
    )
    assert pairs["origin"].tolist() == [origin]
    assert ("pair.control" in keys(pairs)) == (origin == "natural")


def test_a_bought_surge_is_no_control_whatever_its_reading(
    story: Callable[..., pd.DataFrame], text_table: Rows
) -> None:
    composition = text_table("surges.surge_composition", "surge_id | reading\n s1 | earned_growth")
    assert story(surges__surge_composition=composition)["verdict"].tolist() == ["links_likely"]


def test_empty_tables_give_an_empty_table_of_the_right_columns(
    quiet: Tables, text_table: Rows, story: Callable[..., pd.DataFrame]
) -> None:
    nothing = {name: rows.iloc[:0] for name, rows in quiet.items()}
    for pairs in (pairs_of(nothing), story(surges=""), story(drops="")):
        assert len(pairs) == 0
        assert set(table("correlation.surge_drop_pairs").column_names) == set(pairs.columns)
    links_only = quiet | {"surges.link_surges": text_table("surges.link_surges", SURGE)}
    assert len(pairs_of(links_only | {"drops.assessed_series": quiet["drops.assessed_series"].iloc[:0]})) == 0


def test_row_order_does_not_matter(story: Callable[..., pd.DataFrame]) -> None:
    header, *surges = ["surge_id | starts_on", "s1 | 2026-03-01", "s2 | 2026-02-01", "s3 | 2025-12-01"]
    pairs = story(surges="\n".join([header, *surges]))
    again = story(surges="\n".join([header, *reversed(surges)]))
    pd.testing.assert_frame_equal(pairs, again)


@given(st.lists(st.integers(0, 400), max_size=6), st.integers(50, 399), st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_time_shift_is_what_counting_day_by_day_gives(starts: list[int], drop_day: int, level: int) -> None:
    surges = [Surge(str(day), "a", "p", "bought", "arranged", day, 10.0, 0.0) for day in starts]
    span = Span(0, 400)
    placebos = Placebos(surges, {"a": [span]}, [], span, PlaceboParams(), EventParams())
    levels = [max((w.level for s in starts if (w := window_of(day - s))), default=0) for day in range(401)]
    others = [day for day in range(45, 401) if day != drop_day]
    expected = (1 + sum(levels[day] >= level for day in others)) / (1 + len(others))
    got = placebos.time_shift("a", "arranged", drop_day, level, span) if starts else None
    assert got == (pytest.approx(expected) if starts and drop_day >= 45 else None)


def test_windows_share_out_the_lags_and_the_chance() -> None:
    given_days = {window.name: 0 for window in BY_PREFERENCE}
    for lag in range(1, LONGEST_LAG_DAYS + 1):
        window = window_of(lag)
        assert window is not None
        given_days[window.name] += 1
    assert given_days == {window.name: window.own_days for window in BY_PREFERENCE}
    assert sum(window.share for window in BY_PREFERENCE) == pytest.approx(1)
    densities = [window.log_density_ratio for window in BY_PREFERENCE]
    assert densities == sorted(densities, reverse=True)
    assert [window.level for window in BY_PREFERENCE] == [3, 2, 1]


def test_time_shift_holds_its_level_when_drops_come_anywhere() -> None:
    draw = np.random.default_rng(7)
    span, rejected = Span(0, 719), 0
    for _ in range(400):
        starts = draw.integers(0, 720, size=draw.poisson(2) + 1)
        surges = [Surge(str(day), "a", "p", "bought", "arranged", int(day), 10.0, 0.0) for day in starts]
        placebos = Placebos(surges, {"a": [span]}, [], span, PlaceboParams(), EventParams())
        day = int(draw.integers(45, 720))
        level = max((w.level for s in starts if (w := window_of(day - int(s)))), default=0)
        p_value = placebos.time_shift("a", "arranged", day, level, span)
        assert p_value is not None
        rejected += p_value <= 0.25
    assert rejected / 400 <= 0.30


def test_days_are_counted_from_1970() -> None:
    assert day_number(datetime.date(1970, 1, 2)) == 1
