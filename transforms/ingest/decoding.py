"""Bytes of an export to records: encodings, delimiters and quotes, exactly as the files have them.

Records are counted, never lines: titles and contexts hold newlines inside quotes.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
from collections.abc import Iterator
from typing import BinaryIO

LONGEST_RECORD = 16 * 1024 * 1024
"""Characters; no more of a file is held at once. A longer record means a quote that was never closed, or no text."""

DELIMITERS = (",", "\t", ";")
"""Tried in this order; which one depends on the provider and on the locale of the account."""

UTF_8 = "utf-8-sig"
"""UTF-8, with or without byte order mark."""

LEGACY = "cp1252"
"""What is left when the bytes are not UTF-8: files re-saved on Windows."""

LEAST_ZERO_SHARE = 0.7
"""Share of zero bytes at every other place that makes text UTF-16: all but the letters beyond U+00FF."""

csv.field_size_limit(LONGEST_RECORD + 1)


class RecordTooLongError(csv.Error):
    """A record is longer than ``LONGEST_RECORD``."""


def encoding_of(head: bytes) -> str:
    """The encoding of a file that begins with ``head``: by byte order mark, zero bytes, or else validity as UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = head[: min(200, len(head) // 2 * 2)]
    if len(sample) >= 4:
        halves = {"utf-16-le": sample[1::2], "utf-16-be": sample[0::2]}
        for encoding, zeros in halves.items():
            if zeros.count(0) > LEAST_ZERO_SHARE * len(zeros):
                return encoding
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(head, final=False)
    except UnicodeDecodeError:
        return LEGACY
    return UTF_8


def is_utf_32(head: bytes) -> bool:
    """Whether a file begins like UTF-32, with or without byte order mark."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return True
    sample = head[: min(200, len(head) // 4 * 4)]
    quarters = [sample[at::4].count(0) * 4 >= LEAST_ZERO_SHARE * len(sample) for at in range(4)]
    return len(sample) >= 8 and quarters in ([False, True, True, True], [True, True, True, False])


def _on_error(encoding: str) -> str:
    # Surrogate escapes let one bad byte reject one row; UTF-16 has no such handler.
    return "surrogateescape" if encoding == UTF_8 else "replace"


def decode_head(head: bytes, encoding: str) -> str:
    """The text of the first bytes of a file; a character cut at the end is left out."""
    return codecs.getincrementaldecoder(encoding)(errors=_on_error(encoding)).decode(head, final=False)


def head_records(text: str, delimiter: str, *, is_whole: bool) -> list[list[str]]:
    """The records of a file's head, without blank ones; unless it is the whole file, the last (cut) one is left out."""
    records = list(_records(io.StringIO(text, newline=""), delimiter))
    complete = records if is_whole else records[:-1]
    return [record for record in complete if not is_blank(record)]


def is_blank(record: list[str]) -> bool:
    """True for an empty line: no field, or one without a character in it."""
    return not record or (len(record) == 1 and not record[0].strip())


def records_of(stream: BinaryIO, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """Every record of a file in order, blank lines left out; at most ``LONGEST_RECORD`` characters are held.

    A byte that is not of the encoding comes back as a surrogate (UTF-8) or as the replacement character.

    Quotes that the writer did not double (``"the "best" shop","12"``) are text, and a field ends at the quote before
    a delimiter or the end of the line, where that gives as many fields as the record before had. Everywhere else what
    stands behind a closing quote is joined to the field, as spreadsheets do.

    Raises:
        RecordTooLongError: a record is longer than that.
    """
    text = io.TextIOWrapper(stream, encoding=encoding, errors=_on_error(encoding), newline="")
    try:
        for record in _records(text, delimiter):
            if not is_blank(record):
                yield record
    finally:
        # The stream belongs to the caller; closing it here would be closing it twice.
        with contextlib.suppress(ValueError):
            text.detach()


def lines_of(text: io.TextIOBase) -> Iterator[str]:
    """Lines with their ends (LF, CR LF or CR).

    Raises:
        RecordTooLongError: one is longer than ``LONGEST_RECORD``.
    """
    while line := text.readline(LONGEST_RECORD + 1):
        if len(line) > LONGEST_RECORD:
            raise RecordTooLongError(f"a line longer than {LONGEST_RECORD:,} characters")
        yield line


def _records(text: io.TextIOBase, delimiter: str) -> Iterator[list[str]]:
    """Every record. ``strict`` only tells where the writer left the rules; no record is refused."""
    taken: list[str] = []
    lines = _kept(lines_of(text), taken)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        taken.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except RecordTooLongError:
            raise
        except csv.Error:
            record = _unescaped(taken, delimiter, width) or _joined(taken, lines, delimiter)
        else:
            width = len(record)
        yield record


def _kept(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines; ``taken`` has those of the present record."""
    count = 0
    for line in lines:
        count = count + len(line) if taken else len(line)
        if count > LONGEST_RECORD:
            raise RecordTooLongError(
                f"a record longer than {LONGEST_RECORD:,} characters: a quote before it may not be closed"
            )
        taken.append(line)
        yield line


def _unescaped(taken: list[str], delimiter: str, width: int) -> list[str] | None:
    """The record when its writer does not double quotes; None when that does not give ``width`` fields."""
    text = "".join(taken).rstrip("\r\n")
    fields, at = [], 0
    while at <= len(text):
        if not text.startswith('"', at):
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            fields.append(text[at:end])
        else:
            end = text.find(f'"{delimiter}', at + 1)
            if end < 0:
                if not text.endswith('"') or len(text) - 1 <= at:
                    return None
                end = len(text) - 1
            fields.append(text[at + 1 : end])
            end += 1
        if len(fields) > width:
            return None
        at = end + 1
    return fields if len(fields) == width else None


def _joined(taken: list[str], lines: Iterator[str], delimiter: str) -> list[str]:
    """The record as a lenient reader sees it; it may need more lines than the strict one looked at."""
    return next(csv.reader(itertools.chain(list(taken), lines), delimiter=delimiter), [])
