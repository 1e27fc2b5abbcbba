"""Drops of a simulated world with their true causes: found by the walk, labelled by what was planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FIT_WORLD = "search_fit"
TEST_WORLD = "search_test"


@dataclass(frozen=True)
class LabelledDrop:
    """A found drop: what was seen of it, of each surge before it, and what it truly comes of."""

    site_domain: str
    cause: str
    count: float
    seen: Mapping[str, float]
    pairs: tuple[Mapping[str, float], ...]


def label_world(name: str) -> list[LabelledDrop]:
    raise NotImplementedError(name)
