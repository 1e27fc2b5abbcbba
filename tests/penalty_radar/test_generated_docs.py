"""Pages generated from the code are current, and a stale one is noticed."""

import tomllib

import pytest

from penalty_radar.benchmarks.published import RATES, Figure, Place, read_figures, render_published_rates
from penalty_radar.generated_docs import (
    PAGES,
    PUBLISHED_RATES,
    render_rules_page,
    render_settings_page,
    render_tables_page,
    write_pages,
    write_published_rates,
)
from penalty_radar.walk import CHECKOUT
from transforms.errors import BadInputError
from transforms.schemas import TABLES
from transforms.settings import Settings
from transforms.signals.rule_set import bundled_rules


def test_pages_in_the_checkout_are_current():
    assert write_pages(CHECKOUT / "docs", check=True) == []


def test_a_stale_page_is_named_and_then_written(tmp_path):
    assert write_pages(tmp_path, check=False) == list(PAGES)
    (tmp_path / "tables.md").write_text("old", encoding="utf-8")
    assert write_pages(tmp_path, check=True) == ["tables.md"]
    assert (tmp_path / "tables.md").read_text(encoding="utf-8") == "old"
    assert write_pages(tmp_path, check=False) == ["tables.md"]
    assert write_pages(tmp_path, check=True) == []


def test_every_table_column_and_setting_is_described():
    tables, settings = render_tables_page(), render_settings_page()
    for table in TABLES:
        assert f"### {table.name}\n" in tables
        assert all(f"| `{column.name}`" in tables for column in table.columns)
    assert all(f"| `{name}` |" in settings for name in Settings.model_fields)


def test_every_bundled_rule_is_listed_with_its_source():
    page = render_rules_page()
    for rule in bundled_rules().rules:
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{rule.name}`")]
        assert f"| {rule.weight:+.2f} |" in line
        assert line.replace("\\|", "").count("|") == 7


def test_published_rates_are_those_of_the_benchmark_page(tmp_path):
    assert write_published_rates(CHECKOUT, check=True) == []
    (tmp_path / "docs").mkdir()
    (tmp_path / "reports").mkdir()
    page = (CHECKOUT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    (tmp_path / "docs" / "benchmarks.md").write_text(page, encoding="utf-8")
    assert write_published_rates(tmp_path, check=True) == [PUBLISHED_RATES]
    assert write_published_rates(tmp_path, check=False) == [PUBLISHED_RATES]
    assert write_published_rates(tmp_path, check=True) == []
    rates = tomllib.loads((tmp_path / "reports" / PUBLISHED_RATES).read_text(encoding="utf-8"))
    figures = read_figures(page)
    assert {name: rate["value"] for name, rate in rates.items()} == {
        name: figures[place].value for name, place in RATES.items()
    }


def test_a_rate_that_the_benchmark_page_lost_is_named():
    with pytest.raises(BadInputError, match="RATES"):
        render_published_rates("# Benchmarks\n")


def test_a_figure_is_read_with_its_bar():
    table = "| case | share | listed |\n| --- | ---: | ---: |\n| all | 2e-05 (bar ≤ 0.1: NOT met) | – |\n"
    page = f"## drops\n\n### no drop\n\n{table}"
    assert read_figures(page) == {Place("drops", "no drop", "all", "share"): Figure(2e-05, "≤ 0.1", False)}
