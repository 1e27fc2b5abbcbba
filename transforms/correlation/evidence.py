"""Evidence as data: a message key and its arguments; the sentences are in ``reports/messages/correlation.toml``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

Argument = str | int | float


@dataclass(frozen=True)
class Said:
    """One thing to say: a message key and its arguments (days as ISO text, shares 0 to 1)."""

    key: str
    arguments: tuple[tuple[str, Argument], ...]


def said(key: str, **arguments: Argument) -> Said:
    """Something to say. Call it with a literal key and keyword arguments: a test reads the calls from the source."""
    return Said(key, tuple(sorted(arguments.items())))


def as_json(sayings: Iterable[Said]) -> str:
    """JSON list of ``{"key": ..., "args": {...}}``, arguments in alphabetical order: equal evidence is equal text."""
    sayings = list(sayings)
    if not sayings:  # most causes of most drops
        return "[]"
    return json.dumps([{"key": saying.key, "args": dict(saying.arguments)} for saying in sayings], ensure_ascii=False)


def read_one(stored: str) -> Said:
    """The saying of a JSON list of one."""
    (entry,) = json.loads(stored)
    return said(entry["key"], **entry["args"])
