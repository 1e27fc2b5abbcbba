"""Notices that files arrived in the exports folder, so that nobody has to wait for the night.

Airflow's own file triggers delete the file they find; exports must stay, so this one only looks.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

Listing = frozenset[tuple[str, int, int]]


class ExportsTrigger(BaseEventTrigger):
    """Fires each time new or changed files below a folder have stopped growing.

    What is there when the triggerer starts is the baseline: it is the night's work, not an arrival. A deleted file is
    no arrival. Runs in the triggerer, reads names, sizes and times only, and needs no connection.

    Args:
        folder: local folder that is watched, with everything below it.
        poke_interval: seconds between looks; files are announced after one quiet interval.
    """

    def __init__(self, folder: str, poke_interval: float = 15.0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.folder = folder
        self.poke_interval = poke_interval

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Where the triggerer finds this class, and its arguments."""
        return ("dags.arrivals.ExportsTrigger", {"folder": self.folder, "poke_interval": self.poke_interval})

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """One event per arrival, with the number of files that are new or changed; never ends."""
        announced = seen = await asyncio.to_thread(list_files, self.folder)
        while True:
            await asyncio.sleep(self.poke_interval)
            now = await asyncio.to_thread(list_files, self.folder)
            is_quiet, seen = now == seen, now
            if not is_quiet:
                continue
            arrived = now - announced
            announced = now
            if arrived:
                yield TriggerEvent({"files": len(arrived)})  # type: ignore[no-untyped-call]


def list_files(folder: str) -> Listing:
    """Path, size in bytes and modification time in ns of every file below ``folder``; empty when it is not there."""
    found: set[tuple[str, int, int]] = set()
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118 - thousands of files, every few seconds
            try:
                status = os.stat(path)  # noqa: PTH116
            except OSError:
                continue  # gone between listing and looking
            found.add((path, status.st_size, status.st_mtime_ns))
    return frozenset(found)
