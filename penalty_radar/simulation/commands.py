"""What ``penalty-radar simulate`` does: a world by its name, written into a folder, and one line about it."""

from __future__ import annotations

from pathlib import Path

from penalty_radar.simulation.parameters import WorldParameters
from penalty_radar.simulation.portfolio import simulate_portfolio
from penalty_radar.simulation.search_engine import load_search_world, simulate_search_world
from transforms.errors import UsageError

DEMO = "demo"


def simulate_world(folder: Path, world: str, *, sites: int | None = None, seed: int | None = None) -> str:
    """Write the portfolio of a world and say what it holds.

    Args:
        folder: gets ``exports``, ``truth.json`` and, for worlds with a search engine, ``sites.toml``.
        world: ``demo`` or one of the worlds with a search engine.
        sites: how many; None: as the world's file says.
        seed: another world of the same kind; None: the file's.

    Raises:
        UsageError: no world has that name, the demo was asked for a number of sites, or ``folder/exports`` holds files
            that no simulation wrote.
    """
    if world == DEMO:
        if sites is not None:
            raise UsageError(
                "--sites", str(sites), "no number for the demo, whose sites are described one by one",
                "Leave it out, or name another --world.",
            )  # fmt: skip
        parameters = WorldParameters.demo() if seed is None else WorldParameters.demo().with_seed(seed)
        truth = simulate_portfolio(folder, parameters=parameters)
        return f"{folder}: {len(truth.sites)} sites, {len(truth.findings)} planted findings (truth.json)"
    portfolio = load_search_world(world).changed(sites=sites, seed=seed)
    planted = simulate_search_world(folder, portfolio, name=world)
    return (
        f"{folder}: {portfolio.sites.count} sites, {planted.row_count:,} rows, {len(planted.campaigns)} campaigns and "
        f"{len(planted.falls)} falls planted (truth.json)"
    )
