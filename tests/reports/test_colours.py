"""The style sheet's colours of marks: strong enough beside the paper in each theme, and the same in both dark ones."""

from __future__ import annotations

import re
from itertools import product

import pytest

from reports.messages import FOLDER
from transforms.schemas.vocabulary import ORIGINS, TIERS

CSS = (FOLDER.parent / "static" / "radar.css").read_text(encoding="utf-8")
MARKS = (*(f"origin-{name}" for name in ORIGINS), *(f"tier-{name}" for name in TIERS), "drop", "event", "visibility")
LEAST_CONTRAST = 3.0  # WCAG 2.2, criterion 1.4.11: parts of graphics


def read_themes() -> list[dict[str, str]]:
    """The colour variables of each block that sets the paper; what stands for print is no theme."""
    blocks = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", block)) for block in re.findall(r"\{([^{}]*)\}", CSS)]
    return [block for block in blocks if "paper" in block]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_marks_stand_out_from_the_paper() -> None:
    themes = read_themes()
    assert len(themes) == 3
    found = {
        (theme["paper"], mark): contrast(theme[mark], theme["paper"]) for theme, mark in product(themes, MARKS)
    }  # fmt: skip
    weak = {where: round(ratio, 2) for where, ratio in found.items() if ratio < LEAST_CONTRAST}
    assert weak == {}


def test_dark_by_choice_and_by_system_are_the_same() -> None:
    _, chosen, system = read_themes()
    assert chosen == system
