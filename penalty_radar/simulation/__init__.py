"""Made-up portfolios with known truth, written as the providers' own export files (see ``worlds/demo.toml``)."""

from __future__ import annotations

from penalty_radar.simulation.parameters import WorldParameters, load_world
from penalty_radar.simulation.portfolio import EXPORTS_FOLDER, simulate_portfolio
from penalty_radar.simulation.truth import PlantedFinding, SiteTruth, Truth, read_truth

__all__ = [
    "EXPORTS_FOLDER",
    "PlantedFinding",
    "SiteTruth",
    "Truth",
    "WorldParameters",
    "load_world",
    "read_truth",
    "simulate_portfolio",
]
