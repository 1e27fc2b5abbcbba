"""The texts of linking pages, read from ``worlds/wording.toml`` and filled in per link."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from penalty_radar.simulation.parameters import WORLDS, WordingPart

Choice = TypeVar("Choice")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnchorWords(_Frozen):
    """Anchor texts that do not depend on the kind of page."""

    generic: tuple[str, ...]
    topic: tuple[str, ...]
    exact: tuple[str, ...]


class PageWords(_Frozen):
    """What pages of one kind are called and say around the link."""

    themes: tuple[str, ...]
    paths: tuple[str, ...]
    titles: tuple[str, ...]
    left: tuple[str, ...]
    right: tuple[str, ...]


class FarmWords(_Frozen):
    """Subdomains and anchors of generated pages."""

    hosts: tuple[str, ...]
    generic: tuple[str, ...]


class Wording(_Frozen):
    """All texts; ``kinds`` by kind and then by language, or ``any``."""

    anchors: dict[str, AnchorWords]
    names: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    suffixes: dict[str, tuple[str, ...]]
    kinds: dict[str, dict[str, PageWords]]
    farm: FarmWords

    def page_words(self, kind: str, language: str) -> PageWords:
        """The texts of a kind of page in a language; kinds without a language have one set."""
        by_language = self.kinds[kind]
        return by_language.get(language) or by_language["any"]


WORDING_FILES = ("wording.toml", "wording_arranged.toml", "wording_de.toml", "wording_fr.toml", "wording_es.toml")

PART_REST = {"fit": 2, "test": 0}
"""Of every three texts in a list, the place of the one that a part leaves out."""


@cache
def load_wording(part: WordingPart = "all") -> Wording:
    """The texts of all worlds; ``fit`` and ``test`` each leave out a third of every list, and share a third.

    A world that tests what was fitted on another must hold wordings that the other never saw.
    """
    texts: dict[str, Any] = {}
    for name in WORDING_FILES:
        _merge(texts, tomllib.loads((WORLDS / name).read_text(encoding="utf-8")))
    wording = Wording.model_validate(texts)
    if part == "all":
        return wording
    kinds = {
        kind: {language: _take_part(words, part) for language, words in by_language.items()}
        for kind, by_language in wording.kinds.items()
    }
    return wording.model_copy(update={"kinds": kinds})


def _merge(texts: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict):
            _merge(texts.setdefault(name, {}), value)
        else:
            texts[name] = value


def _take_part(words: PageWords, part: WordingPart) -> PageWords:
    return PageWords(**{name: _leave_out(getattr(words, name), PART_REST[part]) for name in PageWords.model_fields})


def _leave_out(texts: tuple[str, ...], rest: int) -> tuple[str, ...]:
    return tuple(text for place, text in enumerate(texts) if place % 3 != rest) if len(texts) >= 3 else texts


def pick(rng: np.random.Generator, choices: Sequence[Choice]) -> Choice:
    """One of the choices, all alike likely."""
    return choices[int(rng.integers(len(choices)))]


def pick_weighted(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    """One key, as likely as its share; shares need not add to exactly 1."""
    names, sums = _cumulate(tuple(shares.items()))
    return names[int(sums.searchsorted(rng.random(), side="right"))]


@cache
def _cumulate(shares: tuple[tuple[str, float], ...]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Names and cumulated shares, as ``Generator.choice`` works them out anew each time."""
    weights = np.array([share for _, share in shares], dtype=float)
    sums = (weights / weights.sum()).cumsum()
    return tuple(name for name, _ in shares), sums / sums[-1]


def slug(text: str) -> str:
    """Lower-case words joined by hyphens, at most twelve, as page addresses have them."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())[:12]) or "pagina"
