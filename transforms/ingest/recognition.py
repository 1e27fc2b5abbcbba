"""What a file is, told by its first records: never by its name alone."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from transforms.ingest.contents import Content
from transforms.ingest.decoding import DELIMITERS, decode_head, encoding_of, head_records
from transforms.ingest.formats import ExportFormat, all_formats
from transforms.ingest.formats.format import Feed
from transforms.ingest.formats.not_read_yet import known_kind

LEAST_OVERLAP = 0.5
"""Share of a format's required columns that makes it the nearest one to name for an unknown header."""


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """What the head of a content told."""

    format: ExportFormat | None
    """The format, when it can be read."""

    feed: Feed
    """Which feed it belongs to; ``backlinks`` when nobody can tell."""

    encoding: str = "utf-8-sig"
    """Encoding to read it with."""

    delimiter: str = ","
    """Delimiter to read it with."""

    header_at: int = 0
    """Records before the header."""

    header: tuple[str, ...] = ()
    """Header names, stripped."""

    preamble: tuple[str, ...] = ()
    """First cells of the records before the header."""

    rows: tuple[tuple[str, ...], ...] = ()
    """The complete records of the head after the header."""

    reason: str | None = None
    """Why it is set aside."""


def strip_names(record: list[str]) -> tuple[str, ...]:
    """Header names without the spaces around them (one provider puts them there) and without trailing empty ones."""
    names = [name.strip().lstrip("\ufeff").strip() for name in record]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def header_days(declared: ExportFormat, header: tuple[str, ...]) -> dict[int, datetime.date]:
    """Positions of the day columns of a wide export, and their days."""
    days: dict[int, datetime.date] = {}
    if declared.day_columns is None:
        return days
    for position, name in enumerate(header):
        for spelling in declared.day_columns.header_spellings:
            try:
                days[position] = datetime.datetime.strptime(name, spelling).replace(tzinfo=datetime.UTC).date()
                break
            except ValueError:
                continue
    return days


def missing_columns(declared: ExportFormat, header: tuple[str, ...]) -> list[str]:
    """Required columns that the header lacks, as the provider spells them."""
    names = set(header)
    missing = [
        column.headers[0] for column in declared.columns if column.is_required and not names & set(column.headers)
    ]
    if declared.day_columns is not None and not header_days(declared, header):
        missing.append("a column per day")
    return missing


def recognise(content: Content, formats: tuple[ExportFormat, ...] | None = None) -> Recognition:
    """What the content is. ``formats`` (from ``--format``) leaves only these to choose from."""
    if content.problem:
        return Recognition(format=None, feed="backlinks", reason=content.problem)
    if content.byte_count == 0:
        return Recognition(format=None, feed="backlinks", reason="the file is empty (zero bytes)")
    encoding = encoding_of(content.head)
    text = decode_head(content.head, encoding)
    best: Recognition | None = None
    for delimiter in DELIMITERS:
        records = head_records(text, delimiter, is_whole=content.is_whole)
        for declared in formats or all_formats():
            found = _match(declared, records, encoding, delimiter)
            if found and (best is None or _used(found) > _used(best)):
                best = found
    return best or _unrecognised(text, encoding, formats)


def _used(found: Recognition) -> int:
    return len(set(found.header) & found.format.known_headers) if found.format else 0


def _match(declared: ExportFormat, records: list[list[str]], encoding: str, delimiter: str) -> Recognition | None:
    header_at = 1 if len(records) > 1 and _is_preamble(declared, records[0]) else 0
    if len(records) <= header_at:
        return None
    header = strip_names(records[header_at])
    if any(not set(header) & set(spellings) for spellings in declared.recognised_by):
        return None
    if declared.day_columns is not None and not header_days(declared, header):
        return None
    return Recognition(
        format=declared,
        feed=declared.feed,
        encoding=encoding,
        delimiter=delimiter,
        header_at=header_at,
        header=header,
        preamble=tuple(record[0] for record in records[:header_at]),
        rows=tuple(tuple(record) for record in records[header_at + 1 :]),
        reason=header_problem(declared, header),
    )


def _is_preamble(declared: ExportFormat, record: list[str]) -> bool:
    return declared.preamble is not None and bool(declared.preamble.search(record[0].strip()))


def header_problem(declared: ExportFormat, header: tuple[str, ...]) -> str | None:
    """Why a file of this format with this header cannot be read: what is missing and found, or there twice."""
    if missing := missing_columns(declared, header):
        return f"{declared.name}: missing required column {_quoted(missing)}; found {_quoted(header)}"
    used = [name for column in declared.columns for name in column.headers]
    twice = sorted({name for name in used if header.count(name) > 1})
    return f"{declared.name}: column {_quoted(twice)} is there twice; cannot tell which one to read" if twice else None


def _quoted(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _unrecognised(text: str, encoding: str, formats: tuple[ExportFormat, ...] | None) -> Recognition:
    if "\x00" in text[:2000]:
        return Recognition(format=None, feed="backlinks", reason="not text; no format known")
    lines = tuple(text.splitlines())
    headers = [
        strip_names(record) for delimiter in DELIMITERS for record in head_records(text, delimiter, is_whole=True)[:1]
    ]
    header = max(headers, key=len, default=())
    feed: Feed = "backlinks"
    if formats:
        nearest = formats[0]
        lack = _quoted(missing_columns(nearest, header) or [spelt[0] for spelt in nearest.recognised_by])
        return Recognition(
            format=None,
            feed=nearest.feed,
            reason=f"not {nearest.family}: it lacks {lack}; found {_quoted(header)[:1000]}",
        )
    if kind := known_kind(header, lines):
        reason = f"this looks like {kind.title}; this version does not read it yet"
        return Recognition(format=None, feed=kind.feed, header=header, encoding=encoding, reason=reason)
    reason = f"no format known for the header {_quoted(header)[:500] or repr(text[:100])}"
    if nearest_format := _nearest(header):
        feed = nearest_format.feed
        lacking = missing_columns(nearest_format, header) or [spelt[0] for spelt in nearest_format.recognised_by]
        reason += f"; the nearest is {nearest_format.name}, of which it lacks {_quoted(lacking)}"
    return Recognition(format=None, feed=feed, header=header, encoding=encoding, reason=reason)


def _nearest(header: tuple[str, ...]) -> ExportFormat | None:
    """The format that shares most of its required columns with the header, if half of them or more."""

    def overlap(declared: ExportFormat) -> float:
        required = [column for column in declared.columns if column.is_required]
        return sum(bool(set(column.headers) & set(header)) for column in required) / len(required)

    nearest = max(all_formats(), key=overlap)
    return nearest if overlap(nearest) >= LEAST_OVERLAP else None
