"""Files by address, wherever they lie: on this machine, or in a bucket through fsspec.

Credentials are never ours. A bucket's are found by its own library, as everywhere else in a data team's house:
``AWS_ACCESS_KEY_ID``, ``AWS_PROFILE`` and an instance's role for ``s3://``; application default credentials for
``gs://``; ``AZURE_STORAGE_ACCOUNT_NAME`` and the like for ``abfs://``. Anything else an fsspec filesystem takes can be
set with fsspec's own configuration: a variable ``FSSPEC_<PROTOCOL>_<ARGUMENT>`` (``FSSPEC_S3_ENDPOINT_URL`` for a store
that speaks S3) or a file in ``~/.config/fsspec/``.
"""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import fsspec

from transforms.ingest.bounds import MIB

BLOCK_BYTES = 4 * MIB
"""Asked of a bucket at a time; some filesystems would ask for 50 MB to show the first line."""

_STAMPS = ("mtime", "LastModified", "last_modified", "updated", "created")
_TAGS = ("ETag", "etag", "md5Hash", "generation", "ino")


def filesystem_of(address: str) -> tuple[Any, str]:
    """The filesystem of a path or URL, and the path in it. Names of local files may hold ``::`` and ``*``."""
    if "://" not in address:
        return fsspec.filesystem("file"), address
    return cast("tuple[Any, str]", fsspec.core.url_to_fs(address))


def url_of(files: Any, path: str) -> str:
    """The address of a path: itself on this machine, else a URL."""
    url = str(files.unstrip_protocol(path))
    return str(path) if url.startswith(("file://", "local://")) else url


def modified_on(info: dict[str, Any]) -> datetime.date:
    """Day (UTC) of the last modification; the first of 1970 where the filesystem keeps none."""
    stamp = next((info[name] for name in _STAMPS if info.get(name)), 0)
    if isinstance(stamp, datetime.datetime):
        return (stamp.astimezone(datetime.UTC) if stamp.tzinfo else stamp).date()
    if isinstance(stamp, str):
        return datetime.date.fromisoformat(stamp[:10])
    return datetime.datetime.fromtimestamp(float(stamp), tz=datetime.UTC).date()


def version_of(info: dict[str, Any]) -> str:
    """Size, time of the last modification and tag: alike as long as nobody wrote to the file."""
    told = {name: info[name] for name in ("size", *_STAMPS, *_TAGS) if info.get(name) is not None}
    return "|".join(f"{name}={_moment(value) if name in _STAMPS else value}" for name, value in told.items())


def _moment(stamp: Any) -> float:
    if isinstance(stamp, str):
        stamp = datetime.datetime.fromisoformat(stamp)
    return float(stamp.timestamp() if isinstance(stamp, datetime.datetime) else stamp)


def _are_alike(name: str, one: str, other: str) -> bool:
    """Some stores list a file with parts of a second and describe it by itself without."""
    if one == other or name not in _STAMPS:
        return one == other
    moments = float(one), float(other)
    return any(moment.is_integer() for moment in moments) and int(moments[0]) == int(moments[1])


def has_changed(address: str, version: str) -> bool:
    """Whether the file was written to, replaced or removed since it had that version (``Content.version``).

    Ask before and after reading: a file that is still being copied into the folder is one to read another time.
    Of a member or sheet, ask for its container's address.
    """
    try:
        files, path = filesystem_of(address)
        files.invalidate_cache()
        now = dict(part.split("=", 1) for part in version_of(files.info(path)).split("|"))
    except Exception:  # gone, or whatever else the store's own library raises: not as it was
        return True
    before = dict(part.split("=", 1) for part in version.split("|"))
    # A list of files may tell less of each than the file itself.
    return not all(_are_alike(name, now[name], before[name]) for name in now.keys() & before.keys())


class _RemoteStream(io.RawIOBase):
    """A stream whose errors are all OSError, whatever the library behind it raises."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with os_errors():
            return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with os_errors():
            block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)


@contextlib.contextmanager
def os_errors() -> Iterator[None]:
    """Whatever a store's own library raises comes as OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


@contextlib.contextmanager
def open_address(address: str) -> Iterator[BinaryIO]:
    """The bytes of a file, seekable; nothing of it is fetched before it is read.

    Raises:
        OSError: it is gone, or the store does not give it.
    """
    with os_errors():
        files, path = filesystem_of(address)
        opened = files.open(path, "rb", block_size=BLOCK_BYTES)
    with opened:
        if "://" in address:
            yield io.BufferedReader(_RemoteStream(opened), BLOCK_BYTES)
        else:
            yield cast("BinaryIO", opened)


def read_head(files: Any, path: str, count: int) -> bytes:
    """The first ``count`` bytes, by a range request where the store can do that.

    Raises:
        OSError: it is gone, or the store does not give it.
    """
    with os_errors():
        return bytes(files.cat_file(path, start=0, end=count))
