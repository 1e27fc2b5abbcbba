"""How long the report of a large portfolio takes, and how large its pages are: ``penalty-radar benchmark report``.

The demo's sites are walked once and copied until there are a thousand: every row that is a site's, with a domain and
ids of the copy's own. The copies differ in name only, which is all that reading and rendering them can tell apart.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import duckdb

from penalty_radar.benchmarks.rows import Row, make_row
from transforms.schemas import TABLES, Table

SITES = 1_000
BAR_SECONDS = 200.0
"""On two cores."""
BAR_BYTES = 400_000
LINKS_APART = 100_000_000
"""Added to the link numbers of each copy; more than the demo has."""


def measure_rows(sites: int = SITES) -> list[Row]:
    """Seconds of the first build, of one over the same data, and of one with a single changed site; largest pages."""
    from penalty_radar import walk
    from penalty_radar.clock import now
    from penalty_radar.simulation import EXPORTS_FOLDER, simulate_portfolio
    from reports.build import build_report
    from transforms.settings import load_settings
    from transforms.warehouse import open_writer

    rows = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        simulate_portfolio(folder)
        settings = load_settings({"PENALTY_RADAR_EXPORTS": str(folder / EXPORTS_FOLDER)}, folder)
        walked = walk.run_walk(settings)
        with open_writer(settings.warehouse, timeout_seconds=60) as connection:
            count = copy_sites(connection, sites)
            report, case = folder / "many", f"{count} sites, {os.cpu_count()} cores"
            for name, bar in (("first build", BAR_SECONDS), ("same data again", None), ("one site changed", None)):
                if name == "one site changed":
                    connection.execute(
                        "UPDATE risk.site_risk SET risk_score = risk_score + 1 "
                        "WHERE site_domain = (SELECT max(site_domain) FROM risk.site_risk WHERE risk_score < 99)"
                    )
                began = time.perf_counter()
                outcome = build_report(connection, report, as_of=walked.as_of, generated_at=now())
                seconds = time.perf_counter() - began
                meets = None if bar is None else seconds <= bar
                rows.append(make_row("time", f"{name}, {case}", "seconds", seconds, f"≤ {bar:g}" if bar else "", meets))
                rows.append(make_row("time", f"{name}, {case}", "files written", len(outcome.written)))
        pages = {
            "portfolio": report.glob("internal/*/index.html"), "of a site": report.glob("sites/*/*/index.html"),
            "incident": report.glob("sites/*/*/incident-*.html"), "any": report.glob("**/*.html"),
        }  # fmt: skip
        for name, found in pages.items():
            most = max((page.stat().st_size for page in found), default=0)
            rows.append(make_row("size", name, "bytes, largest", most, f"≤ {BAR_BYTES}", most <= BAR_BYTES))
    return rows


def copy_sites(connection: duckdb.DuckDBPyConnection, sites: int) -> int:
    """Copy every site of the warehouse until there are at least ``sites``; returns how many there are."""
    known = connection.execute("SELECT count(DISTINCT site_domain) FROM risk.site_risk").fetchall()[0][0]
    copies = -(-sites // known) - 1
    for declared in TABLES:
        if declared.slice != "view" and "site_domain" in declared.column_names:
            connection.execute(_copy(declared), {"copies": copies})
    return int(known * (copies + 1))


def _copy(declared: Table) -> str:
    changed = []
    for column in declared.columns:
        name = column.name
        if name == "site_domain":
            changed.append("concat('copy-', copy, '-', site_domain) AS site_domain")
        elif name in {"link_id", "link_number"} and column.type == "BIGINT":
            changed.append(f"{name} + copy * {LINKS_APART} AS {name}")
        elif name == "link_id":
            changed.append(f"CAST(CAST(link_id AS BIGINT) + copy * {LINKS_APART} AS VARCHAR) AS link_id")
        elif (name.endswith("_id") or name == "dedupe_key") and column.type == "VARCHAR":
            changed.append(f"concat({name}, '-', copy) AS {name}")
    return (
        f"INSERT INTO {declared.name} BY NAME SELECT original.* REPLACE ({', '.join(changed)}) "  # noqa: S608 - declared
        f"FROM {declared.name} AS original, range(1, $copies + 1) AS copies(copy) "
        "WHERE site_domain IS NOT NULL AND site_domain <> '*'"
    )
