"""Pages generated from the code are current, and a stale one is noticed."""

from penalty_radar.generated_docs import PAGES, render_rules_page, render_settings_page, render_tables_page, write_pages
from penalty_radar.walk import CHECKOUT
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
