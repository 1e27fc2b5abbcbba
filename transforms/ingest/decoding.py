"""Bytes of an export to records: encodings, delimiters and quotes, exactly as the files have them.

Records are counted, never lines: titles and contexts hold newlines inside quotes.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

LONGEST_FIELD = 16 * 1024 * 1024
"""Characters; a longer field means a quote that was never closed."""

DELIMITERS = (",", "\t", ";")
"""Tried in this order; which one depends on the provider and on the locale of the account."""

UTF_8 = "utf-8-sig"
"""UTF-8, with or without byte order mark."""

LEGACY = "cp1252"
"""What is left when the bytes are not UTF-8: files re-saved on Windows."""

csv.field_size_limit(LONGEST_FIELD)


def encoding_of(head: bytes) -> str:
    """The encoding of a file that begins with ``head``: by byte order mark, zero bytes, or else validity as UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[:200]
    if len(sample) >= 4 and sample[1::2].count(0) > 0.7 * len(sample[1::2]):
        return "utf-16-le"
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(head, final=False)
    except UnicodeDecodeError:
        return LEGACY
    return UTF_8


def _on_error(encoding: str) -> str:
    # Surrogate escapes let one bad byte reject one row; UTF-16 has no such handler.
    return "surrogateescape" if encoding == UTF_8 else "replace"


def decode_head(head: bytes, encoding: str) -> str:
    """The text of the first bytes of a file; a character cut at the end is left out."""
    return codecs.getincrementaldecoder(encoding)(errors=_on_error(encoding)).decode(head, final=False)


def head_records(text: str, delimiter: str, *, is_whole: bool) -> list[list[str]]:
    """The records of a file's head, without blank ones; unless it is the whole file, the last (cut) one is left out."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            records.append(record)
    except csv.Error:
        return [record for record in records if not is_blank(record)]
    complete = records if is_whole else records[:-1]
    return [record for record in complete if not is_blank(record)]


def is_blank(record: list[str]) -> bool:
    """True for an empty line: no field, or one without a character in it."""
    return not record or (len(record) == 1 and not record[0].strip())


def records_of(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Every record of a file in order, blank lines left out.

    A byte that is not of the encoding comes back as a surrogate (UTF-8) or as the replacement character.

    Raises:
        csv.Error: a field longer than ``LONGEST_FIELD``.
    """
    text = io.TextIOWrapper(stream, encoding=encoding, errors=_on_error(encoding), newline="")
    try:
        for record in csv.reader(text, delimiter=delimiter):
            if not is_blank(record):
                yield record
    finally:
        # The stream belongs to the caller; closing it here would be closing it twice.
        with contextlib.suppress(ValueError):
            text.detach()
