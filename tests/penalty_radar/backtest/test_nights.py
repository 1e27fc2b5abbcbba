"""Replaying equals running, single exports are reconstructed and put back, and nothing real is overwritten."""

import datetime
import shutil
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from penalty_radar import walk
from penalty_radar.backtest import list_nights, replay_nights
from penalty_radar.backtest.command import run_backtest
from penalty_radar.backtest.needed_tables import needed_tables
from penalty_radar.backtest.nights import FINDINGS
from penalty_radar.backtest.reconstruction import Reconstruction
from penalty_radar.benchmarks.backtest import backtest_world
from penalty_radar.simulation.search_engine.dated_exports import write_dated_exports
from transforms import pipeline
from transforms.errors import UsageError
from transforms.schemas import table
from transforms.settings import Settings, load_settings
from transforms.warehouse import open_writer

LAST = backtest_world().last_export_on
DAYS = tuple(LAST - datetime.timedelta(days=back) for back in (60, 30, 0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three exports, a month apart, of one site."""
    made = tmp_path_factory.mktemp("dated")
    world = backtest_world(1)
    quiet = world.sites.model_copy(update={"link_daily_mean": (0.1, 0.15)})
    write_dated_exports(made, world.model_copy(update={"sites": quiet, "link_history_days": 240}), name="t", days=DAYS)
    return made


def _settings(exports: Path, warehouse: Path) -> Settings:
    return load_settings(
        {"PENALTY_RADAR_EXPORTS": str(exports), "PENALTY_RADAR_WAREHOUSE": str(warehouse)}, warehouse.parent
    )


def _night(settings: Settings, names: list[str]) -> dict[str, pd.DataFrame]:
    with open_writer(settings.warehouse) as connection:
        return {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY {', '.join(table(name).key)}").df()
            for name in names
        }


def test_replaying_equals_running(folder, tmp_path):
    """The tables of a replayed night are those of the night that was run, with only what had been exported by then."""
    replayed, ran = (_settings(tmp_path / name / "exports", tmp_path / name / "w.duckdb") for name in ("all", "some"))
    shutil.copytree(folder / "exports", replayed.exports)
    shutil.copytree(folder / "exports", ran.exports)
    for path in Path(ran.exports).rglob("*.csv"):
        if str(DAYS[2]) in path.name:
            path.unlink()
    needed = needed_tables(FINDINGS)
    names = [
        name
        for only in needed.values()
        for name in only
        if table(name).slice in {"site", "night"} and pipeline.is_made(table(name))
    ]
    made = []
    for settings in (replayed, ran):
        walk.ingest_paths(settings)
        walk.list_sites(settings, as_of=DAYS[1].isoformat())
        with open_writer(settings.warehouse) as connection:
            alarms = pd.concat(list(replay_nights(connection, DAYS[:2])), ignore_index=True)
        made.append((_night(settings, names), alarms))
    assert_frame_equal(made[0][1], made[1][1])
    assert len(made[0][0]["signals.daily_links"]) > 0
    assert len(made[0][0]["signals.visibility"]) > 300
    different = []
    for name in names:
        both = [tables[name].drop(columns=["is_only"], errors="ignore") for tables, _ in made]
        if not both[0].equals(both[1]):
            different.append(name)
    assert different == []


def test_a_single_export_is_shown_as_it_would_have_been_and_put_back(folder, tmp_path):
    exports = tmp_path / "exports"
    for path in (folder / "exports").rglob(f"*backlinks*{DAYS[2]}*"):
        (exports / path.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, exports / path.parent.name / path.name)
    settings = _settings(exports, tmp_path / "w.duckdb")
    walk.ingest_paths(settings)
    with open_writer(settings.warehouse) as connection:
        said = "SELECT * FROM staging.link_observations ORDER BY ALL"
        days = "SELECT path, exported_on FROM ingest.export_files ORDER BY ALL"
        before, ledger = connection.execute(said).df(), connection.execute(days).fetchall()
        with Reconstruction(connection, DAYS[0]) as reconstruction:
            assert [provider for _, provider in reconstruction.series] == ["ahrefs_backlinks"]
            reconstruction.show(DAYS[1])
            shown = connection.execute(said).df()
            site = reconstruction.series[0][0]
            assert reconstruction.is_shown(site, "ahrefs_backlinks", DAYS[1])
            assert not reconstruction.is_shown(site, "ahrefs_backlinks", DAYS[2])
        assert_frame_equal(connection.execute(said).df(), before)
        assert connection.execute(days).fetchall() == ledger
    night = pd.Timestamp(DAYS[1])
    assert 0 < len(shown) == (before["first_seen_on"] <= night).sum() < len(before)
    assert (shown["observed_on"] == night).all()
    assert (shown["last_seen_on"] <= night).all()
    assert not (shown["lost_on"] > night).any()
    lost_later = before.loc[(before["lost_on"] > night) & (before["first_seen_on"] <= night), "link_id"]
    assert not shown.loc[shown["link_id"].isin(lost_later), "is_lost"].fillna(False).any()


def test_the_command_writes_alarms_and_never_overwrites_real_nights(folder, tmp_path):
    said: list[str] = []
    settings = _settings(folder / "exports", tmp_path / "w.duckdb")
    alarms = run_backtest(settings, from_on=DAYS[2], until_on=DAYS[2], echo=said.append)
    assert pd.read_csv(tmp_path / "w.alarms.csv").shape[0] == len(alarms)
    assert (tmp_path / "w.backtest.json").is_file()
    assert any("false alarms a site-year" in line for line in said)
    with pytest.raises(UsageError, match="no night"):
        run_backtest(settings, from_on=DAYS[2], until_on=DAYS[1])
    with open_writer(tmp_path / "real.duckdb"):
        pass
    with pytest.raises(UsageError, match="no backtest made"):
        run_backtest(_settings(folder / "exports", tmp_path / "real.duckdb"))


def test_nights_end_with_the_newest_export(folder, tmp_path):
    settings = _settings(folder / "exports", tmp_path / "w.duckdb")
    with open_writer(settings.warehouse) as connection:
        assert list_nights(connection, None, None, 7) == []
        nights = list_nights(connection, DAYS[0], DAYS[2], 7)
    assert nights[-1] == DAYS[2]
    assert nights[0] >= DAYS[0]
    assert {(later - before).days for before, later in pairwise(nights)} == {7}


def test_only_what_a_finding_needs_is_made():
    needed = needed_tables(["drops.ranking_drops"])
    assert "signals.visibility" in needed["signals"]
    assert "signals.link_origins" not in needed["signals"]
    assert "surges" not in needed
    assert "signals.daily_links" in needed_tables(FINDINGS)["signals"]
