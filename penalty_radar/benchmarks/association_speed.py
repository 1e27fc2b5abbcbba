"""How long association takes for a large portfolio, per table of the stage: ``penalty-radar benchmark cause``."""

from __future__ import annotations

import importlib
import time

import numpy as np
import pandas as pd

from penalty_radar.benchmarks.association_tables import Rows, date_of, site_name
from penalty_radar.benchmarks.rows import Row, make_row
from transforms.schemas import stage_tables, table
from transforms.schemas.vocabulary import ORIGINS

SITES = 10_000
DAYS = 720
SEED = 20261126
DROPS_PER_SITE, SURGES_PER_SITE, SEGMENT_DROPS_PER_SITE = 2, 3, 10
SEGMENTS = ("page:/a/", "page:/b/", "directory:/c/", "keywords:other", "market:nl", "device:mobile")
UPDATES_EVERY_DAYS = 80
BAR_SECONDS = 60.0


def measure_rows(sites: int = SITES) -> list[Row]:
    """Seconds of each table whose ``build`` makes it from frames, and of all; the bar is for :data:`SITES` sites."""
    tables = make_tables(sites)
    rows, total, case = [], 0.0, f"{sites} sites"
    for declared in stage_tables("correlation"):
        try:
            module = importlib.import_module(f"transforms.correlation.{declared.thing}")
        except ModuleNotFoundError:
            continue  # made by the engine
        tables |= {name: _table(name, []) for name in module.READS if name not in tables}
        began = time.perf_counter()
        tables[declared.name] = module.build(tables, as_of=date_of(DAYS - 1))
        seconds = time.perf_counter() - began
        total += seconds
        rows.append(make_row("speed", f"{declared.name}, {case}", "seconds", seconds))
    return [*rows, make_row("speed", f"all, {case}", "seconds", total, f"≤ {BAR_SECONDS:g}", total <= BAR_SECONDS)]


def make_tables(sites: int) -> dict[str, pd.DataFrame]:
    """A portfolio's findings of two years, drawn evenly: what the stage reads, without visibility by day."""
    draws = np.random.default_rng(SEED)
    tested: dict[str, object] = {"status": "tested", "tested_until_on": date_of(DAYS - 1)}
    names = [site_name(number) for number in range(sites)]
    segments = ("site", *SEGMENTS)
    drops = _spread(draws, names, DROPS_PER_SITE)
    drops["segment"] = "site"
    of_segments = _spread(draws, names, SEGMENT_DROPS_PER_SITE)
    of_segments["segment"] = draws.choice(np.array(SEGMENTS), len(of_segments))
    drops = pd.concat([drops, of_segments], ignore_index=True).assign(
        provider="search_console", is_provisional=False, depth_share=0.3, q_value=0.01
    )
    drops["drop_id"] = [f"drop-{number:07d}" for number in range(len(drops))]
    surges = _spread(draws, names, SURGES_PER_SITE).assign(
        provider="ahrefs_backlinks", observed_count=16, expected_count=1.0, excess_count=15.0, q_value=0.01
    )
    surges["origin"] = draws.choice(np.array(ORIGINS), len(surges))
    surges["surge_id"] = [f"surge-{number:07d}" for number in range(len(surges))]
    links: Rows = [
        {"site_domain": name, "provider": "ahrefs_backlinks", "tested_from_on": date_of(0)} | tested for name in names
    ]
    rankings: Rows = [
        {"site_domain": name, "provider": "search_console", "segment": segment, "tested_from_on": date_of(28)} | tested
        for name in names
        for segment in segments
    ]
    updates: Rows = [
        {"event_id": f"u{day}", "kind": "update", "name": "core update", "scope": "core", "starts_on": date_of(day)}
        | {"ends_on": date_of(day + 13), "source": "simulated"}
        for day in range(40, DAYS - 14, UPDATES_EVERY_DAYS)
    ]
    return {
        "surges.link_surges": _filled("surges.link_surges", surges),
        "surges.assessed_series": _table("surges.assessed_series", links),
        "drops.ranking_drops": _filled("drops.ranking_drops", drops),
        "drops.assessed_series": _table("drops.assessed_series", rankings),
        "staging.search_events": _table("staging.search_events", updates),
    }


def _spread(draws: np.random.Generator, names: list[str], each: int) -> pd.DataFrame:
    days = pd.to_datetime(date_of(0)) + pd.to_timedelta(draws.integers(0, DAYS, len(names) * each), unit="D")
    return pd.DataFrame({"site_domain": np.repeat(np.array(names), each), "starts_on": days})


def _table(name: str, rows: Rows) -> pd.DataFrame:
    return _filled(name, pd.DataFrame(rows))


def _filled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reindex(columns=list(table(name).column_names))
