"""Bought and rented batches planted among normal link rot: which of them ``signals.link_batches`` finds.

Part of ``penalty-radar benchmark origins``; ``python -m penalty_radar.benchmarks.batches`` prints it alone.
Simulated is ``staging.links``, not export files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from penalty_radar.benchmarks.batch_worlds import AS_OF, SITE_YEARS, TERMS, World, WorldParams, build_world
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.benchmarks.staged_tables import make_tables
from transforms.schemas.signals_groups import BATCH_KINDS

MADE = (
    "signals.domain_edges",
    "signals.link_lives",
    "signals.linked_pages",
    "signals.page_arrivals",
    "signals.link_batches",
    "signals.batch_members",
)

LEAST_RECALL = 0.8
MOST_FALSE = 1.0
"""False batches a site-year."""

SIZES = (5, 8, 12, 20)
BARRED_SIZE = 8
"""The bar is for batches of so many domains or more."""

SITES = {"100 domains in 3 years": 100, "400 domains in 3 years": 400, "2,000 domains in 3 years": 2000}

SEEDS = tuple(range(51, 55))
"""Sites for each case and term."""

ARTEFACTS = {
    "losses told on the day": WorldParams(),
    "losses noticed in rounds of 14 days": WorldParams(recrawl_days=14),
    "losses noticed in rounds of 30 days": WorldParams(recrawl_days=30),
    "weekly complete exports": WorldParams(export_days=7),
    "monthly complete exports": WorldParams(export_days=30),
    "a tenth of all links dropped on one day": WorldParams(purge_share=0.1),
    "losses listed for 180 days": WorldParams(listed_days=180),
}

REFERENCE = "natural rot as published: 8 % in three months, 44 % in seven years (Linkody)"


def measure_rows(seeds: Sequence[int] = SEEDS) -> list[Row]:
    """Recall and false batches by size and site, then under what providers and exports do to days of loss."""
    rows: list[Row] = []
    for site, domains in SITES.items():
        for size in SIZES:
            case = f"{size} domains, {site}"
            rows.extend(_measure("by size", case, WorldParams(domains=domains, batch_size=size), seeds))
    for name, params in ARTEFACTS.items():
        rows.extend(_measure("by what is told of losses", f"{BARRED_SIZE} domains, {name}", params, seeds))
    for name, params in ARTEFACTS.items():
        rows.extend(_measure("nothing planted", name, replace(params, batch_size=0), seeds))
    return rows


def _measure(table: str, case: str, params: WorldParams, seeds: Iterable[int]) -> list[Row]:
    found, planted, false = (Counter[str]() for _ in range(3))
    years = 0.0
    by_term: Counter[int] = Counter()
    for seed in seeds:
        for months, _ in TERMS:
            world = build_world(replace(params, months=months), seed)
            years += SITE_YEARS
            for kind, is_found, wrong in _judge(world):
                found[kind] += is_found
                planted[kind] += bool(world.planted)
                false[kind] += wrong
                by_term[months] += is_found and kind == "rented"
    rows = []
    for kind in BATCH_KINDS:
        rate = false[kind] / years
        if planted[kind]:
            recall = found[kind] / planted[kind]
            is_barred = params.batch_size >= BARRED_SIZE
            bar, meets = (f"≥ {LEAST_RECALL}", recall >= LEAST_RECALL) if is_barred else ("", None)
            rows.append(make_row(table, case, f"{kind}: recall", recall, bar, meets, REFERENCE))
        bar = f"≤ {MOST_FALSE:g}"
        rows.append(make_row(table, case, f"{kind}: false batches a site-year", rate, bar, rate <= MOST_FALSE))
    if planted["rented"]:
        of_term = planted["rented"] / len(TERMS)
        rows.extend(
            make_row(table, case, f"rented for {months} months: recall", by_term[months] / of_term)
            for months, _ in TERMS
        )
    return rows


def _judge(world: World) -> list[tuple[str, bool, int]]:
    """Of each kind whether the planted batch was found (half of it in one batch), and how many batches are not it."""
    tables = make_tables({"staging.links": world.links}, MADE, as_of=AS_OF)
    members = tables["signals.batch_members"]
    batches = tables["signals.link_batches"].set_index("batch_id")["kind"]
    judged = []
    for kind in BATCH_KINDS:
        planted = world.planted.get(kind, set())
        groups = [set(part["link_id"]) for _, part in members[members["kind"] == kind].groupby("batch_id")]
        right = [group for group in groups if 2 * len(group & planted) >= len(group)]
        is_found = any(2 * len(group & planted) >= len(planted) for group in right)
        judged.append((kind, is_found, int((batches == kind).sum()) - len(right)))
    return judged


def main() -> None:
    """Print the tables, a row per case and a column per metric."""
    rows = pd.DataFrame(measure_rows())
    for name, part in rows.groupby("table", sort=False):
        wide = part.pivot_table(index="case", columns="metric", values="value", sort=False, dropna=False)
        print(f"\n## {name}\n\n{wide.to_string()}")


if __name__ == "__main__":
    main()
