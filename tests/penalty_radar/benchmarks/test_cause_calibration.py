"""Figures of the benchmark of verdicts, kept where pages publish them."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

from penalty_radar.benchmarks.cause_verdicts import BANDS, as_calibration
from penalty_radar.benchmarks.rows import make_row
from transforms.correlation.cause_calibration import load_calibration


def test_measured_rows_become_what_pages_read(tmp_path: Path) -> None:
    of_all = "links, of all drops"
    rows = [make_row("verdicts", of_all, "drops", 12), make_row("verdicts", of_all, "calibration error", 0.0312)]
    for place, (low, high) in enumerate(pairwise(BANDS)):
        case, is_empty = f"{low:.2f} to {high:.2f}", place == 2
        rows += [
            make_row("probability of links", case, "drops", 0 if is_empty else place + 1),
            make_row("probability of links", case, "mean given", math.nan if is_empty else low + 0.01),
            make_row("probability of links", case, "links explain", math.nan if is_empty else 0.5),
        ]
    path = tmp_path / "calibration.toml"
    path.write_text(as_calibration(rows), encoding="utf-8")
    read = load_calibration(path)
    assert (read.drop_count, read.calibration_error) == (12, 0.0312)
    assert [band.drop_count for band in read.bands] == [1, 2, 0, 4, 5, 6]
    empty = read.band_of(0.3)
    assert (empty.mean_given, empty.links_share) == (None, None)
    assert read.band_of(0.72).links_share == 0.5
