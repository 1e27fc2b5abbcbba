"""Drops of a simulated world with their true causes: found by the walk's own stages, labelled by what was planted.

A found drop is of the planted fall that began about when it did; one that nobody planted is of unknown cause.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pandas as pd

from penalty_radar.simulation import EXPORTS_FOLDER
from penalty_radar.simulation.search_engine import (
    PlantedFall,
    SearchTruth,
    SearchWorld,
    load_search_world,
    simulate_search_world,
)
from penalty_radar.simulation.search_engine.world import SITES_FILE
from transforms import pipeline
from transforms.correlation.drop_causes import find_links_before
from transforms.correlation.drop_circumstances import features_of, read_circumstances
from transforms.correlation.findings import Drop, read_drops
from transforms.correlation.look_back import look_back
from transforms.correlation.pair_terms import features_without_pair
from transforms.correlation.placebos import read_link_spans
from transforms.ingest.inbox import bundled_calendar, discover
from transforms.ingest.listed_sites import write_listed_sites
from transforms.site_list import load_site_list
from transforms.warehouse import open_writer, transaction

FIT_WORLD = "search_fit"
TEST_WORLD = "search_test"

STAGES = ("staging", "signals", "surges", "drops", "correlation")

REACH_DAYS = 10
"""Days before a planted fall begins, and after it has settled, within which a found drop is that fall."""


@dataclass(frozen=True)
class LabelledDrop:
    """A found drop and what it truly comes of.

    ``cause`` in ``CAUSES``; ``fall`` the planted one, None where nobody planted it; ``count`` how much it counts;
    ``seen`` features of the drop, ``pairs`` those of each surge before it (or of the lack of one); ``probabilities`` of
    each cause and ``verdict`` of the best pair, as the model in force gave them.
    """

    drop: Drop
    cause: str
    fall: PlantedFall | None
    count: float
    seen: Mapping[str, float]
    pairs: tuple[Mapping[str, float], ...]
    probabilities: Mapping[str, float]
    verdict: str | None

    @property
    def site_domain(self) -> str:
        """The site."""
        return self.drop.site_domain


@contextlib.contextmanager
def read_world(world: SearchWorld, name: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, SearchTruth]]:
    """A warehouse with the world's exports and site list read, and its truth; gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        truth = simulate_search_world(Path(folder), world, name=name)
        read_at = datetime.datetime.combine(truth.last_export_on, datetime.time(12))
        with open_writer(Path(folder) / "world.duckdb") as connection:
            for arrived in (bundled_calendar(), *discover(str(Path(folder) / EXPORTS_FOLDER))):
                pipeline.ingest_file(connection, arrived, ingested_at=read_at)
            with transaction(connection):
                write_listed_sites(connection, load_site_list(Path(folder) / SITES_FILE))
            yield connection, truth


def assess(connection: duckdb.DuckDBPyConnection, as_of: datetime.date) -> None:
    """The stages from staging to correlation, as the nightly walk runs them."""
    for stage in STAGES:
        pipeline.run_stage(connection, stage, as_of=as_of)


def label_world(name: str, sites: int | None = None) -> list[LabelledDrop]:
    """Every drop that stands alone in a world, with its truth, as known on the world's last day."""
    world = load_search_world(name)
    if sites is not None:
        world = world.changed(sites=sites)
    with read_world(world, name) as (connection, truth):
        assess(connection, truth.last_export_on)
        return label_drops(connection, truth, truth.last_export_on)


def label_drops(connection: duckdb.DuckDBPyConnection, truth: SearchTruth, as_of: datetime.date) -> list[LabelledDrop]:
    """The drops of a night that stand alone, with their truth."""
    names = ("drop_circumstances", "surge_drop_pairs", "drop_causes")
    tables = {name: _read(connection, f"correlation.{name}", as_of) for name in names}
    drops = [drop for drop in read_drops(_read(connection, "drops.ranking_drops", as_of)) if drop.part_of is None]
    circumstances = read_circumstances(tables["drop_circumstances"])
    link_spans = read_link_spans(_read(connection, "surges.assessed_series", as_of))
    links, days = (
        connection.execute(f"SELECT * FROM correlation.{name}").df()  # noqa: S608 - declared
        for name in ("links_before", "arranged_days")
    )
    came = dict(zip((drop.drop_id for drop in drops), find_links_before(drops, links, days), strict=True))
    pairs = tables["surge_drop_pairs"]
    arranged = pairs[pairs["origin"] != "natural"].sort_values(["drop_id", "probability"], ascending=[True, False])
    terms = {str(drop_id): rows["terms"].tolist() for drop_id, rows in arranged.groupby("drop_id")}
    verdicts = arranged.drop_duplicates("drop_id").set_index("drop_id")["verdict"].to_dict()
    shared: dict[str, dict[str, float]] = {}
    causes = tables["drop_causes"]
    for drop_id, cause, probability in zip(causes["drop_id"], causes["cause"], causes["probability"], strict=True):
        shared.setdefault(str(drop_id), {})[str(cause)] = float(probability)
    falls: dict[str, list[PlantedFall]] = {}
    for planted in truth.falls:
        falls.setdefault(planted.site_domain, []).append(planted)
    labelled = []
    for drop in drops:
        fall = match_fall(drop, falls.get(drop.site_domain, []))
        known = tuple(circumstances.get(drop.drop_id, ()))
        covered = look_back(link_spans.get(drop.site_domain, []), drop.starts)
        seen = tuple(_features(stored) for stored in terms.get(drop.drop_id, []))
        labelled.append(
            LabelledDrop(
                drop=drop,
                cause=fall.cause if fall else "unknown",
                fall=fall,
                count=1.0,
                seen=features_of(known),
                pairs=seen or (features_without_pair(known, covered, came[drop.drop_id]),),
                probabilities=shared[drop.drop_id],
                verdict=verdicts.get(drop.drop_id),
            )
        )
    return _share_counts(labelled)


def _share_counts(drops: list[LabelledDrop]) -> list[LabelledDrop]:
    """The drops of one planted fall, seen by several series, count as one together."""
    seen = Counter(drop.fall.name + drop.site_domain for drop in drops if drop.fall is not None)
    return [
        drop if drop.fall is None else replace(drop, count=1.0 / seen[drop.fall.name + drop.site_domain])
        for drop in drops
    ]


def match_fall(drop: Drop, falls: list[PlantedFall]) -> PlantedFall | None:
    """The planted fall that a found drop is: one of its provider that began about then, the deepest of several."""
    near = [
        fall
        for fall in falls
        if drop.provider in fall.providers
        and fall.depth_share > 0
        and _number(fall.starts_on) - REACH_DAYS <= drop.starts <= _number(fall.settled_on) + REACH_DAYS
    ]
    return max(near, key=lambda fall: (fall.depth_share, fall.name), default=None)


def _features(stored: str) -> dict[str, float]:
    return {str(term["term"]): float(term["seen"]) for term in json.loads(stored)}


def _read(connection: duckdb.DuckDBPyConnection, name: str, as_of: datetime.date) -> pd.DataFrame:
    return connection.execute(f"SELECT * FROM {name} WHERE as_of = $as_of", {"as_of": as_of}).df()  # noqa: S608


def _number(day: datetime.date) -> int:
    return day.toordinal() - datetime.date(1970, 1, 1).toordinal()
