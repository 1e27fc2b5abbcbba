"""How much of a stranger's file is taken in, and the one error that says why it is not.

Every limit is on what is *held* or *unpacked*; a file as it lies may be as large as it likes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

MIB = 1 << 20

MOST_UNPACKED_BYTES = 16 * 1024 * MIB
"""Of one zip or gzip, unpacked: five times the largest export we measure with (ten million links, 3 GB)."""

FREE_UNPACKED_BYTES = 64 * MIB
"""Unpacking this much harms nobody, however well it was packed."""

MOST_RATIO = 250
"""Unpacked to packed size beyond the free part. Exports pack 5 to 40 times; a bomb packs 1,000 times."""


class ContentError(ValueError):
    """Why a file, member or sheet cannot be read, as one sentence for people."""


def unpacked_limit(packed_bytes: int) -> int:
    """Bytes that something of this packed size may unpack to."""
    return min(MOST_UNPACKED_BYTES, max(FREE_UNPACKED_BYTES, MOST_RATIO * packed_bytes))


class LimitedStream(io.RawIOBase):
    """Bytes of another stream up to a limit; one byte more is a :class:`ContentError`."""

    def __init__(self, stream: BinaryIO, limit: int, reason: str) -> None:
        self._stream = stream
        self._left = limit
        self._reason = reason

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        block = self._stream.read(len(buffer))
        self._left -= len(block)
        if self._left < 0:
            raise ContentError(self._reason)
        buffer[: len(block)] = block
        return len(block)


class ChunkStream(io.RawIOBase):
    """Chunks of bytes, made while they are read, as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer; 0 at the end."""
        while not self._rest:
            try:
                self._rest = next(self._chunks)
            except StopIteration:
                return 0
        block, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(block)] = block
        return len(block)


def read_at_most(stream: BinaryIO, limit: int, reason: str) -> bytes:
    """The whole stream.

    Raises:
        ContentError: it is longer than ``limit``.
    """
    found = stream.read(limit + 1)
    if len(found) > limit:
        raise ContentError(reason)
    return found
