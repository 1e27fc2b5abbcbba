"""Invented domain names: each holds a coined place name, so that none can be taken for a real site."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

STEMS = (
    "verzon", "fictiv", "nergens", "nepster", "bedacht", "ooit", "imagi", "pretend",
    "fable", "unreal", "nonsuch", "noplace", "madeup", "fantas", "zomaar", "dagdroom",
)  # fmt: skip
"""First halves of coined place names: Dutch and English for "made up", "nowhere", "as if"."""

ENDINGS = (
    "dijk", "oord", "loo", "veld", "burg", "ham", "wick", "daal", "dam", "hoven",
    "borg", "stede", "ton", "ley", "mere", "kerk", "wolde", "sum", "recht", "bury",
)  # fmt: skip
"""Second halves: what ends a Dutch or English place name."""

INVENTED_NAME = re.compile(f"(?:{'|'.join(STEMS)})(?:{'|'.join(ENDINGS)})")
"""Matches every name this simulation makes up, and hardly anything that exists."""

_PATTERNS = ("{theme}-{place}", "{place}{theme}", "{place}-{theme}", "{theme}{place}", "{theme}-van-{place}")
_FARM_PATTERNS = ("{theme}{place}{number}", "{place}-{theme}{number}", "{number}{theme}-{place}")


def coin_place(rng: np.random.Generator) -> str:
    """One coined place name, lower case, for example ``fictivoord``."""
    return STEMS[rng.integers(len(STEMS))] + ENDINGS[rng.integers(len(ENDINGS))]


class SourceNames:
    """Hands out registrable domains of linking sites, each at most once per monitored site."""

    def __init__(self, taken: Sequence[str]) -> None:
        self._used = set(taken)

    def new_domain(
        self, rng: np.random.Generator, themes: Sequence[str], suffixes: Sequence[str], *, is_farm: bool = False
    ) -> str:
        """A registrable domain not handed out before; farms carry a number, as generated names do."""
        patterns = _FARM_PATTERNS if is_farm else _PATTERNS
        while True:
            label = patterns[int(rng.integers(len(patterns)))].format(
                theme=themes[int(rng.integers(len(themes)))], place=coin_place(rng), number=int(rng.integers(2, 999))
            )
            domain = f"{label}.{suffixes[int(rng.integers(len(suffixes)))]}"
            if domain not in self._used:
                self._used.add(domain)
                return domain
