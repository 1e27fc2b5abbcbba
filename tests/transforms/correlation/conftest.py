"""Small tables as text, and the tables of a site with everything in order."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pandas as pd
import pytest

from tests.transforms.text_frames import frame_of
from transforms.correlation import drop_causes, drop_circumstances, surge_drop_pairs

Tables = dict[str, pd.DataFrame]
AS_OF = datetime.date(2026, 6, 30)

DEFAULTS: dict[str, dict[str, object]] = {
    "surges.link_surges": {
        "as_of": "2026-06-30",
        "site_domain": "a.example",
        "provider": "ahrefs_backlinks",
        "origin": "bought",
        "excess_count": 20,
        "q_value": 0.01,
    },
    "surges.assessed_series": {
        "as_of": "2026-06-30",
        "provider": "ahrefs_backlinks",
        "origin": "bought",
        "status": "tested",
        "tested_from_on": "2025-01-01",
        "tested_until_on": "2026-06-30",
        "history_days": 545,
    },
    "drops.ranking_drops": {
        "as_of": "2026-06-30",
        "site_domain": "a.example",
        "provider": "search_console",
        "segment": "site",
        "segment_kind": "site",
        "is_provisional": False,
        "is_confirmed": True,
        "depth_share": 0.4,
        "q_value": 0.01,
    },
    "drops.assessed_series": {
        "as_of": "2026-06-30",
        "provider": "search_console",
        "segment": "site",
        "status": "tested",
        "tested_from_on": "2025-02-01",
        "tested_until_on": "2026-06-30",
        "history_days": 514,
    },
    "staging.search_events": {"source": "test"},
    "signals.visibility": {"segment_kind": "site", "segment": "site", "provider": "search_console"},
    "correlation.surge_drop_pairs": {"as_of": "2026-06-30"},
}


def rows(name: str, text: str = "") -> pd.DataFrame:
    """Rows of table ``name`` from a text table, with this folder's defaults."""
    return frame_of(name, text, DEFAULTS)


def with_circumstances(tables: Tables) -> Tables:
    """The tables with the circumstances of the drops worked out; every day of ``signals.visibility`` is around them."""
    daily, drops = tables["signals.visibility"], tables["drops.ranking_drops"]
    own = daily.merge(
        drops[["drop_id", "site_domain", "provider", "segment"]], on=["site_domain", "provider", "segment"]
    )
    around = own.reindex(columns=rows("correlation.drop_days").columns)
    known = tables | {"correlation.drop_days": around}
    return known | {"correlation.drop_circumstances": drop_circumstances.build(known, as_of=AS_OF)}


def pairs_of(tables: Tables) -> pd.DataFrame:
    """The pairs of a night."""
    return surge_drop_pairs.build(with_circumstances(tables), as_of=AS_OF)


def causes_of(tables: Tables) -> pd.DataFrame:
    """The causes of a night's drops."""
    known = with_circumstances(tables)
    known["correlation.surge_drop_pairs"] = surge_drop_pairs.build(known, as_of=AS_OF)
    return drop_causes.build(known, as_of=AS_OF)


@pytest.fixture
def text_table() -> Callable[..., pd.DataFrame]:
    return rows


@pytest.fixture
def quiet() -> Tables:
    """Six sites with link data and rankings over 2025 and half of 2026, in which nothing happens."""
    sites = [f"{letter}.example" for letter in "abcdef"]
    series = "site_domain\n" + "\n".join(sites)
    return {
        "surges.link_surges": rows("surges.link_surges"),
        "surges.surge_composition": rows("surges.surge_composition"),
        "surges.assessed_series": rows("surges.assessed_series", series),
        "drops.ranking_drops": rows("drops.ranking_drops"),
        "drops.assessed_series": rows("drops.assessed_series", series),
        "staging.search_events": rows("staging.search_events"),
        "signals.visibility": rows("signals.visibility"),
        "correlation.linked_segments": rows("correlation.linked_segments"),
        "correlation.linked_days": rows("correlation.linked_days"),
        "correlation.links_before": rows("correlation.links_before"),
        "correlation.arranged_days": rows("correlation.arranged_days"),
    }
