"""staging.known_exports: which exports of links count on a day, and in which order."""

from __future__ import annotations

import duckdb
import pytest

from tests.transforms.text_tables import check, fill, make, observe_links

SITE = {"site_domain": "kaas.example", "provider": "p", "merged_count": 0}


def load(warehouse: duckdb.DuckDBPyConnection, ledger: str, **same: object) -> None:
    """Ledger rows, and one link in every file of them."""
    fill(warehouse, "ingest.export_files", ledger, **({"site_domain": "kaas.example", "provider": "p"} | same))
    warehouse.execute(
        "INSERT INTO staging.link_observations BY NAME SELECT 1 AS link_id, file_id, site_domain, provider, "
        "file_id AS described_in, 1 AS source_host_id, exported_on AS observed_on, 0 AS merged_count "
        "FROM ingest.export_files"
    )


def test_exports_stand_in_the_order_in_which_they_were_made(warehouse: duckdb.DuckDBPyConnection) -> None:
    load(
        warehouse,
        """
        file_id | path  | status | exported_on | is_complete
        f9      | b.csv | loaded | 2026-02-01  | true
        f1      | c.csv | loaded | 2026-02-01  | false
        f5      | a.csv | loaded | 2026-03-01  |
        f3      | z.csv | loaded | 2026-01-01  | true
        """,
    )
    make(warehouse, "staging.known_exports")
    check(
        warehouse,
        "staging.known_exports",
        """
        file_id | observed_on | file_order | is_complete | is_only | site_domain  | provider
        f3      | 2026-01-01  | 1          | true        | false   | kaas.example | p
        f9      | 2026-02-01  | 2          | true        | false   | kaas.example | p
        f1      | 2026-02-01  | 3          | false       | false   | kaas.example | p
        f5      | 2026-03-01  | 4          | false       | false   | kaas.example | p
        """,
    )


def test_what_is_superseded_later_or_without_links_does_not_count(warehouse: duckdb.DuckDBPyConnection) -> None:
    load(
        warehouse,
        """
        file_id | path  | status    | exported_on | superseded_by
        f1      | a.csv | loaded    | 2026-01-01  | f2
        f2      | a.csv | loaded    | 2026-01-01  |
        f3      | b.csv | loaded    | 2026-04-01  |
        f4      | c.csv | set_aside | 2026-01-01  |
        """,
    )
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | path     | status | exported_on\n none | leeg.csv | loaded | 2026-01-01",
        site_domain="kaas.example",
        provider="p",
    )
    make(warehouse, "staging.known_exports", as_of="2026-03-31")
    check(warehouse, "staging.known_exports", "file_id | file_order\n f2 | 1")


@pytest.mark.parametrize(
    ("other", "is_only"),
    [
        ("site_domain | provider\n melk.example | p", "true"),
        ("site_domain | provider\n kaas.example | q", "true"),
        ("site_domain | provider\n kaas.example | p", "false"),
        ("site_domain | provider | superseded_by\n kaas.example | p | f1", "false"),
        ("site_domain | provider | exported_on\n kaas.example | p | 2027-01-01", "false"),
        ("site_domain | provider | status\n kaas.example | p | set_aside", "true"),
    ],
    ids=["of another site", "of another provider", "alike", "superseded", "later than the day", "set aside"],
)
def test_an_only_export_has_no_other_that_texts_could_stand_in(
    warehouse: duckdb.DuckDBPyConnection, other: str, is_only: str
) -> None:
    same: dict[str, object] = {"file_id": "f2", "path": "b.csv"}
    for name, value in {"status": "loaded", "exported_on": "2026-01-01"}.items():
        if name not in other:
            same[name] = value
    fill(warehouse, "ingest.export_files", other, **same)
    load(warehouse, "file_id | path | status | exported_on\n f1 | a.csv | loaded | 2026-01-01")
    make(warehouse, "staging.known_exports", as_of="2026-06-30")
    found = warehouse.execute("SELECT is_only FROM staging.known_exports WHERE file_id = 'f1'").fetchall()
    assert [str(row[0]).lower() for row in found] == [is_only]


def test_files_of_other_things_are_not_exports_of_links(warehouse: duckdb.DuckDBPyConnection) -> None:
    observe_links(warehouse, "link_id | file_id | observed_on\n 1 | f1 | 2026-01-01", **SITE)
    fill(
        warehouse,
        "ingest.export_files",
        "file_id | path | status | exported_on\n r1 | r.csv | loaded | 2026-01-01",
        site_domain="kaas.example",
        provider="p",
    )
    make(warehouse, "staging.known_exports")
    check(warehouse, "staging.known_exports", "file_id | is_only\n f1 | true")
