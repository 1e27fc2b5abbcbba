"""A check that could not be judged is refused where it is declared."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.check import Check

GOOD: dict[str, Any] = {"name": "n", "table": "t.t", "severity": "minimum", "reason": "because", "bad_row": "x < 0"}


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"bad_row": ""}, "neither"),
        ({"reason": ""}, "reason"),
        ({"measure": "max(x)"}, "bounds nothing"),
        ({"measure": "max(x)", "most": 1, "as_share": True}, "not as a share"),
    ],
)
def test_a_declaration_that_cannot_be_judged_is_refused(changed: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Check(**GOOD | changed)


def test_without_bounds_no_bad_row_is_allowed() -> None:
    assert Check(**GOOD).bounds == (None, 0.0)
    assert Check(**GOOD, as_share=True, most=0.01).bounds == (None, 0.01)
