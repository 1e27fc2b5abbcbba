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
AGAIN = "ingest_backlinks"
BROKEN_SITE = "fietsreizen-verzonburg.nl"


class Night:
    """A folder of exports with its own Airflow and warehouse, and what running the DAGs over it gave."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            exports=str(folder / "exports"),
            warehouse=folder / "warehouse.duckdb",
            sites=folder / "sites.toml",
            state=folder / "state",
            report=folder / "report",
            alerts_file=folder / "alerts.jsonl",
            batch_size=2,
        )
        self.tasks: list[dict[str, Any]] = []
        home = folder / "airflow"
        code = run_dags([*DAGS, AGAIN], home, self.settings, on_task=self.tasks.append)
        failed = [task for task in self.tasks if task["state"] == "failed"]
        assert code == 0, f"{failed}\n{run_log(home).read_text(errors='replace')[-5000:]}"

    def ran(self, dag_id: str) -> list[tuple[str, int]]:
        """Task and map index of what ran in the DAG, in order."""
        return [(task["task"], task["map_index"]) for task in self.tasks if task["dag"] == dag_id]

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
    """Two whole sites and one whose link export is half unreadable; one feed is read once more at the end."""
    folder = tmp_path_factory.mktemp("night")
    world = WorldParameters.demo()
    sites = tuple(site for site in world.sites if site.domain in {*WHOLE_SITES, BROKEN_SITE})
    simulate_portfolio(folder, parameters=world.model_copy(update={"sites": sites}))
    break_links(folder / "exports" / BROKEN_SITE)
    return Night(folder)


def test_every_task_ran_and_ingest_was_mapped_over_batches(night: Night) -> None:
    assert {(task["task"], task["state"]) for task in night.tasks if task["state"] != "success"} == {
        ("summarise_feed", "skipped")  # of the second reading, which found nothing new
    }
    assert {("ingest_batch", 0), ("ingest_batch", 1)} <= set(night.ran("ingest_backlinks"))
    assert set(night.ran("assess_penalty_risk")[-2:]) == {("publish", -1), ("send_messages", -1)}


def test_the_same_files_again_are_not_read(night: Night) -> None:
    ran = night.ran(AGAIN)
    assert ran[-2:] == [("list_batches", -1), ("summarise_feed", -1)]
    assert ran.count(("list_batches", -1)) == 2
    assert ran.count(("ingest_batch", 0)) == 1


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
