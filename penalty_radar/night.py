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

    A feed is expected once it has published anything. A night is assessed when every expected feed of it is in, or at
    the cut-off; after that, each event that was not taken in yet is assessed as it comes.

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
    started_by = Trigger(trigger)
    night = night_of(moment, settings.time_zone)
    assessed = events.get(ASSESSMENT, {})
    read = {feed: events[feed]["at"] for feed in FEEDS if feed in events}
    new = {feed for feed, at in read.items() if at != assessed.get("read", {}).get(feed)}
    tonight = {
        feed for feed, at in read.items() if night_of(datetime.datetime.fromisoformat(at), settings.time_zone) == night
    }
    adds = _adds_to_what_was_assessed(started_by, moment.astimezone(ZoneInfo(settings.time_zone)), night, new, assessed)
    if started_by is Trigger.ASSET and not (new and (adds or tonight.issuperset(read))):
        return None
    if started_by is Trigger.CUTOFF and not new and (adds or not assessed.get("night")):
        return None
    if as_of or site:
        kept = {"night": assessed.get("night"), "read": assessed.get("read", {})}
        return {"as_of": as_of, "site": site, "missing_feeds": list(assessed.get("missing_feeds", [])), **kept}
    expected, came = (assessed.get("missing_feeds", []), new) if adds else (list(read), new | tonight)
    return {
        "as_of": max((events[feed]["day"] for feed in read if events[feed].get("day")), default=None),
        "site": None,
        "missing_feeds": [feed for feed in expected if feed not in came],
        "night": assessed["night"] if adds else night,
        "read": read,
    }


def _adds_to_what_was_assessed(
    started_by: Trigger, local: datetime.datetime, night: str, new: set[str], assessed: Mapping[str, Any]
) -> bool:
    """Whether the run belongs to the last night that was assessed rather than to a night of its own.

    So it does in that night; for a feed that was missing and comes on the same day, be it after noon; and when a
    person repeats it, for which what was said stays true.
    """
    if not assessed.get("night"):
        return False
    if assessed["night"] == night:
        return True
    morning_after = datetime.date.fromisoformat(assessed["night"]) + datetime.timedelta(days=1)
    is_late = local.date() == morning_after and not new.isdisjoint(assessed.get("missing_feeds", []))
    return (is_late and started_by is not Trigger.CUTOFF) or (started_by is Trigger.PERSON and not new)
