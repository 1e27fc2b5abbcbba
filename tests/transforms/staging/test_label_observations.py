"""staging.label_observations: one file's judgements, each as a link or a domain in one form."""

from __future__ import annotations

import duckdb

from tests.transforms.text_tables import check, fill, make


def test_a_bare_host_is_a_domain_and_all_else_a_link(warehouse: duckdb.DuckDBPyConnection) -> None:
    fill(warehouse, "arrived.file", "file_id | provider | observed_on\nf1 | labels | 2026-06-01", site_domain=None)
    fill(
        warehouse,
        "arrived.hosts",
        """
        host               | domain
        blog.example       | blog.example
        www.blog.example   | blog.example
        forum.blog.example | blog.example
        """,
    )
    fill(
        warehouse,
        "arrived.labels",
        """
        row_number | subject                             | subject_host       | origin  | labelled_by | labelled_on
        1          | blog.example                        | blog.example       | bought  | Anna        | 2026-05-01
        2          | www.blog.example/                   | www.blog.example   | natural | Anna        |
        3          | https://blog.example/               | blog.example       | spam    | Anna        | 2026-05-01
        4          | HTTPS://www.Blog.example/Kaas/?p=1# | www.blog.example   | spam    | Anna        | 2026-05-01
        5          | blog.example/kaas/                  | blog.example       | spam    | Anna        | 2026-05-01
        6          | forum.blog.example                  | forum.blog.example | allowed |             | 2026-05-01
        7          | blog.example                        | blog.example       | bought  | Anna        | 2026-05-01
        """,
    )
    make(warehouse, "staging.label_observations")
    check(
        warehouse,
        "staging.label_observations",
        """
        row_number | subject_kind | subject_key            | subject_domain | origin  | observed_on | merged_count
        2          | domain       | blog.example           | blog.example   | natural | 2026-06-01  | 0
        3          | link         | blog.example           | blog.example   | spam    | 2026-05-01  | 0
        4          | link         | blog.example/Kaas/?p=1 | blog.example   | spam    | 2026-05-01  | 0
        5          | link         | blog.example/kaas      | blog.example   | spam    | 2026-05-01  | 0
        6          | domain       | forum.blog.example     | blog.example   | allowed | 2026-05-01  | 0
        7          | domain       | blog.example           | blog.example   | bought  | 2026-05-01  | 1
        """,
    )
