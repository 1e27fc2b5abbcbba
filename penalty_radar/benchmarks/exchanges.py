"""Swaps and rings planted among natural reciprocity: which of them ``signals.exchange_partners`` finds.

``python -m penalty_radar.benchmarks.exchanges`` prints the table. Simulated are tables of staging, not export files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from penalty_radar.benchmarks import exchange_worlds
from penalty_radar.benchmarks.exchange_worlds import Edge, World, WorldParams, build_world
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.benchmarks.staged_tables import make_tables
from transforms.schemas.signals import EXCHANGE_FORMS

MADE = (
    "signals.domain_edges",
    "signals.exchange_degrees",
    "signals.exchange_candidates",
    "signals.exchange_profiles",
    "signals.exchange_partners",
)

LEAST = 0.9
"""Recall and precision asked for."""

SEEDS = tuple(range(21, 27))

CASES = {
    "all links out known, with days": WorldParams(),
    "links out of half of the sites": WorldParams(told_share=0.5),
    "three sites": WorldParams(site_count=3, ring_count=3),
    "few swaps (2 to 5 a site)": WorldParams(swaps=(2, 6)),
    "placed within 45 days, seen 10 days later": WorldParams(agreed_days=45, lag_days=10.0),
    "a tenth of the natural links back are answers": WorldParams(answered_share=0.1),
}
"""Portfolios; the first two have the bar."""

BARRED = tuple(CASES)[:2]

REFERENCE = "natural reciprocity as published: mean 11.16 %, median 6.45 % (Ahrefs, 140,592 domains)"


def measure_rows(seeds: Sequence[int] = SEEDS) -> list[Row]:
    """Recall and precision by form and portfolio; then sites that cannot be told, and links out without days."""
    rows: list[Row] = []
    for case, params in CASES.items():
        rows.extend(_measure_forms(case, params, seeds))
    return rows + _measure_untold(seeds) + _measure_undated(seeds)


def find_exchanges(world: World) -> dict[str, pd.DataFrame]:
    """The tables of exchanges made from the world's, by name."""
    return make_tables(world.tables(), MADE, as_of=exchange_worlds.AS_OF)


def _measure_forms(case: str, params: WorldParams, seeds: Iterable[int]) -> list[Row]:
    found: dict[str, set[tuple[int, Edge]]] = {form: set() for form in EXCHANGE_FORMS}
    planted: dict[str, set[tuple[int, Edge]]] = {form: set() for form in EXCHANGE_FORMS}
    for seed in seeds:
        world = build_world(params, seed)
        partners = find_exchanges(world)["signals.exchange_partners"]
        flagged = partners[partners["is_synchronous"].fillna(False).astype(bool)]
        for row in flagged.itertuples():
            found[row.form].add((seed, (row.site_domain, row.source_domain)))
        for form, pairs in world.truth.items():
            planted[form] |= {(seed, pair) for pair in pairs}
    everything = set().union(*planted.values())
    rows = []
    for form in EXCHANGE_FORMS:
        recall = len(planted[form] & set().union(*found.values())) / len(planted[form])
        precision = len(found[form] & everything) / max(len(found[form]), 1)
        bar = case in BARRED
        for metric, value in (("recall", recall), ("precision", precision)):
            rows.append(
                make_row(
                    form, case, metric, value, f"≥ {LEAST}" if bar else "", value >= LEAST if bar else None, REFERENCE
                )
            )
        rows.append(make_row(form, case, "planted", len(planted[form])))
    return rows


def _measure_untold(seeds: Iterable[int]) -> list[Row]:
    """Sites without exports of links out: what is flagged of domains whose links in no export can tell."""
    flagged = told = 0
    for seed in seeds:
        world = build_world(WorldParams(told_share=0.5), seed)
        tables = find_exchanges(world)
        profiles = tables["signals.exchange_profiles"].set_index("site_domain")["is_told"]
        told += int(profiles[[site for site in profiles.index if site not in world.told]].sum())
        partners = tables["signals.exchange_partners"]
        untold = partners[~partners["site_domain"].isin(world.told)]
        planted = set().union(*world.truth.values())
        pairs = zip(untold["site_domain"], untold["source_domain"], strict=True)
        is_flagged = untold["is_synchronous"].fillna(False).astype(bool).tolist()
        flagged += sum(1 for pair, is_said in zip(pairs, is_flagged, strict=True) if is_said and pair not in planted)
    case = "sites without links out, in portfolios where half have them"
    return [
        make_row("cannot be told", case, "sites said to be told", told, "= 0", told == 0),
        make_row("cannot be told", case, "partners flagged that are none", flagged, "= 0", flagged == 0),
    ]


def _measure_undated(seeds: Iterable[int]) -> list[Row]:
    """Links out from a crawl of the site, without days: only the excess of a site can speak."""
    beyond = sites = flagged = true = 0
    for seed in seeds:
        world = build_world(WorldParams(is_dated=False), seed)
        tables = find_exchanges(world)
        profiles = tables["signals.exchange_profiles"]
        beyond += int(profiles["is_beyond_expected"].fillna(False).sum())
        sites += len(profiles)
        partners = tables["signals.exchange_partners"]
        said = partners[(partners["form"] == "mutual") & partners["is_beyond_expected"].fillna(False).astype(bool)]
        pairs = set(zip(said["site_domain"], said["source_domain"], strict=True))
        flagged, true = flagged + len(pairs), true + len(pairs & world.truth["mutual"])
    case = "6 to 20 swaps a site, links out without days"
    return [
        make_row("without days", case, "sites beyond what is ordinary, share", beyond / sites),
        make_row("without days", case, "their mutual links that are swaps, share", true / max(flagged, 1)),
    ]


def main() -> None:
    """Print the tables, a row per case and a column per metric."""
    rows = pd.DataFrame(measure_rows())
    for name, part in rows.groupby("table", sort=False):
        wide = part.pivot_table(index="case", columns="metric", values="value", sort=False, dropna=False)
        print(f"\n## {name}\n\n{wide.to_string()}")


if __name__ == "__main__":
    main()
