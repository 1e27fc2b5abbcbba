"""Google disavow files: a line per domain or address that a team disowns, with its reasons as comments."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from transforms.ingest.decoding import encoding_of, lines_of

HEADER = ["disavow_kind", "disavow_entry", "disavow_note"]
"""Columns of the table: ``domain``, ``url``, ``comment`` or ``other``; what stands there; the comment above it."""

MOST_ODD_SHARE = 0.02
"""Lines of another shape that still leave it a disavow file: real ones hold mangled hosts."""

LONGEST_NOTE = 2_000
"""Characters of the comment lines above an entry that are repeated beside it."""

_DOMAIN = re.compile(r"domain:\s*(.*)", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"(?:https?|ftp)://(?!\S*[,;]\s*https?:)\S+", re.IGNORECASE)
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_HOST = re.compile(r"[^\s,;:/\"'=()]+\.(?:[^\W\d_]{2,}|xn--[\w-]+)\.?(?:/[^\s,;\"]*)?")


def _kind_of(line: str) -> tuple[str, str]:
    """Kind and entry of a stripped line."""
    bare = line.strip('"').strip()
    if bare.startswith("#"):
        return "comment", bare.lstrip("#").strip()
    if found := _DOMAIN.fullmatch(line):
        return "domain", found.group(1).strip()
    if any(shape.fullmatch(line) for shape in (_ADDRESS, _IP, _HOST)):
        return "url", line
    return "other", line


def is_disavow(head: str, *, is_whole: bool) -> bool:
    """Whether text that begins like this is a disavow file.

    The first line has one of the shapes (a table's header has not), and so have all lines but 2 %; there is a line
    that begins with ``domain:``, or there are two lines or more that are all addresses and comments.
    """
    lines = [line.strip() for line in re.split(r"\r\n|\r|\n", head.lstrip("\ufeff"))]
    if not is_whole:
        lines.pop()
    shapes = [(_kind_of(line)[0], line) for line in lines if line]
    if not shapes or shapes[0][0] == "other":
        return False
    odd_count = sum(kind == "other" for kind, _ in shapes)
    if any(kind == "domain" for kind, _ in shapes):
        return odd_count <= MOST_ODD_SHARE * len(shapes)
    are_addresses = all(kind == "comment" or _ADDRESS.fullmatch(line) for kind, line in shapes)
    return are_addresses and len(shapes) > 1 and any(kind == "url" for kind, _ in shapes)


def rows_of(stream: BinaryIO, head: bytes) -> Iterator[list[str]]:
    """The header, then a row per line that is not blank.

    The note of an entry is the nearest comment above it: comment lines that no blank line or entry parts.
    """
    yield HEADER
    text = io.TextIOWrapper(stream, encoding=encoding_of(head), errors="replace")
    try:
        yield from _rows(lines_of(text))
    finally:
        text.detach()


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    note, is_open = "", False
    for line in lines:
        bare = line.strip()
        if not bare:
            is_open = False
            continue
        kind, entry = _kind_of(bare)
        if kind == "comment":
            note = f"{note} {entry}".strip()[:LONGEST_NOTE] if is_open else entry[:LONGEST_NOTE]
            yield [kind, entry, ""]
        else:
            yield [kind, entry, note]
        is_open = kind == "comment"
