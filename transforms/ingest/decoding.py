"""Bytes of an export to records: encodings, delimiters and quotes, exactly as the files have them.

Records are counted, never lines: titles and contexts hold newlines inside quotes.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
from collections import deque
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

AT_THE_END = "unexpected end of data"
"""What the reader says of a quote that is never closed: of a field with line ends in it whose end was not written."""

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
    a delimiter or the end of the line, where that gives as many fields as the record before had. A quote that opens a
    field and is not closed on its line is text, where only the line alone gives as many. Everywhere else what stands
    behind a closing quote is joined to the field, as spreadsheets do.

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
    lines = _Lines(lines_of(text))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    while True:
        lines.taken.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except RecordTooLongError:
            raise
        except csv.Error as error:
            yield _against_the_rules(lines, delimiter, width, is_end=str(error) == AT_THE_END)
            continue
        if len(record) != width:
            record = _first_line_alone(lines, delimiter, width) or record
        width = len(record)
        yield record


def _against_the_rules(lines: _Lines, delimiter: str, width: int, *, is_end: bool) -> list[str]:
    """The record that the strict reader gave up; ``is_end``: because the file ended before its quote was closed."""
    if found := _unescaped(lines.taken, delimiter, width):
        return found
    if not is_end and (found := _first_line_alone(lines, delimiter, width)):
        return found
    joined = _joined(lines.taken, lines, delimiter)
    return joined if len(joined) == width else _first_line_alone(lines, delimiter, width) or joined


class _Lines:
    """Lines for a reader; ``taken`` has those of the present record, and all but its first can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self._count = 0
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self._count = self._count + len(line) if self.taken else len(line)
        if self._count > LONGEST_RECORD:
            raise RecordTooLongError(
                f"a record longer than {LONGEST_RECORD:,} characters: a quote before it may not be closed"
            )
        self.taken.append(line)
        return line

    def keep_first(self) -> None:
        """Give back every line of the record but the first."""
        self._given_back.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def _first_line_alone(lines: _Lines, delimiter: str, width: int) -> list[str] | None:
    """The record when its writer knows no quotes, so that one which opens a field is text.

    None when that does not give ``width`` fields. Without this, one title that begins with a quote takes the rows
    after it along.
    """
    fields = lines.taken[0].rstrip("\r\n").split(delimiter)
    if len(lines.taken) == 1 or len(fields) != width:
        return None
    lines.keep_first()
    return fields


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
