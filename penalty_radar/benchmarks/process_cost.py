"""What a call takes in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Cost(NamedTuple):
    """What a measured call took."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float


def measure_apart(call: Callable[..., Any], *arguments: object) -> tuple[Cost, Any]:
    """What the call takes in a fresh process, imports left out, and what it returned."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        cost, result = pool.apply(_measure, (call, arguments))
        return Cost(*cost), result


def _measure(call: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[tuple[float, float, float], Any]:
    _import_all()
    started, used = time.monotonic(), _processor_seconds()
    result = call(*arguments)
    return (time.monotonic() - started, _processor_seconds() - used, _peak_megabytes()), result


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        # not ``ru_maxrss``: on Linux a process begins with the peak of the one that started it
        peak = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def _import_all() -> None:
    import duckdb  # noqa: F401

    import transforms.ingest.inbox
    import transforms.pipeline
    import transforms.warehouse  # noqa: F401
