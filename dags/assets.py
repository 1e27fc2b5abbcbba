"""What the DAGs tell each other: files arrived, a feed was read, the portfolio was assessed.

No run relies on a logical date (one that an asset triggers has none): the day travels in the ``extra`` of the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import Asset, AssetWatcher
from airflow.sdk.exceptions import AirflowSkipException

from dags.arrivals import ExportsTrigger
from dags.defaults import settings


def _watchers() -> list[AssetWatcher]:
    exports = settings().exports
    if "://" in exports:  # a bucket says so itself, by an event on this asset (docs/dags.md)
        return []
    return [AssetWatcher(name="exports_folder", trigger=ExportsTrigger(exports))]


EXPORTS = Asset("exports", watchers=_watchers())
"""Files arrived. The triggerer sees them in a local folder; anything else may post an event on this asset."""

BACKLINKS = Asset("backlinks")
"""Backlink exports were read into the warehouse; ``extra``: ``walk.summarise_feed``."""

RANKINGS = Asset("rankings")
"""Ranking exports were read into the warehouse; ``extra``: ``walk.summarise_feed``."""

ASSESSMENT = Asset("assessment")
"""The portfolio was assessed; ``extra``: ``night.plan_night`` and the sites held back."""


def announce(outlet_events: Any, asset: Asset, extra: Mapping[str, Any], *, is_news: bool = True) -> None:
    """Publish ``asset`` with ``extra`` when this task ends; without news skip the task, which publishes nothing."""
    if not is_news:
        raise AirflowSkipException(f"nothing new for {asset.name}")
    outlet_events[asset].extra = dict(extra)


def newest_events(inlet_events: Any) -> dict[str, dict[str, Any]]:
    """By asset name the ``extra`` of its newest event and ``at``, its time in UTC as ISO text; no event, no entry."""
    newest: dict[str, dict[str, Any]] = {}
    for asset in inlet_events:
        for event in inlet_events[asset].ascending(False).limit(1):
            newest[asset.name] = {**(event.extra or {}), "at": event.timestamp.isoformat()}
    return newest
