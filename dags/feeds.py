"""The tasks of the two ingest DAGs, which differ only in the feed they read."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Asset, Param, task

from dags.assets import announce

PARAMS = {"site": Param(None, type=["null", "string"], description="Read only this site's exports (its domain).")}


def ingest_feed(feed: str, asset: Asset) -> None:
    """List what is new in batches, read each batch, publish ``asset``; nothing new skips the rest."""

    @task
    def list_batches(params: Any = None) -> list[list[str]]:
        from penalty_radar import walk

        return walk.list_batches(walk.load(), feed, site=params["site"])

    @task
    def ingest_batch(paths: list[str]) -> dict[str, Any]:
        from penalty_radar import walk

        return walk.ingest_batch(walk.load(), paths)

    @task(outlets=[asset])
    def summarise_feed(summaries: Any, outlet_events: Any = None) -> None:
        from penalty_radar import walk

        summary = walk.summarise_feed(walk.load(), feed, list(summaries))
        announce(outlet_events, asset, summary, is_news=summary["loaded"] > 0)

    summarise_feed(ingest_batch.expand(paths=list_batches()))
