"""How long the search for groups takes and what memory, on links made up in bulk.

``python -m penalty_radar.benchmarks.lockstep_speed --links 1000000`` prints the figures at another size. The work runs
in a process of its own on a warehouse made by another one, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import datetime
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from penalty_radar.benchmarks.rows import Row, make_row

LINKS = 10_000_000
SOURCES = 100_000
SITES = 100
PAGES = 2_000
"""Pages of each site."""

NETWORKS = 100
"""Networks of twenty sources that link six pages within ten days, put in to be found again."""

DAYS = 1_500
AS_OF = datetime.date(2026, 3, 1)
TABLE = "speed and memory of the lockstep search"
MOST_GIGABYTES = 4.0
MOST_SECONDS = 300.0
"""Five minutes of a night."""

# Sources and pages are drawn with a heavy tail: of the sources the busiest hundredth has two fifths of the links, of
# the pages of a site the first has a third. A source links in bouts: eight links in a row come on one day,
# three links in a row go to one page, as links of one domain mostly do.
_MAKE = f"""
INSERT INTO staging.link_observations BY NAME
SELECT
  n AS link_id, site_domain || '-0' AS file_id, site_domain, 'index' AS provider, site_domain || '-0' AS described_in,
  source AS source_host_id, 'https://s' || source || '.example/' || n AS source_url,
  'https://' || site_domain || '/page-' || page AS target_url,
  DATE '2022-01-01' + CAST(hash(source, bout) % {DAYS} AS INTEGER) AS first_seen_on,
  DATE '2026-02-28' AS observed_on, 0 AS merged_count
FROM (
  SELECT n, n // 8 % 12500 AS bout, 'client' || hash(n // 8, 's') % {SITES} || '.example' AS site_domain,
    CAST(floor({SOURCES} * pow(hash(n // 8, 'a') % 1000003 / 1000003.0, 5)) AS BIGINT) AS source,
    CAST(floor({PAGES} * pow(hash(n // 3, 'p') % 1000003 / 1000003.0, 7)) AS BIGINT) AS page
  FROM range($links) AS numbers (n)
)
"""  # noqa: S608 - constants of this module
_PLANT = f"""
INSERT INTO staging.link_observations BY NAME
SELECT
  -1 - (network * 120 + member * 6 + page) AS link_id, site_domain || '-0' AS file_id, site_domain,
  'index' AS provider, site_domain || '-0' AS described_in, {SOURCES} + network * 20 + member AS source_host_id,
  'https://n' || network || '-' || member || '.example/' || page AS source_url,
  'https://' || site_domain || '/money-' || network || '-' || page AS target_url,
  DATE '2022-02-01' + CAST(network * 14 + (member + page) % 10 AS INTEGER) AS first_seen_on,
  DATE '2026-02-28' AS observed_on, 0 AS merged_count
FROM (
  SELECT network, member, page, 'client' || network % {SITES} || '.example' AS site_domain
  FROM range({NETWORKS}) AS a (network), range(20) AS b (member), range(6) AS c (page)
)
"""  # noqa: S608 - constants of this module


def measure_rows(links: int = LINKS) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}."""
    with tempfile.TemporaryDirectory(prefix="penalty-radar-benchmark-") as folder:
        warehouse = Path(folder) / "links.duckdb"
        _run_apart(_make_links, warehouse, links)
        edges, told, seconds, peak, members = _run_apart(_search, warehouse, links)
    case = f"{links / 1e6:g} million links, {SOURCES:,} sources"
    gigabytes, planted = peak / 1024, NETWORKS * 20
    return [
        make_row(TABLE, case, "edges listed", told),
        make_row(TABLE, case, "the table of edges, s", edges),
        make_row(TABLE, case, "the search, s", seconds),
        make_row(TABLE, case, "both, s", edges + seconds, f"≤ {MOST_SECONDS:g}", edges + seconds <= MOST_SECONDS),
        make_row(TABLE, case, "peak memory, GB", gigabytes, f"≤ {MOST_GIGABYTES:g}", gigabytes <= MOST_GIGABYTES),
        make_row(TABLE, case, "planted members found", members[0] / planted),
        make_row(TABLE, case, "other members", members[1]),
    ]


def _run_apart(work: Callable[[Path, int], Any], warehouse: Path, links: int) -> Any:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (warehouse, links))


def _make_links(warehouse: Path, links: int) -> None:
    from transforms.warehouse import open_writer

    with open_writer(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
        connection.execute(_MAKE, {"links": links})
        connection.execute(_PLANT)
        connection.execute(
            "INSERT INTO staging.hosts SELECT n AS host_id, host, host FROM (SELECT n, CASE WHEN n < $sources "
            "THEN 's' || n ELSE 'n' || (n - $sources) END || '.example' AS host FROM range($all) AS numbers (n))",
            {"sources": SOURCES, "all": SOURCES + NETWORKS * 20},
        )
        connection.execute(
            "INSERT INTO staging.known_exports BY NAME SELECT DISTINCT file_id, site_domain, provider, "
            "observed_on, 1 AS file_order, TRUE AS is_complete, TRUE AS is_only FROM staging.link_observations"
        )
        connection.execute("CHECKPOINT")


def _search(warehouse: Path, links: int) -> tuple[float, int, float, float, tuple[int, int]]:
    """Seconds of the SQL, rows of edges, seconds of the search, peak MB, members planted and others."""
    from transforms import pipeline
    from transforms.signals import lockstep_members
    from transforms.warehouse import open_writer

    query = pipeline.query_of("signals.lockstep_edges")
    used = set(pipeline.PARAMETER.findall(pipeline.COMMENT.sub("", query)))
    values = {name: value for name, value in pipeline.stage_parameters("signals").items() if name in used}
    with open_writer(warehouse) as connection:
        connection.execute("SET enable_progress_bar = false")
        began = time.monotonic()
        connection.execute(f"INSERT INTO signals.lockstep_edges BY NAME {query}", values)
        made = time.monotonic()
        edges = connection.execute("SELECT * FROM signals.lockstep_edges").df()
        members = lockstep_members.build({"signals.lockstep_edges": edges}, as_of=AS_OF)
        done = time.monotonic()
    is_planted = members["source_domain"].str.startswith("n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return made - began, len(edges), done - made, peak, (int(is_planted.sum()), int((~is_planted).sum()))


def main() -> None:
    """Print the figures of a run of another size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--links", type=int, default=LINKS)
    for row in measure_rows(parser.parse_args().links):
        print(f"{row['case']:<40} {row['metric']:<26} {row['value']:>14.3f}  {row['bar']}")


if __name__ == "__main__":
    main()
