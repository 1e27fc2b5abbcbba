"""Simulated portfolios read by the real pipeline up to signals, with the true origin beside every link.

``collect_links`` gives the links of a world with their truth, for calibration; :class:`ToldWorld` also what the rules
told. Nothing but the pipeline ever reads the exports, and nothing here tells the pipeline anything of the truth.
"""

from __future__ import annotations

import contextlib
import datetime
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from penalty_radar.simulation import EXPORTS_FOLDER, WorldParameters, simulate_portfolio
from penalty_radar.simulation.link_truth import read_link_truth
from penalty_radar.simulation.parameters import WORLDS, load_world
from transforms import pipeline
from transforms.ingest.inbox import discover
from transforms.warehouse import open_writer

FIT_WORLD, TEST_WORLD = WORLDS / "origins_fit.toml", WORLDS / "origins_test.toml"
"""Worlds of all origins: probabilities are fitted on the first, figures come from the second only."""

RunSignals = Callable[[duckdb.DuckDBPyConnection, datetime.date], None]
"""Makes the tables of signals as known on a day, with all rules or with some left out."""

_LINKS = """
SELECT
  link.site_domain AS site,
  link.provider,
  link.source_domain,
  link.source_host,
  link.first_seen_on,
  link.link_id,
  truth.origin AS true_origin,
  truth.kind,
  truth.mechanism,
  truth.group_name,
  truth.is_disclosed,
  coalesce(link.is_sponsored, FALSE) AS is_sponsored,
  outgoing.site_domain IS NOT NULL AS has_outgoing
FROM staging.links AS link
INNER JOIN truth_links AS truth
  ON link.site_domain = truth.site_domain AND link.source_url = truth.source_url AND link.target_url = truth.target_url
LEFT JOIN (
  SELECT DISTINCT site_domain FROM staging.outlinks
  UNION
  SELECT DISTINCT site_domain FROM staging.linked_domains
) AS outgoing ON link.site_domain = outgoing.site_domain
ORDER BY link.link_id
"""

_TOLD = """
SELECT link_id, origin AS told_origin, probability FROM signals.link_origins ORDER BY link_id
"""

_TOLD_DOMAINS = """
SELECT site_domain AS site, provider, source_domain, origin AS told_origin, probability
FROM signals.domain_origins ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class ToldWorld:
    """A world and what the rules told of it.

    ``links``: one row per listed link: site, provider, source_domain, source_host, first_seen_on, link_id, true_origin,
    kind, mechanism, group_name, is_disclosed, is_sponsored, has_outgoing (the site's own links are known), told_origin
    and probability of the told origin. ``domains``: one row per site, provider and referring domain: site, provider,
    source_domain, true_origin (of the links of its first day, see :func:`true_domains`), is_disclosed, told_origin,
    probability.
    """

    links: pd.DataFrame
    domains: pd.DataFrame


def run_signals(connection: duckdb.DuckDBPyConnection, as_of: datetime.date) -> None:
    """All rules, as the nightly walk runs them."""
    pipeline.run_stage(connection, "signals", as_of=as_of)


@contextlib.contextmanager
def staged_world(parameters: WorldParameters) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the world's exports ingested and staged, and its truth as the view ``truth_links``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate_portfolio(folder, parameters=parameters)
        read_at = datetime.datetime.combine(parameters.last_export_on, datetime.time(12))
        with open_writer(folder / "world.duckdb") as connection:
            for arrived in discover(str(folder / EXPORTS_FOLDER)):
                pipeline.ingest_file(connection, arrived, ingested_at=read_at)
            pipeline.run_stage(connection, "staging", as_of=parameters.last_export_on)
            connection.register("truth_links", read_link_truth(folder))
            yield connection


def read_links(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The staged links of a world with their truth, one row per link_id."""
    return connection.execute(_LINKS).df()


def read_told(connection: duckdb.DuckDBPyConnection) -> ToldWorld:
    """What ``signals`` now tells of the world, beside the truth."""
    links = read_links(connection)
    told = links.merge(connection.execute(_TOLD).df(), on="link_id", how="left", validate="one_to_one")
    domains = true_domains(links).merge(
        connection.execute(_TOLD_DOMAINS).df(), on=["site", "provider", "source_domain"], how="left"
    )
    return ToldWorld(_fill_untold(told), _fill_untold(domains))


def tell_world(parameters: WorldParameters, run: RunSignals = run_signals) -> ToldWorld:
    """Simulate, ingest, stage, run signals and read what they told."""
    with staged_world(parameters) as connection:
        run(connection, parameters.last_export_on)
        return read_told(connection)


def collect_links(world: Path | WorldParameters) -> pd.DataFrame:
    """The links of a world with their true origin: the material of a calibration.

    Args:
        world: a world file (:data:`FIT_WORLD`) or its parameters, with arrangements.

    Returns:
        One row per link that an export lists, by ``link_id`` (text, as in ``staging.links``): site, provider,
        source_domain, source_host, first_seen_on, true_origin, kind, mechanism, group_name, is_disclosed, is_sponsored,
        has_outgoing. Rows of one ``source_domain`` belong together when a sample is split.
    """
    parameters = load_world(world) if isinstance(world, Path) else world
    with staged_world(parameters) as connection:
        return read_links(connection)


def true_domains(links: pd.DataFrame) -> pd.DataFrame:
    """The true origin of each site, provider and referring domain: that of most of its links of its first day.

    Ties go to the origin that comes first in the alphabet; a domain counts as disclosed when all those links are.
    """
    keys = ["site", "provider", "source_domain"]
    days = links.groupby(keys)["first_seen_on"].transform("min")
    first = links[links["first_seen_on"].eq(days) | days.isna()]
    counted = first.groupby([*keys, "true_origin"], as_index=False).agg(
        link_count=("link_id", "size"), is_disclosed=("is_disclosed", "all")
    )
    ordered = counted.sort_values([*keys, "link_count", "true_origin"], ascending=[True] * 3 + [False, True])
    return ordered.drop_duplicates(keys).drop(columns="link_count").reset_index(drop=True)


def _fill_untold(rows: pd.DataFrame) -> pd.DataFrame:
    """A link that signals leave out is one that they abstain on."""
    return rows.assign(
        told_origin=rows["told_origin"].fillna("unknown"), probability=rows["probability"].fillna(0.0).astype(float)
    )
