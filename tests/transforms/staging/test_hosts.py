"""staging.hosts: every linking host once, with its registrable domain."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import add, check, fill

FOUND = """
host_id | host             | domain
1       | www.kaas.example | kaas.example
2       | wijn.example     | wijn.example
"""


def test_hosts_of_a_file_are_named_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, "arrived.link_hosts", FOUND)
    add(warehouse, "staging.hosts")
    add(warehouse, "staging.hosts")
    check(warehouse, "staging.hosts", FOUND)


def test_a_host_that_is_known_keeps_its_name_and_the_others_join_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, "staging.hosts", "host_id | host | domain\n 2 | wijn.example | example")
    fill(warehouse, "arrived.link_hosts", FOUND)
    add(warehouse, "staging.hosts")
    check(
        warehouse,
        "staging.hosts",
        "host_id | host | domain\n 1 | www.kaas.example | kaas.example\n 2 | wijn.example | example",
    )
