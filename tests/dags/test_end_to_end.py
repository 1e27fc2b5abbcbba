"""The three real DAGs over a few export files: everything between the folder and the report, as the demo runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from penalty_radar.airflow_home import run_dags, run_log
from penalty_radar.demo import DAGS
from penalty_radar.simulation import WorldParameters, simulate_portfolio
from transforms.settings import Settings
from transforms.warehouse import open_reader

pytestmark = pytest.mark.airflow

WHOLE_SITES = ("letselschade-imagidaal.nl", "moestuin-nergensloo.nl")
COUNTED = ("ingest.export_files", "staging.link_observations", "risk.site_risk", "reports.alerts")
BROKEN_SITE = "fietsreizen-verzonburg.nl"


class Night:
    """A folder of exports with its own Airflow and warehouse, and what running the DAGs over it gave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(
            exports=str(folder / "exports"),
            warehouse=folder / "warehouse.duckdb",
            report=folder / "report",
            alerts_file=folder / "alerts.jsonl",
            batch_size=2,
        )
        self.runs: list[dict[tuple[str, int], str]] = []
        self.counts: list[dict[str, int]] = []

    def run(self) -> None:
        """Run the three DAGs once more; note the rows of some tables, and each task's state by name and map index."""
        tasks: list[dict[str, Any]] = []
        code = run_dags(DAGS, self.folder / "airflow", self.settings, on_task=tasks.append)
        failed = [task for task in tasks if task["state"] == "failed"]
        assert code == 0, f"{failed}\n{run_log(self.folder / 'airflow').read_text(errors='replace')[-5000:]}"
        self.counts.append({name: self.query(f"SELECT count(*) FROM {name}")[0][0] for name in COUNTED})
        self.runs.append({(f"{task['dag']}.{task['task']}", task["map_index"]): task["state"] for task in tasks})

    def query(self, sql: str) -> list[Any]:
        """Rows of the published snapshot."""
        with open_reader(self.settings.warehouse) as connection:
            return connection.execute(sql).fetchall()


def break_links(folder: Path) -> None:
    """Make every second day of a link export unreadable, as when a provider changes its format."""
    (path,) = folder.glob("*-backlinks.csv")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [row.replace(",2026-", ",soon-").replace(",2025-", ",soon-") if n % 2 else row for n, row in enumerate(rows)]
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Two whole sites and one whose link export is half unreadable, run twice."""
    folder = tmp_path_factory.mktemp("night")
    world = WorldParameters.demo()
    sites = tuple(site for site in world.sites if site.domain in {*WHOLE_SITES, BROKEN_SITE})
    simulate_portfolio(folder, parameters=world.model_copy(update={"sites": sites}))
    break_links(folder / "exports" / BROKEN_SITE)
    one = Night(folder)
    one.run()
    one.run()
    return one


def test_every_task_ran_and_ingest_was_mapped_over_batches(night: Night) -> None:
    first = night.runs[0]
    assert set(first.values()) == {"success"}
    assert {index for (name, index) in first if name == "ingest_backlinks.ingest_batch"} >= {0, 1}
    assert ("assess_penalty_risk.publish", -1) in first


def test_a_broken_minimum_holds_back_its_site_alone(night: Night) -> None:
    broken = "SELECT DISTINCT site_domain FROM expectations.outcomes WHERE severity = 'minimum' AND NOT is_met"
    assert night.query(broken) == [(BROKEN_SITE,)]
    assessed = night.query("SELECT DISTINCT site_domain FROM risk.site_risk ORDER BY 1")
    assert [site for (site,) in assessed] == sorted(WHOLE_SITES)
    assert night.query("SELECT count(*) > 0 FROM ingest.rejected_rows WHERE value LIKE 'soon-%'") == [(True,)]


def test_the_report_has_a_page_for_what_was_assessed(night: Night) -> None:
    pages = [path.read_text(encoding="utf-8") for path in night.settings.report.rglob("*.html")]
    assert (night.settings.report / "index.html").is_file()
    for site in (*WHOLE_SITES, BROKEN_SITE):
        assert any(site in page for page in pages)


def test_a_second_run_reads_nothing_and_changes_nothing(night: Night) -> None:
    second = night.runs[1]
    assert not [name for name, _ in second if name.endswith("ingest_batch")]
    assert second["assess_penalty_risk.publish", -1] == "success"
    assert night.counts[1] == night.counts[0]
