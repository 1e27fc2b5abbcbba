"""The tasks of the two ingest DAGs, which differ only in the feed they read."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, Param, TriggerRule, task
from airflow.sdk.exceptions import AirflowFailException

from dags.assets import announce, newest_events

PARAMS = {"site": Param(None, type=["null", "string"], description="Read only this site's exports (its domain).")}


def ingest_feed(feed: str, asset: Asset, fetched: Any) -> None:
    """List what is new in batches, read each batch, publish ``asset`` unless all that was read was announced before.

    A fetch (the task ``fetched``) or a batch that fails keeps back neither the others nor what an earlier run read; the
    run ends failed all the same.
    """

    @task(trigger_rule=TriggerRule.ALL_DONE)
    def list_batches(params: Any = None) -> list[list[str]]:
        from penalty_radar import walk

        return walk.list_batches(walk.load(), feed, site=params["site"])

    @task
    def ingest_batch(paths: list[str]) -> dict[str, Any]:
        from penalty_radar import walk

        return walk.ingest_batch(walk.load(), paths)

    @task(inlets=[asset], outlets=[asset], trigger_rule=TriggerRule.ALL_DONE)
    def summarise_feed(batches: Any, summaries: Any, inlet_events: Any = None, outlet_events: Any = None) -> None:
        from penalty_radar import walk

        done = [summary for summary in summaries or [] if summary is not None]
        failed = len(batches or []) - len(done)
        print(f"{feed}: {len(done)} batches read, {failed} failed")
        summary = walk.summarise_feed(walk.load(), feed, done)
        announced = newest_events(inlet_events).get(asset.name, {}).get("read_until")
        is_news = summary["read_until"] not in {None, announced}
        announce(outlet_events, asset, {**summary, "failed_batches": failed}, is_news=is_news)

    @task(trigger_rule=TriggerRule.ONE_FAILED)
    def end_failed() -> None:
        raise AirflowFailException(
            f"{feed}: not everything was fetched or read; see the failed tasks, and clear them once mended"
        )

    batches = list_batches()
    fetched >> batches
    read = ingest_batch.expand(paths=batches)
    [fetched, batches, read, summarise_feed(batches, read)] >> end_failed()
