"""How evidence becomes probability: the fit finds what made the labels, and few labels change little."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from transforms.schemas.signals_rules import SIX_ORIGINS
from transforms.signals.origin_calibration import BUNDLED, Calibration, fit_calibration, load_calibration

TRUE = Calibration(0.6, (1.2, -0.4, -0.4, -0.4, -0.4, 0.4), "v")


def simulated(count: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Evidence as rules give it, and origins drawn from what it is worth."""
    random = np.random.default_rng(seed)
    evidence = random.choice([0.0, 0.0, 0.5, 1.6, 3.0, 5.0], size=(count, len(SIX_ORIGINS)))
    origin = [random.choice(6, p=row) for row in TRUE.probabilities(evidence)]
    return evidence, np.array(origin)


def test_the_fit_finds_slope_and_biases_of_simulated_links() -> None:
    evidence, origin = simulated(6000)
    found = fit_calibration(evidence, origin, np.ones(len(origin)), rule_set="v")
    assert found.slope == pytest.approx(TRUE.slope, abs=0.05)
    assert found.bias == pytest.approx(TRUE.bias, abs=0.25)
    assert found.rule_set == "v"


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    evidence, origin = simulated(300)
    twice = fit_calibration(evidence, origin, np.full(len(origin), 2.0), rule_set="v")
    doubled = fit_calibration(np.tile(evidence, (2, 1)), np.tile(origin, 2), np.ones(600), rule_set="v")
    assert twice.slope == pytest.approx(doubled.slope, rel=1e-3)
    assert twice.bias == pytest.approx(doubled.bias, abs=1e-2)


def test_a_few_labels_change_little() -> None:
    none = fit_calibration(np.zeros((0, 6)), np.zeros(0, dtype=np.int64), np.zeros(0), rule_set="v")
    assert none.slope == pytest.approx(1.0)
    assert none.bias == pytest.approx((0.0,) * 6, abs=1e-6)
    evidence, origin = simulated(3)
    few = fit_calibration(evidence, origin, np.ones(3), rule_set="v")
    many = fit_calibration(*simulated(6000), np.ones(6000), rule_set="v")
    assert abs(few.slope - 1) < abs(many.slope - 1)
    assert max(map(abs, few.bias)) < 1.5


def test_biases_are_relative_so_they_sum_to_nothing() -> None:
    found = fit_calibration(*simulated(200), np.ones(200), rule_set="v")
    assert sum(found.bias) == pytest.approx(0, abs=1e-9)


def test_more_evidence_for_an_origin_never_makes_it_less_likely() -> None:
    evidence = np.zeros((20, 6))
    evidence[:, 2] = np.linspace(-5, 15, 20)
    assert (np.diff(BUNDLED.probabilities(evidence)[:, 2]) > 0).all()


def test_the_bundled_calibration_is_whole_and_reads_like_any(tmp_path: Path) -> None:
    path = tmp_path / "calibration.toml"
    lines = [f"{origin} = {bias}" for origin, bias in zip(SIX_ORIGINS, TRUE.bias, strict=True)]
    path.write_text("\n".join(['rule_set = "v"', "slope = 0.6", "[bias]", *lines]), encoding="utf-8")
    assert load_calibration(path) == TRUE
    assert 0 < BUNDLED.slope < 2
    assert max(BUNDLED.bias) == BUNDLED.bias[SIX_ORIGINS.index("natural")]
