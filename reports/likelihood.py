"""Words for a probability: the one place that says from when something is called likely."""

from __future__ import annotations

from transforms.correlation.judgement import JudgementParams

VERY_LIKELY = 0.85
"""From here on the drops of the simulated test world all came of what was said (cause_calibration.toml, last band)."""
LIKELY = JudgementParams().likely
"""Where the verdict ``links_likely`` begins."""
POSSIBLE = JudgementParams().possible
"""Where the verdict ``links_possible`` begins."""


def name_likelihood(probability: float) -> str:
    """The key of the word for a probability: ``likelihood.very_likely``, ``likely``, ``possible`` or ``unlikely``."""
    if probability >= VERY_LIKELY:
        return "likelihood.very_likely"
    if probability >= LIKELY:
        return "likelihood.likely"
    return "likelihood.possible" if probability >= POSSIBLE else "likelihood.unlikely"
