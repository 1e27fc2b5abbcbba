"""Findings keep their identity from night to night, as their boundaries move."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def keep_identity(
    findings: pd.DataFrame, previous: pd.DataFrame, *, keys: list[str], id_column: str, end_column: str, reach_days: int
) -> pd.DataFrame:
    """``findings`` sorted by series and start, with ``id_column`` and the ``detected_on`` of the night before.

    A finding is an earlier one of the same series (``keys``) when their spans, ``starts_on`` to ``end_column``, come
    within ``reach_days`` of each other; the nearest start wins, and each earlier finding goes on in one only. What
    starts after the day an earlier finding was detected is never that finding: it gets an id and a day of its own, so
    that ``starts_on <= detected_on`` holds whenever it holds for ``findings``. A new finding is named by its series and
    first ``detected_on``, and by its start as well where two share that day.
    """
    findings = findings.sort_values([*keys, "starts_on"], ignore_index=True)
    findings[id_column] = pd.Series([""] * len(findings), dtype="str")
    if len(findings) and len(previous):
        pairs = _match(findings, previous.reset_index(drop=True), keys, id_column, end_column, reach_days)
        findings.loc[pairs["finding"], id_column] = pairs["known_id"].to_numpy()
        findings.loc[pairs["finding"], "detected_on"] = pairs["known_detected_on"].to_numpy()
    taken = set(findings[id_column])
    names = []
    for row, known in enumerate(findings[id_column].tolist()):
        parts = [str(findings[key].iat[row]) for key in keys]
        parts.append(np.datetime_as_string(findings["detected_on"].to_numpy()[row], unit="D"))
        name = known or _name(parts)
        if not known and name in taken:
            name = _name([*parts, np.datetime_as_string(findings["starts_on"].to_numpy()[row], unit="D")])
        taken.add(name)
        names.append(name)
    findings[id_column] = pd.Series(names, dtype="str")
    return findings


def known_days(
    findings: pd.DataFrame, previous: pd.DataFrame, *, keys: list[str], id_column: str, end_column: str, reach_days: int
) -> NDArray[np.datetime64]:
    """The ``detected_on`` of the night before for each of ``findings`` that is an earlier one, else NaT.

    By the same rule as :func:`keep_identity`, but before it is decided which findings are told. ``findings`` has a
    range index.
    """
    days = np.full(len(findings), np.datetime64("NaT"), dtype="datetime64[D]")
    if len(findings) and len(previous):
        pairs = _match(findings, previous.reset_index(drop=True), keys, id_column, end_column, reach_days)
        days[pairs["finding"].to_numpy()] = pairs["known_detected_on"].to_numpy().astype("datetime64[D]")
    return days


def _match(
    findings: pd.DataFrame, previous: pd.DataFrame, keys: list[str], id_column: str, end_column: str, reach_days: int
) -> pd.DataFrame:
    """One row per finding that was known before: ``finding`` (row), ``known_id``, ``known_detected_on``."""
    now = findings[[*keys]].assign(finding=findings.index, start=findings["starts_on"], end=findings[end_column])
    known = previous[[*keys]].assign(
        known_id=previous[id_column],
        known_detected_on=pd.to_datetime(previous["detected_on"]).astype("datetime64[us]"),
        known_start=pd.to_datetime(previous["starts_on"]),
        known_end=pd.to_datetime(previous[end_column]),
    )
    pairs = now.merge(known, on=keys)
    reach = pd.Timedelta(days=reach_days)
    pairs = pairs[(pairs["known_start"] <= pairs["end"] + reach) & (pairs["known_end"] >= pairs["start"] - reach)]
    pairs = pairs[pairs["known_detected_on"] >= pairs["start"]]
    pairs = pairs.assign(away=(pairs["start"] - pairs["known_start"]).abs())
    pairs = pairs.sort_values(["away", "known_detected_on", "known_id", "finding"], ignore_index=True)
    kept, used, seen = [], set[str](), set[int]()
    for row, (finding, name) in enumerate(zip(pairs["finding"].tolist(), pairs["known_id"].tolist(), strict=True)):
        if finding not in seen and name not in used:
            kept.append(row)
            seen.add(finding)
            used.add(name)
    return pairs.loc[kept]


def _name(parts: list[str]) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
