"""signals.foreign_scripts: writing systems in which many domains write that are not the site's usual one."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import fill, make


def fill_marks(warehouse: duckdb.DuckDBPyConnection, script: str | None, domains: int, *, links: int = 1) -> None:
    for number in range(domains * links):
        fill(
            warehouse, "signals.text_marks", "site_domain | provider\nkaas.example | p", script=script,
            source_domain=f"{script}{number % domains}.example",
        )  # fmt: skip


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
