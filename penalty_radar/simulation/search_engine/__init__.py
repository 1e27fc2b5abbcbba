"""Worlds with a search engine: campaigns of links, falls of many causes, and the exports of two years of days."""

from __future__ import annotations

from penalty_radar.simulation.search_engine.parameters import SEARCH_WORLDS, SearchWorld, load_search_world
from penalty_radar.simulation.search_engine.truth import PlantedCampaign, PlantedFall, SearchTruth, read_search_truth
from penalty_radar.simulation.search_engine.world import simulate_search_world

__all__ = [
    "SEARCH_WORLDS",
    "PlantedCampaign",
    "PlantedFall",
    "SearchTruth",
    "SearchWorld",
    "load_search_world",
    "read_search_truth",
    "simulate_search_world",
]
