"""What the feeds asked and what it cost: one line of JSON per event, in a file beside the warehouse.

A paid call is entered *before* it is made, at the most it may cost, and settled afterwards; a call that ended nobody
knows how counts in full. So the cap holds even when a process dies in the middle.
"""

from __future__ import annotations

import datetime
import fcntl
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from transforms.ingest.feeds.calls import CapError

Event = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Caps:
    """The most units that may be spent in a calendar month (UTC); None: no cap of that kind."""

    account: int | None = None
    """By all sites together."""

    site: int | None = None


class FeedLedger:
    """The events of every feed, or those of one feed of one site through :meth:`of`.

    Args:
        path: the file; made when absent.
        now: moment (UTC) that is written beside every event.
    """

    def __init__(self, path: Path, now: datetime.datetime) -> None:
        self._path = path
        self._now = now

    def last_done(self, feed: str, site_domain: str, kind: str | None = None) -> datetime.date | None:
        """Day the feed was last fetched to its end (of that kind); None when never."""
        days = [
            str(event["at"])[:10]
            for event in self._events(feed, site_domain)
            if event["event"] == "done" and kind in {None, event["kind"]}
        ]
        return datetime.date.fromisoformat(max(days)) if days else None

    def unfinished(self, feed: str, site_domain: str) -> Event | None:
        """The newest page of a fetch that did not reach its end, with ``kind``, ``since`` and ``cursor``; else None."""
        newest: Event | None = None
        for event in self._events(feed, site_domain):
            if event["event"] in {"page", "done"}:
                newest = event
        return newest if newest and newest["event"] == "page" else None

    def empty_series(self, feed: str, site_domain: str) -> frozenset[str]:
        """What was asked and brought no row."""
        return frozenset(event["series"] for event in self._events(feed, site_domain) if event["event"] == "empty")

    def note(self, feed: str, site_domain: str, event: str, **details: Any) -> None:
        """Enter that something happened: ``page``, ``empty`` or ``done``."""
        with self._open() as (stream, _):
            self._append(stream, feed, site_domain, event, details)

    def left(self, feed: str, site_domain: str, caps: Caps) -> int | None:
        """Units that may still be spent this month; None without any cap."""
        with self._open() as (_, events):
            return _left(events, feed, site_domain, caps, self._now)

    def reserve(self, feed: str, site_domain: str, units: int, caps: Caps) -> str:
        """Enter a call that may cost up to ``units``; returns its id.

        Raises:
            CapError: it would pass a cap; nothing is entered.
        """
        call_id = uuid.uuid4().hex
        with self._open() as (stream, events):  # looked up and entered under one lock
            left = _left(events, feed, site_domain, caps, self._now)
            if left is not None and units > left:
                raise CapError(f"monthly cap reached: the next call may cost {units:,} units, {left:,} are left")
            self._append(stream, feed, site_domain, "call", {"id": call_id, "units": units})
        return call_id

    def settle(self, feed: str, site_domain: str, call_id: str, units: int) -> None:
        """Enter what a reserved call cost in the end."""
        self.note(feed, site_domain, "settled", id=call_id, units=units)

    def _events(self, feed: str, site_domain: str) -> list[Event]:
        with self._open() as (_, events):
            return [event for event in events if (event["feed"], event["site"]) == (feed, site_domain)]

    def _append(self, stream: TextIO, feed: str, site_domain: str, event: str, details: Event) -> None:
        at = self._now.isoformat(timespec="seconds")
        line = json.dumps({"at": at, "feed": feed, "site": site_domain, "event": event, **details})
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())

    @contextmanager
    def _open(self) -> Iterator[tuple[TextIO, list[Event]]]:
        """The file, locked and at its end, and every event in it; a line that a crash cut off did not happen."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)  # released when the file is closed
            stream.seek(0)
            text = stream.read()
            if text and not text.endswith("\n"):
                stream.write("\n")
            yield stream, list(_parse(text))


def _parse(text: str) -> Iterator[Event]:
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(event, dict):
            yield event


def _left(events: list[Event], feed: str, site_domain: str, caps: Caps, now: datetime.datetime) -> int | None:
    settled = {event["id"]: event["units"] for event in events if event["event"] == "settled"}
    spent = {"account": 0, "site": 0}
    for event in events:
        if event["event"] == "call" and event["feed"] == feed and event["at"][:7] == now.isoformat()[:7]:
            units = int(settled[event["id"]] if event["id"] in settled else event["units"])
            spent["account"] += units
            spent["site"] += units if event["site"] == site_domain else 0
    kinds = (("account", caps.account), ("site", caps.site))
    left = [cap - spent[kind] for kind, cap in kinds if cap is not None]
    return max(0, min(left)) if left else None
