"""staging.outlinks: links from the site to elsewhere, as known on a day."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_newest_crawl_describes_the_link_and_what_it_lacks_is_kept(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(
        warehouse,
        "staging.outlink_observations",
        """
        file_id | observed_on | source_url | target_url | anchor_text | first_seen_on
        f1      | 2026-01-01  | /a         | //x        | old         | 2025-12-01
        f2      | 2026-02-01  | /a         | //x        | new         | 2025-12-05
        f1      | 2026-01-01  | /a         | //gone     | gone        |
        f3      | 2026-09-01  | /a         | //later    | later       |
        """,
        site_domain="kaas.example",
        provider="screaming_frog",
        target_domain="x.example",
        target_host="x.example",
        merged_count=0,
    )
    make(warehouse, "staging.outlinks", as_of="2026-06-30")
    check(
        warehouse,
        "staging.outlinks",
        """
        target_url | anchor_text | first_seen_on | observed_on
        //x        | new         | 2025-12-01    | 2026-02-01
        //gone     | gone        |               | 2026-01-01
        """,
    )
