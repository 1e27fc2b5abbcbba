"""Finding and opening what lies in the exports folder: files, members of zips, sheets of workbooks; through fsspec.

Every content has a display path with ``/`` separators, relative to the exports folder; a member or sheet stands behind
its container (``site.zip/Queries.csv``, ``site.xlsx/Queries``) and is a content of its own.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

import fsspec
import python_calamine

from transforms.errors import BadInputError

HEAD_BYTES = 65_536
"""Read of each file when looking what there is; a whole daily table or a few hundred links fit."""

SKIPPED_FOLDERS = frozenset({"__pycache__", "__macosx", "cache", ".cache", "caches", "node_modules"})
"""Folders, lower case, that hold no exports; hidden names are skipped as well."""

UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,
    zlib.error,
    zipfile.BadZipFile,
    python_calamine.CalamineError,
)
"""What opening or reading a file, member or sheet that is gone, broken or locked may raise."""

WORKBOOK_ENDINGS = (".xlsx", ".xls", ".xlsm", ".ods")


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
    """Size in bytes (of a sheet: as CSV)."""

    modified_on: datetime.date
    """Day (UTC) the file was last modified."""

    names: tuple[str, ...]
    """Own name, container's name, then folder names, nearest first, up to the exports folder's own."""

    head: bytes
    """First ``HEAD_BYTES`` bytes."""

    problem: str | None = None
    """Why it cannot be opened at all."""

    @property
    def is_whole(self) -> bool:
        """The head is the whole content."""
        return len(self.head) >= self.byte_count

    @property
    def container(self) -> str | None:
        """Display path of the zip or workbook it lies in."""
        return self.path[: -len(self.member) - 1] if self.member is not None else None

    @property
    def folders(self) -> tuple[str, ...]:
        """Folder names, nearest first."""
        return self.names[2:] if self.member is not None else self.names[1:]


def list_contents(exports: str) -> list[Content]:
    """Everything below ``exports`` (a folder, one file, or an fsspec URL), sorted by display path.

    Raises:
        BadInputError: there is nothing at that address.
    """
    files, root = fsspec.core.url_to_fs(str(exports))
    root = str(root).rstrip("/") or "/"
    if not files.exists(root):
        raise BadInputError(str(exports), "nothing there", "a folder or file of exports", "Check the path.")
    if files.isfile(root):
        found = {root: files.info(root)}
        root = str(PurePosixPath(root).parent)
    else:
        found = files.find(root, detail=True)
    contents: list[Content] = []
    for address, info in sorted(found.items()):
        relative = _relative(address, root)
        if not _is_skipped(relative):
            names = (*reversed(relative.parts), PurePosixPath(root).name)
            contents += _contents_of(files, address, info, str(relative), names)
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


def _modified_on(info: dict[str, Any]) -> datetime.date:
    stamp = next(
        (info[name] for name in ("mtime", "LastModified", "last_modified", "updated", "created") if info.get(name)), 0
    )
    if isinstance(stamp, datetime.datetime):
        return stamp.date()
    if isinstance(stamp, str):
        return datetime.date.fromisoformat(stamp[:10])
    return datetime.datetime.fromtimestamp(float(stamp), tz=datetime.UTC).date()


def _contents_of(files: Any, address: str, info: dict[str, Any], path: str, names: tuple[str, ...]) -> list[Content]:
    """The content of a plain file, or the contents of a container; a broken one comes back with its problem."""
    url = files.unstrip_protocol(address)
    if url.startswith(("file://", "local://")):
        url = str(address)
    plain = {"address": url, "modified_on": _modified_on(info), "names": names, "path": path}
    byte_count = int(info.get("size") or 0)
    try:
        if path.lower().endswith(".zip"):
            return _members(plain)
        if path.lower().endswith(WORKBOOK_ENDINGS):
            return _sheets(plain)
        with files.open(address, "rb") as stream:
            return [Content(**plain, member=None, byte_count=byte_count, head=stream.read(HEAD_BYTES))]
    except UNREADABLE as error:
        problem = f"cannot be opened: {type(error).__name__}: {error}"[:300]
        return [Content(**plain, member=None, byte_count=byte_count, head=b"", problem=problem)]


def _members(plain: dict[str, Any]) -> list[Content]:
    contents = []
    with fsspec.open(plain["address"], "rb") as stream, zipfile.ZipFile(cast("BinaryIO", stream)) as archive:
        for info in archive.infolist():
            if info.is_dir() or _is_skipped(PurePosixPath(info.filename)):
                continue
            with archive.open(info) as member:
                head = member.read(HEAD_BYTES)
            own = {**plain, "path": f"{plain['path']}/{info.filename}"}
            own["names"] = (PurePosixPath(info.filename).name, *plain["names"])
            contents.append(Content(**own, member=info.filename, byte_count=info.file_size, head=head))
    if not contents:
        raise zipfile.BadZipFile("no file in it")
    return contents


def _sheets(plain: dict[str, Any]) -> list[Content]:
    contents = []
    with fsspec.open(plain["address"], "rb") as stream:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
    for sheet in workbook.sheet_names:
        text = _sheet_as_csv(workbook, sheet)
        own = {**plain, "path": f"{plain['path']}/{sheet}", "names": (sheet, *plain["names"])}
        contents.append(Content(**own, member=sheet, byte_count=len(text), head=text[:HEAD_BYTES]))
    return contents


def _sheet_as_csv(workbook: Any, sheet: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for record in workbook.get_sheet_by_name(sheet).to_python():
        writer.writerow([_cell_text(cell) for cell in record])
    return text.getvalue().encode()


def _cell_text(cell: object) -> str:
    """A spreadsheet cell as the CSV export of the same tool would spell it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


@contextlib.contextmanager
def open_content(address: str, member: str | None) -> Iterator[BinaryIO]:
    """The bytes of a content as a stream; a sheet comes as UTF-8 CSV.

    Raises:
        One of ``UNREADABLE``: it is gone or broken.
    """
    with fsspec.open(address, "rb") as stream:
        if member is None:
            yield cast("BinaryIO", stream)
        elif address.lower().endswith(".zip"):
            with zipfile.ZipFile(cast("BinaryIO", stream)) as archive, archive.open(member) as inside:
                yield cast("BinaryIO", inside)
        else:
            workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
            yield io.BytesIO(_sheet_as_csv(workbook, member))
