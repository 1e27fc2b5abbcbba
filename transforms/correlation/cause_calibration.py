"""How often links explained the drops of the world for testing, by the probability they were given: what is published.

The figures stand in ``cause_calibration.toml``; ``python -m penalty_radar.benchmarks.cause_verdicts --write`` measures
and writes them, so that no page states a figure that no command printed.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).parent / "cause_calibration.toml"

_HEAD = """# Written by `python -m penalty_radar.benchmarks.cause_verdicts --write`; do not edit by hand.
# Drops of the simulated world for testing, by the probability that was given to links; docs/methods-causes.md, part 6.
"""


@dataclass(frozen=True, kw_only=True)
class CalibrationBand:
    """Drops whose probability of links lay from ``low`` up to, not including, ``high`` (1 included).

    ``mean_given`` is their mean probability, ``links_share`` the share that links truly explained; None without drops.
    """

    low: float
    high: float
    drop_count: int
    mean_given: float | None
    links_share: float | None

    def holds(self, probability: float) -> bool:
        """Whether a probability lies in the band."""
        return self.low <= probability < self.high or probability == self.high == 1.0


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The bands in order, every drop judged in them, and the calibration error over all (0 = as often as said)."""

    drop_count: int
    calibration_error: float
    bands: tuple[CalibrationBand, ...]

    def band_of(self, probability: float) -> CalibrationBand:
        """The band of a probability from 0 to 1."""
        return next(band for band in self.bands if band.holds(probability))


@functools.cache
def load_calibration(path: Path = PATH) -> Calibration:
    """The published figures."""
    stored = tomllib.loads(path.read_text(encoding="utf-8"))
    bands = tuple(
        CalibrationBand(
            low=float(band["low"]),
            high=float(band["high"]),
            drop_count=int(band["drop_count"]),
            mean_given=band.get("mean_given"),
            links_share=band.get("links_share"),
        )
        for band in stored["bands"]
    )
    return Calibration(
        drop_count=int(stored["drop_count"]), calibration_error=float(stored["calibration_error"]), bands=bands
    )


def render_calibration(drop_count: int, calibration_error: float, bands: Sequence[CalibrationBand]) -> str:
    """The text of the file."""
    lines = [_HEAD, f"drop_count = {drop_count}", f"calibration_error = {calibration_error}"]
    for band in bands:
        lines += ["", "[[bands]]", f"low = {band.low}", f"high = {band.high}", f"drop_count = {band.drop_count}"]
        if band.mean_given is not None and band.links_share is not None:
            lines += [f"mean_given = {band.mean_given}", f"links_share = {band.links_share}"]
    return "\n".join(lines) + "\n"
