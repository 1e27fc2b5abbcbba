"""Raw answers as files of the inbox: unchanged bytes, never half a file, nothing written twice, nothing overwritten.

``<inbox>/<site>/<feed>/<series>[.fetched-<day>[-<number>]].page-<n>.<ending>``. A *series* is what was asked, in words
and days, such as ``search_console_api.date.2026-11-20``. Without ``fetched-`` it is the first answer; a revision stands
beside it with the day it was fetched on, so that ingest dates it by that day.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

_NAME = re.compile(
    r"(?P<series>.+?)(?:\.fetched-(?P<on>\d{4}-\d\d-\d\d)(?:-(?P<number>\d+))?)?\.page-(?P<page>\d+)\.[a-z]+"
)

Revision = tuple[str, int]
"""Day of fetching (empty for the first answer) and number within that day; ascending in time."""


class SavedAnswers:
    """The answers of one feed of one site."""

    def __init__(self, inbox: str, site_domain: str, feed: str) -> None:
        self._files, root = fsspec.core.url_to_fs(inbox)
        self._folder = str(PurePosixPath(str(root)) / site_domain / feed)
        self._is_local = isinstance(self._files, fsspec.implementations.local.LocalFileSystem)
        self._revisions: dict[str, dict[Revision, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
        for name in self._names():
            self._note(name)

    def series(self) -> frozenset[str]:
        """Every series that is there whole: with its first page, which is written last."""
        return frozenset(name for name, found in self._revisions.items() if any(1 in pages for pages in found.values()))

    def save_revision(self, series: str, pages: Sequence[bytes], ending: str, fetched_on: datetime.date) -> list[str]:
        """Save a whole answer, unless its bytes are those of the newest one; returns the names written.

        The first page is written last: where it is, the answer is whole.
        """
        whole = {key: names for key, names in self._revisions[series].items() if 1 in names}
        if whole:
            newest = whole[max(whole)]
            if [self._read(newest[number]) for number in sorted(newest)] == list(pages):
                return []
        key = ("", 1) if not whole else self._free(series, fetched_on)
        middle = f".fetched-{key[0]}" + (f"-{key[1]}" if key[1] > 1 else "") if key[0] else ""
        written = [f"{series}{middle}.page-{number}.{ending}" for number in range(1, len(pages) + 1)]
        for name, page in reversed(list(zip(written, pages, strict=True))):
            self._write(name, page)
        return written

    def save_page(self, series: str, page: bytes, ending: str) -> str:
        """Save the next page of an answer of which every page is kept, even if it is never whole; returns its name."""
        last = max((number for pages in self._revisions[series].values() for number in pages), default=0)
        name = f"{series}.page-{last + 1}.{ending}"
        self._write(name, page)
        return name

    def _free(self, series: str, fetched_on: datetime.date) -> Revision:
        taken = [number for day, number in self._revisions[series] if day == fetched_on.isoformat()]
        return fetched_on.isoformat(), max(taken, default=0) + 1

    def _note(self, name: str) -> None:
        if match := _NAME.fullmatch(name):
            key = (match["on"] or "", int(match["number"] or 1))
            self._revisions[match["series"]][key][int(match["page"])] = name

    def _names(self) -> Iterable[str]:
        self._files.invalidate_cache()  # object stores remember listings
        if not self._files.exists(self._folder):
            return []
        found: list[Any] = self._files.ls(self._folder, detail=False)
        return [PurePosixPath(str(address)).name for address in found]

    def _read(self, name: str) -> bytes:
        return bytes(self._files.cat_file(f"{self._folder}/{name}"))

    def _write(self, name: str, content: bytes) -> None:
        if self._is_local:
            folder = Path(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{name}.part"  # hidden: ingest does not list it
            part.write_bytes(content)
            part.replace(folder / name)
        else:
            self._files.pipe_file(f"{self._folder}/{name}", content)  # one put: there whole or not at all
        self._note(name)
