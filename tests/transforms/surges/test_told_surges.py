"""What a night told stays told, whatever the portfolio and the data become."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.findings.discoveries import AlarmRule
from transforms.surges import link_surges

Tables = dict[str, pd.DataFrame]
MakeTables = Callable[..., Tables]
Quiet = Callable[..., NDArray[np.int64]]
SITE = ("alpha.example", "ahrefs_backlinks", "bought")


def test_a_surge_that_was_told_stays_though_it_would_not_be_told_today(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    counts = quiet(0.1, seed=5)
    counts[-40:-37] += [9, 12, 8]
    strict = link_surges.Params(alarm=AlarmRule(rate=1e-30))
    told = link_surges.build(make_tables({SITE: counts}), as_of=as_of)
    assert len(told) == 1
    assert link_surges.build(make_tables({SITE: counts}), as_of=as_of, params=strict).empty
    kept = link_surges.build(make_tables({SITE: counts}, previous=told), as_of=as_of, params=strict)
    pd.testing.assert_frame_equal(kept, told)


def test_nights_run_one_by_one_tell_what_one_run_over_all_tells(
    make_tables: MakeTables, quiet: Quiet, as_of: datetime.date
) -> None:
    series = {}
    for row in range(6):
        counts = quiet(0.2, seed=row)
        counts[-20 - 5 * row : -17 - 5 * row] += [1 + row, 2 + row, 1 + row]
        series[(f"site{row}.example", "ahrefs_backlinks", "bought")] = counts
    previous: pd.DataFrame | None = None
    first: dict[str, pd.Timestamp] = {}
    for before in range(48, -1, -4):
        night = as_of - datetime.timedelta(days=before)
        cut = {key: counts[: len(counts) - before] for key, counts in series.items()}
        previous = link_surges.build(make_tables(cut, ends_on=night, previous=previous), as_of=night)
        assert set(first) <= set(previous["surge_id"])
        first |= dict(zip(previous["surge_id"], previous["detected_on"], strict=True))
    at_once = link_surges.build(make_tables(series), as_of=as_of)
    assert previous is not None
    assert len(at_once) >= 3
    assert dict(zip(at_once["surge_id"], at_once["detected_on"], strict=True)) == first
