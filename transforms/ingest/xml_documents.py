"""XML documents as rows of text: one record per repeated element, its attributes and children as columns.

The records are the elements that bear values (attributes, or children that are plain text) and are repeated most often,
none of whose ancestors does both; where nothing is repeated, the element with the most values. Entities and external
documents are refused, so that a small file cannot become a large one or reach for another.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from transforms.ingest.bounds import MIB, ContentError, LimitedStream

MOST_DOCUMENT_BYTES = 16 * MIB
"""Of one document; the largest answer seen has two. It is streamed, three times each time it is opened, and the limit
is on the time that takes: of nothing but tiny elements, a minute."""

DEEPEST = 64
MOST_COLUMNS = 2_000
"""Distinct names, as for JSON."""

Path = tuple[str, ...]
Opener = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass
class _Seen:
    """What a path of element names was met as."""

    count: int = 0
    columns: dict[str, None] = field(default_factory=dict)


def rows_of(opener: Opener) -> Iterator[list[str]]:
    """The header, then a row per record; ``opener`` gives the file's bytes, from the start, each time.

    Raises:
        ContentError: it is too large, is no XML, declares entities, has no rows, or is an error message.
    """
    path = _record_path(_survey(opener))
    names: dict[str, None] = {}
    for record in _records(opener, path):
        names |= dict.fromkeys(record)
        if path[-1].lower() in ("error", "errors"):
            said = " ".join(text for text in record.values() if text)
            raise ContentError(f"an error message of the provider in the place of rows: {said[:200]}")
        if len(names) > MOST_COLUMNS:
            raise ContentError(f"XML with more than {MOST_COLUMNS:,} different names: they are values, not columns")
    yield list(names)
    for record in _records(opener, path):
        yield [record.get(name, "") for name in names]


def _events(opener: Opener) -> Generator[tuple[str, Any], None, None]:
    reason = f"an XML document of more than {MOST_DOCUMENT_BYTES // MIB} MB; export fewer rows"
    with opener() as stream:
        try:
            limited = LimitedStream(stream, MOST_DOCUMENT_BYTES, reason)
            parsing = iterparse(cast("BinaryIO", limited), events=("start", "end"))
            yield from parsing
        except DefusedXmlException as error:
            raise ContentError(f"XML that declares entities or reaches for other documents: {error}") from error
        except (ParseError, LookupError) as error:
            raise ContentError(f"looks like XML and is not: {error}") from error


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _survey(opener: Opener) -> dict[Path, _Seen]:
    """Every path of element names but the root's own, how often it is there and which values it bears."""
    seen: dict[Path, _Seen] = {}
    stack: list[Any] = []
    for event, element in _events(opener):
        if event == "start":
            stack.append(element)
            if len(stack) > DEEPEST:
                raise ContentError(f"XML that is nested deeper than {DEEPEST} levels")
            continue
        path = tuple(_name(parent.tag) for parent in stack)
        stack.pop()
        here = seen.setdefault(path, _Seen())
        here.count += 1
        here.columns |= dict.fromkeys(map(_name, element.attrib))
        if len(path) > 1 and not len(element) and (element.text or "").strip():
            seen.setdefault(path[:-1], _Seen()).columns[path[-1]] = None
        if len(seen) > MOST_COLUMNS:
            raise ContentError(f"XML with more than {MOST_COLUMNS:,} different elements")
        _forget(element, stack)
    return seen


def _forget(element: Any, stack: list[Any]) -> None:
    """Free an element; an empty one stays in its parent, which must know that it has children."""
    element.clear()
    if stack and len(stack[-1]) > 1:
        stack[-1].remove(element)


def _record_path(seen: dict[Path, _Seen]) -> Path:
    bearing = {path: here for path, here in seen.items() if here.columns and len(path) > 1}
    repeated = {path: here for path, here in bearing.items() if here.count > 1}
    outermost = {
        path: here
        for path, here in repeated.items()
        if not any(path[:depth] in repeated for depth in range(2, len(path)))
    }
    if outermost:
        return max(outermost, key=lambda path: outermost[path].count)
    if bearing:
        return max(bearing, key=lambda path: len(bearing[path].columns))
    if rooted := [path for path, here in seen.items() if here.columns]:
        return rooted[0]
    raise ContentError("no rows in it")


def _records(opener: Opener, path: Path) -> Iterator[dict[str, str]]:
    stack: list[Any] = []
    with closing(_events(opener)) as events:
        for event, element in events:
            if event == "start":
                stack.append(element)
                continue
            depth = len(stack)
            if depth == len(path) and tuple(_name(parent.tag) for parent in stack) == path:
                yield dict(_values(element, ""))
            stack.pop()
            # Inside of a record its children are still needed.
            if depth <= len(path):
                _forget(element, stack)


def _values(element: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """Name and text of every attribute and plain child; a child that is there twice gets a number."""
    for name, text in element.attrib.items():
        yield prefix + _name(name), text
    names = [_name(child.tag) for child in element]
    for at, child in enumerate(element):
        count = names[:at].count(names[at])
        name = f"{prefix}{names[at]}" + (f".{count}" if names.count(names[at]) > 1 else "")
        if child.attrib or len(child):
            yield from _values(child, f"{name}.")
        if (child.text or "").strip() or not (child.attrib or len(child)):
            yield name, (child.text or "").strip()
    if not prefix and not len(element) and (element.text or "").strip():
        yield "text", element.text.strip()
