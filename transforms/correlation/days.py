"""Days as whole numbers (days since 1970-01-01), so that windows and lags are plain arithmetic."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

UNKNOWN_DAY = np.iinfo(np.int64).min
"""What a null date becomes; test for it before any arithmetic."""

_EPOCH = datetime.date(1970, 1, 1)


def day_numbers(dates: pd.Series) -> NDArray[np.int64]:
    """Dates (datetime64, date objects or ISO text) as day numbers; null becomes :data:`UNKNOWN_DAY`."""
    return pd.to_datetime(dates).to_numpy(dtype="datetime64[D]").astype(np.int64)


def day_number(day: datetime.date) -> int:
    """One date as a day number."""
    return (day - _EPOCH).days


def iso_day(number: int) -> str:
    """A day number as ISO text, for arguments of messages."""
    return (_EPOCH + datetime.timedelta(days=int(number))).isoformat()


def as_dates(numbers: NDArray[np.int64]) -> NDArray[np.datetime64]:
    """Day numbers as datetime64[us], the way the warehouse hands dates over."""
    return numbers.astype("datetime64[D]").astype("datetime64[us]")
