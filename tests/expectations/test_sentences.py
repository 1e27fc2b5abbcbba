"""Every check has a sentence in both languages, and the sentence names only what the report can give it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from string import Formatter

import pytest

from expectations.structure import KINDS
from expectations.suites import meaning_checks, stage_checks
from transforms.stages import STAGES

CATALOGUE = Path(__file__).parents[2] / "reports" / "messages" / "expectations.toml"
STRUCTURAL_ARGUMENTS = {"table", "column"}


def sentences() -> dict[str, dict[str, str]]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def names_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("stage", STAGES)
def test_every_check_has_its_sentence(stage: str) -> None:
    found = sentences()
    for check in stage_checks(stage):
        sentence = found[f"check.{check.name.partition(':')[0]}"]
        assert set(sentence) == {"en", "nl"}
        assert sentence["en"] != sentence["nl"]


@pytest.mark.parametrize("stage", STAGES)
def test_sentences_name_only_bounds_that_the_check_has(stage: str) -> None:
    found = sentences()
    for check in meaning_checks(stage):
        bounds = dict(zip(("least", "most"), check.bounds, strict=True))
        for sentence in found[f"check.{check.name}"].values():
            assert all(bounds[name] is not None for name in names_in(sentence)), check.name


def test_structural_sentences_name_table_and_column() -> None:
    for kind in KINDS:
        for sentence in sentences()[f"check.{kind}"].values():
            assert names_in(sentence) <= STRUCTURAL_ARGUMENTS


def test_no_sentence_is_left_over() -> None:
    stated = {f"check.{check.name.partition(':')[0]}" for stage in STAGES for check in stage_checks(stage)}
    assert set(sentences()) == stated
