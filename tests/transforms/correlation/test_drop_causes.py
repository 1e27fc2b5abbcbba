"""Was it the links, an update, or us? The scenarios that must be told apart."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from tests.transforms.correlation.conftest import causes_of
from transforms.schemas import table
from transforms.schemas.vocabulary import CAUSES

AS_OF = datetime.date(2026, 6, 30)
Tables = dict[str, pd.DataFrame]
Rows = Callable[..., pd.DataFrame]
Tell = Callable[..., pd.DataFrame]

DROP = "drop_id | starts_on | impressions_change_share | position_change | click_rate_change_share\n d1 | 2026-03-25 | "
NAMED = 0.33
"""Probability from which a named cause is worth naming first, beside what nobody knows."""

LOWER_RANKED = DROP + "-0.3 | 6.0 | -0.3"
EVENT = "kind | name | scope | site_domain | starts_on | ends_on\n"


@pytest.fixture
def tell(quiet: Tables, text_table: Rows) -> Tell:
    """Causes of the drops of a story: the quiet portfolio, with pairs worked out first."""

    def causes(drops: str = LOWER_RANKED, surges: str = "", events: str = "", **more: pd.DataFrame) -> pd.DataFrame:
        tables = quiet | {
            "surges.link_surges": text_table("surges.link_surges", surges),
            "drops.ranking_drops": text_table("drops.ranking_drops", drops),
            "staging.search_events": text_table("staging.search_events", events),
        }
        tables |= {name.replace("__", "."): rows for name, rows in more.items()}
        return causes_of(tables)

    return causes


def best(causes: pd.DataFrame) -> str:
    """The likeliest cause of d1 that has a name; ``unknown`` where none reaches a third."""
    first = causes[causes["drop_id"] == "d1"].set_index("cause")["probability"].drop("unknown")
    return str(first.idxmax()) if first.max() >= NAMED else "unknown"


def given(causes: pd.DataFrame, cause: str) -> float:
    """Probability of a cause of d1."""
    return float(causes.loc[(causes["drop_id"] == "d1") & (causes["cause"] == cause), "probability"].iloc[0])


def evidence(causes: pd.DataFrame, cause: str) -> list[str]:
    text = causes.loc[(causes["drop_id"] == "d1") & (causes["cause"] == cause), "evidence"].iloc[0]
    return [given["key"] for given in json.loads(text)]


def daily(clicks: np.ndarray, impressions: np.ndarray, first_day: str) -> pd.DataFrame:
    """Daily search performance of a.example."""
    days = pd.date_range(first_day, periods=len(clicks), unit="us")
    columns = list(table("signals.visibility").column_names)
    visibility = pd.DataFrame(
        {
            "site_domain": "a.example",
            "segment_kind": "site",
            "segment": "site",
            "provider": "search_console",
            "day": days,
            "visibility": clicks,
            "impressions": impressions,
        }
    )
    return visibility.reindex(columns=columns)


def test_links(tell: Tell) -> None:
    causes = tell(surges="surge_id | starts_on\n s1 | 2026-03-01")
    assert best(causes) == "links"
    assert evidence(causes, "links") == [
        "cause.links.surge.arranged",
        "cause.links.time_shift",
        "cause.links.site_swap",
        "shape.position_worse",
    ]


@pytest.mark.parametrize("name", ["March 2026 core update", "March 2026 spam update"])
def test_update(tell: Tell, name: str) -> None:
    causes = tell(events=EVENT + f"update | {name} | - | - | 2026-03-20 | 2026-03-30")
    assert given(causes, "update") > 2 * given(tell(), "update")
    assert evidence(causes, "update") == ["event.update", "shape.position_worse"]


def test_update_that_was_not_announced(tell: Tell, text_table: Rows) -> None:
    header = "drop_id | site_domain | starts_on\n"
    drops = header + "\n".join(f"d{n} | {site}.example | 2026-03-25" for n, site in enumerate("abc", start=1))
    causes = tell(drops=drops)
    assert best(causes) == "update"
    assert evidence(causes, "update") == ["together.search"]


def test_outage_seen_in_the_data(tell: Tell) -> None:
    clicks, impressions = np.full(100, 50.0), np.full(100, 900.0)
    clicks[60:80] = impressions[60:80] = 0.0  # 2026-03-25 is day 60 from 2026-01-24
    causes = tell(drops=DROP + "-1 | - | -", signals__visibility=daily(clicks, impressions, "2026-01-24"))
    assert best(causes) == "outage"
    assert evidence(causes, "outage") == ["shape.outage"]


def test_days_that_no_export_holds_are_no_outage(tell: Tell) -> None:
    clicks, impressions = np.full(100, 50.0), np.full(100, 900.0)
    clicks[60:], impressions[60:] = 30.0, 540.0
    visibility = daily(clicks, impressions, "2026-01-24")
    missing = visibility.drop(index=range(58, 68))
    causes = tell(drops=DROP + "-0.4 | 6.0 | -0.1", signals__visibility=missing)
    assert evidence(causes, "outage") == []
    emptied = visibility.assign(visibility=visibility["visibility"].where(visibility.index != 63))
    assert evidence(tell(drops=DROP + "-0.4 | 6.0 | -0.1", signals__visibility=emptied), "outage") == []


def test_an_outage_with_days_missing_counts_the_days_known_to_be_gone(tell: Tell) -> None:
    clicks, impressions = np.full(100, 50.0), np.full(100, 900.0)
    clicks[60:65] = impressions[60:65] = 0.0
    visibility = daily(clicks, impressions, "2026-01-24").drop(index=[62, 65, 66, 69])
    causes = tell(drops=DROP + "-1 | - | -", signals__visibility=visibility)
    said = json.loads(causes.loc[causes["cause"] == "outage", "evidence"].iloc[0])
    assert said == [{"key": "shape.outage", "args": {"days": 5, "start": "2026-03-25"}}]


def test_gone_and_not_back_is_not_called_an_outage_with_confidence(tell: Tell) -> None:
    clicks, impressions = np.full(100, 50.0), np.full(100, 900.0)
    clicks[60:] = impressions[60:] = 0.0
    causes = tell(drops=DROP + "-1 | - | -", signals__visibility=daily(clicks, impressions, "2026-01-24"))
    assert evidence(causes, "outage") == ["shape.gone"]
    assert causes.loc[causes["cause"] == "outage", "probability"].iloc[0] < 0.8


def test_tracker_gap(tell: Tell, text_table: Rows) -> None:
    header = "drop_id | site_domain | provider | starts_on\n"
    drops = header + "\n".join(
        f"d{n} | {site}.example | se_ranking | 2026-03-25" for n, site in enumerate("abcd", start=1)
    )
    tracked = "site_domain | provider\n" + "\n".join(f"{site}.example | se_ranking" for site in "abcdef")
    causes = tell(drops=drops, drops__assessed_series=text_table("drops.assessed_series", tracked))
    assert best(causes) == "tracker"


def test_season(tell: Tell) -> None:
    causes = tell(drops=DROP + "-0.4 | 0.2 | -0.03")
    assert best(causes) == "season"


def test_last_years_fall_speaks_for_the_season(tell: Tell) -> None:
    impressions = np.full(480, 1000.0)
    impressions[20:120] = 600.0
    impressions[384:] = 600.0  # a year of whole weeks later
    drop = "drop_id | starts_on | impressions_change_share | position_change | click_rate_change_share\n"
    visibility = daily(impressions / 20, impressions, "2025-03-07")
    causes = tell(drops=drop + "d1 | 2026-03-26 | -0.4 | 0.2 | -0.03", signals__visibility=visibility)
    assert best(causes) == "season"
    assert evidence(causes, "season") == [
        "shape.demand_share",
        "shape.demand",
    ]  # 28 days before last year's fall are not covered
    earlier = daily(np.full(508, 50.0), np.r_[np.full(28, 1000.0), impressions], "2025-02-07")
    told = tell(drops=drop + "d1 | 2026-03-26 | -0.4 | 0.2 | -0.03", signals__visibility=earlier)
    assert evidence(told, "season") == ["shape.demand_share", "shape.demand", "shape.last_year"]


def test_result_page(tell: Tell) -> None:
    assert best(tell(drops=DROP + "-0.02 | 0.1 | -0.35")) == "result_page"


def test_data_break(tell: Tell) -> None:
    assert best(tell(events=EVENT + "data_break | fewer results | - | - | 2026-03-24 | 2026-03-24")) == "data_break"


def test_site_change(tell: Tell) -> None:
    assert best(tell(events=EVENT + "site_change | new shop | - | a.example | 2026-03-22 | -")) == "site_change"


def test_nothing_known(tell: Tell) -> None:
    causes = tell()
    assert best(causes) == "unknown"
    assert evidence(causes, "links") == ["cause.links.no_surge"]
    assert evidence(causes, "unknown") == ["cause.unknown.nothing_found"]


def test_a_manual_action_about_links_dominates_even_inside_an_update(tell: Tell) -> None:
    events = EVENT + (
        "update | March 2026 core update | core | - | 2026-03-20 | 2026-03-30\n"
        "manual_action | Unnatural links to your site | - | a.example | 2026-03-27 | -"
    )
    causes = tell(events=events)
    assert best(causes) == "links"
    assert given(causes, "links") >= 0.8


def test_no_link_data_is_neither_shown_nor_ruled_out(tell: Tell, text_table: Rows) -> None:
    causes = tell(surges__assessed_series=text_table("surges.assessed_series"))
    assert evidence(causes, "links") == ["cause.links.no_data"]
    assert given(tell(), "links") < given(causes, "links") < 0.25


@pytest.mark.parametrize(
    ("series", "key"),
    [
        ("ahrefs_backlinks | 2025-01-01 | 2026-06-30", "cause.links.no_surge"),
        ("ahrefs_backlinks | 2025-09-26 | 2026-03-24", "cause.links.no_surge"),
        ("ahrefs_backlinks | 2025-09-27 | 2026-03-24", "cause.links.no_surge.part"),
        ("ahrefs_backlinks | 2026-02-08 | 2026-06-30", "cause.links.no_surge.part"),
        (
            "ahrefs_backlinks | 2024-01-01 | 2025-09-01\n a.example | semrush_backlinks | 2026-03-24 | 2026-06-30",
            "cause.links.no_surge.part",
        ),
        ("ahrefs_backlinks | 2024-01-01 | 2025-09-01", "cause.links.no_data"),
    ],
)
def test_a_missing_surge_says_as_much_as_one_series_covers(tell: Tell, text_table: Rows, series: str, key: str) -> None:
    def links(text: str) -> tuple[list[str], float]:
        table_text = f"site_domain | provider | tested_from_on | tested_until_on\n a.example | {text}"
        causes = tell(surges__assessed_series=text_table("surges.assessed_series", table_text))
        return evidence(causes, "links"), given(causes, "links")

    said, probability = links(series)
    assert said == [key]
    least, most = (
        links(text)[1] for text in ("ahrefs_backlinks | 2025-01-01 | 2026-06-30", "other | 2024-01-01 | 2024-02-01")
    )
    assert least <= probability <= most


def test_arranged_links_that_did_not_stand_out_are_said_and_raise_links(tell: Tell, text_table: Rows) -> None:
    few, many = (
        tell(
            correlation__links_before=text_table(
                "correlation.links_before",
                f"drop_id | site_domain | near_domain_count | far_domain_count\n d1 | a.example | {count} | 1",
            )
        )
        for count in (1, 12)
    )
    assert evidence(few, "links") == ["cause.links.no_surge", "cause.links.trickle"]
    assert given(tell(), "links") < given(few, "links") < given(many, "links")


def test_links_after_the_drop_are_said_and_are_no_explanation(tell: Tell) -> None:
    causes = tell(surges="surge_id | starts_on\n s1 | 2026-04-10")
    assert best(causes) == "unknown"
    assert evidence(causes, "links") == ["cause.links.no_surge", "cause.links.reverse"]


def test_a_control_surge_of_natural_links_explains_nothing(tell: Tell) -> None:
    causes = tell(surges="surge_id | starts_on | origin\n s1 | 2026-03-01 | natural")
    assert best(causes) == "unknown"


def test_every_drop_has_every_cause_and_probabilities_that_add_to_one(tell: Tell) -> None:
    drops = DROP + "-0.3 | 6.0 | -0.3\n d2 | 2026-01-05 | -0.4 | 0.1 | -0.02\n d3 | 2025-09-14 | - | - | -"
    events = EVENT + (
        "update | core | core | - | 2026-03-20 | -\n data_break | num | - | - | 2025-09-14 | 2025-09-14\n"
        "update | link spam | link spam | - | 2026-01-01 | 2026-01-10"
    )
    causes = tell(drops=drops, surges="surge_id | starts_on\n s1 | 2026-03-01\n s2 | 2025-12-20", events=events)
    assert causes.groupby("drop_id")["cause"].apply(tuple).tolist() == [CAUSES] * 3
    assert np.abs(causes.groupby("drop_id")["probability"].sum() - 1).max() < 1e-9
    assert (causes["probability"] > 0).all()


def test_empty_tables_give_an_empty_table_of_the_right_columns(quiet: Tables) -> None:
    causes = causes_of({name: rows.iloc[:0] for name, rows in quiet.items()})
    assert len(causes) == 0
    assert set(causes.columns) == set(table("correlation.drop_causes").column_names)


def test_row_order_does_not_matter(tell: Tell) -> None:
    surges = ["s1 | 2026-03-01", "s2 | 2026-03-02", "s3 | 2025-12-20"]
    drops = ["d1 | 2026-03-25 | -0.3 | 6.0 | -0.3", "d2 | 2026-01-05 | -0.4 | 0.1 | -0.02"]
    header = DROP.partition("\n")[0] + "\n"
    first, second = (
        tell(drops=header + "\n".join(drops[::step]), surges="surge_id | starts_on\n" + "\n".join(surges[::step]))
        for step in (1, -1)
    )
    pd.testing.assert_frame_equal(first, second)
