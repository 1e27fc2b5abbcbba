"""staging.link_observations: one row per link of a file."""

from __future__ import annotations

import hashlib

from tests.transforms.text_tables import check, fill, make, open_memory, rows_of

FILE = """
file_id | site_domain | provider         | observed_on | is_truncated
f1      | kaas.nl     | semrush_backlinks | 2026-02-03 | false
"""
HOSTS = """
host        | domain
www.blog.nl | blog.nl
a.farm.nl   | farm.nl
"""


def test_newest_sight_describes_the_link_and_the_others_are_counted() -> None:
    connection = open_memory()
    fill(connection, "arrived.file", FILE)
    fill(connection, "arrived.hosts", HOSTS)
    fill(
        connection,
        "arrived.links",
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
    make(connection, "staging.link_observations")
    check(
        connection,
        "staging.link_observations",
        """
        source_domain | target_url        | anchor_text | merged_count | observed_on | file_id
        blog.nl       | https://kaas.nl/  | nieuw       | 3            | 2026-02-03  | f1
        blog.nl       | https://kaas.nl/x | anders      | 0            | 2026-02-03  | f1
        farm.nl       | https://kaas.nl/  | ''          | 0            | 2026-02-03  | f1
        """,
    )


def test_link_id_is_the_hash_of_site_provider_and_both_addresses() -> None:
    connection = open_memory()
    fill(connection, "arrived.file", FILE)
    fill(connection, "arrived.hosts", HOSTS)
    row = "row_number | source_url | source_host | target_url\n1 | https://a.farm.nl/ | a.farm.nl | https://kaas.nl/"
    fill(connection, "arrived.links", row)
    make(connection, "staging.link_observations")
    key = "kaas.nl|semrush_backlinks|https://a.farm.nl/|https://kaas.nl/"
    expected = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
    assert rows_of(connection, "staging.link_observations", ["link_id"]) == [(expected,)]
