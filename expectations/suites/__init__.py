"""The checks of every stage: those generated from its schemas, then those its suite states."""

from __future__ import annotations

import functools
import importlib

from expectations.check import Check
from expectations.structure import structural_checks
from transforms.schemas import stage_tables
from transforms.stages import STAGES


def meaning_checks(stage: str) -> tuple[Check, ...]:
    """What ``expectations/suites/<stage>.py`` states; its constant ``CHECKS``."""
    if stage not in STAGES:
        raise KeyError(f"no stage {stage!r}; there are {', '.join(STAGES)}")
    checks: tuple[Check, ...] = importlib.import_module(f"expectations.suites.{stage}").CHECKS
    return checks


@functools.cache
def stage_checks(stage: str) -> tuple[Check, ...]:
    """Every check of ``stage``; names are unique."""
    structural = [check for declared in stage_tables(stage) for check in structural_checks(declared)]
    checks = (*structural, *meaning_checks(stage))
    names = [check.name for check in checks]
    if double := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"stage {stage}: two checks are named {', '.join(sorted(double))}")
    return checks
