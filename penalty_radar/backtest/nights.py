"""Replays nights: each as the walk would have made it with what had been exported by then.

Every stage sees only ``observed_on <= as_of``, so a replayed night is the night that was run; nights must come in
order, for a finding remembers the night before. What a night *told* are the findings that no earlier night had.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence

import duckdb
import pandas as pd

from penalty_radar.backtest.needed_tables import needed_tables
from penalty_radar.backtest.reconstruction import Reconstruction
from transforms import pipeline
from transforms.schemas import table
from transforms.signals.rule_set import RuleSet

FINDINGS = ("surges.link_surges", "drops.ranking_drops")
"""Tables whose rows are alarms; only what they are made from is replayed."""

ALARM_COLUMNS = (
    "night", "kind", "finding_id", "site_domain", "provider", "series", "starts_on", "ends_on", "detected_on", "size",
    "p_value", "is_reconstructed",
)  # fmt: skip

_TOLD = {
    "surge": (
        "SELECT as_of AS night, 'surge' AS kind, surge_id AS finding_id, site_domain, provider, origin AS series, "
        "starts_on, ends_on, detected_on, CAST(observed_count AS DOUBLE) AS size, p_value "
        "FROM surges.link_surges WHERE as_of = ? {condition} ORDER BY surge_id"
    ),
    "drop": (
        "SELECT as_of AS night, 'drop' AS kind, drop_id AS finding_id, site_domain, provider, segment AS series, "
        "starts_on, ends_on, detected_on, depth_share AS size, p_value "
        "FROM drops.ranking_drops WHERE as_of = ? {condition} ORDER BY drop_id"
    ),
}
_CONDITIONS = {"is_confirmed": "AND is_confirmed", "part_of_drop_id": "AND part_of_drop_id IS NULL"}
"""People are told of confirmed drops that stand alone; by the column that says so."""


def list_nights(
    connection: duckdb.DuckDBPyConnection, from_on: datetime.date | None, until_on: datetime.date | None, every: int
) -> list[datetime.date]:
    """The nights to replay, the last of them ``until_on`` (default: the newest export), a year of them by default."""
    last = until_on or pipeline.default_as_of(connection)
    if last is None:
        return []
    first = from_on or last - datetime.timedelta(days=365)
    count = (last - first).days // every
    return [last - datetime.timedelta(days=every * back) for back in range(count, -1, -1)]


def replay_nights(
    connection: duckdb.DuckDBPyConnection,
    nights: Sequence[datetime.date],
    *,
    held_back: Collection[str] = frozenset(),
    rules: RuleSet | None = None,
    findings: Collection[str] = FINDINGS,
) -> Iterator[pd.DataFrame]:
    """Make the tables of each night in turn and give what it told that no night before it had, one row per alarm.

    Columns are :data:`ALARM_COLUMNS`: ``series`` is the origin of a surge or the segment of a drop, ``size`` new
    domains or share lost. Series with a single export are reconstructed until its day (``is_reconstructed``).
    """
    tables = needed_tables(findings)
    told: set[str] = set()
    with Reconstruction(connection, nights[0] if nights else None) as reconstruction:
        for night in nights:
            reconstruction.show(night)
            for stage, only in tables.items():
                pipeline.run_stage(connection, stage, as_of=night, held_back=held_back, rules=rules, only=only)
            frames = [
                connection.execute(_query(kind, name), [night]).df()
                for kind, name in zip(_TOLD, FINDINGS, strict=True)
                if name in findings
            ]
            new = pd.concat(frames, ignore_index=True)
            new = new.loc[~new["finding_id"].isin(told)].reset_index(drop=True)
            told.update(new["finding_id"])
            series = list(zip(new["site_domain"], new["provider"], strict=True))
            new["is_reconstructed"] = [reconstruction.is_shown(site, provider, night) for site, provider in series]
            yield new.loc[:, list(ALARM_COLUMNS)]


def _query(kind: str, name: str) -> str:
    """The query for what a night's table tells people."""
    columns = table(name).column_names
    return _TOLD[kind].format(condition=" ".join(text for column, text in _CONDITIONS.items() if column in columns))
