"""The search for sources that act together, in one setting: a confirmed campaign, nothing to find, planted groups.

Part of ``penalty-radar benchmark origins --data DIR``; speed and memory: ``penalty-radar benchmark origins-speed``.
The setting is the pipeline's own (:data:`transforms.signals.lockstep_groups.DEFAULTS`), chosen for links before the
campaign was looked at, and the same everywhere. Where the campaign's file is absent a row says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from penalty_radar.benchmarks.lockstep_worlds import (
    WORLDS,
    Ints,
    OrganicParams,
    Plan,
    first_of_each,
    join,
    make_organic,
    plant,
    shuffle_targets,
)
from penalty_radar.benchmarks.rows import WHY, Row, make_row
from transforms.errors import UsageError
from transforms.signals.lockstep_groups import DEFAULTS, Edges, Group, LockstepParams, find_groups

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_DATA = CHECKOUT.parent / "shared" / "benchmarks"
"""Where the sets lie unless ``--data`` names another folder."""

CAMPAIGN_FILE = Path("starscout") / "checkpoint_malware_campaign_events.csv"
CAMPAIGN = "starscout: the confirmed campaign among organic repositories"
CHANCE = "nothing to find: groups a run"
POWER = "planted groups found, by sources × targets and the days they take"
LEFT_OUT = "left out"

LEAST_RECALL = 0.81
LEAST_PRECISION = 0.95
MIXES = 5
"""Organic worlds the campaign is mixed with, by seed 0, 1, ..."""

NULL_RUNS = 10
POWER_RUNS = 10
BARRED_WORLDS = ("usual", "long bouts", "trending days", "small portfolio", "large portfolio")
"""Worlds without groups in which none may be found. In the others circles of taste are so small that their members
share targets and days as a group does; how often they are told is published without a bar."""

SIZES = ((5, 3), (5, 5), (8, 4), (10, 3), (20, 5), (50, 10))
SPREADS = (1, 7, 15, 30)


def measure_rows(data: Path | None = None, scale: float = 1.0) -> list[Row]:
    """Rows of {table, case, metric, value, reference, bar, meets}.

    Args:
        data: folder of the sets; :data:`DEFAULT_DATA` by default.
        scale: of runs.

    Raises:
        UsageError: ``data`` is given and is no folder.
    """
    if data is not None and not data.is_dir():
        raise UsageError("--data", str(data), "a folder of benchmark sets", "Name the folder or leave the option out.")
    runs = [max(1, round(count * scale)) for count in (MIXES, NULL_RUNS, POWER_RUNS)]
    return [
        *_measure_campaign((data or DEFAULT_DATA) / CAMPAIGN_FILE, runs[0]),
        *_measure_nulls(runs[1]),
        *_measure_power(runs[2]),
    ]


def read_campaign(path: Path) -> tuple[Edges, int]:
    """Stars of the campaign, the first of each user and repository, and how many repositories have one.

    Days are counted from the campaign's first.
    """
    events = pd.read_csv(path)
    stars = events.loc[events["type"] == "WatchEvent"]
    day = pd.to_datetime(stars["created_at"].str[:10]).to_numpy().astype("datetime64[D]").astype(np.int64)
    target, repositories = pd.factorize(stars["repo"])
    source = pd.factorize(stars["actor"])[0]
    return first_of_each(source.astype(np.int64), target.astype(np.int64), day - day.min()), len(repositories)


def _measure_campaign(path: Path, mixes: int) -> list[Row]:
    if not path.is_file():
        return [make_row(LEFT_OUT, CAMPAIGN, WHY, np.nan, reference=f"not there: {CAMPAIGN_FILE} of --data")]
    campaign, repositories = read_campaign(path)
    rows = []
    for world in ("usual", "small circles"):
        scores = np.array([_score_mix(campaign, repositories, seed, WORLDS[world]) for seed in range(mixes)])
        is_barred = world in BARRED_WORLDS
        rows += _mix_rows(f"among {world} organic stars", scores, is_barred=is_barred)
    reference = "published setting for stars: 50 sources, 10 targets"
    strict = replace(DEFAULTS, least_sources=50, least_targets=10)
    scores = np.array([_score_mix(campaign, repositories, seed, WORLDS["usual"], strict) for seed in range(mixes)])
    rows += _mix_rows("the same, at least 50 × 10", scores, is_barred=False, reference=reference)
    mixed = [join(campaign, make_organic(seed, WORLDS["usual"])) for seed in range(mixes)]
    found = [len(find_groups(shuffle_targets(edges, seed))) for seed, edges in enumerate(mixed)]
    return [
        *rows,
        make_row(CAMPAIGN, "targets shuffled within each day", "groups", float(np.mean(found)), "0", not any(found)),
    ]


def _score_mix(
    campaign: Edges, repositories: int, seed: int, world: OrganicParams, params: LockstepParams = DEFAULTS
) -> tuple[float, float, float, float]:
    """Recall, precision, groups and organic repositories told."""
    groups = find_groups(join(campaign, make_organic(seed, world)), params)
    told = _targets_of(groups)
    right = int((told < repositories).sum())
    return right / repositories, right / len(told) if len(told) else 0.0, len(groups), len(told) - right


def _mix_rows(case: str, scores: NDArray[np.float64], *, is_barred: bool, reference: str = "") -> list[Row]:
    recall, precision = scores[:, 0].min(), scores[:, 1].min()
    bars: dict[str, tuple[str, bool | None]] = {}
    if is_barred:
        bars = {
            "recall": (f"≥ {LEAST_RECALL}", recall >= LEAST_RECALL),
            "precision": (f"≥ {LEAST_PRECISION}", precision >= LEAST_PRECISION),
        }
    values = {
        "recall": recall,
        "precision": precision,
        "groups": scores[:, 2].mean(),
        "organic told": scores[:, 3].mean(),
    }
    return [
        make_row(CAMPAIGN, case, metric, float(value), bar, meets, reference)
        for metric, value in values.items()
        for bar, meets in [bars.get(metric, ("", None))]
    ]


def _measure_nulls(runs: int) -> list[Row]:
    rows = []
    for name, world in WORLDS.items():
        edges = [make_organic(seed, world) for seed in range(runs)]
        found = [len(find_groups(one)) for one in edges]
        shuffled = [len(find_groups(shuffle_targets(one, seed))) for seed, one in enumerate(edges)]
        bar = ("0", not any(found)) if name in BARRED_WORLDS else ("", None)
        rows.append(make_row(CHANCE, name, "as made", float(np.mean(found)), *bar))
        rows.append(
            make_row(CHANCE, name, "targets shuffled within each day", float(np.mean(shuffled)), "0", not any(shuffled))
        )
    return rows


def _measure_power(runs: int) -> list[Row]:
    rows = []
    for world in ("small portfolio", "large portfolio"):
        worlds = [make_organic(seed, WORLDS[world]) for seed in range(runs)]
        for sources, targets in SIZES:
            plans = {f"{days} d": Plan(sources, targets, days) for days in SPREADS}
            plans["7 d, 80 % linked"] = Plan(sources, targets, 7, linked_share=0.8)
            plans["7 d, own links too"] = Plan(sources, targets, 7, other_links=5)
            for metric, plan in plans.items():
                shares = [_share_found(edges, plan, seed) for seed, edges in enumerate(worlds)]
                rows.append(make_row(POWER, f"{sources} × {targets}, {world}", metric, float(np.mean(shares))))
    return rows


def _share_found(edges: Edges, plan: Plan, seed: int) -> float:
    """Share of the planted sources that a group has."""
    mixed, planted = plant(edges, plan, seed)
    groups = find_groups(mixed)
    members = np.unique(np.concatenate([group.sources for group in groups])) if groups else np.empty(0)
    return float(np.isin(planted, members).mean())


def _targets_of(groups: Sequence[Group]) -> Ints:
    if not groups:
        return np.empty(0, dtype=np.int64)
    targets: Ints = np.unique(np.concatenate([group.targets for group in groups]))
    return targets
