"""The tasks that fetch feeds before their files are read; they touch no warehouse, and so stand outside its pool."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Connection, task
from airflow.sdk.exceptions import AirflowNotFoundException


def read_connection(conn_id: str) -> dict[str, Any]:
    """What the feeds need of an Airflow connection; empty when there is none of that id."""
    from penalty_radar.connections import flatten_connection

    try:
        found = Connection.get(conn_id)
    except AirflowNotFoundException:
        return {}  # any other error may pass: the task is tried again
    return flatten_connection(found.password, found.host, found.extra_dejson)


@task(pool="default_pool")
def fetch_search_console(params: Any = None) -> list[dict[str, Any]]:
    """Save what the Search Console API says; what became of each site."""
    from penalty_radar import feeding, walk

    return feeding.fetch_feeds(
        walk.load(), feeding.RANKING_FEEDS, site=params["site"], connections=read_connection, only_due=True
    )


@task(pool="default_pool")
def fetch_backlinks(params: Any = None) -> list[dict[str, Any]]:
    """Save what the backlink APIs say, within their caps; what became of each site."""
    from penalty_radar import feeding, walk

    return feeding.fetch_feeds(
        walk.load(), feeding.BACKLINK_FEEDS, site=params["site"], connections=read_connection, only_due=True
    )
