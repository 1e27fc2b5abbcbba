"""staging.outlink_observations: one row per page and address linked to."""

from __future__ import annotations

from tests.transforms.text_tables import check, fill, make, open_memory


def test_several_links_of_a_page_to_one_address_are_one_row() -> None:
    connection = open_memory()
    fill(
        connection,
        "arrived.file",
        "file_id | site_domain | provider | observed_on | is_truncated\n"
        "f1 | kaas.nl | screaming_frog | 2026-02-03 | false",
    )
    fill(connection, "arrived.hosts", "host | domain\nwww.partner.nl | partner.nl")
    fill(
        connection,
        "arrived.outlinks",
        """
        row_number | source_url       | target_url             | target_host    | anchor_text | is_nofollow
        2          | https://kaas.nl/ | https://www.partner.nl/ | www.partner.nl | tweede     | true
        1          | https://kaas.nl/ | https://www.partner.nl/ | www.partner.nl | eerste     | false
        3          | https://kaas.nl/a | https://www.partner.nl/ | www.partner.nl | derde     |
        """,
    )
    make(connection, "staging.outlink_observations")
    check(
        connection,
        "staging.outlink_observations",
        """
        source_url        | target_domain | anchor_text | is_nofollow | merged_count | site_domain
        https://kaas.nl/  | partner.nl    | eerste      | false       | 1            | kaas.nl
        https://kaas.nl/a | partner.nl    | derde       |             | 0            | kaas.nl
        """,
    )
