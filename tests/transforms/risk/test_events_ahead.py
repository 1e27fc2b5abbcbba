"""Events under way and planned: which weighs, and never for a site without risky links."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import pandas as pd
import pytest

from transforms.risk.site_risk import build

AS_OF = datetime.date(2026, 6, 30)
Tables = dict[str, pd.DataFrame]
Rows = Callable[..., pd.DataFrame]
HEADER = "kind | name | site_domain | starts_on | ends_on\n "


def told(tables: Tables, site: str = "a.example") -> dict[str, float]:
    site_risk = build(tables, as_of=AS_OF)
    row = site_risk[site_risk["site_domain"] == site].iloc[0]
    return {said["key"]: said["points"] for said in json.loads(row["reasons"]) if "events" in said["key"]}


@pytest.fixture
def exposed(clean: Tables, text_table: Rows) -> Tables:
    domains = "source_domain | origin\n" + "\n".join(f"x{n}.example | bought" for n in range(40))
    return clean | {"signals.domain_origins": text_table("signals.domain_origins", domains)}


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("update | June spam update | - | 2026-06-25 | -", "running"),
        ("update | June core update | - | 2026-06-10 | -", "running"),
        ("update | May core update | - | 2026-05-10 | -", ""),  # without an end: taken to be over after 28 days
        ("update | June core update | - | 2026-06-10 | 2026-06-29", ""),
        ("reconsideration | Request sent | a.example | 2026-06-10 | -", "reconsideration"),
        ("reconsideration | Request sent | a.example | 2026-04-10 | -", ""),
        ("reconsideration | Request sent | b.example | 2026-06-10 | -", ""),
        ("manual_action | Thin content | a.example | 2026-06-10 | -", "manual_action"),
        ("site_change | New menu | a.example | 2026-06-20 | -", ""),
    ],
)
def test_what_is_under_way_has_points(exposed: Tables, text_table: Rows, event: str, key: str) -> None:
    found = told(exposed | {"staging.search_events": text_table("staging.search_events", HEADER + event)})
    assert set(found) == ({f"risk.events.{key}"} if key else set())
    assert all(points > 0 for points in found.values())


@pytest.mark.parametrize(
    ("event", "key"),
    [
        ("site_change | Move to a new platform | a.example | 2026-07-15 | -", "planned_change"),
        ("update | Announced spam update | - | 2026-08-01 | -", "planned_update"),
        ("site_change | Move to a new platform | a.example | 2026-12-15 | -", ""),
        ("site_change | Move to a new platform | b.example | 2026-07-15 | -", ""),
    ],
)
def test_what_is_planned_within_the_quarter_has_points(exposed: Tables, text_table: Rows, event: str, key: str) -> None:
    found = told(exposed | {"staging.planned_events": text_table("staging.planned_events", HEADER + event)})
    assert set(found) == ({f"risk.events.{key}"} if key else set())


def test_the_event_that_weighs_most_is_told_alone_and_more_events_never_lower(
    exposed: Tables, text_table: Rows
) -> None:
    core = "update | June core update | - | 2026-06-10 | -"
    spam = "update | June spam update | - | 2026-06-25 | -"
    one = told(exposed | {"staging.search_events": text_table("staging.search_events", HEADER + core)})
    both = told(exposed | {"staging.search_events": text_table("staging.search_events", HEADER + f"{core}\n {spam}")})
    assert len(one) == len(both) == 1
    assert sum(both.values()) > sum(one.values())


def test_a_site_without_risky_links_has_nothing_to_fear_of_an_update(clean: Tables, text_table: Rows) -> None:
    spam = text_table("staging.search_events", HEADER + "update | June spam update | - | 2026-06-25 | -")
    assert told(clean | {"staging.search_events": spam}) == {"risk.events.running": 0.0}
