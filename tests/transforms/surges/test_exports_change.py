"""From observations to surges: what only the exports did (another provider, another kind of list) is no surge."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from penalty_radar.backtest.needed_tables import needed_tables
from transforms import pipeline
from transforms.warehouse import open_writer

SITE = "kaas.example"
BEGIN = np.datetime64("2024-07-01", "D")
Days = NDArray[np.datetime64]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A real warehouse, empty."""
    with open_writer(tmp_path / "warehouse.duckdb") as connection:
        yield connection


def steady(until: str, *, mean: float = 0.8, seed: int = 1) -> Days:
    """Days of first sight of new domains, so many a day from the beginning to ``until``."""
    days = np.arange(BEGIN, np.datetime64(until, "D"))
    return np.repeat(days, np.random.default_rng(seed).poisson(mean, len(days)))


def export(
    warehouse: duckdb.DuckDBPyConnection, provider: str, made_on: str, first_seen: Days, *, cut: bool = False
) -> None:
    """One export of one link per domain; the n-th domain of a provider's day is the same one in every export."""
    file_id = f"{provider} {made_on}"
    days = pd.DataFrame({"first_seen_on": np.sort(first_seen[first_seen <= np.datetime64(made_on, "D")])})
    number = days.groupby("first_seen_on").cumcount()
    days["link_id"] = (days["first_seen_on"] - pd.Timestamp(BEGIN)).dt.days * 1000 + number
    days["link_id"] += 10_000_000 * (provider == "semrush_backlinks")
    warehouse.register("listed", days)
    warehouse.execute(
        "INSERT INTO staging.hosts SELECT link_id, 'd' || link_id || '.example', 'd' || link_id || '.example' "
        "FROM listed WHERE link_id NOT IN (SELECT host_id FROM staging.hosts)"
    )
    warehouse.execute(
        "INSERT INTO staging.link_observations BY NAME SELECT link_id, $file AS file_id, $site AS site_domain, "
        "$provider AS provider, $file AS described_in, link_id AS source_host_id, link_id AS text_hash, "
        "'https://kaas.example/' AS target_url, CAST(link_id AS VARCHAR) AS source_url, first_seen_on, "
        "CAST($made_on AS DATE) AS observed_on, 0 AS merged_count FROM listed",
        {"file": file_id, "site": SITE, "provider": provider, "made_on": made_on},
    )
    warehouse.execute(
        "INSERT INTO ingest.export_files BY NAME SELECT $file AS file_id, $file AS path, $site AS site_domain, "
        "$provider AS provider, 'loaded' AS status, CAST($made_on AS DATE) AS exported_on, $cut AS is_truncated",
        {"file": file_id, "site": SITE, "provider": provider, "made_on": made_on, "cut": cut},
    )
    warehouse.unregister("listed")


def surges_on(warehouse: duckdb.DuckDBPyConnection, night: str) -> list[tuple[str, datetime.date]]:
    """Provider and start of each surge, after the stages have made for that night every table that surges need."""
    as_of = datetime.date.fromisoformat(night)
    for stage, only in needed_tables(["surges.link_surges"]).items():
        pipeline.run_stage(warehouse, stage, as_of=as_of, only=only)
    return warehouse.execute(
        "SELECT provider, starts_on FROM surges.link_surges WHERE as_of = ? ORDER BY ALL", [as_of]
    ).fetchall()


@pytest.mark.parametrize("beginning", ["a crawler that has just found the site", "an index with all its history"])
def test_a_site_that_moves_to_another_provider_has_no_surge_at_the_beginning(
    beginning: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A new crawler finds the links of years in its first days; the old provider's real surge stays where it is."""
    surged = np.repeat(np.datetime64("2025-09-01", "D"), 30)
    export(warehouse, "ahrefs_backlinks", "2026-01-01", np.concatenate([steady("2026-01-01"), surged]))
    moved_on = np.datetime64("2026-01-01", "D")
    history = steady("2026-06-30", seed=2)
    if beginning == "a crawler that has just found the site":
        found = moved_on + np.random.default_rng(3).integers(0, 5, (history < moved_on).sum())
        history = np.concatenate([found, history[history >= moved_on]])
    real = ("ahrefs_backlinks", datetime.date(2025, 9, 1))
    for night in ("2026-01-10", "2026-02-20", "2026-04-01", "2026-06-30"):
        export(warehouse, "semrush_backlinks", night, history)
        assert surges_on(warehouse, night) == [real], night


LIVING = steady("2025-09-01")
LATE = steady("2026-06-30", mean=3.0, seed=4)
RECENT = LATE[np.datetime64("2026-01-15", "D") <= LATE]
"""Of the four months between the last full export and the first day of the report of new links nothing is known."""


@pytest.mark.parametrize("cut", [False, True])
def test_the_first_day_of_a_list_of_recent_links_is_no_surge(cut: bool, warehouse: duckdb.DuckDBPyConnection) -> None:
    export(warehouse, "ahrefs_backlinks", "2025-09-01", LIVING)
    export(warehouse, "ahrefs_backlinks", "2026-06-30", RECENT, cut=cut)
    assert surges_on(warehouse, "2026-06-30") == []


def test_a_full_export_after_lists_that_were_cut_off_is_no_surge(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Lists of the strongest links, every fourth one, then one of all."""
    everything = steady("2026-06-30", mean=2.0)
    for month in ("2026-03-01", "2026-04-01", "2026-05-01"):
        export(warehouse, "ahrefs_backlinks", month, everything[::4], cut=True)
        assert surges_on(warehouse, month) == []
    export(warehouse, "ahrefs_backlinks", "2026-06-01", everything)
    assert surges_on(warehouse, "2026-06-01") == []
