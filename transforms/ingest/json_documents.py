"""JSON documents and JSON lines as rows of text, by one rule for all providers.

**Records.** The records are the entries of the outermost array of objects, at most four levels deep; of several such
arrays the longest, and of two as long the one whose entries say more. An array whose entries have no value of their own
(only further arrays and objects) is a wrapper: the arrays inside it are looked at in its place. What stands beside the
array is not repeated on its entries. JSON lines are a record each; an object without such an array is one record.

**Columns.** Names in order of first appearance. A nested object becomes ``outer.inner``; a nested array of at most
eight plain values, in every record, becomes ``name.0``, ``name.1``; any other array is kept as JSON text. True and
false are words, null is empty, numbers stand as they are written, without exponent. What is no object where the others
are gives a row with too many cells, which is rejected like any other misshapen row.

**Search Analytics rows** (``keys``, ``clicks``, ...) have keys without names: a column of keys is named by what all
its values are (:data:`KEY_KINDS`), ``query`` when they are nothing else.

**Errors.** An object that holds a provider's error message in the place of rows is no table.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from transforms.ingest.bounds import MIB, ContentError, read_at_most
from transforms.ingest.country_names import three_letter_codes
from transforms.ingest.decoding import encoding_of, lines_of

MOST_DOCUMENT_BYTES = 64 * MIB
"""Of one document, which is held in memory as a whole (some eight times its size; of nothing but tiny objects, fifty
times, 3 GB). JSON lines have no such limit."""

DEEPEST = 4
MOST_SPREAD = 8
"""Plain values of a nested array that become columns; an export's keys are five at most."""

LONGEST_EXPONENT = 40
"""Digits that a number may grow by when its exponent is written out."""

MOST_COLUMNS = 2_000
"""Distinct names; more means that the names are values."""

EMPTY_ANSWERS = frozenset({"responseAggregationType", "metadata"})
"""All that a Search Analytics answer has when there is no row for the question."""

KEY_KINDS: dict[str, Callable[[str], bool]] = {
    "date": lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None,
    "page": lambda text: text.startswith(("http://", "https://")),
    "device": lambda text: text in ("DESKTOP", "MOBILE", "TABLET"),
    "search_appearance": lambda text: re.fullmatch(r"[A-Z][A-Z0-9_]+", text) is not None,
    "country": lambda text: text in three_letter_codes(),
}
"""What a column of keys may be, in this order. Search Console writes queries in lower case, appearances in capitals."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d+")


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def plain_number(spelt: str) -> str:
    """A number without exponent; one with a huge exponent, and what is no number, stays as it is."""
    if (
        "e" not in spelt.lower()
        or not _NUMBER.fullmatch(spelt)
        or abs(int(re.split("[eE]", spelt)[1])) > LONGEST_EXPONENT
    ):
        return spelt
    return format(Decimal(spelt), "f")


def _load(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
    except json.JSONDecodeError as error:
        raise ContentError(f"looks like JSON and is not: {error}") from error
    except RecursionError as error:
        raise ContentError("JSON that is nested too deeply") from error


def rows_of(opener: Callable[[], AbstractContextManager[BinaryIO]], head: bytes) -> Iterator[list[str]]:
    """The header, then a row per record; ``opener`` gives the file's bytes, from the start, each time.

    Raises:
        ContentError: it is too large, is no JSON, has no rows, or is an error message.
    """
    encoding = encoding_of(head)
    if _is_lines(head.decode(encoding, "replace")):

        def each() -> Iterator[Any]:
            with opener() as stream:
                yield from _line_records(stream, encoding)

        yield from _table(each)
    else:
        with opener() as stream:
            reason = f"a JSON document of more than {MOST_DOCUMENT_BYTES // MIB} MB; export fewer rows, or JSON lines"
            content = read_at_most(stream, MOST_DOCUMENT_BYTES, reason)
        records = _records_in(_load(content.decode(encoding, "replace")))
        yield from _table(lambda: records)


def _is_lines(head: str) -> bool:
    first, _, rest = head.lstrip("\ufeff \t\r\n").partition("\n")
    if not first.startswith("{") or not rest.lstrip().startswith("{"):
        return False
    try:
        return isinstance(_load(first), dict)
    except ContentError:
        return False


def _line_records(stream: BinaryIO, encoding: str) -> Iterator[Any]:
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace")
    try:
        for line in lines_of(text):
            if bare := line.strip("\ufeff \t\r\n"):
                try:
                    yield _load(bare)
                except ContentError:
                    yield bare
    finally:
        text.detach()


def _records_in(document: Any) -> list[Any]:
    if isinstance(document, list) and not document:
        raise ContentError("no rows in it")
    found = _arrays(_result_of_task(document), 0)
    if found:
        return max(found, key=lambda array: (len(array), max(len(entry) for entry in array if isinstance(entry, dict))))
    if message := error_message(document):
        raise ContentError(f"an error message of the provider in the place of rows: {message[:200]}")
    if not isinstance(document, dict):
        raise ContentError("JSON without an array of objects or an object")
    if document.keys() <= EMPTY_ANSWERS or any(value == [] for value in document.values()):
        raise ContentError("no rows in it")
    return [document]


def _result_of_task(document: Any) -> Any:
    """The one result of an answer to one task, which says beside it what was asked; any other document as it is.

    DataForSEO: ``tasks[].result[].items[]``.
    """
    inner = document
    for name in ("tasks", "result"):
        wrapped = inner.get(name) if isinstance(inner, dict) else None
        if not (isinstance(wrapped, list) and len(wrapped) == 1 and isinstance(wrapped[0], dict)):
            return document
        inner = wrapped[0]
    return inner


def _arrays(value: Any, depth: int) -> list[list[Any]]:
    """The outermost arrays of objects."""
    if isinstance(value, list):
        objects = [entry for entry in value if isinstance(entry, dict)]
        if not objects:
            return []
        is_wrapper = len(objects) == len(value) and not any(map(_has_own_value, objects))
        if not is_wrapper or depth >= DEEPEST:
            return [] if _are_errors(objects) else [value]
        inner: dict[str, list[Any]] = {}
        for entry in objects:
            for name, nested in entry.items():
                for array in _arrays(nested, depth + 1):
                    inner.setdefault(name, []).extend(array)
        return list(inner.values()) or ([] if _are_errors(objects) else [value])
    if isinstance(value, dict) and depth < DEEPEST:
        return [array for nested in value.values() for array in _arrays(nested, depth + 1)]
    return []


def _has_own_value(entry: dict[str, Any]) -> bool:
    return any(not isinstance(value, dict | list) for value in entry.values())


def _are_errors(objects: list[dict[str, Any]]) -> bool:
    return all(error_message(entry) for entry in objects)


def error_message(value: Any, depth: int = 0) -> str | None:
    """The message of an API's error object, with its code; None when there is none."""
    if isinstance(value, list) and depth < DEEPEST:
        return next((told for entry in value[:5] if (told := error_message(entry, depth + 1))), None)
    if not isinstance(value, dict):
        return None
    for name in ("error", "errors"):
        inside = value.get(name)
        if isinstance(inside, dict):
            said = (inside.get(part) for part in ("code", "error_code", "message", "error_message", "status"))
            return " ".join(str(part) for part in said if isinstance(part, str)) or json_text(inside)
        if isinstance(inside, str) and inside:
            return inside
        if isinstance(inside, list) and inside:
            return error_message(inside, depth + 1) or json_text(inside)
    nested = [inner for inner in value.values() if isinstance(inner, dict)] if depth < DEEPEST else []
    return next((told for inner in nested if (told := error_message(inner, depth + 1))), None)


@dataclass
class _Survey:
    """What the columns of all records are."""

    names: dict[str, None] = field(default_factory=dict)
    kept_whole: set[str] = field(default_factory=set)
    keys: dict[str, set[str]] = field(default_factory=dict)
    row_count: int = 0

    def add(self, record: dict[str, Any]) -> None:
        self.row_count += 1
        for name, value in _flat(record, ""):
            if not isinstance(value, list):
                self.names.setdefault(name)
            elif name not in self.kept_whole and self._spreads(value):
                spread = [f"{name}.{at}" for at in range(len(value))]
                self.names.update(dict.fromkeys(spread))
                if name == "keys":
                    self._look_at_keys(spread, value)
            else:
                self.kept_whole.add(name)
                self.names.setdefault(name)
        if len(self.names) > MOST_COLUMNS:
            raise ContentError(f"JSON with more than {MOST_COLUMNS:,} different names: they are values, not columns")

    def _look_at_keys(self, columns: list[str], values: list[Any]) -> None:
        for column, value in zip(columns, values, strict=True):
            kinds = self.keys.setdefault(column, set(KEY_KINDS))
            if kinds:
                kinds -= {kind for kind in kinds if not KEY_KINDS[kind](cell_text(value))}

    def _spreads(self, value: list[Any]) -> bool:
        return len(value) <= MOST_SPREAD and not any(isinstance(entry, dict | list) for entry in value)

    def columns(self) -> list[str]:
        """Names in order; what one record spread over columns and another did not is kept whole."""
        spread = {f"{name}.{at}" for name in self.kept_whole for at in range(MOST_SPREAD)}
        return [name for name in self.names if name not in spread]

    def key_names(self) -> dict[str, str]:
        """Columns of keys by what they are; those that would share a name keep their own."""
        told = {
            column: next((kind for kind in KEY_KINDS if kind in kinds), "query") for column, kinds in self.keys.items()
        }
        told = {
            column: "query" if kind == "country" and self.row_count == 1 and len(told) == 1 else kind
            for column, kind in told.items()
        }
        return {column: kind for column, kind in told.items() if list(told.values()).count(kind) == 1}


def _table(each: Callable[[], Iterable[Any]]) -> Iterator[list[str]]:
    survey = _Survey()
    for record in each():
        if isinstance(record, dict):
            survey.add(record)
    columns = survey.columns()
    if not columns:
        raise ContentError("no rows in it")
    renamed = survey.key_names()
    yield [renamed.get(name, name) for name in columns]
    for record in each():
        if isinstance(record, dict):
            cells = dict(_cells(record, survey.kept_whole))
            yield [cells.get(name, "") for name in columns]
        else:
            yield [json_text(record)[:200], *["no JSON object"] * len(columns)]


def _cells(record: dict[str, Any], kept_whole: set[str]) -> Iterator[tuple[str, str]]:
    for name, value in _flat(record, ""):
        if isinstance(value, list) and name not in kept_whole:
            yield from ((f"{name}.{at}", cell_text(entry)) for at, entry in enumerate(value))
        else:
            yield name, cell_text(value)


def _flat(value: dict[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, nested in value.items():
        if isinstance(nested, dict):
            yield from _flat(nested, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", nested


def cell_text(value: Any) -> str:
    """A value as a cell: words for true and false, nothing for null, JSON for what is nested."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, _Number):
        return plain_number(value)
    return value if isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:
    """The value as compact JSON, numbers as they were written."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(str(name))}:{json_text(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, _Number):
        return plain_number(value)
    return json.dumps(value, ensure_ascii=False)
