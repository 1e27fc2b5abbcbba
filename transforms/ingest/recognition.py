"""What a file is, told by its first records: never by its name alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from transforms.ingest.contents import Content
from transforms.ingest.decoding import DELIMITERS, decode_head, encoding_of, head_records
from transforms.ingest.formats import ExportFormat, all_formats
from transforms.ingest.formats.format import Feed, Words
from transforms.ingest.formats.not_read_yet import known_kind

LONGEST_PREAMBLE = 20
"""Records before the header at most; the longest preamble seen has eight."""

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


@dataclass(frozen=True)
class WideGroup:
    """One group of columns of a wide export: what the main column says, and where its cells stand."""

    header: str
    """Name of the main column."""

    position: int
    """Position of the main column."""

    words: Words
    """Target columns and values that the name says."""

    beside: Mapping[str, int]
    """Target columns and positions of the further columns; one that the file lacks is not there."""

    kind: int | None = None
    """Position of the column that says of what kind the main cell is."""

    @property
    def positions(self) -> tuple[int, ...]:
        """Every position of the group."""
        return (self.position, *self.beside.values(), *([] if self.kind is None else [self.kind]))


def wide_groups(declared: ExportFormat, header: tuple[str, ...]) -> tuple[WideGroup, ...]:
    """The groups of columns of a wide export, in the order of the file; none for other exports."""
    wide = declared.wide
    if wide is None:
        return ()
    beside = {rule.target: _places(rule.header, header) for rule in wide.beside}
    kinds = _places(wide.kind.header, header) if wide.kind else {}
    groups: list[WideGroup] = []
    for position, name in enumerate(header):
        found = wide.header.fullmatch(name)
        words = wide.says(found) if found else None
        if found and words is not None:
            places = {target: at[found.groups()] for target, at in beside.items() if found.groups() in at}
            if any(rule.is_filled and rule.target not in places for rule in wide.beside):
                continue
            groups.append(WideGroup(name, position, words, places, kinds.get(found.groups())))
    if wide.first_only:
        groups = [
            group for at, group in enumerate(groups) if all(group.words != before.words for before in groups[:at])
        ]
    return tuple(groups)


def _places(pattern: re.Pattern[str], header: tuple[str, ...]) -> dict[tuple[str | None, ...], int]:
    """Positions of the columns that the pattern matches, by what its groups say."""
    found = ((pattern.fullmatch(name), position) for position, name in enumerate(header))
    return {match.groups(): position for match, position in found if match}


def missing_columns(declared: ExportFormat, header: tuple[str, ...]) -> list[str]:
    """Required columns that the header lacks, as the provider spells them."""
    names = set(header)
    missing = [
        column.headers[0] if column.headers else "a column of its own"
        for column in declared.columns
        if column.is_required and not any(declared.reads_header(column, name) for name in names)
    ]
    if declared.wide is not None and not wide_groups(declared, header):
        missing.append("a column per day" if declared.wide.day_target else "a column per group")
    return missing


def recognise(
    content: Content, formats: tuple[ExportFormat, ...] | None = None, mapped: tuple[ExportFormat, ...] = ()
) -> Recognition:
    """What the content is: of several formats that fit, the one that knows most of its columns, mapped ones first.

    Args:
        content: the content.
        formats: the only ones to choose from (``--format``).
        mapped: formats of mapping files that apply to it, the nearest first; beside the built-in ones.
    """
    if content.problem:
        return Recognition(format=None, feed="backlinks", reason=content.problem)
    if content.byte_count == 0:
        return Recognition(format=None, feed="backlinks", reason="the file is empty (zero bytes)")
    encoding = encoding_of(content.head)
    text = decode_head(content.head, encoding)
    best: Recognition | None = None
    for delimiter in DELIMITERS:
        records = head_records(text, delimiter, is_whole=content.is_whole)
        for declared in formats or (*mapped, *all_formats()):
            found = _match(declared, records, encoding, delimiter)
            if found and (best is None or _used(found) > _used(best)):
                best = found
    return best or _unrecognised(text, encoding, formats)


def _used(found: Recognition) -> int:
    return len(set(found.header) & found.format.known_headers) if found.format else 0


def _match(declared: ExportFormat, records: list[list[str]], encoding: str, delimiter: str) -> Recognition | None:
    for header_at, record in enumerate(records[: LONGEST_PREAMBLE + 1]):
        header = strip_names(record)
        if _is_header(declared, header):
            return Recognition(
                format=declared,
                feed=declared.feed,
                encoding=encoding,
                delimiter=delimiter,
                header_at=header_at,
                header=header,
                preamble=tuple(", ".join(filter(None, before)) for before in records[:header_at]),
                rows=tuple(tuple(record) for record in records[header_at + 1 :]),
                reason=header_problem(declared, header),
            )
        if declared.preamble is None or not declared.preamble.search(record[0].strip()):
            return None
    return None


def _is_header(declared: ExportFormat, header: tuple[str, ...]) -> bool:
    if any(not set(header) & set(spellings) for spellings in declared.recognised_by):
        return False
    if declared.knows_all and not set(header) <= declared.known_headers:
        return False
    return declared.wide is None or bool(wide_groups(declared, header))


def header_problem(declared: ExportFormat, header: tuple[str, ...]) -> str | None:
    """Why a file of this format with this header cannot be read: what is missing and found, or there twice."""
    if missing := missing_columns(declared, header):
        return f"{declared.name}: missing required column {_quoted(missing)}; found {_quoted(header)}"
    read = [name for name in header if any(declared.reads_header(column, name) for column in declared.columns)]
    twice = sorted({name for name in read if read.count(name) > 1})
    if odd := _no_days(declared, header):
        return (
            f"{declared.name}: column {_quoted(odd)[:200]} is no day when read with the day before the month, so that "
            "the other columns may be misread: export it with days written YYYY-MM-DD"
        )
    for column in declared.columns:
        matched = {name for name in header if column.header_pattern and column.header_pattern.fullmatch(name)}
        if len(matched) > 1:
            return f"{declared.name}: {_quoted(sorted(matched))} are of several sites; export each by itself"
    return f"{declared.name}: column {_quoted(twice)} is there twice; cannot tell which one to read" if twice else None


def _no_days(declared: ExportFormat, header: tuple[str, ...]) -> list[str]:
    """Columns named like a day that is none: the account writes days in another order."""
    wide = declared.wide
    if wide is None or wide.day_target is None:
        return []
    return [name for name in header if (found := wide.header.fullmatch(name)) and wide.says(found) is None]


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
        reason += f"; the nearest is {nearest_format.name}, {_difference(nearest_format, header)}"
    if header:
        reason += "; `penalty-radar mapping` proposes how to read it"
    return Recognition(format=None, feed=feed, header=header, encoding=encoding, reason=reason)


def _difference(declared: ExportFormat, header: tuple[str, ...]) -> str:
    lacking = missing_columns(declared, header)
    others = [name for name in header if name not in declared.known_headers] if declared.knows_all else []
    if others and not lacking:
        return f"which has no column {_quoted(others)[:500]}"
    return f"of which it lacks {_quoted(lacking or [spelt[0] for spelt in declared.recognised_by])}"


def _nearest(header: tuple[str, ...]) -> ExportFormat | None:
    """The format that shares most of its required columns with the header, if half of them or more.

    Of several alike, the one that knows most of the header's columns.
    """

    def overlap(declared: ExportFormat) -> tuple[float, int]:
        required = [column for column in declared.columns if column.is_required]
        shared = sum(bool(set(column.headers) & set(header)) for column in required)
        return shared / max(len(required), 1), len(set(header) & declared.known_headers)

    nearest = max(all_formats(), key=overlap)
    return nearest if overlap(nearest)[0] >= LEAST_OVERLAP else None
