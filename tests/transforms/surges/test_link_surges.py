"""What counts as a surge, when it began and ended, and what never does."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from transforms.schemas import table
from transforms.surges import link_surges

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]
Quiet = Callable[..., NDArray[np.int64]]
SITE = ("alpha.example", "ahrefs_backlinks", "bought")


def day(before: int, as_of: datetime.date) -> pd.Timestamp:
    return pd.Timestamp(as_of) - pd.Timedelta(days=before)


def add(counts: NDArray[np.int64], before: int, extra: list[int]) -> NDArray[np.int64]:
    """Add ``extra`` a day, the first one ``before`` days before the last day."""
    surged = counts.copy()
    start = len(counts) - 1 - before
    surged[start : start + len(extra)] += extra
    return surged


@pytest.mark.parametrize(
    ("what", "mean", "before", "extra"),
    [
        ("one day", 0.6, 60, [14]),
        ("three days", 0.6, 60, [8, 10, 7]),
        ("two weeks", 0.6, 60, [3, 4, 5, 2, 4, 3, 5, 4, 2, 6, 3, 4, 3, 4]),
        ("four weeks over a busy site", 3.0, 40, [12] * 27),
        ("a rare site", 0.05, 90, [5, 4, 6]),
        ("the last day of the export", 0.6, 0, [18]),
    ],
)
def test_a_planted_burst_is_found_with_its_dates(
    what: str,
    mean: float,
    before: int,
    extra: list[int],
    make_tables: MakeTables,
    quiet: Quiet,
    as_of: datetime.date,
) -> None:
    surges = link_surges.build(make_tables({SITE: add(quiet(mean), before, extra)}), as_of=as_of)
    assert len(surges) == 1, what
    surge = surges.iloc[0]
    assert abs((surge["starts_on"] - day(before, as_of)).days) <= 3
    assert abs((surge["ends_on"] - day(before - len(extra) + 1, as_of)).days) <= 3
    assert surge["starts_on"] <= surge["detected_on"] <= day(before - len(extra) + 1, as_of)
    assert surge["observed_count"] >= sum(extra)
    assert surge["excess_count"] == pytest.approx(surge["observed_count"] - surge["expected_count"])
    assert 0 < surge["p_value"] <= surge["q_value"] <= 0.05
    assert bool(surge["is_active"]) is (before - len(extra) + 1 < 14)


def test_every_declared_column_is_returned(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    surges = link_surges.build(make_tables({SITE: add(quiet(), 60, [20])}), as_of=as_of)
    declared = table("surges.link_surges")
    assert list(surges.columns) == list(declared.column_names)
    assert not surges[[column.name for column in declared.columns if column.required]].isna().any().any()
    assert surges["surge_id"].str.fullmatch("[0-9a-f]{16}").all()
    assert [json.loads(str(text)) for text in surges["corrections"]] == [[]]


def test_quiet_portfolios_stay_quiet(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    """At q = .05, one run in twenty of a portfolio without surges may report any; here 6 runs of 30 sites."""
    noisy_runs = 0
    for run in range(6):
        series = {
            (f"site{site}.example", "ahrefs_backlinks", "natural"): quiet(
                mean=(0.05, 0.3, 1.0, 3.0)[site % 4],
                days=900,
                seed=1000 * run + site,
                dispersion=(1.05, 1.6, 2.5)[site % 3],
            )
            for site in range(30)
        }
        noisy_runs += len(link_surges.build(make_tables(series), as_of=as_of)) > 0
    assert noisy_runs <= 2


def test_an_old_surge_does_not_hide_a_new_one(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    counts = add(add(quiet(), 150, [6] * 20), 40, [6] * 10)
    surges = link_surges.build(make_tables({SITE: counts}), as_of=as_of)
    assert [
        abs((start - day(before, as_of)).days) <= 3
        for start, before in zip(surges["starts_on"], (150, 40), strict=True)
    ]
    assert len(surges) == 2


def test_pauses_of_a_week_do_not_split_a_surge_and_longer_ones_do(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    paused = add(quiet(0.1), 60, [9, 8, 9, 0, 0, 0, 0, 9, 8, 9])
    apart = add(add(quiet(0.1), 90, [9, 8, 9]), 50, [9, 8, 9])
    assert len(link_surges.build(make_tables({SITE: paused}), as_of=as_of)) == 1
    assert len(link_surges.build(make_tables({SITE: apart}), as_of=as_of)) == 2


def test_a_lasting_rise_is_a_surge_that_ends(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    counts = np.concatenate([quiet(0.5, 400), quiet(2.5, 300, seed=2)])
    surges = link_surges.build(make_tables({SITE: counts}), as_of=as_of)
    assert len(surges) >= 1
    assert abs((surges["starts_on"].min() - day(299, as_of)).days) <= 10
    assert not surges["is_active"].any()


def test_only_few_domains_or_less_than_double_are_never_a_surge(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    steady = np.full(500, 20)
    steady[-60:-40] += 12
    two_domains = np.zeros(500, dtype=np.int64)
    two_domains[-30] = 2
    series = {SITE: steady, ("beta.example", "ahrefs_backlinks", "spam"): two_domains}
    assert link_surges.build(make_tables(series), as_of=as_of).empty


def test_what_is_known_on_a_day_does_not_depend_on_later_days(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    """Alarms are past only: cutting the data after a day leaves every surge detected by then, with the same day."""
    series = {
        (f"site{site}.example", "ahrefs_backlinks", "natural"): add(quiet(seed=site), 30 + 40 * site, [9, 9, 9])
        for site in range(5)
    }
    whole = link_surges.build(make_tables(series), as_of=as_of)
    cut_on = as_of - datetime.timedelta(days=75)
    cut = {key: counts[:-75] for key, counts in series.items()}
    then = link_surges.build(make_tables(cut, ends_on=cut_on), as_of=cut_on)
    known = whole[whole["detected_on"] <= pd.Timestamp(cut_on)]
    assert len(known) >= 3
    columns = ["surge_id", "site_domain", "starts_on", "detected_on", "p_value"]
    pd.testing.assert_frame_equal(
        then[columns].reset_index(drop=True), known[columns].reset_index(drop=True), rtol=1e-3
    )


def test_days_after_as_of_are_not_looked_at(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    counts = add(quiet(), 20, [20, 20])
    then = as_of - datetime.timedelta(days=40)
    assert link_surges.build(make_tables({SITE: counts}), as_of=then).empty


def test_a_surge_keeps_its_identity_as_its_end_moves(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    counts = add(quiet(), 12, [8] * 10)
    night = as_of - datetime.timedelta(days=8)
    before = link_surges.build(make_tables({SITE: counts[:-8]}, ends_on=night), as_of=night)
    moved = before.assign(detected_on=before["detected_on"] - pd.Timedelta(days=1))
    after = link_surges.build(make_tables({SITE: counts}, previous=moved), as_of=as_of)
    assert len(before) == len(after) == 1
    assert (after["ends_on"] > before["ends_on"]).all()
    assert after["surge_id"].tolist() == before["surge_id"].tolist()
    assert after["detected_on"].tolist() == moved["detected_on"].tolist()


def test_row_order_does_not_matter(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    series = {(f"site{site}.example", "ahrefs_backlinks", "spam"): add(quiet(seed=site), 60, [15]) for site in range(4)}
    tables = make_tables(series)
    shuffled = {name: rows.sample(frac=1.0, random_state=3) if len(rows) else rows for name, rows in tables.items()}
    expected = link_surges.build(tables, as_of=as_of)
    assert expected["site_domain"].nunique() == 4
    pd.testing.assert_frame_equal(link_surges.build(shuffled, as_of=as_of), expected)


def test_a_crawler_day_of_a_provider_is_no_surge_of_its_sites(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    sites = range(24)
    caught_up = {
        (f"site{site}.example", "semrush_backlinks", "natural"): add(quiet(0.8, seed=site), 50, [16]) for site in sites
    }
    alone = {
        key: add(quiet(0.8, seed=index), 50, [16]) if index == 0 else quiet(0.8, seed=index)
        for index, key in enumerate(caught_up)
    }
    assert len(link_surges.build(make_tables(alone), as_of=as_of)) == 1
    assert link_surges.build(make_tables(caught_up), as_of=as_of).empty


def test_survivors_alone_are_no_surge_and_the_correction_is_named(
    make_tables: MakeTables, as_of: datetime.date
) -> None:
    random = np.random.default_rng(5)
    age = np.maximum(np.arange(900)[::-1] - 180, 0)
    series = {
        (f"site{site}.example", "ahrefs_backlinks", "natural"): random.poisson(1.5 * np.exp(-age / 90))
        for site in range(30)
    }
    # a ninetieth of the living is lost a day; losses are listed for 180 days
    living = 1.5 * 90
    losses = {key: np.r_[np.zeros(720, dtype=np.int64), random.poisson(living / 90, 180)] for key in series}
    horizon = as_of - datetime.timedelta(days=180)
    assert len(link_surges.build(make_tables(series, losses=losses, horizon_on=horizon), as_of=as_of)) <= 1
    key = next(iter(series))
    surged = make_tables(series | {key: add(series[key], 20, [25])}, losses=losses, horizon_on=horizon)
    surges = link_surges.build(surged, as_of=as_of)
    found = surges[(surges["site_domain"] == key[0]) & (surges["starts_on"] == day(20, as_of))]
    assert ["survivors" in json.loads(str(text)) for text in found["corrections"]] == [True]


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param(np.zeros(500, dtype=np.int64), id="nothing at all"),
        pytest.param(np.r_[np.zeros(499, dtype=np.int64), 1], id="one domain"),
        pytest.param(np.full(500, 10**7), id="huge and even"),
        pytest.param(np.r_[np.zeros(10, dtype=np.int64), 40], id="shorter than any baseline"),
    ],
)
def test_odd_series_give_nothing(counts: NDArray[np.int64], make_tables: MakeTables, as_of: datetime.date) -> None:
    assert link_surges.build(make_tables({SITE: counts}), as_of=as_of).empty


def test_a_huge_burst_is_found(make_tables: MakeTables, as_of: datetime.date) -> None:
    counts = np.full(500, 1000)
    counts[-30:-25] = 10**6
    surges = link_surges.build(make_tables({SITE: counts}), as_of=as_of)
    assert surges["starts_on"].tolist() == [day(29, as_of)]
    assert surges["ends_on"].tolist() == [day(25, as_of)]


def test_empty_tables_give_an_empty_table(make_tables: MakeTables, quiet: Quiet, as_of: datetime.date) -> None:
    tables = {name: rows.iloc[:0] for name, rows in make_tables({SITE: quiet()}).items()}
    surges = link_surges.build(tables, as_of=as_of)
    assert surges.empty
    assert list(surges.columns) == list(table("surges.link_surges").column_names)


@pytest.mark.parametrize("gap", [5, 9, 12, 16, 21])
def test_surges_start_no_later_than_the_day_they_were_detected_on_every_night(
    gap: int, make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    """Two bursts, the second one larger, replayed night by night with what the night before found handed over."""
    counts = add(add(quiet(0.2, seed=gap), 34, [7, 8]), 34 - gap, [9, 12, 14])
    previous: pd.DataFrame | None = None
    seen: set[str] = set()
    for before in range(35, -1, -2):
        night = as_of - datetime.timedelta(days=before)
        tables = make_tables({SITE: counts[: len(counts) - before]}, ends_on=night, previous=previous)
        previous = link_surges.build(tables, as_of=night)
        assert (previous["starts_on"] <= previous["detected_on"]).all()
        assert (previous["detected_on"] <= pd.Timestamp(night)).all()
        seen |= set(previous["surge_id"])
    assert previous is not None
    assert seen == set(previous["surge_id"])
    if gap in (5, 21):  # in between, the pause is a quiet spell of one surge where a longer window saw them
        assert len(seen) == (1 if gap == 5 else 2)
