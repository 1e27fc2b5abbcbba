"""Finding and opening what lies in the exports folder: files, members of zips, sheets of workbooks; through fsspec.

Every content has a display path with ``/`` separators, relative to the exports folder; a member or sheet stands behind
its container (``site.zip/Queries.csv``, ``site.xlsx/Queries``) and is a content of its own. A gzip is transparent.
What a content is, its first bytes tell, never its name; everything that can be read comes as delimited text.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, TypedDict

import python_calamine

from transforms.errors import BadInputError
from transforms.ingest.addresses import (
    filesystem_of,
    has_changed,
    modified_on,
    open_address,
    read_head,
    url_of,
    version_of,
)
from transforms.ingest.archives import (
    GZIP_MAGIC,
    ZIP_MAGICS,
    Member,
    members_of,
    open_member,
    open_zip,
    safe_name,
    unpacked,
)
from transforms.ingest.bounds import ContentError
from transforms.ingest.conversion import HEAD_BYTES, Kind, converted, kind_of
from transforms.ingest.workbooks import OLE_MAGIC, is_workbook, open_workbook, sheet_csv

__all__ = ["HEAD_BYTES", "UNREADABLE", "Content", "has_changed", "list_contents", "open_content", "open_raw"]

SKIPPED_FOLDERS = frozenset({"__pycache__", "__macosx", "cache", ".cache", "caches", "node_modules"})
"""Folders, lower case, that hold no exports; hidden names are skipped as well."""

UNREADABLE = (
    OSError,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
    MemoryError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    python_calamine.CalamineError,
)
"""What opening or reading a file, member or sheet that is gone, broken or locked may raise."""

PACKED_ENDINGS = (".zip", ".gz", ".xlsx", ".xlsm", ".ods")
"""Names that promise a container: text under such a name is half of something else."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """One thing that may be an export, with the beginning of it."""

    path: str
    """Display path."""

    address: str
    """What fsspec opens (of the container, for members and sheets)."""

    member: str | None
    """Name of the zip member or sheet; None for a plain file."""

    byte_count: int
    """Size in bytes as it lies (of a member: unpacked; of a sheet: as CSV)."""

    modified_on: datetime.date
    """Day (UTC) the file was last modified."""

    names: tuple[str, ...]
    """Own name, container's name, then folder names, nearest first, up to the exports folder's own. A name is without
    ``.gz``; folders inside a zip are nearer than those it lies in."""

    head: bytes
    """First ``HEAD_BYTES`` bytes of the delimited text."""

    problem: str | None = None
    """Why it cannot be opened at all."""

    kind: Kind = "text"
    """What it is as it lies; all but text is converted to UTF-8 CSV by :func:`open_content`."""

    is_packed: bool = False
    """It is a gzip, so that the file itself holds no text."""

    version: str = ""
    """Of the file (or container), for :func:`has_changed`."""

    @property
    def is_whole(self) -> bool:
        """The head is the whole content."""
        return len(self.head) < HEAD_BYTES or (self.kind == "text" and len(self.head) >= self.byte_count)

    @property
    def container(self) -> str | None:
        """Display path of the zip or workbook it lies in."""
        return self.path[: -len(self.member) - 1] if self.member is not None else None

    @property
    def folders(self) -> tuple[str, ...]:
        """Folder names, nearest first."""
        return self.names[2:] if self.member is not None else self.names[1:]


class _Of(TypedDict):
    """What all contents of one file share."""

    path: str
    address: str
    modified_on: datetime.date
    names: tuple[str, ...]
    version: str


def list_contents(exports: str) -> list[Content]:
    """Everything below ``exports`` (a folder, one file, or an fsspec URL), sorted by display path.

    Credentials for buckets: see :mod:`transforms.ingest.addresses`. Of a plain file only the head is fetched.

    Raises:
        BadInputError: there is nothing at that address, or the store does not let us look.
    """
    try:
        files, root = filesystem_of(str(exports))
        files.invalidate_cache()
        root = str(root).rstrip("/") or "/"
        if not files.exists(root):
            raise BadInputError(str(exports), "nothing there", "a folder or file of exports", "Check the path.")
        if files.isfile(root):
            found = {root: files.info(root)}
            root = str(PurePosixPath(root).parent)
        else:
            found = files.find(root, detail=True)
    except BadInputError:
        raise
    except Exception as error:  # each store's library has errors of its own
        raise BadInputError(
            str(exports),
            f"cannot be listed: {type(error).__name__}: {error}"[:300],
            "a folder or bucket that can be read",
            "Check the address, the network and the credentials in the environment.",
        ) from error
    contents: list[Content] = []
    for path, info in sorted(found.items()):
        relative = _relative(path, root)
        if not _is_skipped(relative):
            names = (*reversed(relative.parts), PurePosixPath(root).name)
            contents += _contents_of(files, path, info, relative, names)
    return sorted(contents, key=lambda content: content.path)


def _relative(address: str, root: str) -> PurePosixPath:
    path = PurePosixPath(address.replace("\\", "/"))
    try:
        return path.relative_to(PurePosixPath(root.replace("\\", "/")))
    except ValueError:
        return PurePosixPath(path.name)


def _is_skipped(relative: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in relative.parts)
    return hidden or any(part.lower() in SKIPPED_FOLDERS for part in relative.parts[:-1])


def _contents_of(
    files: Any, path: str, info: dict[str, Any], relative: PurePosixPath, names: tuple[str, ...]
) -> list[Content]:
    """The content of a plain file, or the contents of a container; a broken one comes back with its problem."""
    byte_count = int(info.get("size") or 0)
    shared = _Of(
        path=safe_name(str(relative)),
        address=url_of(files, path),
        modified_on=modified_on(info),
        names=tuple(safe_name(name) for name in names),
        version=version_of(info),
    )
    try:
        begin = read_head(files, path, HEAD_BYTES) if byte_count else b""
        if begin.startswith(ZIP_MAGICS):
            return _members(shared)
        if begin.startswith(OLE_MAGIC):
            return _sheets(shared)
        if begin and not begin.startswith(GZIP_MAGIC) and shared["path"].lower().endswith(PACKED_ENDINGS):
            raise ContentError(f"not what its name says ({PurePosixPath(path).suffix}), or only a part of it")
        return [_content(shared, None, byte_count, begin)]
    except UNREADABLE as error:
        return [Content(**shared, member=None, byte_count=byte_count, head=b"", problem=_problem(error))]


def _problem(error: BaseException) -> str:
    said = str(error) if isinstance(error, ContentError) else f"{type(error).__name__}: {error}"
    return safe_name(f"cannot be opened: {said}")[:300]


def _content(shared: _Of, member: str | None, byte_count: int, begin: bytes) -> Content:
    """A content that begins with these bytes as it lies; a gzip is looked into, what is no text is converted."""
    is_packed = begin.startswith(GZIP_MAGIC)
    opener = functools.partial(open_raw, shared["address"], member)
    if is_packed:
        own, *others = shared["names"]
        shared = _Of(**{**shared, "names": (own[:-3] if own.lower().endswith(".gz") else own, *others)})
        with opener() as stream:
            begin = stream.read(HEAD_BYTES)
        if not begin:
            raise ContentError("nothing in it (zero bytes)")
    kind = kind_of(begin, is_whole=len(begin) < HEAD_BYTES)
    if kind != "text":
        with converted(opener) as stream:
            begin = stream.read(HEAD_BYTES)
    return Content(**shared, member=member, byte_count=byte_count, head=begin, kind=kind, is_packed=is_packed)


def _members(shared: _Of) -> list[Content]:
    contents = []
    with open_address(shared["address"]) as stream, open_zip(stream) as archive:
        if is_workbook(archive):
            return _sheets(shared)
        for member in members_of(archive):
            if not _is_skipped(PurePosixPath(*member.parts)):
                contents.append(_member_content(archive, member, shared))
    if not contents:
        raise ContentError("no file in it")
    return contents


def _member_content(archive: zipfile.ZipFile, member: Member, shared: _Of) -> Content:
    *inner, own = member.parts
    behind = f"{shared['path']}/{member.name}"
    container, *outer = shared["names"]
    shared = _Of(**{**shared, "path": behind, "names": (own, container, *reversed(inner), *outer)})
    problem = member.problem
    if problem is None:
        try:
            with open_member(archive, member.name) as stream:
                begin = stream.read(HEAD_BYTES)
            return _content(shared, member.name, member.byte_count, begin)
        except UNREADABLE as error:
            problem = _problem(error)
    return Content(**shared, member=member.name, byte_count=member.byte_count, head=b"", problem=problem)


def _sheets(shared: _Of) -> list[Content]:
    contents = []
    with open_address(shared["address"]) as stream:
        workbook = open_workbook(stream)
    for sheet in workbook.sheet_names:
        member = safe_name(sheet)
        own = _Of(**{**shared, "path": f"{shared['path']}/{member}", "names": (member, *shared["names"])})
        try:
            text = sheet_csv(workbook, sheet)
        except UNREADABLE as error:
            contents.append(Content(**own, member=member, byte_count=0, head=b"", problem=_problem(error)))
            continue
        contents.append(Content(**own, member=member, byte_count=len(text), head=text[:HEAD_BYTES]))
    if not contents:
        raise ContentError("no sheet in it")
    return contents


@contextlib.contextmanager
def open_raw(address: str, member: str | None) -> Iterator[BinaryIO]:
    """The bytes of a content as they lie, unpacked from gzip or zip: what its hash is of. A sheet comes as CSV.

    Raises:
        One of ``UNREADABLE``: it is gone, broken, or more than is unpacked; also while the stream is read.
    """
    with open_address(address) as stream:
        if member is None:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            with unpacked(stream, size) as plain:
                yield plain
            return
        begin = stream.read(len(OLE_MAGIC))
        stream.seek(0)
        if begin.startswith(OLE_MAGIC):
            yield io.BytesIO(sheet_csv(open_workbook(stream), member))
            return
        with open_zip(stream) as archive:
            if not is_workbook(archive):
                with (
                    open_member(archive, member) as inside,
                    unpacked(inside, archive.getinfo(member).file_size) as plain,
                ):
                    yield plain
                return
        yield io.BytesIO(sheet_csv(open_workbook(stream), member))


@contextlib.contextmanager
def open_content(address: str, member: str | None) -> Iterator[BinaryIO]:
    """A content as delimited text; what is no text comes as UTF-8 CSV, header first.

    Raises:
        One of ``UNREADABLE``: it is gone, broken, or nothing that can be an export; also while the stream is read.
    """
    with converted(functools.partial(open_raw, address, member)) as stream:
        yield stream
