"""signals.foreign_scripts: writing systems in which many domains write that are not the site's usual one."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import fill, make


def fill_marks(
    warehouse: duckdb.DuckDBPyConnection, script: str | None, domains: int, *, links: int = 1, is_today: bool = True
) -> None:
    for number in range(domains * links):
        known = warehouse.execute("SELECT count(*) FROM signals.text_marks").fetchall()[0][0]
        row = {"site_domain": "kaas.example", "provider": "p", "source_domain": f"{script}{number % domains}.example"}
        fill(warehouse, "signals.text_marks", f"link_number | text_hash\n{known} | 1", script=script, **row)
        fill(warehouse, "staging.links", f"link_number | text_hash\n{known} | {1 if is_today else 2}", **row)


@pytest.mark.parametrize(
    ("scripts", "found"),
    [
        ({"latin": 30, "cyrillic": 20}, [("cyrillic", 20)]),
        ({"latin": 30, "cyrillic": 19}, []),
        ({"latin": 21, "cyrillic": 30}, []),  # the site's own script is cyrillic; latin is foreign nowhere
        ({"cyrillic": 30, "east asian": 21, "latin": 25}, [("east asian", 21)]),
        ({None: 30, "cyrillic": 21}, []),
    ],
)
def test_a_script_is_foreign_where_many_domains_use_it(
    warehouse: duckdb.DuckDBPyConnection, scripts: dict[str | None, int], found: list[tuple[str, int]]
) -> None:
    for script, domains in scripts.items():
        fill_marks(warehouse, script, domains)
    make(warehouse, "signals.foreign_scripts")
    assert warehouse.execute("SELECT script, domain_count FROM signals.foreign_scripts").fetchall() == found


def test_domains_count_and_not_links(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_marks(warehouse, "latin", 5)
    fill_marks(warehouse, "cyrillic", 4, links=10)
    make(warehouse, "signals.foreign_scripts")
    assert warehouse.execute("SELECT count(*) FROM signals.foreign_scripts").fetchall() == [(0,)]


def test_texts_that_links_no_longer_have_do_not_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill_marks(warehouse, "latin", 25)
    fill_marks(warehouse, "cyrillic", 20, is_today=False)
    make(warehouse, "signals.foreign_scripts")
    assert warehouse.execute("SELECT count(*) FROM signals.foreign_scripts").fetchall() == [(0,)]
