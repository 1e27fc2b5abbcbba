"""A line per step, with a number, a word and a note; a failure says FAILED and goes on up."""

import io

import pytest
from rich.console import Console

from penalty_radar.steps import Steps


def steps(total):
    page = io.StringIO()
    return Steps(total, console=Console(file=page, highlight=False, soft_wrap=True)), page


def test_each_step_is_one_line():
    shown, page = steps(12)
    with shown.step("ingest") as note:
        note("3 files")
    with shown.step("staging"):
        pass
    first, second = page.getvalue().splitlines()
    assert first.startswith("[ 1/12] ingest") and " OK " in first and first.endswith("3 files")
    assert second.startswith("[ 2/12] staging") and second.endswith(" s")


def test_a_failure_is_shown_and_raised():
    shown, page = steps(1)
    with pytest.raises(ZeroDivisionError), shown.step("risk"):
        raise ZeroDivisionError
    assert "FAILED" in page.getvalue()
