"""Matches what the walk found with what a simulated portfolio had planted.

Matching rule: same site, a provider whose file shows the event, for surges the same origin. A surge matches when it
overlaps the planted days or starts within :data:`TOLERANCE` days of them; a drop when it starts within that many days
of the planted fall. A planted event counts once, however many providers show it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from penalty_radar.simulation.truth import PlantedFinding, Truth

TOLERANCE = 5
"""Days; first seen is a discovery date, blurred by three days or so, and a fall takes days to show."""

MORE_LIKELY_THAN_NOT = 0.5

UNPLANTED_ALLOWED = 1
"""Findings that were not planted that the demo may make and still be called right."""


@dataclass(frozen=True, kw_only=True)
class FoundFinding:
    """A finding of the walk, reduced to what is compared; ``size`` is new domains (surge) or share lost (drop)."""

    finding_id: str
    kind: str
    site_domain: str
    provider: str
    origin: str | None
    starts_on: datetime.date
    ends_on: datetime.date
    size: float


@dataclass(frozen=True, kw_only=True)
class Match:
    """A planted event with the findings that match it; for drops also the likeliest cause and the pair's verdict."""

    planted: PlantedFinding
    found: tuple[FoundFinding, ...]
    cause: str | None = None
    cause_probability: float | None = None
    verdict: str | None = None

    @property
    def is_cause_right(self) -> bool | None:
        """Whether the likeliest cause is the planted one; None where no cause was planted."""
        return None if self.planted.cause is None else self.cause == self.planted.cause


@dataclass(frozen=True, kw_only=True)
class StrayFinding:
    """A finding that matches nothing planted; ``near`` is the planted event or trap it lies over, if any."""

    found: FoundFinding
    near: PlantedFinding | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Findings beside the truth.

    ``tolerated`` are findings that are neither planted nor false: earned links seen as natural or of unknown origin,
    and the part of a planted surge whose origin the rules left unknown. ``traps`` are what must not be mistaken.
    """

    found: tuple[Match, ...]
    missed: tuple[PlantedFinding, ...]
    unplanted: tuple[StrayFinding, ...]
    tolerated: tuple[StrayFinding, ...]
    traps: tuple[PlantedFinding, ...]

    @property
    def wrong_causes(self) -> tuple[Match, ...]:
        """Found drops whose likeliest cause is not the planted one."""
        return tuple(match for match in self.found if match.is_cause_right is False)

    @property
    def is_right(self) -> bool:
        """Everything planted found, at most :data:`UNPLANTED_ALLOWED` besides."""
        return not self.missed and len(self.unplanted) <= UNPLANTED_ALLOWED


def compare_with_truth(
    truth: Truth, surges: pd.DataFrame, drops: pd.DataFrame, pairs: pd.DataFrame, causes: pd.DataFrame
) -> Comparison:
    """Match the newest night's findings with the truth; the frames are the tables of those names, all nights or one."""
    findings = [*_read_surges(_newest(surges)), *_read_drops(_newest(drops))]
    pairs, causes = _newest(pairs), _newest(causes)
    found: list[Match] = []
    missed: list[PlantedFinding] = []
    matched_ids: set[str] = set()
    for planted in (*truth.of_kind("surge"), *truth.of_kind("drop")):
        matching = tuple(finding for finding in findings if _matches(finding, planted))
        matched_ids.update(finding.finding_id for finding in matching)
        if matching:
            found.append(_judge(planted, matching, pairs, causes))
        else:
            missed.append(planted)
    strays = [_explain(finding, truth) for finding in findings if finding.finding_id not in matched_ids]
    return Comparison(
        found=tuple(found),
        missed=tuple(missed),
        unplanted=tuple(stray for stray in strays if not _is_tolerated(stray)),
        tolerated=tuple(stray for stray in strays if _is_tolerated(stray)),
        traps=truth.of_kind("trap"),
    )


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["as_of"] == rows["as_of"].max()] if len(rows) else rows


def _read_surges(surges: pd.DataFrame) -> list[FoundFinding]:
    return [
        FoundFinding(
            finding_id=str(row["surge_id"]),
            kind="surge",
            site_domain=str(row["site_domain"]),
            provider=str(row["provider"]),
            origin=str(row["origin"]),
            starts_on=_day(row["starts_on"]),
            ends_on=_day(row["ends_on"]),
            size=float(row["observed_count"]),
        )
        for row in _records(surges)
    ]


def _read_drops(drops: pd.DataFrame) -> list[FoundFinding]:
    return [
        FoundFinding(
            finding_id=str(row["drop_id"]),
            kind="drop",
            site_domain=str(row["site_domain"]),
            provider=str(row["provider"]),
            origin=None,
            starts_on=_day(row["starts_on"]),
            ends_on=datetime.date.max if pd.isna(row["ends_on"]) else _day(row["ends_on"]),
            size=float(row["depth_share"]),
        )
        for row in _records(drops)
    ]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _day(value: Any) -> datetime.date:
    return pd.Timestamp(value).date()


def _matches(finding: FoundFinding, planted: PlantedFinding) -> bool:
    if (finding.kind, finding.site_domain) != (planted.kind, planted.site_domain):
        return False
    if finding.provider not in planted.providers or finding.origin != planted.origin:
        return False
    if finding.kind == "drop":
        margin = datetime.timedelta(days=TOLERANCE)
        return planted.starts_on - margin <= finding.starts_on <= (planted.settled_on or planted.starts_on) + margin
    return _lies_over(finding, planted)


def _lies_over(finding: FoundFinding, planted: PlantedFinding) -> bool:
    """Whether they share a day, or begin within the tolerance of each other."""
    ends_on = planted.ends_on or datetime.date.max
    overlap = finding.starts_on <= ends_on and planted.starts_on <= finding.ends_on
    return overlap or abs((finding.starts_on - planted.starts_on).days) <= TOLERANCE


def _judge(
    planted: PlantedFinding, matching: tuple[FoundFinding, ...], pairs: pd.DataFrame, causes: pd.DataFrame
) -> Match:
    """The match; for drops with the likeliest cause over the matching findings, and the likeliest pair's verdict."""
    if planted.kind != "drop":
        return Match(planted=planted, found=matching)
    ids = [finding.finding_id for finding in matching]
    likeliest = _likeliest_named(causes, ids)
    pair = _likeliest(pairs, ids)
    return Match(
        planted=planted,
        found=matching,
        cause=None if likeliest is None else str(likeliest["cause"]),
        cause_probability=None if likeliest is None else float(likeliest["probability"]),
        verdict=None if pair is None else str(pair["verdict"]),
    )


def _likeliest_named(causes: pd.DataFrame, drop_ids: list[str]) -> Mapping[str, Any] | None:
    """The likeliest cause with a name; ``unknown`` where that is likelier than all of them together."""
    is_unknown = causes["cause"] == "unknown"
    unknown, named = _likeliest(causes[is_unknown], drop_ids), _likeliest(causes[~is_unknown], drop_ids)
    return unknown if unknown is not None and float(unknown["probability"]) > MORE_LIKELY_THAN_NOT else named


def _likeliest(rows: pd.DataFrame, drop_ids: list[str]) -> Mapping[str, Any] | None:
    """The row of these drops with the largest probability; None where there is none."""
    about = _records(rows[rows["drop_id"].isin(drop_ids)]) if len(rows) else []
    return max(about, key=lambda row: float(row["probability"]), default=None)


def _explain(finding: FoundFinding, truth: Truth) -> StrayFinding:
    """The stray finding with the planted event or trap of the same site that it lies over; surges first for surges."""
    near = [
        planted
        for planted in truth.findings
        if planted.site_domain == finding.site_domain
        and finding.provider in planted.providers
        and _lies_over(finding, planted)
    ]
    near.sort(key=lambda planted: (planted.kind != finding.kind, abs((planted.starts_on - finding.starts_on).days)))
    return StrayFinding(found=finding, near=near[0] if near else None)


def _is_tolerated(stray: StrayFinding) -> bool:
    near, found = stray.near, stray.found
    if near is None or found.kind != "surge":
        return False
    if near.trap is not None:
        return found.origin in near.allowed_origins
    return near.kind == "surge" and found.origin == "unknown"
