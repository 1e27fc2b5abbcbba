"""signals.domain_origins: a referring domain is new once and has one origin."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make, parse
from transforms.schemas import table


def add(warehouse: duckdb.DuckDBPyConnection, text: str) -> None:
    """Links with their origins, from one text table."""
    header, rows = parse(text)
    for number, row in enumerate(rows):
        told = dict(zip(header, row, strict=True)) | {"link_number": str(number)}
        for name in ("signals.link_marks", "signals.link_origins"):
            cells = {column: value for column, value in told.items() if column in table(name).column_names}
            line = " | ".join(value or "" for value in cells.values())
            fill(warehouse, name, f"{' | '.join(cells)}\n{line}", site_domain="kaas.example", provider="p")


def test_origin_is_that_of_the_most_probable_link_of_the_first_day(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(
        warehouse,
        """
        link_id | source_domain | first_seen_on | source_authority | lost_on | origin  | probability
        a1      | a.example     | 2026-01-01    | 10               |         | unknown | 0.4
        a2      | a.example     | 2026-01-01    | 12               |         | bought  | 0.7
        a3      | a.example     | 2026-01-09    |                  |         | natural | 0.99
        a4      | a.example     |               |                  |         | spam    | 0.99
        b1      | b.example     |               |                  |         | natural | 0.6
        b2      | b.example     |               |                  |         | spam    | 0.6
        """,
    )
    make(warehouse, "signals.domain_origins")
    check(
        warehouse,
        "signals.domain_origins",
        """
        source_domain | origin  | probability | first_seen_on | link_count | source_authority
        a.example     | bought  | 0.7         | 2026-01-01    | 4          | 12
        b.example     | natural | 0.6         |               | 2          |
        """,
    )


def test_a_domain_is_lost_only_when_every_link_of_it_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(
        warehouse,
        """
        link_id | source_domain | first_seen_on | lost_on    | origin  | probability
        a1      | a.example     | 2026-01-01    | 2026-02-01 | natural | 0.7
        a2      | a.example     | 2026-01-02    | 2026-03-01 | natural | 0.7
        b1      | b.example     | 2026-01-01    | 2026-02-01 | natural | 0.7
        b2      | b.example     | 2026-01-01    |            | natural | 0.7
        """,
    )
    make(warehouse, "signals.domain_origins")
    check(
        warehouse,
        "signals.domain_origins",
        "source_domain | lost_on\n a.example | 2026-03-01\n b.example |",
    )


def test_ties_go_to_the_origin_that_accuses_least(warehouse: duckdb.DuckDBPyConnection) -> None:
    origins = ["bought", "link_programme", "exchanged", "guest_post", "spam", "unknown", "natural"]
    for kept in range(len(origins)):
        warehouse.execute("DELETE FROM signals.link_marks")
        warehouse.execute("DELETE FROM signals.link_origins")
        rows = [f"{number} | a.example | {origin} | 0.6" for number, origin in enumerate(origins[: kept + 1])]
        add(warehouse, "\n".join(["link_id | source_domain | origin | probability", *rows]))
        make(warehouse, "signals.domain_origins")
        check(warehouse, "signals.domain_origins", f"origin | link_count\n {origins[kept]} | {kept + 1}")
