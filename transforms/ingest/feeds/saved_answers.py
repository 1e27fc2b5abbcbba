"""Raw answers as files of the inbox: unchanged bytes, never half a file, nothing written twice, nothing overwritten.

``<inbox>/<site>/<feed>/<series>[.fetched-<day>[_<number>]].page-<n>.<ending>``. A *series* is what was asked, in words
and days, such as ``shop.example-performance.search_console_api.date.2026-11-20``. The day of fetching is what ingest
dates the answer by: nobody knew it earlier. Of two answers of one day the later sorts last, and so goes first.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from transforms.ingest.addresses import filesystem_of, os_errors

_NAME = re.compile(
    r"(?P<series>.+?)(?:\.fetched-(?P<on>\d{4}-\d\d-\d\d)(?:_(?P<number>\d+))?)?\.page-(?P<page>\d+)\.[a-z]+"
)

Revision = tuple[str, int]
"""Day of fetching (empty where the series says it) and number within that day; ascending in time."""


class SavedAnswers:
    """The answers of one feed of one site.

    Raises:
        OSError: from any method, also the making: the inbox cannot be reached, read or written.
    """

    def __init__(self, inbox: str, site_domain: str, feed: str) -> None:
        self._files, root = filesystem_of(inbox)
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
        number = self._free(series, fetched_on)
        answer = f"{series}.fetched-{fetched_on}" + (f"_{number}" if number > 1 else "")
        written = [f"{answer}.page-{page}.{ending}" for page in range(1, len(pages) + 1)]
        for name, page in reversed(list(zip(written, pages, strict=True))):
            self._write(name, page)
        return written

    def save_page(self, series: str, page: bytes, ending: str) -> str:
        """Save the next page of an answer of which every page is kept, even if it is never whole; returns its name."""
        last = max((number for pages in self._revisions[series].values() for number in pages), default=0)
        name = f"{series}.page-{last + 1}.{ending}"
        self._write(name, page)
        return name

    def prove_writable(self) -> None:
        """Write an empty hidden file and take it away: what is paid for must have a place before it is asked.

        Raises:
            OSError: nothing can be written there.
        """
        name = ".writable"
        self._write(name, b"")
        with contextlib.suppress(Exception):  # a bucket may allow writing alone; nobody lists the file
            self._files.rm_file(f"{self._folder}/{name}")

    def _free(self, series: str, fetched_on: datetime.date) -> int:
        taken = [number for day, number in self._revisions[series] if day == fetched_on.isoformat()]
        return max(taken, default=0) + 1

    def _note(self, name: str) -> None:
        if match := _NAME.fullmatch(name):
            key = (match["on"] or "", int(match["number"] or 1))
            self._revisions[match["series"]][key][int(match["page"])] = name

    def _names(self) -> Iterable[str]:
        with os_errors():
            self._files.invalidate_cache()  # object stores remember listings
            if not self._files.exists(self._folder):
                return []
            found: list[Any] = self._files.ls(self._folder, detail=False)
        return [PurePosixPath(str(address)).name for address in found]

    def _read(self, name: str) -> bytes:
        with os_errors():
            return bytes(self._files.cat_file(f"{self._folder}/{name}"))

    def _write(self, name: str, content: bytes) -> None:
        if self._is_local:
            folder = Path(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            part = folder / f".{name}.part"  # hidden: ingest does not list it
            part.write_bytes(content)
            part.replace(folder / name)
        else:
            with os_errors():
                self._files.pipe_file(f"{self._folder}/{name}", content)  # one put: there whole or not at all
        self._note(name)
