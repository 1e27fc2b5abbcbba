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
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from transforms.ingest.feeds.calls import CapError

Event = dict[str, Any]

LEDGER_NAME = "feeds.jsonl"
"""Of the file, in the folder of the state."""

FORGOTTEN = "*"
"""Stands for a site that was forgotten."""


@dataclass(frozen=True, kw_only=True)
class Caps:
    """The most units that may be spent in a calendar month (UTC); None: no cap of that kind."""

    account: int | None = None
    """By all sites together."""

    site: int | None = None


class FeedLedger:
    """The events of every feed. What was read of the file is kept: a ledger of years has a hundred thousand lines.

    Args:
        path: the file; made when absent.
        now: moment (UTC) that is written beside every event.
    """

    def __init__(self, path: Path, now: datetime.datetime) -> None:
        self._path = path
        self._now = now
        self._read_bytes = 0
        self._start()

    def _start(self) -> None:
        self._by_site: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)
        self._calls: defaultdict[tuple[str, str], list[Event]] = defaultdict(list)  # by feed and month
        self._settled: dict[str, int] = {}

    def last_done(self, feed: str, site_domain: str, kind: str | None = None) -> datetime.date | None:
        """Day the feed was last fetched to its end (of that kind); None when never."""
        days = [
            str(event["at"])[:10]
            for event in self._events(feed, site_domain)
            if event["event"] == "done" and kind in {None, event["kind"]}
        ]
        return datetime.date.fromisoformat(max(days)) if days else None

    def unfinished(self, feed: str, site_domain: str, asked: Event) -> Event | None:
        """The newest page of a fetch that did not reach its end, with ``kind``, ``since`` and ``cursor``; else None.

        ``asked`` is what the fetch would ask: the page of another question is none of it.
        """
        newest: Event | None = None
        for event in self._events(feed, site_domain):
            if event["event"] in {"page", "done"}:
                newest = event
        return newest if newest and newest["event"] == "page" and asked.items() <= newest.items() else None

    def empty_series(self, feed: str, site_domain: str) -> frozenset[str]:
        """What was asked and brought no row."""
        return frozenset(event["series"] for event in self._events(feed, site_domain) if event["event"] == "empty")

    def note(self, feed: str, site_domain: str, event: str, **details: Any) -> None:
        """Enter that something happened: ``page``, ``empty`` or ``done``."""
        with self._open() as stream:
            self._append(stream, feed, site_domain, event, details)

    def left(self, feed: str, site_domain: str, caps: Caps) -> int | None:
        """Units that may still be spent this month; None without any cap."""
        with self._open():
            return self._left(feed, site_domain, caps)

    def reserve(self, feed: str, site_domain: str, units: int, caps: Caps) -> str:
        """Enter a call that may cost up to ``units``; returns its id.

        Raises:
            CapError: it would pass a cap; nothing is entered.
        """
        call_id = uuid.uuid4().hex
        with self._open() as stream:  # looked up and entered under one lock
            left = self._left(feed, site_domain, caps)
            if left is not None and units > left:
                raise CapError(f"monthly cap reached: the next call may cost {units:,} units, {left:,} are left")
            self._append(stream, feed, site_domain, "call", {"id": call_id, "units": units})
        return call_id

    def settle(self, feed: str, site_domain: str, call_id: str, units: int) -> None:
        """Enter what a reserved call cost in the end."""
        self.note(feed, site_domain, "settled", id=call_id, units=units)

    @contextmanager
    def alone(self, feed: str) -> Iterator[bool]:
        """Whether nobody else fetches this feed; then nobody does until the end: two would pay for the same pages."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(f".{feed}.lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def forget(self, site_domain: str) -> int:
        """Take a site's events out, and its name from what it spent, which still counts; returns how many it had."""
        if not self._path.is_file():
            return 0
        with self._open() as stream:
            stream.seek(0)
            events = list(_parse(stream.read()))
            own = [event for event in events if event["site"] == site_domain]
            kept = [
                {**event, "site": FORGOTTEN} if event["site"] == site_domain else event
                for event in events
                if event["site"] != site_domain or event["event"] in {"call", "settled"}
            ]
            stream.truncate(0)  # in place: others wait for the lock of this very file
            stream.writelines(json.dumps(event) + "\n" for event in kept)
            stream.flush()
            os.fsync(stream.fileno())
        return len(own)

    def _events(self, feed: str, site_domain: str) -> list[Event]:
        with self._open():
            return self._by_site[feed, site_domain]

    def _left(self, feed: str, site_domain: str, caps: Caps) -> int | None:
        spent = {"account": 0, "site": 0}
        for call in self._calls[feed, self._now.isoformat()[:7]]:
            units = self._settled.get(call["id"], int(call["units"]))
            spent["account"] += units
            spent["site"] += units if call["site"] == site_domain else 0
        kinds = (("account", caps.account), ("site", caps.site))
        left = [cap - spent[kind] for kind, cap in kinds if cap is not None]
        return max(0, min(left)) if left else None

    def _append(self, stream: TextIO, feed: str, site_domain: str, event: str, details: Event) -> None:
        at = self._now.isoformat(timespec="seconds")
        line = json.dumps({"at": at, "feed": feed, "site": site_domain, "event": event, **details})
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())

    @contextmanager
    def _open(self) -> Iterator[TextIO]:
        """The file, locked and at its end, its events taken in; a line that a crash cut off did not happen."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+", encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)  # released when the file is closed
            if stream.seek(0, os.SEEK_END) < self._read_bytes:  # a site was forgotten
                self._read_bytes = 0
                self._start()
            stream.seek(self._read_bytes)
            text = stream.read()
            if text and not text.endswith("\n"):
                stream.write("\n")
            self._read_bytes = stream.seek(0, os.SEEK_END)
            for event in _parse(text):
                self._take_in(event)
            yield stream

    def _take_in(self, event: Event) -> None:
        self._by_site[event["feed"], event["site"]].append(event)
        if event["event"] == "call":
            self._calls[event["feed"], event["at"][:7]].append(event)
        elif event["event"] == "settled":
            self._settled[event["id"]] = int(event["units"])


def _parse(text: str) -> Iterator[Event]:
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(event, dict) and {"at", "feed", "site", "event"} <= event.keys():
            yield event
