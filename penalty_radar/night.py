"""Decides whether a started run is the one that assesses the night, and with which feeds.

A night runs from noon to noon in the team's time zone, so that files which arrive in the evening and files fetched
before dawn are one night. Nothing here reads a clock, a file or the warehouse: what happened comes as asset events.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from transforms.settings import Settings

FEEDS = ("backlinks", "rankings")
ASSESSMENT = "assessment"


class Trigger(StrEnum):
    """What started the run; anything else than these two is a person's wish and is carried out."""

    ASSET = "asset_triggered"
    CUTOFF = "scheduled"
    PERSON = "manual"

    @classmethod
    def _missing_(cls, value: object) -> Trigger:
        return cls.PERSON


def night_of(moment: datetime.datetime, time_zone: str) -> str:
    """The night that ``moment`` (aware) belongs to, as the ISO date of its evening."""
    local = moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
    return (local - datetime.timedelta(hours=12)).date().isoformat()


def plan_night(
    settings: Settings,
    trigger: str,
    moment: datetime.datetime,
    events: Mapping[str, Mapping[str, Any]],
    *,
    as_of: str | None = None,
    site: str | None = None,
) -> dict[str, Any] | None:
    """What a run is to assess, or None when it is not this run's turn.

    Args:
        settings: for the team's time zone.
        trigger: what started the run, in Airflow's word; see :class:`Trigger`.
        moment: when the run was due (aware).
        events: by asset name the newest event: ``at`` (UTC, ISO text) and its extra; for a feed ``day``, for
            ``assessment`` the plan that was carried out.
        as_of: a person's choice of day, ISO text.
        site: a person's choice of site.

    Returns:
        ``as_of`` (ISO day, None = newest in the warehouse), ``site``, ``missing_feeds``, ``night`` and ``read`` (by
        feed the time of the event that was taken in), JSON-able. A run for one site or day leaves the last three as
        they were: it does not stand for the night.
    """
    night = night_of(moment, settings.time_zone)
    assessed = events.get(ASSESSMENT, {})
    read = {feed: events[feed]["at"] for feed in FEEDS if feed in events}
    new = {feed for feed, at in read.items() if at != assessed.get("read", {}).get(feed)}
    tonight = {
        feed for feed, at in read.items() if night_of(datetime.datetime.fromisoformat(at), settings.time_zone) == night
    }
    missing = [feed for feed in FEEDS if feed not in new | tonight]
    if not new:  # the same data again: what was said about it stays true
        missing = list(assessed.get("missing_feeds", []))
    if Trigger(trigger) is Trigger.ASSET and not _is_complete(new, tonight, night, assessed):
        return None
    if Trigger(trigger) is Trigger.CUTOFF and not new:
        return None
    if as_of or site:
        kept = {"night": assessed.get("night"), "read": assessed.get("read", {})}
        return {"as_of": as_of, "site": site, "missing_feeds": list(assessed.get("missing_feeds", [])), **kept}
    days = [events[feed]["day"] for feed in read if events[feed].get("day")]
    return {"as_of": max(days, default=None), "site": None, "missing_feeds": missing, "night": night, "read": read}


def _is_complete(new: set[str], tonight: set[str], night: str, assessed: Mapping[str, Any]) -> bool:
    """Whether all feeds of the night are in, and the night was not assessed, or only without one that is in now."""
    if not new or not tonight.issuperset(FEEDS):
        return False
    return assessed.get("night") != night or not new.isdisjoint(assessed.get("missing_feeds", []))
