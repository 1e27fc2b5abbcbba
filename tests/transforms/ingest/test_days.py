"""Days and periods as names and settings spell them."""

from __future__ import annotations

import datetime

import pytest

from transforms.ingest.country_names import country_named
from transforms.ingest.days import days_in, days_in_names, period_in

DAY = datetime.date


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("www.kaas.nl-backlinks-subdomains_2026-01-05_16-39-35.csv", [DAY(2026, 1, 5)]),
        ("backlink_audit_domains_27811604_2026-02-06.csv", [DAY(2026, 2, 6)]),
        ("kaas.nl-organic.Positions-uk-20260218-2026-02-19T10_06_17Z.xlsx", [DAY(2026, 2, 19), DAY(2026, 2, 18)]),
        ("23727767_3199217_overview_20251023.csv", [DAY(2025, 10, 23)]),
        ("kaas-23-Feb-2020_16-35-25.csv", [DAY(2020, 2, 23)]),
        ("2026-13-40 en 20261399.csv", []),
        ("Queries.csv", []),
    ],
)
def test_days_in_names(name: str, days: list[datetime.date]) -> None:
    assert days_in(name) == days


def test_own_name_before_folders() -> None:
    assert days_in_names(("x_2026-01-01.csv", "2026-02-02")) == (DAY(2026, 1, 1), DAY(2026, 2, 2))
    assert days_in_names(("x_20260101_2026-01-04.csv",)) == (DAY(2026, 1, 4), DAY(2026, 1, 1))
    assert days_in_names(("x.csv", "2026-02-02", "2020-01-01")) == (DAY(2026, 2, 2), DAY(2020, 1, 1))
    assert days_in_names(("x.csv",)) == ()


@pytest.mark.parametrize(
    "setting",
    [
        "14 Dec 2024-12 Apr 2026",
        "Dec 14, 2024-Apr 12, 2026",
        "14 dec 2024-12 apr 2026",
        "14 déc. 2024-12 avr. 2026",
        "14 thg 12, 2024-12 thg 4, 2026",
        "2024-12-14-2026-04-12",
        "12/14/24 - 4/12/26",
        "14/12/2024 - 12/4/2026",
        "14.12.2024 - 12.04.2026",
    ],
)
def test_period_with_days(setting: str) -> None:
    assert period_in(setting) == (DAY(2024, 12, 14), DAY(2026, 4, 12))


@pytest.mark.parametrize("setting", ["Last 12 months", "Afgelopen 6 maanden", "", "10/1/25 - 12/1/25"])
def test_period_without_days(setting: str) -> None:
    assert period_in(setting) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [("United Kingdom", "gb"), ("Nederland", "nl"), ("francia", "fr"), ("uk", "gb"), ("eeuu", "us"), ("maan", None)],
)
def test_countries(name: str, code: str | None) -> None:
    assert country_named(name) == code


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("winkel.example_KeywordReport_7_18_2026.csv", [DAY(2026, 7, 18)]),
        ("winkel.example_KeywordReport_18.7.2026.csv", [DAY(2026, 7, 18)]),
        ("winkel.example_KeywordReport_7_8_2026.csv", []),
        ("winkel.example_KeywordReport_2026. 10. 1..csv", [DAY(2026, 10, 1)]),
        ("winkel.example_KeywordReport_2026_8_20.csv", [DAY(2026, 8, 20)]),
        ("tool-v1.2.10.csv", []),
    ],
)
def test_days_in_names_of_every_locale_and_none_where_it_could_be_two(name: str, days: list[object]) -> None:
    assert days_in(name) == days
