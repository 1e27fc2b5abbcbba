"""The whole walk on a made-up portfolio: run twice, killed half-way, one site at a time, one site broken."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys

import duckdb
import pytest

from penalty_radar import walk
from penalty_radar.simulation import WorldParameters, simulate_portfolio
from transforms.schemas import TABLES
from transforms.schemas.staging import REPORTED
from transforms.settings import Settings
from transforms.warehouse import open_writer

SITES = ("bookbinding-fablewick.com", "dakwerken-nepsterveld.nl", "letselschade-imagidaal.nl")
"""Three of the demo's sites that between them have every kind of table: the demo's own test walks all eight."""

STAMPS = {"ingested_at", "raised_at", "last_notified_at"}  # when the run was made: not data


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory):
    """The exports of three made-up sites."""
    folder, world = tmp_path_factory.mktemp("portfolio"), WorldParameters.demo()
    sites = tuple(site for site in world.sites if site.domain in SITES)
    simulate_portfolio(folder, parameters=world.model_copy(update={"sites": sites}))
    return folder / "exports"


def settings_below(folder, exports):
    return Settings(
        exports=str(exports),
        warehouse=folder / "warehouse.duckdb",
        report=folder / "report",
        alerts_file=folder / "alerts.jsonl",
    )


@pytest.fixture(scope="session")
def walked(portfolio, tmp_path_factory):
    """One undisturbed run over the portfolio."""
    folder = tmp_path_factory.mktemp("walked")
    settings = settings_below(folder, portfolio)
    return settings, walk.run_walk(settings)


def contents(warehouse):
    """Every table's rows without the run's own stamps, sorted, as text."""
    with open_writer(warehouse) as connection:
        tables = {}
        for table in TABLES:
            columns = ", ".join(f'"{name}"' for name in table.column_names if name not in STAMPS)
            rows = connection.execute(f"SELECT {columns} FROM {table.name}").fetchall()
            tables[table.name] = sorted(map(repr, rows))
        return tables


def pages(folder):
    """Hash of every page by name, without the run's own stamp."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in {"run.js", "run.json"}
    }


def test_every_table_of_the_first_formats_is_filled(walked):
    tables = contents(walked[0].warehouse)
    empty = {name for name, rows in tables.items() if not rows}
    assert empty <= {
        "ingest.rejected_rows",
        "ingest.listed_feeds",
        "expectations.failing_rows",
        "staging.link_states",  # every site has one export of each provider
        "signals.discovery_lag",  # which is told by successive exports
        # these exports tell clicks of the whole site by day, not of pages or queries
        "signals.search_days",
        "signals.search_members",
        "signals.search_segments",
        "signals.search_visibility",
        "correlation.linked_days",
        "correlation.arranged_days",
        # nobody wrote down what the team knows
        "staging.planned_events",
        "staging.label_observations",
        "staging.labels",
        "signals.lockstep_members",  # invented sources do not act together
        "ingest.allowed_domains",
        "ingest.competitors",
        "staging.decision_observations",
        "reports.decisions",
        "reports.silences",
        "reports.outbox",
        "reports.outbox_alerts",
        "signals.told_links",
        "signals.source_customers",  # no two invented sites have a seller in common
        "signals.labelled_links",
        "signals.label_corrections",
        "signals.placements_standing",
        "surges.surge_declarations",
        "signals.shared_sources",  # no two invented sites have a source in common
        *(declared.name for declared in REPORTED),
    }


def test_a_second_run_changes_nothing(walked, tmp_path):
    first, _ = walked
    settings = settings_below(tmp_path, first.exports)
    shutil.copy(first.warehouse, settings.warehouse)
    shutil.copytree(first.report, settings.report)
    shutil.copy(first.alerts_file, settings.alerts_file)
    before = contents(settings.warehouse), pages(settings.report), settings.alerts_file.read_bytes()
    result = walk.run_walk(settings)
    assert result.alerts == []
    assert all(file.is_already_known for file in result.files)
    assert (contents(settings.warehouse), pages(settings.report), settings.alerts_file.read_bytes()) == before


@pytest.mark.parametrize("moment", ["ingest.export_files", "signals.link_marks"])
def test_a_run_killed_half_way_and_run_again_gives_the_same_tables(walked, tmp_path, moment):
    first, _ = walked
    settings = settings_below(tmp_path, first.exports)
    script = (
        "import pathlib, sys\n"
        "from penalty_radar import walk\nfrom transforms import pipeline\nfrom transforms.settings import Settings\n"
        "insert, calls = pipeline._insert, []\n"
        "def insert_slowly(connection, declared, *rest, **more):\n"
        "    rows = insert(connection, declared, *rest, **more)\n"
        f"    if declared.name == {moment!r} or ({moment!r} == 'ingest.export_files' and len(calls) == 5):\n"
        "        print('half way', flush=True)\n        sys.stdin.read()\n"
        "    calls.append(declared.name)\n"
        "    return rows\n"
        "pipeline._insert = insert_slowly\n"
        "walk.run_walk(Settings(exports=sys.argv[1], warehouse=pathlib.Path(sys.argv[2]) / 'warehouse.duckdb',"
        " report=pathlib.Path(sys.argv[2]) / 'report', alerts_file=pathlib.Path(sys.argv[2]) / 'alerts.jsonl'))\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script, first.exports, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(walk.CHECKOUT)},
    )
    assert running.stdout is not None
    for line in running.stdout:
        if line.strip() == "half way":
            break
    else:
        pytest.fail(f"the run ended before it could be killed ({running.wait()})")
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=30)
    walk.run_walk(settings)
    assert contents(settings.warehouse) == contents(first.warehouse)


def test_one_site_can_be_redone_without_touching_the_others(walked, tmp_path):
    first, result = walked
    settings = settings_below(tmp_path, first.exports)
    shutil.copy(first.warehouse, settings.warehouse)
    before = contents(settings.warehouse)
    with duckdb.connect(str(settings.warehouse)) as connection:
        site = connection.execute("SELECT min(site_domain) FROM surges.link_surges").fetchall()[0][0]
        connection.execute("DELETE FROM surges.link_surges WHERE site_domain = ?", [site])
    walk.run_stage(settings, "surges", as_of=result.as_of.isoformat(), site=site)
    assert contents(settings.warehouse) == before


def test_a_broken_minimum_holds_back_one_site_and_the_rest_goes_on(portfolio, tmp_path):
    exports = tmp_path / "exports"
    shutil.copytree(portfolio, exports)
    broken = next(path for path in sorted(exports.rglob("*backlinks*.csv")) if b"," in path.read_bytes()[:200])
    lines = broken.read_text(encoding="utf-8").splitlines(keepends=True)
    header = lines[0].split(",")
    column = next(number for number, name in enumerate(header) if name.strip().lower() == "first seen")
    garbled = [lines[0]]
    for line in lines[1:]:
        cells = line.rstrip("\n").split(",")
        # Only plain lines are garbled; a quoted comma would shift the columns.
        if '"' not in line:
            cells[column] = "sometime"
        garbled.append(",".join(cells) + "\n")
    broken.write_text("".join(garbled), encoding="utf-8")
    site = broken.parent.name
    settings = settings_below(tmp_path, exports)
    result = walk.run_walk(settings)
    assert result.held_back == [site]
    with open_writer(settings.warehouse) as connection:
        assessed = connection.execute("SELECT site_domain FROM risk.site_risk ORDER BY 1").fetchall()
    assert assessed == [(name,) for name in SITES if name != site]
    assert [alert.kind for alert in result.alerts if alert.site_domain == site] == ["held_back"]


def test_with_a_list_only_its_sites_are_assessed_and_a_bad_entry_stops_its_own_site(portfolio, tmp_path):
    listed, faulty, unlisted = SITES
    sites = tmp_path / "sites.toml"
    sites.write_text(
        f'[[site]]\ndomain = "{listed}"\nfeeds.majestic.cadence = "daily"\n\n'
        f'[[site]]\ndomain = "{faulty}"\nlanguage = "Dutch"\n',
        encoding="utf-8",
    )
    settings = settings_below(tmp_path, portfolio).model_copy(update={"sites": sites})
    result = walk.run_walk(settings)
    assert result.held_back == [faulty]
    assert result.sites["standings"] == {listed: "listed", faulty: "faulty", unlisted: "unlisted"}
    assert "a language such as" in result.sites["problems"][0]
    with open_writer(settings.warehouse) as connection:
        assessed = connection.execute("SELECT DISTINCT site_domain FROM risk.site_risk").fetchall()
        feeds = connection.execute("SELECT DISTINCT site_domain FROM ingest.feeds ORDER BY 1").fetchall()
    assert assessed == [(listed,)]
    assert feeds == sorted([(listed,), (faulty,)])
    index = (settings.report / "internal/en/index.html").read_text(encoding="utf-8")
    assert (listed in index, unlisted in index) == (True, False)
    assert sorted(folder.name for folder in (settings.report / "sites").iterdir()) == sorted([listed, faulty])
