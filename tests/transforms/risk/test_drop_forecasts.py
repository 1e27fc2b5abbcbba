"""The chance of a drop ahead: what moves it, which way, and how sure it is."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.risk.drop_forecasts import build
from transforms.risk.hazard import effects_until, read_coefficients
from transforms.schemas import table

AS_OF = datetime.date(2026, 6, 30)
Tables = dict[str, pd.DataFrame]
Rows = Callable[..., pd.DataFrame]
NIGHT = "provider | segment | depth_share | is_provisional"


def forecast_of(tables: Tables, site: str = "a.example") -> pd.Series:
    forecasts = build(tables, as_of=AS_OF)
    return forecasts[forecasts["site_domain"] == site].iloc[0]


def keys(row: pd.Series) -> set[str]:
    return {said["key"] for said in json.loads(row["evidence"])}


def drops(text_table: Rows, *lines: str) -> pd.DataFrame:
    header = f"drop_id | site_domain | starts_on | {NIGHT}\n"
    return text_table(
        "drops.ranking_drops",
        header + "\n".join(f"d{n} | {line} | search_console | site | 0.3 | false" for n, line in enumerate(lines)),
    )


def surges(text_table: Rows, *lines: str) -> pd.DataFrame:
    header = "surge_id | starts_on | ends_on | excess_count\n"
    return text_table("surges.link_surges", header + "\n".join(f"s{n} | {line}" for n, line in enumerate(lines)))


def test_a_site_that_dropped_before_has_the_higher_chance_and_links_add_nothing(
    clean: Tables, text_table: Rows
) -> None:
    fallen = clean | {"drops.ranking_drops": drops(text_table, "a.example | 2025-06-10", "a.example | 2026-01-10")}
    first, second = forecast_of(fallen), forecast_of(fallen, "b.example")
    assert first["chance_90"] > second["chance_90"] > forecast_of(clean, "b.example")["chance_90"]
    assert first["links_share"] == 0.0
    assert first["chance_low"] < first["chance_90"] < first["chance_high"]
    assert keys(second) == {"forecast.base", "forecast.calibrated"}


def test_two_providers_see_one_fall_and_doubtful_or_shallow_ones_do_not_count(clean: Tables, text_table: Rows) -> None:
    once = drops(text_table, "a.example | 2026-01-10")
    twice = drops(text_table, "a.example | 2026-01-10", "a.example | 2026-01-15")
    chance = forecast_of(clean | {"drops.ranking_drops": once})["chance_90"]
    assert forecast_of(clean | {"drops.ranking_drops": twice})["chance_90"] == chance
    none = forecast_of(clean)["chance_90"]
    for doubtful in (once.assign(is_confirmed=False), once.assign(depth_share=0.1), once.assign(segment="page:/")):
        assert forecast_of(clean | {"drops.ranking_drops": doubtful})["chance_90"] == none


def test_a_drop_that_links_explain_says_less_of_the_site_itself(clean: Tables, text_table: Rows) -> None:
    fallen = clean | {"drops.ranking_drops": drops(text_table, "a.example | 2026-01-10")}
    blamed, faulty = (
        text_table(
            "correlation.drop_causes", f"drop_id | cause | probability\n d0 | {cause} | 0.8\n d0 | unknown | 0.2"
        )
        for cause in ("links", "tracker")
    )
    assert forecast_of(fallen | {"correlation.drop_causes": blamed})["chance_90"] < forecast_of(fallen)["chance_90"]
    no_drop = forecast_of(fallen | {"correlation.drop_causes": faulty})["chance_90"]
    assert no_drop == forecast_of(clean)["chance_90"]  # a gap of the tracker is no ranking drop


def test_a_surge_adds_what_may_still_come_of_it(clean: Tables, text_table: Rows) -> None:
    def share(start: str) -> float:
        return float(
            forecast_of(clean | {"surges.link_surges": surges(text_table, f"{start} | {start} | 30")})["links_share"]
        )

    assert share("2026-06-20") > share("2026-05-01") > share("2026-02-01") > 0
    assert share("2025-11-01") == 0.0


def test_season_and_an_open_provisional_drop_raise_and_say_so(clean: Tables, text_table: Rows) -> None:
    last_year = drops(text_table, "a.example | 2025-08-10")
    other_time = drops(text_table, "a.example | 2025-04-10")
    season, plain = (forecast_of(clean | {"drops.ranking_drops": found}) for found in (last_year, other_time))
    assert season["chance_90"] > plain["chance_90"]
    assert "forecast.season" in keys(season) - keys(plain)
    opened = drops(text_table, "a.example | 2026-06-22").assign(is_provisional=True)
    told = forecast_of(clean | {"drops.ranking_drops": opened})
    assert told["chance_90"] > forecast_of(clean)["chance_90"]
    assert "forecast.provisional" in keys(told)
    assert told["links_share"] == 0.0


def test_no_data_is_never_a_low_chance(clean: Tables) -> None:
    no_links = clean | {"surges.assessed_series": clean["surges.assessed_series"].iloc[:0]}
    no_rankings = clean | {"drops.assessed_series": clean["drops.assessed_series"].iloc[:0]}
    nothing = no_links | {"drops.assessed_series": clean["drops.assessed_series"].iloc[:0]}
    looked_at = forecast_of(clean)
    assert [forecast_of(tables)["basis"] for tables in (clean, no_links, no_rankings, nothing)] == [
        "both",
        "rankings",
        "links",
        "prior",
    ]
    assert forecast_of(no_links)["chance_90"] > looked_at["chance_90"]
    assert forecast_of(no_links)["links_share"] > 0
    assert forecast_of(nothing)["chance_90"] > looked_at["chance_90"]
    assert {"forecast.base.prior", "forecast.links_unknown"} <= keys(forecast_of(nothing))


dose = st.integers(1, 400)
start = st.integers(0, 179)


@given(st.lists(st.tuples(start, dose), max_size=4), st.tuples(start, dose), st.integers(0, 80))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_risk_never_lowers_the_chance(
    clean: Tables, text_table: Rows, before: list[tuple[int, int]], more: tuple[int, int], standing: int
) -> None:
    def chance(found: list[tuple[int, int]], bought: int) -> float:
        lines = [f"{AS_OF - datetime.timedelta(days=age)} | {AS_OF} | {size}" for age, size in found]
        domains = "source_domain | origin\n" + "\n".join(f"x{n}.example | bought" for n in range(bought))
        tables = clean | {"surges.link_surges": surges(text_table, *lines)}
        return float(
            forecast_of(tables | {"signals.domain_origins": text_table("signals.domain_origins", domains)})["chance_90"]
        )

    assert chance([*before, more], standing) >= chance(before, standing)
    assert chance(before, standing + 1) >= chance(before, standing)


def test_every_row_is_in_order_and_rows_do_not_depend_on_the_order_of_the_input(
    clean: Tables, text_table: Rows
) -> None:
    tables = clean | {
        "drops.ranking_drops": drops(text_table, "a.example | 2026-01-10", "b.example | 2025-07-20"),
        "surges.link_surges": surges(text_table, "2026-05-01 | 2026-05-09 | 25", "2026-06-01 | 2026-06-02 | 9"),
    }
    forecasts = build(tables, as_of=AS_OF)
    assert set(forecasts.columns) == set(table("risk.drop_forecasts").column_names)
    backwards = {name: rows.iloc[::-1] for name, rows in tables.items()}
    pd.testing.assert_frame_equal(forecasts, build(backwards, as_of=AS_OF))
    assert len(build({name: rows.iloc[:0] for name, rows in clean.items()}, as_of=AS_OF)) == 0


def test_fitted_coefficients_are_of_a_kind_that_keeps_common_sense() -> None:
    fitted = read_coefficients()
    values = dataclasses.asdict(fitted)
    shares = values.pop("lag_shares")
    assert sum(shares) == pytest.approx(1, abs=0.001)
    assert all(value >= 0 for value in (*values.values(), *shares))
    assert 0.1 < fitted.base_rate < 3
    until = effects_until(np.array([0.0, 6.0, 45.0, 180.0, 400.0]), fitted.lag_shares)
    assert until[0] == 0
    assert until[-1] == until[-2] == pytest.approx(1, abs=0.001)
