"""Reasons as data: message key, points and arguments; the sentences are in ``reports/messages/risk.toml``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

Argument = str | int | float


@dataclass(frozen=True)
class Reason:
    """One reason with its points in whole tenths (integers add up exactly)."""

    key: str
    tenths: int
    arguments: tuple[tuple[str, Argument], ...]


def reason(key: str, points: float, /, **arguments: Argument) -> Reason:
    """A reason worth ``points``, rounded to tenths. Call it with a literal key: a test reads the calls."""
    return Reason(key, round(points * 10), tuple(sorted(arguments.items())))


def scale(given: Reason, factor: float) -> Reason:
    """The same reason with its points multiplied, rounded down so that a sum never passes its ceiling."""
    return replace(given, tenths=int(given.tenths * factor))


def as_json(reasons: Sequence[Reason]) -> str:
    """JSON list of ``{"key", "points", "args"}``, most points first, then by key; equal reasons are equal text."""
    ordered = sorted(reasons, key=lambda given: (-given.tenths, given.key))
    return json.dumps(
        [{"key": given.key, "points": given.tenths / 10, "args": dict(given.arguments)} for given in ordered],
        ensure_ascii=False,
    )
