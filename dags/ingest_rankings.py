"""Read the night's ranking and search performance exports into the warehouse.

## What it does
First fetches, for the sites that `sites.toml` says so of, the days that are due from the Search Console API
(docs/feeds.md). Then lists the ranking exports that the ledger does not know yet (by content, not by name; the tables
of one Search Console export stay together), reads them in batches, and publishes the asset `rankings` with the newest
day and the counts. A file that cannot be read is set aside with the reason in `ingest.export_files`, a row in
`ingest.rejected_rows`; the rest is loaded. The same file twice does nothing.

## When it runs
Every night at `schedule` in `time_zone` (settings), and when files have arrived in the exports folder (asset
`exports`; for a bucket, post an event on that asset). A night without new files publishes nothing.

## Parameters
- `site`: read only this site's exports, for example `shop.example`.

## Example
    airflow dags trigger ingest_rankings --conf '{"site": "shop.example"}'

## When it fails
A fetch that fails keeps no file from being read. A busy warehouse is tried again by itself. A batch that fails for good
makes the run end failed, but what it and the others have read is published all the same, with the number of failed
batches. Mend the cause and clear the batch with all after it, or wait for the next run: only what is missing is read,
and what was read unannounced is published then.
"""

from __future__ import annotations

from airflow.sdk import AssetOrTimeSchedule, dag

from dags.assets import EXPORTS, RANKINGS
from dags.defaults import TAGS, TASK_DEFAULTS, nightly, settings
from dags.feeds import PARAMS, ingest_feed
from dags.fetching import fetch_search_console


@dag(
    schedule=AssetOrTimeSchedule(timetable=nightly(settings().schedule), assets=[EXPORTS]),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params=PARAMS,
    tags=[*TAGS, "ingest"],
    doc_md=__doc__,
)
def ingest_rankings() -> None:
    """Read ranking exports; see the module's docstring."""
    ingest_feed("rankings", RANKINGS, fetch_search_console())


DAG = ingest_rankings()
