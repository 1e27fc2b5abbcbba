"""The one shape in which every set hands its counts to a method."""

from __future__ import annotations

import datetime
import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from transforms.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DAY, WEEK, MONTH = 1.0, 7.0, 30.4375
"""Days of a step; a month is a twelfth of 365.25."""


@dataclass(frozen=True)
class CountSet:
    """Series of counts at equal steps."""

    counts: Floats
    """Series × steps; NaN where the source lists nothing for that step and nothing is known."""

    step_days: float
    """:data:`DAY`, :data:`WEEK` or :data:`MONTH`."""

    first_day: datetime.date
    """Day on which the first step starts. Where a source has no calendar this is made up, and its loader says so."""

    names: Sequence[str]
    """A name per series."""

    wanted: Flags | None = None
    """Series × steps whose scores are looked at, all where None: a slow method may leave the others NaN."""

    def wanted_steps(self) -> Flags:
        """:attr:`wanted`, written out."""
        return np.ones(self.counts.shape, dtype=bool) if self.wanted is None else self.wanted


Method = Callable[[CountSet], Floats]
"""A detector: series × steps, larger is more alarming (−log10 p where there is a p-value), NaN where it cannot tell.
The score of a step uses that step and earlier ones only."""


@dataclass(frozen=True)
class LabelledSet:
    """Counts with the truth of every step."""

    count_set: CountSet
    is_surge: Flags
    """Series × steps."""

    is_scored: Flags
    """Series × steps: where the protocol looks."""


def read_table(path: Path, columns: Sequence[str] = ()) -> pd.DataFrame:
    """A comma-separated file (gzip by its name).

    Raises:
        FileNotFoundError: there is none; the set is then left out.
        UsageError: the file is not such a table, or a column is missing.
    """
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "no such file of a benchmark set", str(path))
    try:
        table = pd.read_csv(path)
    except (ValueError, EOFError, OSError) as error:
        raise UsageError(str(path), f"unreadable: {error}", "a comma-separated table", "Copy the file anew.") from error
    missing = [column for column in columns if column not in table.columns]
    if missing:
        expected = f"columns {', '.join(columns)}"
        raise UsageError(str(path), f"columns {', '.join(map(str, table.columns))}", expected, "Copy the file anew.")
    return table
