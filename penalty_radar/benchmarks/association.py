"""How often the placebo tests and the verdicts are wrong, on worlds whose truth is known.

Part ``pairs`` of ``penalty-radar benchmark cause`` (docs/methods-association.md). Worlds are event
trains (starts of surges and drops, updates), handed to ``correlation.surge_drop_pairs`` as the tables it reads: this
measures the association alone, without the detectors before it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from penalty_radar.benchmarks.association_calendar import update_cover
from penalty_radar.benchmarks.association_tables import as_tables, date_of, drop_id
from penalty_radar.benchmarks.association_worlds import WORLDS, World, WorldParams, thin_drops
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.correlation import drop_circumstances, surge_drop_pairs
from transforms.schemas.vocabulary import RISKY_ORIGINS

LEVELS = (0.05, 0.10, 0.25)
"""Nominal levels of the rejection rates; .25 is the one that verdicts use."""


def judge_world(world: World, params: WorldParams) -> pd.DataFrame:
    """One row per drop: p_time_shift, p_site_swap, p_larger, probability, verdict and is_explained (the truth).

    p-values are those of the best pair with arranged links; 1 where the drop has no pair; NaN where it is not testable.
    """
    tables = as_tables(world, params)
    as_of = date_of(params.days - 1)
    tables["correlation.drop_circumstances"] = drop_circumstances.build(tables, as_of=as_of)
    pairs = surge_drop_pairs.build(tables, as_of=as_of)
    pairs = pairs[pairs["origin"].isin(list(RISKY_ORIGINS))].copy()
    pairs["p_larger"] = pairs[["p_time_shift", "p_site_swap"]].max(axis=1).where(pairs["p_time_shift"].notna())
    judged = tables["drops.ranking_drops"][["drop_id"]].set_index("drop_id")
    by_drop = pairs.groupby("drop_id")
    for name in ("p_time_shift", "p_site_swap", "p_larger"):
        judged[name] = by_drop[name].min().astype("float64").reindex(judged.index)
    judged["probability"] = by_drop["probability"].max().reindex(judged.index)
    best = pairs.sort_values(["drop_id", "probability", "pair_id"], ascending=[True, False, True])
    judged["verdict"] = best.drop_duplicates("drop_id").set_index("drop_id")["verdict"].reindex(judged.index)
    has_no_pair = ~judged.index.isin(pairs["drop_id"])
    judged.loc[has_no_pair, ["p_time_shift", "p_site_swap", "p_larger"]] = 1.0
    judged.loc[has_no_pair, "probability"] = 0.02
    judged.loc[has_no_pair, "verdict"] = "no pair"
    judged.loc[_masked(judged, world, params), ["p_time_shift", "p_larger"]] = np.nan
    explained = {drop_id(site, day) for site, day in world.explained}
    return judged.assign(is_explained=judged.index.isin(explained))


def _masked(judged: pd.DataFrame, world: World, params: WorldParams) -> list[bool]:
    """Drops no time shift could test, with a pair or not: inside an update window, or before 45 days of link data."""
    days = [int(str(name).rsplit("-", 1)[1]) for name in judged.index]
    inside = [any(start - 2 <= day <= start + params.update_length_days + 6 for start in world.updates) for day in days]
    return [is_inside or day < 45 for is_inside, day in zip(inside, days, strict=True)]


@dataclass(frozen=True)
class Rates:
    """What one world showed."""

    world: str
    drops: int
    explained: int
    tested: int
    time_shift: tuple[float, ...]
    """Share of testable drops rejected at each of LEVELS; the next two likewise."""
    site_swap: tuple[float, ...]
    larger: tuple[float, ...]
    likely: float
    likely_right: float
    confounded: float


def measure(name: str, params: WorldParams) -> tuple[Rates, pd.DataFrame]:
    """Rejection rates at the nominal level and shares of verdicts over all runs of one world, and the judged drops."""
    draws = np.random.default_rng([params.seed, sorted(WORLDS).index(name)])
    runs = [judge_world(thin_drops(WORLDS[name](draws, params)), params) for _ in range(params.runs)]
    judged = pd.concat(runs, ignore_index=True)
    likely = judged[judged["verdict"] == "links_likely"]
    rates = Rates(
        world=name,
        drops=len(judged),
        explained=int(judged["is_explained"].sum()),
        tested=int(judged["p_time_shift"].notna().sum()),
        time_shift=_rejected(judged["p_time_shift"]),
        site_swap=_rejected(judged["p_site_swap"]),
        larger=_rejected(judged["p_larger"]),
        likely=len(likely) / len(judged),
        likely_right=float(likely["is_explained"].mean()) if len(likely) else float("nan"),
        confounded=float((judged["verdict"] == "confounded").mean()),
    )
    return rates, judged


def _rejected(p_values: pd.Series) -> tuple[float, ...]:
    known = p_values.dropna()
    return tuple(float((known <= level).mean()) for level in LEVELS)


def calibration(judged: pd.DataFrame) -> pd.DataFrame:
    """Predicted against true share of explained drops by band of probability; columns count, predicted, explained."""
    edges = [0, 0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 1.0]
    names = [f"{low:.2f} to {high:.2f}" for low, high in pairwise(edges)]
    bands = pd.cut(judged["probability"], edges, labels=names)
    return judged.groupby(bands, observed=True).agg(
        count=("probability", "size"), predicted=("probability", "mean"), explained=("is_explained", "mean")
    )


def render(rates: Sequence[Rates], judged: pd.DataFrame) -> str:
    """The tables as Markdown; ``judged`` are the drops of the coupled world."""
    lines = [
        f"| world | drops | testable | time shift, rejected at {_slashed(LEVELS)} | site swap | larger of both |",
        "|---|---|---|---|---|---|",
        *(
            f"| {rate.world} | {rate.drops} | {rate.tested} | {_slashed(rate.time_shift)} | {_slashed(rate.site_swap)} "
            f"| {_slashed(rate.larger)} |"
            for rate in rates
        ),
        "",
        "| world | drops links explain | called links_likely | of these right | called confounded |",
        "|---|---|---|---|---|",
        *(
            f"| {rate.world} | {rate.explained / rate.drops:.3f} | {rate.likely:.3f} | {_or_dash(rate.likely_right)} "
            f"| {rate.confounded:.3f} |"
            for rate in rates
        ),
        "",
        "| probability given (coupled world) | drops | mean given | truly explained |",
        "|---|---|---|---|",
        *(
            f"| {band} | {row['count']:.0f} | {row['predicted']:.2f} | {row['explained']:.2f} |"
            for band, row in calibration(judged).iterrows()
        ),
    ]
    brier = float(((judged["probability"] - judged["is_explained"]) ** 2).mean())
    base = float(judged["is_explained"].mean())
    lines += ["", f"Brier score {brier:.3f}; always saying the base rate {base:.3f} gives {base * (1 - base):.3f}."]
    lines += ["", "| year of the calendar | days inside the window of an update |", "|---|---|"]
    lines += [f"| {year} | {share:.0%} |" for year, share in update_cover().items()]
    return "\n".join(lines)


def measure_rows(params: WorldParams | None = None) -> list[Row]:
    """The same figures as rows of {table, case, metric, value, reference, bar, meets}."""
    chosen = params or WorldParams()
    results = [measure(name, chosen) for name in WORLDS]
    rows: list[Row] = []
    for rates, _ in results:
        figures = {"drops": float(rates.drops), "drops links explain": rates.explained / rates.drops}
        for test in ("time_shift", "site_swap", "larger"):
            for level, share in zip(LEVELS, getattr(rates, test), strict=True):
                figures[f"{test.replace('_', ' ')}, rejected at {level:g}"] = share
        figures |= {"called links_likely": rates.likely, "of these right": rates.likely_right}
        rows += [make_row("worlds", rates.world, metric, value) for metric, value in figures.items()]
    for band, row in calibration(results[-1][1]).iterrows():
        for metric in ("count", "predicted", "explained"):
            rows.append(make_row("calibration in the coupled world", str(band), metric, float(row[metric])))
    for year, share in update_cover().items():
        rows.append(make_row("days inside the window of an update", str(year), "share", share))
    return rows


def _slashed(shares: Sequence[float]) -> str:
    return " / ".join(f"{share:.2f}" if share in LEVELS else f"{share:.3f}" for share in shares)


def _or_dash(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.2f}"


def main() -> None:
    """Measure every world and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=WorldParams.runs, help="portfolios per world")
    params = WorldParams(runs=parser.parse_args().runs)
    results = [measure(name, params) for name in WORLDS]
    sys.stdout.write(render([rates for rates, _ in results], results[-1][1]) + "\n")


if __name__ == "__main__":
    main()
