"""Swaps and rings planted among natural reciprocity: which of them ``signals.exchange_partners`` finds.

Part of ``penalty-radar benchmark origins``; ``python -m penalty_radar.benchmarks.exchanges`` prints it
alone. Simulated are tables of staging, not export files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from penalty_radar.benchmarks import exchange_worlds
from penalty_radar.benchmarks.exchange_worlds import Edge, World, WorldParams, build_world
from penalty_radar.benchmarks.rows import Row, make_row
from penalty_radar.benchmarks.staged_tables import make_tables
from transforms.schemas.signals_groups import EXCHANGE_FORMS

MADE = (
    "signals.domain_edges",
    "signals.exchange_degrees",
    "signals.exchange_candidates",
    "signals.exchange_profiles",
    "signals.exchange_partners",
)

LEAST = 0.9
"""Recall and precision asked for."""

SEEDS = tuple(range(41, 49))

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
    """Recall of what the exports let see; precision: what is flagged was agreed, whatever the form."""
    found, right, planted, recalled = (Counter[str]() for _ in range(4))
    for seed in seeds:
        world = build_world(params, seed)
        flagged = _flagged(find_exchanges(world)["signals.exchange_partners"])
        for form in EXCHANGE_FORMS:
            of_form = {pair for pair, said in flagged.items() if said == form}
            found[form] += len(of_form)
            right[form] += len(of_form & world.agreed)
            planted[form] += len(world.seen[form])
            recalled[form] += len(world.seen[form] & flagged.keys())
    is_barred = case in BARRED
    rows = []
    for form in EXCHANGE_FORMS:
        measured = {"recall": recalled[form] / planted[form], "precision": right[form] / max(found[form], 1)}
        for metric, value in measured.items():
            bar, meets = (f"≥ {LEAST}", value >= LEAST) if is_barred else ("", None)
            rows.append(make_row(form, case, metric, value, bar, meets, REFERENCE))
        rows.append(make_row(form, case, "planted", planted[form]))
    return rows


def _flagged(partners: pd.DataFrame) -> dict[Edge, str]:
    """Form of every pair of site and linking domain whose days are said to be agreed."""
    said = partners[partners["is_synchronous"].fillna(False).astype(bool)]
    pairs = zip(said["site_domain"].tolist(), said["source_domain"].tolist(), strict=True)
    return dict(zip(pairs, said["form"].tolist(), strict=True))


def _measure_untold(seeds: Iterable[int]) -> list[Row]:
    """Sites without exports of links out: what they link to is known only where other monitored sites tell."""
    flagged = told = 0
    for seed in seeds:
        world = build_world(WorldParams(told_share=0.5), seed)
        tables = find_exchanges(world)
        profiles = tables["signals.exchange_profiles"].set_index("site_domain")["is_told"]
        told += int(profiles[[site for site in profiles.index if site not in world.told]].sum())
        flagged += sum(
            site not in world.told and (site, source) not in world.agreed
            for site, source in _flagged(tables["signals.exchange_partners"])
        )
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
        flagged, true = flagged + len(pairs), true + len(pairs & world.seen["mutual"])
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
