"""Zips and gzips, unpacked in memory a block at a time; nothing of them is ever written to disk under its own name."""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from transforms.ingest.bounds import MIB, ContentError, LimitedStream, unpacked_limit

ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
GZIP_MAGIC = b"\x1f\x8b"

MOST_DIRECTORY_BYTES = 4 * MIB
"""Of a zip's own list of members, which is read as a whole."""

MOST_MEMBERS = 10_000
"""Of one zip; the largest sets that tools write have a dozen."""

TOO_MUCH = "unpacks to far more than its size: a zip bomb, or packed in a way no export is; unpack it first"

_HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Member:
    """One member of a zip."""

    name: str
    """The name it is opened by; for a member with a problem, one that is safe to show."""

    byte_count: int
    """Size unpacked, as the zip declares it."""

    problem: str | None = None
    """Why it cannot be opened."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Folders, outermost first, and own name."""
        return PurePosixPath(self.name.replace("\\", "/")).parts


def safe_name(name: str) -> str:
    """The name without anything that a terminal or page would obey, in as many characters."""
    return _HARMFUL.sub("\ufffd", name)


class _CarefulReader(io.RawIOBase):
    """A seekable stream that refuses to be read in larger pieces than a zip's list of members may be."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.is_listing = True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, count: int | None = -1) -> bytes:
        if not self.is_listing:
            return self._stream.read(-1 if count is None else count)
        asked = MOST_DIRECTORY_BYTES + 1 if count is None or count < 0 else count
        block = self._stream.read(asked) if asked <= MOST_DIRECTORY_BYTES + 1 else None
        if block is None or len(block) > MOST_DIRECTORY_BYTES:
            raise ContentError(f"its list of members is longer than {MOST_DIRECTORY_BYTES // MIB} MB; unpack it first")
        return block


@contextlib.contextmanager
def open_zip(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The zip that a stream holds.

    Raises:
        ContentError: it has too many members, or they unpack to too much.
        zipfile.BadZipFile: it is broken or only half there.
    """
    careful = _CarefulReader(stream)
    with zipfile.ZipFile(cast("BinaryIO", careful)) as archive:
        careful.is_listing = False
        infos = archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise ContentError(f"{len(infos):,} members, more than {MOST_MEMBERS:,}; unpack it first")
        packed_bytes = stream.seek(0, io.SEEK_END)
        if sum(info.file_size for info in infos) > unpacked_limit(packed_bytes):
            raise ContentError(TOO_MUCH)
        yield archive


def members_of(archive: zipfile.ZipFile) -> list[Member]:
    """Every member that is a file, in the zip's order; what cannot be opened safely has its problem."""
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    last = {info.filename: info for info in infos}
    copies: Counter[str] = Counter()
    members = []
    for info in infos:
        problem = _problem(info)
        if problem is None and last[info.filename] is not info:
            problem = "a later member of the same zip has the same name, and is read in its place"
        name = info.filename
        if problem is not None:
            copies[name] += 1
            shown = "/".join(part for part in re.split(r"[/\\]+", safe_name(name)) if part not in ("", ".", ".."))
            number = f" {copies[name]}" if copies[name] > 1 else ""
            name = f"{shown or 'without a name'} (not opened{number})"
        members.append(Member(name, info.file_size, problem))
    return members


def _problem(info: zipfile.ZipInfo) -> str | None:
    parts = re.split(r"[/\\]", info.filename)
    if not info.filename or parts[0] == "" or parts[0].endswith(":") or ".." in parts:
        return "its name in the zip points outside of the zip, or to nothing: not opened"
    if safe_name(info.filename) != info.filename:
        return "its name in the zip holds control characters: not opened"
    if info.flag_bits & 0x1:
        return "locked with a password; save the export without one"
    if info.file_size > unpacked_limit(info.compress_size):
        return TOO_MUCH
    return None


@contextlib.contextmanager
def open_member(archive: zipfile.ZipFile, name: str) -> Iterator[BinaryIO]:
    """The bytes of a member, never more than the zip declares of it (``zipfile`` stops there and checks the sum).

    Raises:
        ContentError: it is not one that is opened.
        KeyError: there is none of that name.
    """
    info = archive.getinfo(name)
    if problem := _problem(info):
        raise ContentError(problem)
    with archive.open(info) as opened:
        yield io.BufferedReader(cast("io.RawIOBase", opened))


@contextlib.contextmanager
def unpacked(stream: BinaryIO, packed_bytes: int) -> Iterator[BinaryIO]:
    """The same stream, or what is in it when it is a gzip.

    Raises:
        ContentError: while it is read, when it unpacks to too much.
    """
    begin = stream.read(len(GZIP_MAGIC))
    stream.seek(0)
    if begin != GZIP_MAGIC:
        yield stream
        return
    with gzip.GzipFile(fileobj=stream) as opened:
        limited = LimitedStream(cast("BinaryIO", opened), unpacked_limit(packed_bytes), TOO_MUCH)
        yield io.BufferedReader(limited)
