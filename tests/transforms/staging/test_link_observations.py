"""staging.link_observations: one row per link of a file, with texts that no earlier file said alike."""

from __future__ import annotations

import hashlib

import duckdb

from tests.transforms.text_tables import add, check, fill, open_memory, rows_of
from transforms.ingest.links import identify_links

SITE, PROVIDER = "kaas.nl", "semrush_backlinks"
HEADER = "file_id | site_domain | provider | observed_on | is_truncated"
HOSTS = """
host        | domain
www.blog.nl | blog.nl
a.farm.nl   | farm.nl
"""


def read(
    connection: duckdb.DuckDBPyConnection,
    file_id: str,
    links: str,
    observed_on: str = "2026-02-03",
    *,
    is_settled: bool = True,
) -> None:
    """Hand the staging SQL one file of links, as ingest does."""
    for relation in ("arrived_file", "arrived_hosts", "arrived_links"):
        connection.execute(f"DELETE FROM {relation}")
    fill(connection, "arrived.file", f"{HEADER}\n{file_id} | {SITE} | {PROVIDER} | {observed_on} | false")
    fill(connection, "arrived.hosts", HOSTS)
    fill(connection, "arrived.links", links)
    identify_links(connection, SITE, PROVIDER)
    add(connection, "staging.link_observations", "staging.hosts")
    if is_settled:
        fill(connection, "ingest.export_files", f"file_id\n{file_id}", site_domain=SITE, status="loaded")


def test_newest_sight_describes_the_link_and_the_others_are_counted() -> None:
    connection = open_memory()
    read(
        connection,
        "f1",
        """
        row_number | source_url         | source_host | target_url      | anchor_text | last_seen_on
        1          | https://www.blog.nl/ | www.blog.nl | https://kaas.nl/ | oud       | 2026-01-01
        2          | https://www.blog.nl/ | www.blog.nl | https://kaas.nl/ | nieuw     | 2026-02-01
        3          | https://www.blog.nl/ | www.blog.nl | https://kaas.nl/ | ook nieuw | 2026-02-01
        4          | https://www.blog.nl/ | www.blog.nl | https://kaas.nl/ | zonder    |
        5          | https://www.blog.nl/ | www.blog.nl | https://kaas.nl/x | anders   |
        6          | https://a.farm.nl/   | a.farm.nl   | https://kaas.nl/ | ''        |
        """,
    )
    found = connection.execute(
        "SELECT source_domain, target_url, anchor_text, merged_count, CAST(observed_on AS VARCHAR), file_id "
        "FROM observed_links ORDER BY 1, 2"
    ).fetchall()
    assert found == [
        ("blog.nl", "https://kaas.nl/", "nieuw", 3, "2026-02-03", "f1"),
        ("blog.nl", "https://kaas.nl/x", "anders", 0, "2026-02-03", "f1"),
        ("farm.nl", "https://kaas.nl/", "", 0, "2026-02-03", "f1"),
    ]


ONE_LINK = (
    "row_number | source_url | source_host | target_url | anchor_text | source_authority\n1 | https://a.farm.nl/ "
)
ONE_LINK += "| a.farm.nl | https://kaas.nl/"


def test_link_id_is_the_hash_of_site_provider_and_both_addresses() -> None:
    connection = open_memory()
    read(connection, "f1", f"{ONE_LINK} | kaas | 1")
    key = "kaas.nl|semrush_backlinks|https://a.farm.nl/|https://kaas.nl/"
    expected = int(hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:15], 16)
    assert rows_of(connection, "staging.link_observations", ["link_id"]) == [(str(expected),)]


def test_texts_are_written_once_and_again_when_one_of_them_changes() -> None:
    connection = open_memory()
    for number, (anchor, authority) in enumerate([("kaas", 1), ("kaas", 2), ("wijn", 3), ("kaas", 4), ("wijn", 5)], 1):
        read(connection, f"f{number}", f"{ONE_LINK} | {anchor} | {authority}", f"2026-02-0{number}")
    check(
        connection,
        "staging.link_observations",
        """
        file_id | described_in | source_url         | target_url       | anchor_text | source_authority
        f1      | f1           | https://a.farm.nl/ | https://kaas.nl/ | kaas        | 1
        f2      | f1           |                    |                  |             | 2
        f3      | f3           | https://a.farm.nl/ | https://kaas.nl/ | wijn        | 3
        f4      | f1           |                    |                  |             | 4
        f5      | f3           |                    |                  |             | 5
        """,
    )
    hashed = rows_of(connection, "staging.link_observations", ["file_id", "text_hash"])
    assert [file_id for file_id, text_hash in hashed if text_hash is not None] == ["f1", "f3"]


def test_texts_of_a_file_that_the_ledger_does_not_know_are_said_again() -> None:
    connection = open_memory()
    read(connection, "f1", f"{ONE_LINK} | kaas | 1", is_settled=False)
    read(connection, "f2", f"{ONE_LINK} | kaas | 2")
    check(connection, "staging.link_observations", "file_id | described_in\n f1 | f1\n f2 | f2")


def test_a_null_text_and_an_empty_one_are_not_the_same() -> None:
    connection = open_memory()
    read(connection, "f1", f"{ONE_LINK} | '' | 1")
    read(connection, "f2", f"{ONE_LINK} | | 1")
    check(connection, "staging.link_observations", "file_id | described_in\n f1 | f1\n f2 | f2")
