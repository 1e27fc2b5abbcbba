"""Small tables as text."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from tests.transforms.text_frames import frame_of

Tables = dict[str, pd.DataFrame]
DEFAULTS: dict[str, dict[str, object]] = {
    "signals.domain_origins": {"site_domain": "a.example", "provider": "ahrefs_backlinks", "probability": 0.9},
    "signals.link_series": {"provider": "ahrefs_backlinks", "ends_on": "2026-06-30"},
    "surges.link_surges": {
        "site_domain": "a.example",
        "provider": "ahrefs_backlinks",
        "origin": "bought",
        "starts_on": "2026-06-01",
        "q_value": 0.0,
    },
    "surges.assessed_series": {
        "provider": "ahrefs_backlinks",
        "origin": "bought",
        "status": "tested",
        "tested_from_on": "2025-01-01",
        "tested_until_on": "2026-06-30",
    },
    "drops.assessed_series": {
        "provider": "search_console",
        "segment": "site",
        "status": "tested",
        "tested_from_on": "2025-02-01",
        "tested_until_on": "2026-06-27",
    },
    "drops.ranking_drops": {"is_confirmed": True},
    "correlation.surge_drop_pairs": {"site_domain": "a.example", "origin": "bought"},
    "correlation.drop_causes": {"site_domain": "a.example", "cause": "links"},
    "staging.search_events": {"source": "test"},
    "staging.planned_events": {"source": "test"},
}


def rows(name: str, text: str = "") -> pd.DataFrame:
    """Rows of table ``name`` from a text table, with this folder's defaults."""
    return frame_of(name, text, DEFAULTS)


@pytest.fixture
def text_table() -> Callable[..., pd.DataFrame]:
    return rows


@pytest.fixture
def clean() -> Tables:
    """Two sites with tested links and rankings, without any link that looks arranged."""
    names = "site_domain\n a.example\n b.example"
    domains = "source_domain | origin\n" + "\n".join(f"n{number}.example | natural" for number in range(30))
    return {
        "signals.domain_origins": rows("signals.domain_origins", domains),
        "signals.link_series": rows("signals.link_series", names),
        "staging.search_events": rows("staging.search_events"),
        "staging.planned_events": rows("staging.planned_events"),
        "surges.link_surges": rows("surges.link_surges"),
        "surges.assessed_series": rows("surges.assessed_series", names),
        "drops.ranking_drops": rows("drops.ranking_drops"),
        "drops.assessed_series": rows("drops.assessed_series", names),
        "correlation.surge_drop_pairs": rows("correlation.surge_drop_pairs"),
        "correlation.drop_causes": rows("correlation.drop_causes"),
    }
